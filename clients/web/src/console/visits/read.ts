import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";
import { NoSuchPage } from "../../serving/failures.js";
import { idOf, nameOf } from "../../serving/names.js";
import type { Site } from "../../serving/site.js";
import type { Staff } from "../staff.js";

export interface ById {
  Params: { id: string };
}

/** The visit that an address names, if it is one that they run. */
export async function visitOf({ upstream }: Site, staff: Staff, id: string): Promise<StudyVisit> {
  const name = nameOf("studyVisits", id);
  if (name === undefined) throw new NoSuchPage();
  const visit = await upstream.lagnet.visits.getStudyVisit({ name }, staff.call);
  if (!runs(staff, visit)) throw new NoSuchPage();
  return visit;
}

function runs(staff: Staff, visit: StudyVisit): boolean {
  return keeps(staff, visit) || staff.hosts.some(({ name }) => visit.hosts.includes(name));
}

/** Whether they keep the visit for its network, and do not only host it. */
export function keeps({ networks }: Staff, visit: StudyVisit): boolean {
  return networks.some(({ name }) => name === visit.network);
}

/** The address of a visit's pages below /xx/console. */
export function pathOf(visit: StudyVisit): string {
  return `/visits/${idOf(visit.name)}`;
}
