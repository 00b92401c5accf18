import type { Organization } from "@lagnet/client/directory/v1/organizations_pb.js";
import { kindName } from "../../directory/words.js";
import type { Reader } from "../../reading/reader.js";
import { Said } from "../../reading/said.js";
import { idOf } from "../../serving/names.js";
import type { Site } from "../../serving/site.js";
import { lookedFor } from "../../sign_up/organizations.js";
import { consolePage, NextPage, Scopes } from "../frame.js";
import { networkOf, scopesOf, type Staff } from "../staff.js";
import { LISTED, stateOf } from "./words.js";

/** What a list of entries is asked for, as it stands in its address. */
export interface EntryQuery {
  readonly network?: string;
  readonly state?: string;
  readonly find?: string;
  readonly page?: string;
}

const PER_PAGE = 30;

/** The entries of a network, by what is to be done with them. */
export async function entryList(
  { upstream, reader }: Site, staff: Staff, query: EntryQuery,
): Promise<string> {
  const { name: network } = networkOf(staff, query);
  const scopes = scopesOf(staff).filter((scope) => scope.network);
  const scope = scopes.find((one) => one.network === network);
  const here = query.state && Object.hasOwn(LISTED, query.state)
    ? (query.state as keyof typeof LISTED)
    : "submitted";
  const find = (query.find ?? "").trim();
  const found = find ? await lookedFor(upstream, reader, find) : undefined;
  const { organizations, nextPageToken } = found
    ? { organizations: [], nextPageToken: "" }
    : await upstream.lagnet.organizations.listOrganizations({
      network, states: [LISTED[here]], pageSize: PER_PAGE, pageToken: query.page ?? "",
    }, staff.call);
  const at = `/entries?network=${idOf(network)}`;
  return consolePage({
    reader,
    staff,
    title: reader.t("console.entries.title"),
    path: `${at}&state=${here}`,
    part: "entries",
    children: (
      <>
        {scope ? (
          <Scopes reader={reader} scopes={scopes} here={scope} path="/entries" />
        ) : null}
        <p class="links">
          <a href={reader.to(`/console/entries/doubles?network=${idOf(network)}`)}>
            {reader.t("console.doubles.title")}
          </a>
          <a href={reader.to(`/console/entries/import?network=${idOf(network)}`)}>
            {reader.t("console.import.title")}
          </a>
        </p>
        <form class="search" method="get" action={reader.to("/console/entries")} role="search">
          <input type="hidden" name="network" value={idOf(network)} />
          <label for="find">{reader.t("directory.search")}</label>
          <input id="find" name="find" type="search" maxLength={200} value={find} />
          <button>{reader.t("directory.find")}</button>
        </form>
        <nav class="parts" aria-label={reader.t("console.entries.states")}>
          {Object.entries(LISTED).map(([name, state]) => (
            <a href={reader.to(`/console${at}&state=${name}`)}
              aria-current={!found && name === here ? "true" : undefined}>
              {stateOf(state, reader)}
            </a>
          ))}
        </nav>
        {found ? (
          <>
            <p role="status">{reader.t("directory.count", { count: found.length })}</p>
            <ul class="cards">
              {found.map(({ id, said }) => (
                <li class="card">
                  <a href={reader.to(`/console/entries/${id}`)}>
                    <Said reader={reader} said={said} />
                  </a>
                </li>
              ))}
            </ul>
          </>
        ) : (
          <Entries reader={reader} entries={organizations} />
        )}
        <NextPage reader={reader} path="/entries" token={nextPageToken}
          query={{ network: idOf(network), state: here }} />
      </>
    ),
  });
}

function Entries({ reader, entries }: { reader: Reader; entries: readonly Organization[] }) {
  if (entries.length === 0) return <p>{reader.t("console.entries.none")}</p>;
  return (
    <ul class="cards">
      {entries.map(({ name, displayName, kind, country }) => (
        <li class="card">
          <h2 class="h3">
            <a href={reader.to(`/console/entries/${idOf(name)}`)}>
              <Said reader={reader} said={reader.pick(displayName)} />
            </a>
          </h2>
          <p class="quiet">{kindName(kind, reader)} · {reader.countryName(country)}</p>
        </li>
      ))}
    </ul>
  );
}
