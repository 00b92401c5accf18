import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { type SignUp, SignUp_State as State } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import {
  type StudyVisit, StudyVisit_State as VisitState,
} from "@lagnet/client/visits/v1/study_visits_pb.js";
import type { Key } from "../reading/messages.js";
import type { Upstream } from "../serving/upstream.js";
import { asPerson, type Person } from "../signed_in/person.js";

/** A visit, and who comes to it for an organisation. */
export interface Attended {
  readonly visit: StudyVisit;
  readonly signUps: readonly SignUp[];
}

/** The visits to come, with the sign-ups of an organisation. */
export async function visitsToCome(
  upstream: Upstream, person: Person, organization: string,
): Promise<Attended[]> {
  const { studyVisits } = await upstream.lagnet.visits.listStudyVisits({
    pageSize: 200, state: VisitState.PUBLISHED, startAfter: timestampFromMs(Date.now()),
  });
  return Promise.all(studyVisits.map(async (visit) => ({
    visit, signUps: await signUpsOf(upstream, person, visit.name, organization),
  })));
}

export async function signUpsOf(
  upstream: Upstream, person: Person, visit: string, organization: string,
): Promise<SignUp[]> {
  const { signUps } = await upstream.lagnet.signUps.listSignUps(
    { parent: visit, organization, pageSize: 200 }, asPerson(person),
  );
  return signUps;
}

/** Where a sign-up stands for the organisation, what it has to do first. */
export const STANDS = {
  answer: "desk.stands.answer",
  seat: "desk.stands.seat",
  offered: "desk.stands.offered",
  waits: "desk.stands.waits",
  unverified: "desk.stands.unverified",
  refused: "desk.stands.refused",
  ended: "desk.stands.ended",
} as const satisfies Record<string, Key>;

export type Stand = keyof typeof STANDS;

export function standOf({ state, addressUnverified }: SignUp): Stand {
  if (addressUnverified) return "unverified";
  switch (state) {
    case State.PENDING_CONFIRMATION:
    case State.HELD:
      return "answer";
    case State.CONFIRMED:
      return "seat";
    case State.OFFERED:
      return "offered";
    case State.WAITLISTED:
      return "waits";
    case State.REFUSED:
      return "refused";
    default:
      return "ended";
  }
}
