import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  SignUp_AgeBand as AgeBand,
  type SignUp_Member,
  type SignUp_MemberSchema,
  SignUp_Sector as Sector,
  SignUp_Standing as Standing,
  type SignUpSchema,
} from "@lagnet/client/visits/v1/sign_ups_pb.js";
import { nameOf } from "../serving/names.js";

/** A person as typed. */
export interface PersonDraft {
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly sector: string;
  readonly age: string;
  readonly speaks: readonly string[];
  readonly territory: string;
  readonly first: boolean;
  readonly staff: boolean;
}

/** A form as it was typed: shown again as it is when something is wrong. */
export interface Draft {
  /** The last part of the organisation's name. */
  readonly organization: string;
  readonly standing: string;
  readonly sector: string;
  readonly minMembers: string;

  /** Of the project's visits, which one this is for them. */
  readonly choice: string;

  /** The version of the privacy notice that was shown with the form. */
  readonly notice: string;
  readonly people: readonly PersonDraft[];
}

/** The fields of a form that was sent. */
export type Body = Readonly<Record<string, string | string[] | undefined>>;

export const MOST_PEOPLE = 50;

// Of a privacy notice.
const LONGEST_VERSION = 40;

export const NOBODY: PersonDraft = {
  name: "", email: "", phone: "", sector: "", age: "", speaks: [], territory: "", first: false,
  staff: false,
};

export function emptyDraft(people: number, organization = ""): Draft {
  return {
    organization,
    standing: "",
    sector: "",
    minMembers: "",
    choice: "",
    notice: "",
    people: Array.from({ length: atMost(people) }, () => NOBODY),
  };
}

export function readDraft(body: Body): Draft {
  const count = atMost(Number(one(body, "people")));
  return {
    organization: one(body, "organization"),
    standing: one(body, "standing"),
    sector: one(body, "sector"),
    minMembers: one(body, "min_members"),
    choice: one(body, "choice"),
    notice: noticeIn(body),
    people: Array.from({ length: count }, (_, i) => readPerson(body, i + 1)),
  };
}

export function readPerson(body: Body, number: number): PersonDraft {
  const field = (name: string) => one(body, `${name}-${number}`);
  return {
    name: field("name"),
    email: field("email"),
    phone: field("phone"),
    sector: field("sector"),
    age: field("age"),
    speaks: several(body, `speaks-${number}`).slice(0, 10),
    territory: field("territory"),
    first: field("first") !== "",
    staff: field("staff") !== "",
  };
}

/** The version of the privacy notice that was shown with a form. */
export function noticeIn(body: Body): string {
  return one(body, "notice").slice(0, LONGEST_VERSION);
}

/** What a button `size` of a form makes of it: one person `more`, the last one
 * `fewer`, or the `same` people, to be read in another language. */
export function resized(draft: Draft, size: string): Draft {
  const { people } = draft;
  if (size === "more") return { ...draft, people: [...people, NOBODY].slice(0, MOST_PEOPLE) };
  return size === "fewer" && people.length > 1
    ? { ...draft, people: people.slice(0, -1) }
    : draft;
}

export function one(body: Body, name: string): string {
  const value = body[name];
  return (Array.isArray(value) ? value[0] : value) ?? "";
}

/** All that was chosen of what a form lets choose several of. */
export function several(body: Body, name: string): string[] {
  const value = body[name];
  return (Array.isArray(value) ? value : [value ?? ""]).filter(Boolean);
}

function atMost(people: number): number {
  return Number.isInteger(people) ? Math.min(Math.max(people, 1), MOST_PEOPLE) : 1;
}

/** The sign-up that a form asks for. What is wrong in it, the server says. */
export function signUpOf(draft: Draft, language: string): MessageInitShape<typeof SignUpSchema> {
  return {
    organization: nameOf("organizations", draft.organization) ?? "",
    standing: Standing[draft.standing as keyof typeof Standing] ?? 0,
    sector: Sector[draft.sector as keyof typeof Sector] ?? 0,
    minMembers: numberOf(draft.minMembers),
    choice: numberOf(draft.choice),
    noticeVersion: draft.notice,
    members: draft.people.map((person) => memberOf(person, language)),
  };
}

// What is no number, the server refuses as it does one below nothing.
function numberOf(text: string): number {
  const number = Number(text || "0");
  return Number.isInteger(number) && Math.abs(number) < 1e6 ? number : -1;
}

/** What is kept of a person. Somebody without a name is a place to be named. */
export function memberOf(
  person: PersonDraft, language: string,
): MessageInitShape<typeof SignUp_MemberSchema> {
  const fullName = person.name.trim();
  const email = person.email.trim();
  return {
    fullName,
    email,
    phone: person.phone.trim(),
    language: fullName || email ? language : "",
    sector: Sector[person.sector as keyof typeof Sector] ?? 0,
    ageBand: AgeBand[person.age as keyof typeof AgeBand] ?? 0,
    languages: [...person.speaks],
    territory: person.territory,
    firstTimer: person.first,
    staff: person.staff,
  };
}

/** A person as kept, to be corrected. */
export function draftOf(member: SignUp_Member): PersonDraft {
  return {
    name: member.fullName,
    email: member.email,
    phone: member.phone,
    sector: Sector[member.sector] ?? "",
    age: AgeBand[member.ageBand] ?? "",
    speaks: member.languages,
    territory: member.territory,
    first: member.firstTimer,
    staff: member.staff,
  };
}
