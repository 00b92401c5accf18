import { type StudyVisit, StudyVisit_State as State } from
  "@lagnet/client/visits/v1/study_visits_pb.js";
import type { Reader } from "../../reading/reader.js";
import { Said } from "../../reading/said.js";
import type { Site } from "../../serving/site.js";
import { seatsLine } from "../../visits/words.js";
import { consolePage, NextPage, Scopes } from "../frame.js";
import { scopeOf, scopesOf, type Staff } from "../staff.js";
import { pathOf } from "./read.js";
import { stateOf } from "./words.js";

/** What a list of visits is asked for, as it stands in its address. */
export interface VisitQuery {
  readonly network?: string;
  readonly host?: string;
  readonly state?: string;
  readonly page?: string;
}

const STATES = {
  draft: State.DRAFT,
  published: State.PUBLISHED,
  completed: State.COMPLETED,
  cancelled: State.CANCELLED,
} as const;

const PER_PAGE = 20;

export async function visitList(
  { upstream, reader }: Site, staff: Staff, query: VisitQuery,
): Promise<string> {
  const scope = scopeOf(staff, query);
  const here = query.state && Object.hasOwn(STATES, query.state)
    ? (query.state as keyof typeof STATES)
    : "published";
  const { studyVisits, nextPageToken } = await upstream.lagnet.visits.listStudyVisits({
    pageSize: PER_PAGE,
    pageToken: query.page ?? "",
    network: scope.network,
    host: scope.host,
    state: STATES[here],
  }, staff.call);
  return consolePage({
    reader,
    staff,
    title: reader.t("console.visits.title"),
    path: `/visits?${scope.query}&state=${here}`,
    part: "visits",
    children: (
      <>
        <Scopes reader={reader} scopes={scopesOf(staff)} here={scope} path="/visits" />
        {staff.networks.length ? (
          <p><a class="button" href={reader.to("/console/visits/new")}>
            {reader.t("console.visits.new")}
          </a></p>
        ) : null}
        <nav class="parts" aria-label={reader.t("console.visits.states")}>
          {Object.entries(STATES).map(([name, state]) => (
            <a href={reader.to(`/console/visits?${scope.query}&state=${name}`)}
              aria-current={name === here ? "true" : undefined}>
              {stateOf(state, reader)}
            </a>
          ))}
        </nav>
        <VisitCards reader={reader} visits={studyVisits} />
        <NextPage reader={reader} path="/visits" token={nextPageToken}
          query={{ ...fieldsOf(scope.query), state: here }} />
      </>
    ),
  });
}

function fieldsOf(query: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query));
}

/** Visits, each with the way to what can be done with it. */
export function VisitCards(
  { reader, visits }: { reader: Reader; visits: readonly StudyVisit[] },
) {
  if (visits.length === 0) return <p>{reader.t("visits.none")}</p>;
  return (
    <ul class="cards">
      {visits.map((visit) => (
        <li class="card">
          <h2 class="h3">
            <a href={reader.to(`/console${pathOf(visit)}`)}>
              <Said reader={reader} said={reader.pick(visit.title)} />
            </a>
          </h2>
          <p class="quiet">{reader.days(visit.startTime, visit.endTime, visit.timeZone)}</p>
          <p>{seatsLine(visit, reader)}</p>
        </li>
      ))}
    </ul>
  );
}
