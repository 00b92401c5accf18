import { type StudyVisit, StudyVisit_State as State } from
  "@lagnet/client/visits/v1/study_visits_pb.js";
import type { Key } from "../../reading/messages.js";
import type { Reader } from "../../reading/reader.js";

const STATES: Readonly<Record<State, Key>> = {
  [State.STATE_UNSPECIFIED]: "console.visit.draft",
  [State.DRAFT]: "console.visit.draft",
  [State.PUBLISHED]: "console.visit.published",
  [State.COMPLETED]: "filter.past",
  [State.CANCELLED]: "filter.cancelled",
};

const STAGES: Readonly<Record<State, Key>> = {
  [State.STATE_UNSPECIFIED]: "console.visit.is_draft",
  [State.DRAFT]: "console.visit.is_draft",
  [State.PUBLISHED]: "console.visit.is_published",
  [State.COMPLETED]: "visit.completed",
  [State.CANCELLED]: "visit.cancelled",
};

/** The stage that a visit is at. */
export function stageOf({ state }: StudyVisit, reader: Reader): string {
  return reader.t(STAGES[state] ?? "console.visit.is_draft");
}

/** The visits that are at a stage. */
export function stateOf(state: State, reader: Reader): string {
  return reader.t(STATES[state] ?? "console.visit.draft");
}
