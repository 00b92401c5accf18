import type { Place } from "@lagnet/client/visits/v1/places_pb.js";
import { SignUp_State as State } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";
import type { Key } from "../reading/messages.js";
import type { Reader } from "../reading/reader.js";
import { Said } from "../reading/said.js";
import { Doing, linkedPage, NotDone, pathOf } from "../serving/linked.js";
import type { Upstream } from "../serving/upstream.js";
import type { PersonDraft } from "../sign_up/draft.js";
import { titled } from "../sign_up/fields.js";
import { notice } from "../sign_up/notice.js";
import type { Problem } from "../sign_up/problems.js";
import { facts, kept } from "./facts.js";
import { personForm } from "./form.js";
import type { PlaceLink } from "./token.js";

const STATES: Readonly<Partial<Record<State, Key>>> = {
  [State.PENDING_CONFIRMATION]: "state.pending",
  [State.HELD]: "state.held",
  [State.OFFERED]: "place.state.offered",
  [State.CONFIRMED]: "state.confirmed",
  [State.WAITLISTED]: "state.waitlisted",
  [State.DECLINED]: "place.state.ended",
  [State.EXPIRED]: "place.state.ended",
  [State.WITHDRAWN]: "place.state.ended",
  [State.SUBSTITUTED]: "place.state.ended",
  [State.CANCELLED]: "state.cancelled",
  [State.REFUSED]: "place.state.refused",
};

/** What the holder of a link to a place sees. */
export interface Shown {
  readonly link: PlaceLink;
  readonly place: Place;
  readonly visit: StudyVisit;

  /** Why the last thing asked for was not done. */
  readonly problem?: string;

  /** The form as it was typed, if it could not be taken. */
  readonly typed?: Typed;
}

export interface Typed {
  readonly person: PersonDraft;
  readonly language: string;
  readonly problems: readonly Problem[];
  readonly requestId: string;
}

/** Whether the person may tell who comes, or correct it: the party is on a visit
 * that has not begun. */
export function mayFill({ namingEndTime }: Place): boolean {
  return namingEndTime !== undefined;
}

/** The place: to be filled in by who was invited; of who has a name, with what
 * is kept. */
export async function placePage(
  upstream: Upstream, reader: Reader, shown: Shown,
): Promise<string> {
  const { link, place, visit, problem, typed } = shown;
  const isInvited = mayFill(place) && !place.person?.fullName;
  const title = reader.t(isInvited ? "place.invited" : "place.title");
  const at = (path: string) => pathOf(link, path, reader.language);
  const [about, own, privacy] = await Promise.all([
    facts(upstream, reader, shown),
    isInvited ? personForm(upstream, reader, shown) : kept(upstream, reader, shown),
    isInvited ? undefined : notice(upstream, reader, visit),
  ]);
  return linkedPage(reader, link, "", titled(reader, title, typed?.problems ?? []), (
    <>
      <h1>{title}</h1>
      <NotDone problem={problem} />
      <p class="state" role="status"><strong>{reader.t(stateOf(place))}</strong></p>
      {about}
      {isInvited ? (
        <p>
          {reader.t("place.until", { time: reader.deadline(place.namingEndTime, visit.timeZone) })}
        </p>
      ) : null}
      <h2>{reader.t(isInvited ? "form.you" : "place.kept")}</h2>
      {own}
      <h2>{reader.t("my.more")}</h2>
      <ul class="plain">
        {mayFill(place) && !isInvited ? (
          <li><a href={at("/person")}>{reader.t("place.correct")}</a></li>
        ) : null}
        <li><a href={at("/data.json")}>{reader.t("my.data")}</a></li>
        <li><a href={at("/leave")}>{reader.t("place.leave")}</a></li>
      </ul>
      {privacy}
      <p class="quiet small">{reader.t("place.link")}</p>
    </>
  ));
}

/** The form alone, for who has a name already. */
export async function personPage(
  upstream: Upstream, reader: Reader, shown: Shown,
): Promise<string> {
  const { link, typed } = shown;
  const title = reader.t("place.correct");
  const form = await personForm(upstream, reader, shown);
  return linkedPage(reader, link, "/person", titled(reader, title, typed?.problems ?? []), (
    <>
      <h1>{title}</h1>
      {form}
      <p><a href={pathOf(link, "", reader.language)}>{reader.t("form.back")}</a></p>
    </>
  ));
}

// A party may have seats for some of its people only.
function stateOf({ state, hasSeat }: Place): Key {
  const isSeated = state === State.CONFIRMED || state === State.HELD;
  return isSeated && !hasSeat ? "place.state.waits" : STATES[state] ?? "state.unknown";
}

/** Asks once more before somebody leaves, and says what comes of it. */
export function leavePage(reader: Reader, { link, place, visit }: Shown): string {
  const title = reader.t("leave.title");
  return linkedPage(reader, link, "/leave", title, (
    <>
      <h1>{title}</h1>
      <p><Said reader={reader} said={reader.pick(visit.title)} /></p>
      <p>{reader.t("leave.deleted")}</p>
      {mayFill(place) ? <p>{reader.t("leave.head", { name: place.headName })}</p> : null}
      <Doing reader={reader} link={link} path="/leave" label={reader.t("leave.yes")} isMain />
      <p><a href={pathOf(link, "", reader.language)}>{reader.t("leave.no")}</a></p>
    </>
  ));
}

/** Where who left is led to: the same for everybody, as nobody of them has a
 * link any more. */
export const LEFT = { address: "/place/left" } as const;

export function leftPage(reader: Reader): string {
  return linkedPage(reader, LEFT, "", reader.t("leave.done"), (
    <>
      <h1>{reader.t("leave.done")}</h1>
      <p role="status">{reader.t("leave.done_text")}</p>
      <p><a href={reader.to("/visits")}>{reader.t("trouble.visits")}</a></p>
    </>
  ));
}
