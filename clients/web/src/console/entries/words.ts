import { DoubleSign_Reason as Sign } from "@lagnet/client/directory/v1/doubles_pb.js";
import { Organization_State as State } from
  "@lagnet/client/directory/v1/organizations_pb.js";
import type { Key } from "../../reading/messages.js";
import type { Reader } from "../../reading/reader.js";

/** The states that the entries of a network are listed by. */
export const LISTED = {
  submitted: State.SUBMITTED,
  draft: State.DRAFT,
  verified: State.VERIFIED,
  stale: State.STALE,
  archived: State.ARCHIVED,
  dissolved: State.DISSOLVED,
} as const;

const STATES: Readonly<Record<State, Key>> = {
  [State.STATE_UNSPECIFIED]: "console.entry.draft",
  [State.DRAFT]: "console.entry.draft",
  [State.SUBMITTED]: "console.entry.submitted",
  [State.VERIFIED]: "console.entry.verified",
  [State.STALE]: "console.entry.stale",
  [State.ARCHIVED]: "console.entry.archived",
  [State.DISSOLVED]: "console.entry.dissolved",
  [State.MERGED]: "console.entry.merged",
};

const SIGNS: Partial<Record<Sign, Key>> = {
  [Sign.NAME]: "console.sign.name",
  [Sign.TERRITORY]: "organization.area",
  [Sign.MAILBOX]: "organization.email",
  [Sign.MAILBOX_DOMAIN]: "console.sign.domain",
  [Sign.WEBSITE]: "organization.website",
  [Sign.REGISTER_NUMBER]: "console.sign.register",
  [Sign.SEAT]: "console.sign.seat",
};

// What refers to an entry, as a merge tells how much of it moves.
const MOVED: Readonly<Record<string, Key>> = {
  "access.claims": "console.moved.claims",
  "access.roles": "console.moved.roles",
  "directory.old_names": "console.moved.old_names",
  "directory.successors": "console.moved.successors",
  "projects.budget_lines": "console.moved.budget_lines",
  "projects.partners": "console.moved.partners",
  "visits.hosts": "console.moved.hosts",
  "visits.sign_ups": "console.sign_ups.title",
  "visits.stops": "console.moved.stops",
};

/** A newer server may move what has no word here yet. */
export function movedName(kind: string, reader: Reader): string {
  return reader.t(MOVED[kind] ?? "console.sign.other");
}

export function stateOf(state: State, reader: Reader): string {
  return reader.t(STATES[state] ?? "console.entry.draft");
}

/** What two entries have in common. */
export function signOf(reason: Sign, reader: Reader): string {
  return reader.t(SIGNS[reason] ?? "console.sign.other");
}
