import { ConnectError } from "@connectrpc/connect";
import { type FieldViolation, LagnetError, type Reason } from "@lagnet/client";
import type { Key } from "../reading/messages.js";
import type { Reader } from "../reading/reader.js";
import { isAway } from "../serving/failures.js";
import { type Body, one } from "../sign_up/draft.js";
import type { Problem } from "../sign_up/problems.js";

const REASONS: Partial<Record<Reason, Key>> = {
  ETAG_MISMATCH: "problem.changed",
  EXTERNAL_ID_TAKEN: "console.refused.external_id",
  NAME_TAKEN: "console.refused.name",
  NOT_ELIGIBLE: "problem.not_eligible",
  NOT_ONE_KIND: "console.refused.kind",
  NO_MAILBOX: "console.refused.mailbox",
  PERMISSION_DENIED: "console.refused.rights",
  REASON_REQUIRED: "console.refused.reason",
  REFERENCE_UNKNOWN: "console.refused.reference",
  SEATS_TAKEN: "console.refused.seats",
  SHARE_EXCEEDED: "console.refused.share",
  TOO_EARLY: "console.refused.early",
  UNKNOWN_REFERENCE: "console.refused.unknown",
  WRONG_SEED: "console.refused.seed",
  WRONG_STATE: "problem.state",
};

/** Where a field of a request stands in a form, and what it is called there. */
export type FieldOf = (path: string) => { field: string; label: string } | undefined;

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
  if (error.reason === "INVALID_FIELDS") {
    return error.fields.map((violation) => fieldProblem(violation, reader, body, fieldOf));
  }
  const key = error.reason && REASONS[error.reason];
  return key && [{ text: reader.t(key) }];
}

// Rules that contradict each other are explained by the server alone, in
// English.
function fieldProblem(
  { field: path, description }: FieldViolation, reader: Reader, body: Body, fieldOf: FieldOf,
): Problem {
  const place = fieldOf(path);
  if (!place) return { text: reader.t("console.refused.field"), english: description };
  const isMissing = one(body, place.field).trim() === "";
  return {
    ...place,
    text: reader.t(isMissing ? "field.missing" : "field.wrong"),
    ...(isMissing ? {} : { english: description }),
  };
}
