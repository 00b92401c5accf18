import {
  type ImportRowResult, ImportRowResult_Outcome as Outcome, type ImportRowResult_Problem,
} from "@lagnet/client/directory/v1/imports_pb.js";
import type { Network } from "@lagnet/client/directory/v1/networks_pb.js";
import type { Key } from "../../reading/messages.js";
import type { Reader } from "../../reading/reader.js";
import { Said } from "../../reading/said.js";
import { idOf } from "../../serving/names.js";
import type { Site } from "../../serving/site.js";
import { type Body, one } from "../../sign_up/draft.js";
import { Line } from "../../sign_up/fields.js";
import type { Problem } from "../../sign_up/problems.js";
import { consolePage, Form } from "../frame.js";
import { reasonInWords } from "../refusals.js";
import { inWords } from "../server_words.js";
import type { Staff } from "../staff.js";
import { MOST_ROWS } from "./rows.js";

const OUTCOMES: Readonly<Record<Outcome, Key>> = {
  [Outcome.OUTCOME_UNSPECIFIED]: "console.import.unchanged",
  [Outcome.CREATED]: "console.import.created",
  [Outcome.UPDATED]: "console.import.updated",
  [Outcome.UNCHANGED]: "console.import.unchanged",
  [Outcome.REFUSED]: "console.import.refused",
};

const WARNINGS: Readonly<Record<string, Key>> = {
  LIKELY_DOUBLE: "console.import.double",
  RENAMED: "console.import.renamed",
};

interface Shown {
  readonly staff: Staff;
  readonly network: Network;
  readonly body?: Body;
  readonly problems?: readonly Problem[];
}

/** Asks for a list. */
export function importPage(
  { reader }: Site, { staff, network, body = {}, problems = [] }: Shown,
): string {
  const id = idOf(network.name);
  return consolePage({
    reader,
    staff,
    title: reader.t("console.import.title"),
    path: `/entries/import?network=${id}`,
    part: "entries",
    problems,
    children: (
      <>
        <p><Said reader={reader} said={reader.pick(network.displayName)} /></p>
        <p>{reader.t("console.import.network")}</p>
        <p>
          <a href={reader.to("/console/entries/import/template.csv")}>
            {reader.t("console.import.template")}
          </a>
        </p>
        <Form reader={reader} staff={staff} action={`/entries/import?network=${id}`} isUpload>
          <Line id="file" label={reader.t("console.import.file")} problems={problems}
            hint={reader.t("console.import.file_hint", { rows: MOST_ROWS })}
            input={{ type: "file", accept: ".csv,.json,text/csv,application/json", required: true }} />
          <Line id="source" label={reader.t("console.import.source")} problems={problems}
            hint={reader.t("console.import.source_hint")}
            input={{ type: "text", value: one(body, "source"), maxLength: 500 }} />
          <Line id="as_of" label={reader.t("console.import.as_of")} problems={problems}
            input={{ type: "date", value: one(body, "as_of") }} />
          <p><button class="button">{reader.t("console.import.check")}</button></p>
        </Form>
      </>
    ),
  });
}

/** What would become of every row, before it is done. `packed` is the list, to
 * be sent with the answer: the gateway keeps nothing. */
export function reportPage(
  { reader }: Site,
  { staff, network, body, packed, results }:
    Shown & { body: Body; packed: string; results: readonly ImportRowResult[] },
): string {
  const id = idOf(network.name);
  const good = results.filter(({ outcome }) => outcome !== Outcome.REFUSED).length;
  return consolePage({
    reader,
    staff,
    title: reader.t("console.import.title"),
    path: `/entries/import?network=${id}`,
    part: "entries",
    children: (
      <>
        <p role="status">{reader.t("console.import.checked", { rows: results.length })}</p>
        {good ? (
          <Form reader={reader} staff={staff} action={`/entries/import/run?network=${id}`}>
            {Object.entries({
              source: one(body, "source"), as_of: one(body, "as_of"), list: packed,
            }).map(([name, value]) => <input type="hidden" name={name} value={value} />)}
            <p><button class="button">{reader.t("console.import.do", { rows: good })}</button></p>
          </Form>
        ) : null}
        {good < results.length ? <p>{reader.t("console.import.some")}</p> : null}
        <Results reader={reader} results={results} />
        <p>
          <a href={reader.to(`/console/entries/import?network=${id}`)}>{reader.t("form.back")}</a>
        </p>
      </>
    ),
  });
}

/** What becomes of rows, each in a line of a table. */
export function Results(
  { reader, results }: { reader: Reader; results: readonly ImportRowResult[] },
) {
  return (
    <ul>
      {results.map(({ row, outcome, name, changedFields, problems }) => (
        <li>
          {reader.t("console.import.line", {
            row, text: `${reader.t(OUTCOMES[outcome] ?? "console.import.unchanged")} `,
          })}
          {name ? idOf(name) : ""}
          {changedFields.length ? <span class="quiet"> {changedFields.join(", ")}</span> : null}
          {problems.length ? (
            <ul>
              {problems.map((problem) => (
                <li class={problem.error ? "problem" : undefined}>
                  {problem.field ? `${problem.field}: ` : ""}
                  <Told reader={reader} problem={problem} />
                </li>
              ))}
            </ul>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

// In the reader's language, with the entries that it is about; else as the
// server says it.
function Told({ reader, problem }: { reader: Reader; problem: ImportRowResult_Problem }) {
  const { reason, message } = problem;
  const warning = WARNINGS[reason];
  const text = (warning && reader.t(warning)) ?? inWords(message, reader) ??
    reasonInWords(reason, reader);
  if (text === undefined) {
    return <span lang={reader.language === "en" ? undefined : "en"}>{message}</span>;
  }
  const ids = [...message.matchAll(/\borganizations\/([a-z0-9-]+)/g)].map(([, id]) => id);
  return (
    <>
      {text}
      {[...new Set(ids)].map((id) => (
        <> <a href={reader.to(`/console/entries/${id}`)}>{id}</a></>
      ))}
    </>
  );
}

/** What the page of a running import is before and after its progress. */
export function runningPage(
  { reader }: Site, { staff, network }: Shown,
): { before: string; after: string } {
  const mark = "\u0001";
  const page = consolePage({
    reader,
    staff,
    title: reader.t("console.import.title"),
    path: `/entries/import?network=${idOf(network.name)}`,
    part: "entries",
    children: <div aria-live="polite">{mark}</div>,
  });
  const [before = "", after = ""] = page.split(mark);
  return { before, after };
}
