import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { Network } from "@lagnet/client/directory/v1/networks_pb.js";
import {
  type StudyVisit, StudyVisit_State as State,
} from "@lagnet/client/visits/v1/study_visits_pb.js";
import { LANGUAGES } from "../reading/language.js";
import type { Reader } from "../reading/reader.js";
import { html } from "../serving/layout.js";
import { idOf, nameOf } from "../serving/names.js";
import type { Upstream } from "../serving/upstream.js";
import { VisitCard } from "./card.js";

/** What a list of visits is asked for, as it stands in its address. */
export interface VisitQuery {
  readonly network?: string;
  readonly host?: string;
  readonly language?: string;
  readonly state?: string;
  readonly page?: string;
}

const STATES = { past: State.COMPLETED, cancelled: State.CANCELLED } as const;
const PER_PAGE = 20;

function named(collection: string, id: string | undefined): string {
  return nameOf(collection, id) ?? "";
}

async function read(upstream: Upstream, query: VisitQuery) {
  const past = STATES[query.state as keyof typeof STATES];
  return upstream.lagnet.visits.listStudyVisits({
    pageSize: PER_PAGE,
    pageToken: query.page ?? "",
    network: named("networks", query.network),
    host: named("organizations", query.host),
    language: /^[a-z]{2,3}$/.test(query.language ?? "") ? (query.language as string) : "",
    state: past ?? State.PUBLISHED,
    // A page goes on with what the first one asked for.
    ...(past === undefined && { startAfter: timestampFromMs(startOfDay()) }),
  });
}

// The same for all pages that are read on one day: a page's token is for the
// very request that it came with.
function startOfDay(): number {
  return new Date().setUTCHours(0, 0, 0, 0);
}

/** The query of an address with some parts of it changed. */
export function queryOf(query: VisitQuery, change: VisitQuery = {}): string {
  const parts = Object.entries({ ...query, ...change }).filter(([, value]) => value);
  return parts.length ? `?${new URLSearchParams(parts as [string, string][])}` : "";
}

export async function visitList(
  upstream: Upstream, reader: Reader, query: VisitQuery,
): Promise<string> {
  const [{ studyVisits, nextPageToken }, networks, hosts] = await Promise.all([
    read(upstream, query),
    upstream.networks(),
    upstream.organizations(query.host ? [named("organizations", query.host)] : []),
  ]);
  const host = [...hosts.values()][0];
  const feed = reader.to(`/visits.ics${queryOf(query, { page: "", state: "", language: "" })}`);
  return html({
    reader,
    title: reader.t("visits.title"),
    path: `/visits${queryOf(query)}`,
    part: "visits",
    feed,
    children: (
      <>
        <h1>{reader.t("visits.title")}</h1>
        {host ? (
          <p>{reader.t("visits.of_host", { name: reader.pick(host.displayName).text })}</p>
        ) : null}
        <Filters reader={reader} query={query} networks={[...networks.values()]} />
        <p class="links">
          <a href={reader.to("/visits/calendar")}>{reader.t("calendar.title")}</a>
          <a href={feed}>{reader.t("visits.feed")}</a>
        </p>
        <Visits reader={reader} visits={studyVisits} level={2} />
        {nextPageToken ? (
          <p class="pages">
            <a href={reader.to(`/visits${queryOf(query, { page: nextPageToken })}`)} rel="next">
              {reader.t("list.next")}
            </a>
          </p>
        ) : null}
      </>
    ),
  });
}

/** A list of visits under a heading of the level above `level`. */
export function Visits(
  { reader, visits, level = 3 }: { reader: Reader; visits: StudyVisit[]; level?: 2 | 3 },
) {
  if (visits.length === 0) return <p>{reader.t("visits.none")}</p>;
  return (
    <ul class="cards">
      {visits.map((visit) => <VisitCard reader={reader} visit={visit} level={level} />)}
    </ul>
  );
}

function Filters(
  { reader, query, networks }: { reader: Reader; query: VisitQuery; networks: Network[] },
) {
  const name = (network: Network) => reader.pick(network.displayName).text;
  const spoken = reader.sorted(LANGUAGES, (tag) => reader.languageName(tag));
  return (
    <form class="filters" method="get" action={reader.to("/visits")}>
      {query.host ? <input type="hidden" name="host" value={query.host} /> : null}
      <label>
        {reader.t("filter.network")}
        <select name="network">
          <option value="">{reader.t("filter.all")}</option>
          {reader.sorted(networks, name).map((network) => (
            <option value={idOf(network.name)} selected={idOf(network.name) === query.network}>
              {name(network)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {reader.t("filter.spoken")}
        <select name="language">
          <option value="">{reader.t("filter.all")}</option>
          {spoken.map((tag) => (
            <option value={tag} selected={tag === query.language}>
              {reader.languageName(tag)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {reader.t("filter.state")}
        <select name="state">
          <option value="">{reader.t("filter.upcoming")}</option>
          <option value="past" selected={query.state === "past"}>{reader.t("filter.past")}</option>
          <option value="cancelled" selected={query.state === "cancelled"}>
            {reader.t("filter.cancelled")}
          </option>
        </select>
      </label>
      <button>{reader.t("filter.show")}</button>
    </form>
  );
}
