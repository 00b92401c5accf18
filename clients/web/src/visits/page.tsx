import type { CallOptions } from "@connectrpc/connect";
import { LagnetError } from "@lagnet/client";
import type { Organization } from "@lagnet/client/directory/v1/organizations_pb.js";
import type { Theme } from "@lagnet/client/directory/v1/themes_pb.js";
import { SeatDraw_State as DrawState } from "@lagnet/client/visits/v1/draws_pb.js";
import { SeatRules_Policy as Policy } from "@lagnet/client/visits/v1/seat_rules_pb.js";
import {
  type StudyVisit, type StudyVisit_Day, StudyVisit_State as State,
} from "@lagnet/client/visits/v1/study_visits_pb.js";
import { Markdown } from "../reading/markdown.js";
import type { Reader, Said as Text } from "../reading/reader.js";
import { Said } from "../reading/said.js";
import { html } from "../serving/layout.js";
import { idOf } from "../serving/names.js";
import type { Upstream } from "../serving/upstream.js";
import { costs, seatsLine, standing } from "./words.js";

export async function visitPage(
  upstream: Upstream, reader: Reader, name: string,
): Promise<string> {
  const visit = await upstream.lagnet.visits.getStudyVisit({ name });
  const id = idOf(name);
  return html({
    reader,
    title: reader.pick(visit.title).text,
    path: `/visits/${id}`,
    part: "visits",
    isLive: true,
    feed: reader.to(`/visits/${id}.ics`),
    children: await visitArticle(upstream, reader, visit),
  });
}

/** What is to be read of a visit. `call` is made in the name of somebody who may
 * see it, if not everybody may yet. */
export async function visitArticle(
  upstream: Upstream, reader: Reader, visit: StudyVisit, call: CallOptions = {},
) {
  const { name } = visit;
  const shown = [...visit.hosts, ...visit.days.flatMap(({ stops }) => stops.map((s) => s.host))];
  const [rules, draw, organizations, themes, networks] = await Promise.all([
    upstream.lagnet.visits.describeSeatRules({ name, language: reader.language }, call),
    drawLine(upstream, reader, visit, call),
    upstream.organizations(shown),
    upstream.themes(),
    upstream.networks(),
  ]);
  const network = networks.get(visit.network);
  const id = idOf(name);
  const description = reader.pick(visit.description);
  return (
    <article>
      <h1><Said reader={reader} said={reader.pick(visit.title)} /></h1>
      <p class="when">
        <time dateTime={visit.start}>{reader.moment(visit.startTime, visit.timeZone)}</time>
        {" – "}
        <time dateTime={visit.end}>{reader.moment(visit.endTime, visit.timeZone)}</time>
        <br />
        <span class="quiet">{reader.zone(visit.timeZone, visit.startTime)}</span>
      </p>
      {visit.state === State.CANCELLED ? (
        <p class="notice" role="note">
          <strong>{reader.t("visit.cancelled")}</strong> <span>{visit.cancelReason}</span>
        </p>
      ) : null}
      {visit.state === State.CANCELLED ? null : (
        <section class="seats" aria-labelledby="seats">
          <h2 id="seats">{reader.t("visit.seats_title")}</h2>
          <p class="count" data-live={reader.to(`/visits/${id}/seats`)} aria-live="polite">
            {seatsLine(visit, reader)}
          </p>
          <p>{standing(visit, reader)}</p>
          {draw === undefined ? null : <p>{draw}</p>}
          {visit.signUpOpen ? (
            <p><a class="button" href={reader.to(`/visits/${id}/sign-up`)}>
              {reader.t("visit.sign_up")}
            </a></p>
          ) : null}
        </section>
      )}
      <Markdown text={description.text} top={2} lang={description.language} />
      <Facts reader={reader} visit={visit} organizations={organizations} />
      <Programme reader={reader} days={visit.days} organizations={organizations}
        themes={themes} />
      <section><Markdown text={rules.text} top={2} /></section>
      <p class="links">
        <a href={reader.to(`/visits/${id}.ics`)}>{reader.t("visit.feed")}</a>
        {network ? (
          <a href={reader.to(`/visits?network=${idOf(network.name)}`)}>
            {reader.t("visit.more")} <Said reader={reader} said={reader.pick(network.displayName)} />
          </a>
        ) : null}
      </p>
    </article>
  );
}

