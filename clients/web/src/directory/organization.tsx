import {
  type Organization, Organization_State as State,
} from "@lagnet/client/directory/v1/organizations_pb.js";
import type { Territory } from "@lagnet/client/directory/v1/territories_pb.js";
import type { Theme } from "@lagnet/client/directory/v1/themes_pb.js";
import type { ComponentChildren } from "preact";
import type { Reader } from "../reading/reader.js";
import { Paragraphs, Said } from "../reading/said.js";
import { html } from "../serving/layout.js";
import { idOf, territoryName } from "../serving/names.js";
import type { Upstream } from "../serving/upstream.js";
import { Visits } from "../visits/list.js";
import { mapOf } from "./map.js";
import { bodyName, fundName, kindName, years } from "./words.js";

const CLAIMABLE = [State.VERIFIED, State.STALE];

// An area of more municipalities is told by its first ones.
const MOST_TERRITORIES = 24;

/** An organisation's page. `organization` is as the server gave it: of a merged
 * entry, the one that stays. */
export async function organizationPage(
  upstream: Upstream, reader: Reader, organization: Organization,
): Promise<string> {
  const { name, country, email, position } = organization;
  const id = idOf(name);
  const places = organization.territories.slice(0, MOST_TERRITORIES)
    .map((territory) => territoryName(territory, country));
  const [visits, networks, themes, territories, successors, map] = await Promise.all([
    upstream.lagnet.visits.listStudyVisits({ host: name, pageSize: 10 }),
    upstream.networks(),
    upstream.themes(),
    upstream.territories(places),
    upstream.organizations([organization.successor]),
    position ? mapOf(upstream, reader, [{ point: position, country }]) : null,
  ]);
  const said = reader.pick(organization.displayName);
  const network = networks.get(organization.network);
  const feed = reader.to(`/visits.ics?host=${id}`);
  const successor = successors.get(organization.successor);
  return html({
    reader,
    title: said.text,
    path: `/organizations/${id}`,
    part: "directory",
    feed,
    children: (
      <article>
        <h1><Said reader={reader} said={said} /></h1>
        <OtherNames reader={reader} organization={organization} shown={said.text} />
        <p class="quiet">
          {kindName(organization.kind, reader)} · {reader.countryName(country)}
          {network ? (
            <> · <a href={reader.to(`/directory?network=${idOf(network.name)}`)}>
              <Said reader={reader} said={reader.pick(network.displayName)} />
            </a></>
          ) : null}
        </p>
        <StateNote reader={reader} organization={organization} successor={successor} />
        <Paragraphs reader={reader} said={reader.pick(organization.description)} />
        {map}
        {map ? <p class="quiet small">{reader.t("map.source")}</p> : null}
        <dl>
          <Contact reader={reader} organization={organization} />
          <Area reader={reader} organization={organization} territories={territories} />
          <Themes reader={reader} ids={organization.themes} themes={themes} />
          <Work reader={reader} organization={organization} themes={themes} />
        </dl>
        <section aria-labelledby="visits">
          <h2 id="visits">{reader.t("organization.visits")}</h2>
          <Visits reader={reader} visits={visits.studyVisits} />
          {visits.studyVisits.length ? <p><a href={feed}>{reader.t("visits.feed")}</a></p> : null}
        </section>
        {organization.lookTime ? (
          <p class="quiet small">
            {reader.t("organization.looked", { day: reader.day(organization.lookTime, "UTC") })}
          </p>
        ) : null}
        {email && CLAIMABLE.includes(organization.state) ? (
          <p class="small">
            <a href={reader.to(`/organizations/${id}/claim`)} rel="nofollow">
              {reader.t("organization.mine")}
            </a>
          </p>
        ) : null}
      </article>
    ),
  });
}

function OtherNames(
  { reader, organization, shown }:
    { reader: Reader; organization: Organization; shown: string },
) {
  const texts = Object.entries(organization.displayName?.texts ?? {})
    .filter(([, { text }]) => text !== shown);
  if (texts.length === 0) return null;
  return (
    <p class="names">
      {reader.sorted(texts, ([tag]) => tag).map(([tag, { text }], i) => (
        <>{i ? " · " : ""}<span lang={tag}>{text}</span></>
      ))}
    </p>
  );
}

function StateNote(
  { reader, organization, successor }:
    { reader: Reader; organization: Organization; successor: Organization | undefined },
) {
  switch (organization.state) {
    case State.STALE:
      return <p class="notice">{reader.t("organization.stale")}</p>;
    case State.ARCHIVED:
      return <p class="notice">{reader.t("organization.archived")}</p>;
    case State.DISSOLVED:
      return (
        <p class="notice">
          {reader.t("organization.dissolved")}
          {successor ? (
            <> {reader.t("organization.successor")}{" "}
              <a href={reader.to(`/organizations/${idOf(successor.name)}`)}>
                <Said reader={reader} said={reader.pick(successor.displayName)} />
              </a>
            </>
          ) : null}
        </p>
      );
    default:
      return null;
  }
}

