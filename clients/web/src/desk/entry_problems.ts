import type { LagnetError } from "@lagnet/client";
import type { Key } from "../reading/messages.js";
import type { Reader } from "../reading/reader.js";
import type { Problem } from "../sign_up/problems.js";
import { type EntryDraft, type EntryLine, LINES } from "./entry.js";

const WRONG: Readonly<Record<EntryLine["kind"], Key>> = {
  name: "field.missing",
  text: "field.wrong",
  email: "field.email",
  website: "entry.problem.website",
  year: "entry.problem.year",
  count: "entry.problem.count",
};

/** What a line is called: of a text in several languages, also in which. */
export function labelOf({ label, language }: EntryLine, reader: Reader): string {
  const text = reader.t(label);
  return language ? `${text} (${reader.languageName(language)})` : text;
}

/** What is wrong with an entry that the server refused; undefined if it is
 * nothing that the reader could mend. */
export function entryProblems(
  error: LagnetError, draft: EntryDraft, reader: Reader,
): Problem[] | undefined {
  switch (error.reason) {
    case "INVALID_FIELDS":
      return error.fields.map(({ field }) => fieldProblem(field, draft, reader));
    case "REQUEST_ID_REUSED":
    case "WRONG_STATE":
      return [{ text: reader.t("problem.changed") }];
    default:
      return undefined;
  }
}

function fieldProblem(field: string, { lines }: EntryDraft, reader: Reader): Problem {
  const those = LINES.filter((line) => field.startsWith(`organization.${line.field}`));
  const isLong = ({ id, longest }: EntryLine) => [...(lines[id] ?? "")].length > longest;
  const line = those.find(isLong) ?? those.find(({ language }) => language === reader.language) ??
    those[0];
  if (!line) return { text: reader.t("problem.other") };
  return {
    field: line.id,
    label: labelOf(line, reader),
    text: reader.t(isLong(line) ? "field.long" : WRONG[line.kind]),
  };
}