const DRAW_STATES = {
  [DrawState.STATE_UNSPECIFIED]: "visit.draw.open",
  [DrawState.OPEN]: "visit.draw.open",
  [DrawState.CLOSED]: "visit.draw.closed",
  [DrawState.HELD]: "visit.draw.held",
} as const;

async function drawLine(
  upstream: Upstream, reader: Reader, { name, seatRules }: StudyVisit, call: CallOptions,
): Promise<string | undefined> {
  if (seatRules?.policy !== Policy.DRAW) return undefined;
  try {
    const { state } = await upstream.lagnet.draws.getDraw({ name }, call);
    return reader.t(DRAW_STATES[state] ?? "visit.draw.open");
  } catch (error) {
    // No host has committed yet.
    if (LagnetError.decode(error).reason === "NOT_FOUND") return reader.t("visit.draw.open");
    throw error;
  }
}

function Facts(
  { reader, visit, organizations }:
    { reader: Reader; visit: StudyVisit; organizations: Map<string, Organization> },
) {
  const { paid, own } = costs(visit, reader);
  const list = (items: string[]) => (
    <ul>{items.map((item) => <li>{item}</li>)}</ul>
  );
  return (
    <section aria-labelledby="facts">
      <h2 id="facts">{reader.t("visit.facts")}</h2>
      <dl>
        <dt>{reader.t("visit.hosts")}</dt>
        <dd>
          <ul>
            {visit.hosts.map((host) => (
              <li><OrganizationLink reader={reader} name={host} organizations={organizations} /></li>
            ))}
          </ul>
        </dd>
        <dt>{reader.t("visit.paid")}</dt>
        <dd>{paid.length ? list(paid) : reader.t("visit.paid_nothing")}</dd>
        {own.length ? <><dt>{reader.t("visit.own")}</dt><dd>{list(own)}</dd></> : null}
        {visit.languages.length ? (
          <>
            <dt>{reader.t("visit.spoken")}</dt>
            <dd>{visit.languages.map((tag) => reader.languageName(tag)).join(", ")}</dd>
          </>
        ) : null}
        {visit.contactEmail ? (
          <>
            <dt>{reader.t("visit.contact")}</dt>
            <dd><a href={`mailto:${visit.contactEmail}`}>{visit.contactEmail}</a></dd>
          </>
        ) : null}
      </dl>
    </section>
  );
}

export function OrganizationLink(
  { reader, name, organizations }:
    { reader: Reader; name: string; organizations: Map<string, Organization> },
) {
  const said = reader.pick(organizations.get(name)?.displayName);
  return (
    <a href={reader.to(`/organizations/${idOf(name)}`)}>
      {said.text ? <Said reader={reader} said={said} /> : idOf(name)}
    </a>
  );
}

function Programme(
  { reader, days, organizations, themes }: {
    reader: Reader;
    days: StudyVisit_Day[];
    organizations: Map<string, Organization>;
    themes: Map<string, Theme>;
  },
) {
  if (days.length === 0) return null;
  return (
    <section aria-labelledby="programme">
      <h2 id="programme">{reader.t("visit.programme")}</h2>
      {days.map((day) => (
        <div class="day">
          <h3>
            <time dateTime={day.date}>{reader.weekday(day.date)}</time>
            {day.title ? <>: <Said reader={reader} said={reader.pick(day.title)} /></> : null}
          </h3>
          <ol>
            {day.stops.map((stop) => (
              <li>
                <strong><Said reader={reader} said={reader.pick(stop.title)} /></strong>
                <span class="quiet">
                  <Facets reader={reader} facets={[
                    { text: stop.place, language: reader.language },
                    reader.pick(organizations.get(stop.host)?.displayName),
                    reader.pick(themes.get(stop.theme)?.label),
                    {
                      text: stop.funds.length
                        ? reader.t("visit.stop_funds", { funds: stop.funds.join(", ") })
                        : "",
                      language: reader.language,
                    },
                  ]} />
                </span>
              </li>
            ))}
          </ol>
        </div>
      ))}
    </section>
  );
}

// What is known of it, in one line.
function Facets({ reader, facets }: { reader: Reader; facets: Text[] }) {
  return (
    <>
      {facets.filter(({ text }) => text).map((said, i) => (
        <>{i ? " · " : ""}<Said reader={reader} said={said} /></>
      ))}
    </>
  );
}
