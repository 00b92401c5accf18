import {
  type StudyVisit, StudyVisit_Cover as Cover, StudyVisit_State as State,
} from "@lagnet/client/visits/v1/study_visits_pb.js";
import type { Key } from "../reading/messages.js";
import type { Reader } from "../reading/reader.js";

/** What can be paid for, what everybody needs first. */
export const COVERS: readonly (readonly [Cover, Key])[] = [
  [Cover.TRANSPORT, "visit.cover.transport"],
  [Cover.MEALS, "visit.cover.meals"],
  [Cover.LODGING, "visit.cover.lodging"],
  [Cover.INSURANCE, "visit.cover.insurance"],
  [Cover.GUIDE, "visit.cover.guide"],
  [Cover.INTERPRETATION, "visit.cover.interpretation"],
  [Cover.PER_DIEM, "visit.cover.per_diem"],
];

/** What the organiser pays for, and what people pay themselves. */
export function costs(visit: StudyVisit, reader: Reader): { paid: string[]; own: string[] } {
  const named = (isPaid: boolean) =>
    COVERS.filter(([cover]) => visit.covered.includes(cover) === isPaid)
      .map(([, key]) => reader.t(key));
  // Whether somebody needs an interpreter or an allowance is not known: what is
  // not paid is named only where everybody needs it.
  const all = COVERS.slice(0, 3).filter(([cover]) => !visit.covered.includes(cover));
  return { paid: named(true), own: all.map(([, key]) => reader.t(key)) };
}

export function freeSeats(visit: StudyVisit): number {
  return Math.max(0, visit.seats - visit.confirmedCount - visit.heldCount);
}

/** `12 of 40 seats are free. 3 people wait.` Nothing of a visit called off. */
export function seatsLine(visit: StudyVisit, reader: Reader): string {
  if (visit.state === State.CANCELLED) return "";
  const free = reader.t("visit.seats", { free: freeSeats(visit), seats: visit.seats });
  return visit.waitlistedCount === 0
    ? free
    : `${free} ${reader.t("visit.waiting", { people: visit.waitlistedCount })}`;
}

/** Whether people can sign up, in a few words. */
export function standing(visit: StudyVisit, reader: Reader): string {
  switch (visit.state) {
    case State.CANCELLED:
      return reader.t("visit.cancelled");
    case State.COMPLETED:
      return reader.t("visit.completed");
    default:
      break;
  }
  const now = Date.now() / 1000;
  if (visit.signUpOpen) {
    return reader.t("visit.open_until", { time: lastMinute(visit, reader) });
  }
  return Number(visit.signUpStartTime?.seconds ?? 0n) > now
    ? reader.t("visit.opens", { time: reader.deadline(visit.signUpStartTime, visit.timeZone) })
    : reader.t("visit.closed");
}

// `sign_up_end_time` is the first instant that is too late.
function lastMinute(visit: StudyVisit, reader: Reader): string {
  const end = Number(visit.signUpEndTime?.seconds ?? visit.startTime?.seconds ?? 0n);
  return reader.deadline(new Date(end * 1000 - 60_000), visit.timeZone);
}
