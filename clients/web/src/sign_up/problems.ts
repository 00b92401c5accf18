import type { FieldViolation, LagnetError, Reason } from "@lagnet/client";
import type { Key } from "../reading/messages.js";
import type { Reader } from "../reading/reader.js";
import { isAway } from "../serving/failures.js";
import { type Body, type Draft, one, type PersonDraft } from "./draft.js";

/** Something that keeps a form from being taken. */
export interface Problem {
  /** The id of the field; undefined if it is about the whole. */
  readonly field?: string;

  /** What the field is called, for the list of all that is wrong. */
  readonly label?: string;
  readonly text: string;

  /** What the server says of it, which is in English only. */
  readonly english?: string;

  /** Whether the form was sent before, with other content, and that was done. */
  readonly isReused?: boolean;
}

/** By what the server is to know a form that was refused when it comes again;
 * undefined for something new. */
export function keptId(problems: readonly Problem[], body: Body): string | undefined {
  return problems.some(({ isReused }) => isReused)
    ? undefined
    : one(body, "request_id") || undefined;
}

const LABELS = {
  organization: "form.organization",
  standing: "form.standing",
  sector: "form.sector",
  min_members: "form.min_members",
  choice: "form.choice",
  name: "person.name",
  email: "person.email",
  phone: "person.phone",
  age: "person.age",
  speaks: "person.speaks",
  territory: "person.territory",
} as const;

// `email-2` of a delegation is said to be of its second person.
function labelled(problem: Problem, people: number, reader: Reader): Problem {
  const [id, number] = problem.field?.split("-") ?? [];
  const key = LABELS[id as keyof typeof LABELS];
  if (!key) return problem;
  const of = number && people > 1 ? ` (${reader.t("form.member", { number })})` : "";
  return { ...problem, label: `${reader.t(key)}${of}` };
}

const REASONS: Partial<Record<Reason, Key>> = {
  ALREADY_SIGNED_UP: "problem.already",
  NOT_ELIGIBLE: "problem.not_eligible",
  PARTY_TOO_LARGE: "problem.too_large",
  SIGN_UP_CLOSED: "problem.closed",
  SHARE_EXCEEDED: "problem.share",
  WRONG_STATE: "problem.state",
  ETAG_MISMATCH: "problem.changed",
};

const CRITERIA: Readonly<Record<string, Key>> = {
  territory: "criterion.territory",
  organizationKind: "criterion.kind",
  sector: "criterion.sector",
  organization: "criterion.organization",
  ageBand: "criterion.age",
  language: "criterion.language",
};

/** What is wrong with a form that the server refused, in the reader's words.
 * Undefined if it is nothing that the reader could mend. */
export function problemsOf(
  error: LagnetError, draft: Draft, reader: Reader,
): Problem[] | undefined {
  if (isAway(error)) return [{ text: reader.t("problem.away") }];
  switch (error.reason) {
    case "INVALID_FIELDS":
      return error.fields.map((violation) =>
        labelled(fieldProblem(violation, draft, reader), draft.people.length, reader));
    case "BETTER_CHOICE": {
      const problem = { field: "choice", text: reader.t("problem.better_choice") };
      return [labelled(problem, draft.people.length, reader)];
    }
    case "UNKNOWN_REFERENCE":
      return [{ field: "organization", text: reader.t("field.organization_unknown") }];
    case "NOT_ELIGIBLE": {
      const criterion = CRITERIA[error.info["criterion"] ?? ""];
      const text = reader.t("problem.not_eligible");
      return [{ text: criterion ? `${text} ${reader.t(criterion)}` : text }];
    }
    case "REQUEST_ID_REUSED":
      return [{ text: reader.t("problem.reused"), isReused: true }];
    default: {
      const key = error.reason && REASONS[error.reason];
      return key && [{ text: reader.t(key) }];
    }
  }
}

// Where a field of a person stands in the form.
const PERSON_FIELDS: Readonly<Record<string, { id: string; value: keyof PersonDraft }>> = {
  full_name: { id: "name", value: "name" },
  email: { id: "email", value: "email" },
  phone: { id: "phone", value: "phone" },
  sector: { id: "sector", value: "sector" },
  age_band: { id: "age", value: "age" },
  languages: { id: "speaks", value: "speaks" },
  territory: { id: "territory", value: "territory" },
};

function fieldProblem({ field }: FieldViolation, draft: Draft, reader: Reader): Problem {
  const member = /^(?:sign_up\.members\[(\d+)\]|person)(?:\.(\w+))?/.exec(field);
  if (member) return personProblem(Number(member[1] ?? 0), member[2], draft, reader);
  switch (field) {
    case "sign_up.organization":
      return { field: "organization", text: missingOr(draft.organization, "organization_unknown") };
    case "sign_up.standing":
      return { field: "standing", text: missingOr(draft.standing, "standing_lag") };
    case "sign_up.sector":
      return { field: "sector", text: missingOr(draft.sector, "wrong") };
    case "sign_up.min_members":
      return { field: "min_members", text: reader.t("field.min_members") };
    case "sign_up.choice":
      return {
        field: "choice",
        text: reader.t(/^[1-9]$/.test(draft.choice) ? "field.choice" : "field.wrong"),
      };
    default:
      return { text: reader.t("problem.other") };
  }

  function missingOr(value: string, key: "organization_unknown" | "standing_lag" | "wrong") {
    if (!value) return reader.t("field.missing");
    return reader.t(FIELD_KEYS[key]);
  }
}

const FIELD_KEYS = {
  organization_unknown: "field.organization_unknown",
  standing_lag: "field.standing_lag",
  wrong: "field.wrong",
} as const;

function personProblem(
  index: number, name: string | undefined, draft: Draft, reader: Reader,
): Problem {
  const number = index + 1;
  if (name === undefined) return { field: `name-${number}`, text: reader.t("field.twice") };
  const known = PERSON_FIELDS[name];
  if (!known) return { text: reader.t("problem.other") };
  const value = draft.people[index]?.[known.value] ?? "";
  const field = `${known.id}-${number}`;
  if (value === "" || value === false) return { field, text: reader.t("field.missing") };
  if (name === "email") return { field, text: reader.t("field.email") };
  if (typeof value === "string" && value.length > (name === "phone" ? 40 : 120)) {
    return { field, text: reader.t("field.long") };
  }
  return { field, text: reader.t("field.wrong") };
}
