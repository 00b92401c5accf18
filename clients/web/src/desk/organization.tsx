import {
  type Organization, Organization_State as State,
} from "@lagnet/client/directory/v1/organizations_pb.js";
import type { Reader } from "../reading/reader.js";
import { Said } from "../reading/said.js";
import { idOf } from "../serving/names.js";
import type { Upstream } from "../serving/upstream.js";
import { personPage, PersonForm } from "../signed_in/frame.js";
import type { Person } from "../signed_in/person.js";
import { standing } from "../visits/words.js";
import { type Note, Noted } from "./note.js";
import { Answers, Party } from "./party.js";
import { type Attended, standOf, visitsToCome } from "./sign_ups.js";

/** The desk of one organisation. */
export async function organizationDesk(
  upstream: Upstream, reader: Reader, person: Person, organization: Organization, note: Note,
): Promise<string> {
  const id = idOf(organization.name);
  const visits = await visitsToCome(upstream, person, organization.name);
  const attended = visits.filter(({ signUps }) => signUps.length > 0);
  const open = visits.filter(({ visit, signUps }) => visit.signUpOpen && signUps.length === 0);
  const said = reader.pick(organization.displayName);
  return personPage(person, {
    reader,
    title: said.text,
    path: `/desk/${id}`,
    here: "desk",
    children: (
      <>
        <h1><Said reader={reader} said={said} /></h1>
        <Noted reader={reader} note={note} />
        <Waiting reader={reader} person={person} id={id} attended={attended} />
        <h2>{reader.t("desk.entry")}</h2>
        <Entry reader={reader} person={person} organization={organization} />
        <ul class="plain">
          <li><a href={reader.to(`/organizations/${id}`)}>{reader.t("desk.public")}</a></li>
          <li><a href={reader.to(`/desk/${id}/edit`)}>{reader.t("entry.title")}</a></li>
          <li><a href={reader.to(`/desk/${id}/history`)}>{reader.t("history.title")}</a></li>
          <li><a href={reader.to(`/desk/${id}/colleagues`)}>{reader.t("colleagues.title")}</a></li>
        </ul>
        <h2>{reader.t("desk.attended")}</h2>
        <VisitLinks reader={reader} id={id} visits={attended} />
        <h2>{reader.t("desk.open")}</h2>
        <VisitLinks reader={reader} id={id} visits={open} />
      </>
    ),
  });
}

// What waits for the organisation's answer.
function Waiting(
  { reader, person, id, attended }:
    { reader: Reader; person: Person; id: string; attended: readonly Attended[] },
) {
  const asked = attended.flatMap(({ visit, signUps }) =>
    signUps.filter((signUp) => standOf(signUp) === "answer").map((signUp) => ({ visit, signUp })));
  return (
    <>
      <h2>{reader.t("desk.stands.answer")}</h2>
      {asked.length === 0 ? <p class="quiet">{reader.t("desk.nothing")}</p> : (
        <ul class="cards">
          {asked.map(({ visit, signUp }) => (
            <li class="card">
              <p class="quiet"><Said reader={reader} said={reader.pick(visit.title)} /></p>
              <Party reader={reader} visit={visit} signUp={signUp} />
              <Answers reader={reader} person={person} organization={id} signUp={signUp} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Entry(
  { reader, person, organization }:
    { reader: Reader; person: Person; organization: Organization },
) {
  const { name, state, etag, returnReason, lookTime } = organization;
  const button = (verb: "confirm" | "submit", label: string) => (
    <PersonForm reader={reader} person={person} action={`/desk/${idOf(name)}/${verb}`}>
      <input type="hidden" name="etag" value={etag} />
      <button>{label}</button>
    </PersonForm>
  );
  switch (state) {
    case State.DRAFT:
      return (
        <>
          {returnReason ? (
            <p class="notice">{reader.t("desk.returned")} <q>{returnReason}</q></p>
          ) : null}
          {button("submit", reader.t("desk.submit"))}
        </>
      );
    case State.VERIFIED:
    case State.STALE:
      return (
        <>
          {lookTime ? (
            <p>{reader.t("organization.looked", { day: reader.day(lookTime, "UTC") })}</p>
          ) : null}
          {button("confirm", reader.t("desk.confirm"))}
        </>
      );
    case State.SUBMITTED:
      return <p>{reader.t("desk.submitted")}</p>;
    default:
      return <p>{reader.t("organization.archived")}</p>;
  }
}

function VisitLinks(
  { reader, id, visits }: { reader: Reader; id: string; visits: readonly Attended[] },
) {
  if (visits.length === 0) return <p class="quiet">{reader.t("visits.none")}</p>;
  return (
    <ul class="cards">
      {visits.map(({ visit, signUps }) => (
        <li class="card">
          <p class="when">{reader.days(visit.startTime, visit.endTime, visit.timeZone)}</p>
          <a href={reader.to(`/desk/${id}/visits/${idOf(visit.name)}`)}>
            <Said reader={reader} said={reader.pick(visit.title)} />
          </a>
          <p class="quiet">{standing(visit, reader)}</p>
          {signUps.length ? (
            <p class="quiet">{reader.t("desk.sign_ups", { count: signUps.length })}</p>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
