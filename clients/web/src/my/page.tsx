import { type SignUp, SignUp_State as State } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";
import type { Key } from "../reading/messages.js";
import type { Reader } from "../reading/reader.js";
import { Said } from "../reading/said.js";
import { html } from "../serving/layout.js";
import { Doing, linkedPage, NotDone, pathOf } from "../serving/linked.js";
import { idOf } from "../serving/names.js";
import { Members } from "../sign_up/substitute.js";
import type { Link } from "./token.js";

const STATES: Readonly<Record<State, Key>> = {
  [State.STATE_UNSPECIFIED]: "state.unknown",
  [State.PENDING_CONFIRMATION]: "state.pending",
  [State.HELD]: "state.held",
  [State.OFFERED]: "state.offered",
  [State.CONFIRMED]: "state.confirmed",
  [State.WAITLISTED]: "state.waitlisted",
  [State.DECLINED]: "state.declined",
  [State.EXPIRED]: "state.expired",
  [State.WITHDRAWN]: "state.withdrawn",
  [State.SUBSTITUTED]: "state.substituted",
  [State.CANCELLED]: "state.cancelled",
  [State.REFUSED]: "state.refused",
};

const ENDED = [
  State.DECLINED, State.EXPIRED, State.WITHDRAWN, State.SUBSTITUTED, State.CANCELLED,
];

/** What the holder of a link sees. */
export interface Mine {
  readonly link: Link;
  readonly signUp: SignUp;
  readonly visit: StudyVisit;

  /** Why they wait. */
  readonly why?: readonly string[];

  /** Why the last thing asked for was not done. */
  readonly problem?: string;
}

export function signUpPage(reader: Reader, mine: Mine): string {
  const { link, signUp, visit, why = [], problem } = mine;
  if (signUp.erased) return erasedPage(reader, mine);
  const isOver = ENDED.includes(signUp.state);
  const at = (path: string) => pathOf(link, path, reader.language);
  return linkedPage(reader, link, "", reader.t("my.title"), (
    <>
      <h1>{reader.t("my.title")}</h1>
      <NotDone problem={problem} />
      <p class={`state ${isOver ? "over" : ""}`} role="status">
        <strong>{stateText(reader, signUp)}</strong>
      </p>
      <Doings reader={reader} mine={mine} />
      <Why reader={reader} signUp={signUp} visit={visit} why={why} />
      <h2>{reader.t("my.visit")}</h2>
      <p>
        <a href={reader.to(`/visits/${idOf(visit.name)}`)}>
          <Said reader={reader} said={reader.pick(visit.title)} />
        </a>
        <br />
        {reader.days(visit.startTime, visit.endTime, visit.timeZone)}
      </p>
      <People reader={reader} mine={mine} isOver={isOver} />
      <h2>{reader.t("my.more")}</h2>
      <ul class="plain">
        <li><a href={at("/data.json")}>{reader.t("my.data")}</a></li>
        {isOver ? null : <li><a href={at("/withdraw")}>{reader.t("my.withdraw")}</a></li>}
        <li><a href={at("/erase")}>{reader.t("my.erase")}</a></li>
      </ul>
      <History reader={reader} signUp={signUp} />
      <p class="quiet small">{reader.t("my.link")}</p>
    </>
  ));
}

// What outlives the sign-up's people.
function History({ reader, signUp }: { reader: Reader; signUp: SignUp }) {
  const day = reader.date(signUp.seatHistoryEnd);
  return day ? <p>{reader.t("my.history", { day })}</p> : null;
}

function stateText(reader: Reader, signUp: SignUp): string {
  return signUp.addressUnverified
    ? reader.t("state.unverified")
    : reader.t(STATES[signUp.state] ?? "state.unknown");
}

