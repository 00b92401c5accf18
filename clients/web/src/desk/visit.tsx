import type { Organization } from "@lagnet/client/directory/v1/organizations_pb.js";
import type { SignUp } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";
import type { Reader } from "../reading/reader.js";
import { Said } from "../reading/said.js";
import { idOf } from "../serving/names.js";
import { personPage, PersonForm } from "../signed_in/frame.js";
import type { Person } from "../signed_in/person.js";
import { seatsLine, standing } from "../visits/words.js";
import { type Note, Noted } from "./note.js";
import { Answers, Party } from "./party.js";
import { type Stand, STANDS, standOf } from "./sign_ups.js";

interface Shown {
  readonly organization: Organization;
  readonly visit: StudyVisit;
  readonly signUps: readonly SignUp[];
}

/** Who comes to one visit for an organisation. */
export function deskVisit(
  reader: Reader, person: Person, { organization, visit, signUps }: Shown, note: Note,
): string {
  const id = idOf(organization.name);
  const path = `/desk/${id}/visits/${idOf(visit.name)}`;
  const title = reader.pick(visit.title);
  return personPage(person, {
    reader,
    title: title.text,
    path,
    here: "desk",
    children: (
      <>
        <p>
          <a href={reader.to(`/desk/${id}`)}>
            <Said reader={reader} said={reader.pick(organization.displayName)} />
          </a>
        </p>
        <h1><Said reader={reader} said={title} /></h1>
        <Noted reader={reader} note={note} />
        <p>
          {reader.days(visit.startTime, visit.endTime, visit.timeZone)}
          <br />
          {seatsLine(visit, reader)} {standing(visit, reader)}
          <br />
          <a href={reader.to(`/visits/${idOf(visit.name)}`)}>{reader.t("my.visit")}</a>
        </p>
        {visit.signUpOpen ? (
          <p>
            <a class="button" href={reader.to(`${path}/sign-up`)}>{reader.t("desk.nominate")}</a>
          </p>
        ) : null}
        {(Object.keys(STANDS) as Stand[]).map((stand) => (
          <Group reader={reader} person={person} stand={stand} id={id} path={path} visit={visit}
            signUps={signUps.filter((signUp) => standOf(signUp) === stand)} />
        ))}
      </>
    ),
  });
}

interface GroupProps {
  readonly reader: Reader;
  readonly person: Person;
  readonly stand: Stand;
  readonly id: string;
  readonly path: string;
  readonly visit: StudyVisit;
  readonly signUps: readonly SignUp[];
}

function Group(props: GroupProps) {
  const { reader, person, stand, id, visit, signUps } = props;
  if (signUps.length === 0) return null;
  return (
    <section aria-labelledby={stand}>
      <h2 id={stand}>{reader.t(STANDS[stand])}</h2>
      {stand === "waits" ? <Queue {...props} /> : (
        <ul class="cards">
          {signUps.map((signUp) => (
            <li class="card">
              <Party reader={reader} visit={visit} signUp={signUp}
                organization={stand === "refused" || stand === "ended" ? undefined : id} />
              {stand === "answer" || stand === "refused" ? (
                <Answers reader={reader} person={person} organization={id} signUp={signUp}
                  isRefused={stand === "refused"} />
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

// The form holds the order that is shown: sent twice, it moves once.
function Queue({ reader, person, id, path, visit, signUps }: GroupProps) {
  const names = signUps.map(({ members }) => members[0]?.fullName || reader.t("my.unnamed"));
  const button = (move: "up" | "down", index: number, label: string) => (
    <button name="move" value={`${move}-${index}`}>{label}</button>
  );
  return (
    <PersonForm reader={reader} person={person} action={`${path}/rank`}>
      <p class="quiet">{reader.t("desk.rank_hint")}</p>
      <input type="hidden" name="order" value={signUps.map(({ name }) => idOf(name)).join(" ")} />
      <ol class="cards">
        {signUps.map((signUp, i) => (
          <li class="card">
            {signUp.waitPosition ? (
              <p>{reader.t("desk.position", { position: signUp.waitPosition })}</p>
            ) : null}
            <Party reader={reader} visit={visit} signUp={signUp} organization={id} />
            <p>
              {i > 0 ? button("up", i, reader.t("desk.up", { name: names[i] ?? "" })) : null}
              {i < signUps.length - 1
                ? button("down", i, reader.t("desk.down", { name: names[i] ?? "" }))
                : null}
            </p>
          </li>
        ))}
      </ol>
    </PersonForm>
  );
}

/** The order after a button of the queue; undefined for what no form sends. */
export function moved(order: readonly string[], move: string): string[] | undefined {
  const [, way, number] = /^(up|down)-(\d{1,3})$/.exec(move) ?? [];
  const from = Number(number);
  const to = way === "up" ? from - 1 : from + 1;
  const [a, b] = [order[from], order[to]];
  if (way === undefined || a === undefined || b === undefined) return undefined;
  return order.map((id, i) => (i === from ? b : i === to ? a : id));
}
