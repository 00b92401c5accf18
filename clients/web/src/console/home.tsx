import { Organization_State as EntryState } from
  "@lagnet/client/directory/v1/organizations_pb.js";
import { StudyVisit_State as State } from "@lagnet/client/visits/v1/study_visits_pb.js";
import { OwnAccount } from "../desk/home.js";
import type { Key } from "../reading/messages.js";
import { Said } from "../reading/said.js";
import type { Site } from "../serving/site.js";
import { hasDesk } from "../signed_in/person.js";
import { consolePage } from "./frame.js";
import { type Scope, scopesOf, type Staff } from "./staff.js";

// What waits is counted to here; more is "more than".
const MOST = 200;

/** One kind of what waits, and the way to it. */
interface Waiting {
  readonly key: Key;
  readonly count: number;
  readonly path: string;
}

/** What waits for somebody, network by network and host by host. */
export async function homePage(site: Site, staff: Staff): Promise<string> {
  const { reader } = site;
  const scopes = await Promise.all(scopesOf(staff).map(async (scope) => ({
    scope, waiting: await waitingIn(site, staff, scope),
  })));
  return consolePage({
    reader,
    staff,
    title: reader.t("console.home.title"),
    path: "",
    children: (
      <>
        {scopes.map(({ scope, waiting }) => (
          <section>
            <h2><Said reader={reader} said={reader.pick(scope.of.displayName)} /></h2>
            {waiting.length ? (
              <ul class="plain">
                {waiting.map(({ key, count, path }) => (
                  <li><a href={reader.to(`/console${path}`)}>{reader.t(key, { count })}</a></li>
                ))}
              </ul>
            ) : <p class="quiet">{reader.t("console.home.nothing")}</p>}
            <p><a href={reader.to(`/console/visits?${scope.query}`)}>
              {reader.t("console.home.visits")}
            </a></p>
          </section>
        ))}
        {hasDesk(staff.person) ? null : <OwnAccount reader={reader} person={staff.person} />}
      </>
    ),
  });
}

async function waitingIn(
  { upstream }: Site, { call }: Staff, { network, host, query }: Scope,
): Promise<Waiting[]> {
  const { visits, organizations, doubles } = upstream.lagnet;
  const of = (state: State) =>
    visits.listStudyVisits({ network, host, state, pageSize: MOST }, call);
  const entries = async (state: EntryState) => network
    ? (await organizations.listOrganizations({ network, states: [state], pageSize: MOST }, call))
      .organizations.length
    : 0;
  const [drafts, published, submitted, stale, pairs] = await Promise.all([
    of(State.DRAFT),
    of(State.PUBLISHED),
    entries(EntryState.SUBMITTED),
    entries(EntryState.STALE),
    network ? doubles.listLikelyDoubles({ network, pageSize: MOST }, call) : undefined,
  ]);
  const all: Waiting[] = [
    {
      key: "console.home.submitted", count: submitted,
      path: `/entries?${query}&state=submitted`,
    },
    {
      key: "console.home.doubles", count: pairs?.likelyDoubles.length ?? 0,
      path: `/entries/doubles?${query}`,
    },
    { key: "console.home.stale", count: stale, path: `/entries?${query}&state=stale` },
    {
      key: "console.home.drafts", count: drafts.studyVisits.length,
      path: `/visits?${query}&state=draft`,
    },
    {
      key: "console.home.queues",
      count: published.studyVisits.filter(({ waitlistedCount }) => waitlistedCount > 0).length,
      path: `/visits?${query}&state=published`,
    },
  ];
  return all.filter(({ count }) => count > 0);
}