function Why(
  { reader, signUp, visit, why }: {
    reader: Reader;
    signUp: SignUp;
    visit: StudyVisit;
    why: readonly string[];
  },
) {
  const due = reader.deadline(signUp.dueTime, visit.timeZone);
  const waits = signUp.waitPosition > 0;
  // The explanation says it, too.
  const isSecond = signUp.secondSeat && signUp.seats === 0 && why.length === 0 &&
    !ENDED.includes(signUp.state);
  return (
    <>
      {signUp.choice > 0 ? <p>{reader.t("my.choice", { number: signUp.choice })}</p> : null}
      {waits ? (
        <p class="position">{reader.t("my.position", { position: signUp.waitPosition })}</p>
      ) : null}
      {signUp.dueTime ? <p>{reader.t("my.due", { time: due })}</p> : null}
      {signUp.seats > 0 && signUp.seats < signUp.members.length ? (
        <p>{reader.t("my.some_seats", { seats: signUp.seats, people: signUp.members.length })}</p>
      ) : null}
      {isSecond ? <p>{reader.t("my.second")}</p> : null}
      {why.length > 0 ? (
        <section aria-labelledby="why">
          <h2 id="why">{reader.t("my.why")}</h2>
          {why.map((text) => <p>{text}</p>)}
        </section>
      ) : null}
    </>
  );
}

// What the holder is asked to do now.
function Doings({ reader, mine: { link, signUp } }: { reader: Reader; mine: Mine }) {
  return (
    <>
      {signUp.addressUnverified ? (
        <Doing reader={reader} link={link} path="/verify" label={reader.t("my.verify")} isMain />
      ) : null}
      {signUp.state === State.OFFERED ? (
        <>
          <Doing reader={reader} link={link} path="/accept" label={reader.t("my.accept")} isMain />
          <Doing reader={reader} link={link} path="/decline" label={reader.t("my.decline")} />
        </>
      ) : null}
    </>
  );
}

function People(
  { reader, mine: { link, signUp }, isOver }: { reader: Reader; mine: Mine; isOver: boolean },
) {
  return (
    <>
      <h2>{reader.t("my.people")}</h2>
      <ol class="people">
        <Members reader={reader} signUp={signUp} path={isOver
          ? undefined
          : (member) => pathOf(link, `/members/${member}`, reader.language)} />
      </ol>
    </>
  );
}

/** Asks once more before a sign-up is given up. */
export function withdrawPage(reader: Reader, { link, signUp, visit }: Mine): string {
  return linkedPage(reader, link, "/withdraw", reader.t("withdraw.title"), (
    <>
      <h1>{reader.t("withdraw.title")}</h1>
      <p><Said reader={reader} said={reader.pick(visit.title)} /></p>
      <p>{reader.t("withdraw.text", { people: signUp.members.length })}</p>
      <Doing reader={reader} link={link} path="/withdraw" label={reader.t("withdraw.yes")} isMain />
      <p><a href={pathOf(link, "", reader.language)}>{reader.t("withdraw.no")}</a></p>
    </>
  ));
}

/** Asks once more before people are forgotten, and says what stays. */
export function erasePage(reader: Reader, { link, signUp, visit }: Mine): string {
  return linkedPage(reader, link, "/erase", reader.t("erase.title"), (
    <>
      <h1>{reader.t("erase.title")}</h1>
      <p><Said reader={reader} said={reader.pick(visit.title)} /></p>
      <p>{reader.t("erase.text", { people: signUp.members.length })}</p>
      <p>{reader.t("erase.stays")}</p>
      <Doing reader={reader} link={link} path="/erase" label={reader.t("erase.yes")} isMain />
      <p><a href={pathOf(link, "", reader.language)}>{reader.t("erase.no")}</a></p>
    </>
  ));
}

function erasedPage(reader: Reader, { link, signUp }: Mine): string {
  return linkedPage(reader, link, "", reader.t("erase.done"), (
    <>
      <h1>{reader.t("erase.done")}</h1>
      <p role="status">{reader.t("erase.done_text")}</p>
      <History reader={reader} signUp={signUp} />
      {signUp.seatHistoryEnd ? (
        <Doing reader={reader} link={link} path="/erase" label={reader.t("my.history_erase")} />
      ) : null}
    </>
  ));
}

/** The head has given the sign-up to somebody else, and with it the link. It
 * names nobody: of a form that comes again, only the server knows whether its
 * name was the one. */
export function handedOverPage(reader: Reader, link: Link): string {
  return html({
    reader,
    title: reader.t("handed_over.title"),
    path: "/my",
    inLanguage: (language) => `/${language}`,
    isPrivate: true,
    children: (
      <>
        <h1>{reader.t("handed_over.title")}</h1>
        <p role="status">{reader.t("handed_over.text")}</p>
        <p><a href={reader.to(`/visits/${idOf(link.visit)}`)}>{reader.t("my.visit")}</a></p>
      </>
    ),
  });
}