function Fact({ label, children }: { label: string; children: ComponentChildren }) {
  return <><dt>{label}</dt><dd>{children}</dd></>;
}

function Contact({ reader, organization }: { reader: Reader; organization: Organization }) {
  const { email, website, languages } = organization;
  return (
    <>
      {email ? (
        <Fact label={reader.t("organization.email")}>
          <a href={`mailto:${email}`}>{email}</a>
        </Fact>
      ) : null}
      {/^https?:\/\//.test(website) ? (
        <Fact label={reader.t("organization.website")}>
          <a href={website} rel="noopener external">{website.replace(/^https?:\/\//, "")}</a>
        </Fact>
      ) : null}
      {languages.length ? (
        <Fact label={reader.t("organization.languages")}>
          {languages.map((tag) => reader.languageName(tag)).join(", ")}
        </Fact>
      ) : null}
    </>
  );
}

function Area(
  { reader, organization, territories }:
    { reader: Reader; organization: Organization; territories: Map<string, Territory> },
) {
  const { areaKm2, population } = organization;
  const places = reader.sorted(
    [...territories.entries()].map(([name, territory]) => ({
      code: territory.codes[0]?.code ?? idOf(name),
      said: reader.pick(territory.displayName),
    })),
    ({ said }) => said.text,
  );
  return (
    <>
      {places.length ? (
        <Fact label={reader.t("organization.area")}>
          <ul class="inline">
            {places.map(({ code, said }) => (
              <li>
                <a href={reader.to(`/directory?place=${encodeURIComponent(code)}`)}>
                  <Said reader={reader} said={said} />
                </a>
              </li>
            ))}
          </ul>
        </Fact>
      ) : null}
      {areaKm2 || population ? (
        <Fact label={reader.t("organization.size")}>
          {[
            areaKm2 ? reader.t("organization.km2", { area: areaKm2 }) : "",
            population ? reader.t("organization.people", { people: Number(population) }) : "",
          ].filter(Boolean).join(", ")}
        </Fact>
      ) : null}
    </>
  );
}

function Themes(
  { reader, ids, themes }: { reader: Reader; ids: string[]; themes: Map<string, Theme> },
) {
  if (ids.length === 0) return null;
  const named = ids.map((id) => ({ id, said: reader.pick(themes.get(id)?.label) }));
  return (
    <Fact label={reader.t("organization.themes")}>
      <ul class="inline">
        {reader.sorted(named, ({ said }) => said.text).map(({ id, said }) => (
          <li>
            <a href={reader.to(`/directory?theme=${id}`)}>
              {said.text ? <Said reader={reader} said={said} /> : id}
            </a>
          </li>
        ))}
      </ul>
    </Fact>
  );
}

function Work(
  { reader, organization, themes }:
    { reader: Reader; organization: Organization; themes: Map<string, Theme> },
) {
  const { funds, strategy, bodies, memberCounts, foundedOn, legalForm } = organization;
  const period = strategy ? years(strategy.startYear, strategy.endYear) : "";
  return (
    <>
      {funds.length ? (
        <Fact label={reader.t("organization.funds")}>
          <ul>
            {funds.map(({ fund, programme, startYear, endYear }) => (
              <li>
                {[fundName(fund, reader), programme, years(startYear, endYear)]
                  .filter(Boolean).join(", ")}
              </li>
            ))}
          </ul>
        </Fact>
      ) : null}
      {strategy ? (
        <Fact label={reader.t("organization.strategy")}>
          {/^https?:\/\//.test(strategy.website) ? (
            <a href={strategy.website} rel="noopener external">
              <Said reader={reader} said={reader.pick(strategy.title)} /> {period}
            </a>
          ) : <><Said reader={reader} said={reader.pick(strategy.title)} /> {period}</>}
          {strategy.themes.length ? (
            <span class="quiet">
              {" "}
              {strategy.themes.map((id) => reader.pick(themes.get(id)?.label).text || id)
                .join(", ")}
            </span>
          ) : null}
        </Fact>
      ) : null}
      {memberCounts ? (
        <Fact label={reader.t("organization.members")}>{reader.number(memberCounts.total)}</Fact>
      ) : null}
      {bodies.length ? (
        <Fact label={reader.t("organization.bodies")}>
          {bodies.map((body) => bodyName(body, reader)).join(", ")}
        </Fact>
      ) : null}
      {foundedOn ? (
        <Fact label={reader.t("organization.founded")}>
          {reader.day(new Date(`${foundedOn}T12:00:00Z`), "UTC")}
        </Fact>
      ) : null}
      {legalForm?.text ? (
        <Fact label={reader.t("organization.legal_form")}>
          <span lang={organization.country === "PL" ? "pl" : undefined}>{legalForm.text}</span>
        </Fact>
      ) : null}
    </>
  );
}
