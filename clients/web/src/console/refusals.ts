import { ConnectError } from "@connectrpc/connect";
import { type FieldViolation, LagnetError, type Reason } from "@lagnet/client";
import type { Key } from "../reading/messages.js";
import type { Reader } from "../reading/reader.js";
import { isAway } from "../serving/failures.js";
import { type Body, one } from "../sign_up/draft.js";
import type { Problem } from "../sign_up/problems.js";
import { inWords } from "./server_words.js";

const REASONS: Partial<Record<Reason, Key>> = {
  ADDRESSES_UNVERIFIED: "console.refused.unverified",
  ETAG_MISMATCH: "problem.changed",
  EXTERNAL_ID_TAKEN: "console.refused.external_id",
  LOTTERY_UNFINISHED: "console.refused.lottery",
  NAME_TAKEN: "console.refused.name",
  NOT_ELIGIBLE: "problem.not_eligible",
  NOT_ONE_KIND: "console.refused.kind",
  NO_MAILBOX: "console.refused.mailbox",
  PERMISSION_DENIED: "console.refused.rights",
  REASON_REQUIRED: "console.refused.reason",
  REFERENCE_UNKNOWN: "console.refused.reference",
  SEATS_TAKEN: "console.refused.seats",
  SEEDS_NOT_COMMITTED: "console.refused.seeds",
  SHARE_EXCEEDED: "console.refused.share",
  TOO_EARLY: "console.refused.early",
  UNKNOWN_REFERENCE: "console.refused.unknown",
  WRONG_SEED: "console.refused.seed",
  WRONG_STATE: "problem.state",
};

// Those that name each field that is wrong.
const OF_FIELDS: readonly Reason[] = [
  "INVALID_FIELDS", "UNKNOWN_FIELD", "UNKNOWN_TERRITORY", "UNKNOWN_THEME",
];

/** Where a field of a request stands in a form, what it is called there and, if
 * that is known, what is wrong with it. `description` is what the server says,
 * in English. */
export type FieldOf = (path: string, description: string) =>
  { field: string; label: string; text?: string } | undefined;

const NOWHERE: FieldOf = () => undefined;

/** Does what a form asks for. What keeps the server from doing it comes back in
 * words, if whoever sent the form can do something about it. */
export async function tried(
  reader: Reader, call: () => Promise<unknown>, body: Body = {}, fieldOf: FieldOf = NOWHERE,
): Promise<Problem[] | undefined> {
  try {
    await call();
    return undefined;
  } catch (thrown) {
    const problems = thrown instanceof ConnectError
      ? problemsIn(LagnetError.decode(thrown), reader, body, fieldOf)
      : undefined;
    if (!problems) throw thrown;
    return problems;
  }
}

function problemsIn(
  error: LagnetError, reader: Reader, body: Body, fieldOf: FieldOf,
): Problem[] | undefined {
  if (isAway(error)) return undefined;
  if (error.reason && OF_FIELDS.includes(error.reason) && error.fields.length) {
    return error.fields.map((violation) => fieldProblem(violation, reader, body, fieldOf));
  }
  if (error.reason === "REQUEST_ID_REUSED") {
    return [{ text: reader.t("console.refused.reused"), isReused: true }];
  }
  const text = error.reason && reasonInWords(error.reason, reader);
  if (!text) return undefined;
  return error.reason === "REASON_REQUIRED"
    ? [{ field: "reason", label: reader.t("console.step.reason"), text }]
    : [{ text }];
}

/** Why something is refused, in the reader's language; undefined if it is told
 * in English alone. */
export function reasonInWords(reason: string, reader: Reader): string | undefined {
  const key = REASONS[reason as Reason];
  return key && reader.t(key);
}

// What is seldom wrong is explained by the server alone, in English.
function fieldProblem(
  { field: path, description }: FieldViolation, reader: Reader, body: Body, fieldOf: FieldOf,
): Problem {
  const place = fieldOf(path, description);
  if (place?.text !== undefined) return { ...place, text: place.text };
  const text = inWords(description, reader);
  if (text !== undefined) {
    return place ? { ...place, text } : { text: `${reader.t("console.refused.field")} ${text}` };
  }
  if (place && one(body, place.field).trim() === "") {
    return { ...place, text: reader.t("field.missing") };
  }
  return {
    ...place,
    text: reader.t(place ? "field.wrong" : "console.refused.field"),
    english: description,
  };
}
