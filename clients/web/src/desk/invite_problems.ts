import { LagnetError } from "@lagnet/client";
import type { Reader } from "../reading/reader.js";
import type { Problem } from "../sign_up/problems.js";

// Where a field of a person with an account stands in a form, under whatever
// the request calls the person.
const FIELDS = { display_name: "name", email: "email" } as const;

/** What is wrong with somebody who is to have an account. Throws what is
 * nothing that the reader could mend. */
export function inviteProblems(
  thrown: unknown, typed: { name: string; email: string }, reader: Reader,
): Problem[] {
  const error = LagnetError.decode(thrown);
  if (error.reason === "REQUEST_ID_REUSED") return [{ text: reader.t("problem.changed") }];
  if (error.reason !== "INVALID_FIELDS") throw error;
  return error.fields.map(({ field }) => {
    const name = field.slice(field.lastIndexOf(".") + 1);
    const id = FIELDS[name as keyof typeof FIELDS];
    if (!id) return { text: reader.t("problem.other") };
    const label = reader.t(id === "name" ? "person.name" : "person.email");
    if (typed[id] === "") return { field: id, label, text: reader.t("field.missing") };
    const text = reader.t(id === "email" ? "field.email" : "field.long");
    return { field: id, label, text };
  });
}
