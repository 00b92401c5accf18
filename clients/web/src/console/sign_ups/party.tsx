import { type SignUp, SignUp_State as State } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";
import type { ComponentChildren } from "preact";
import type { Key } from "../../reading/messages.js";
import type { Reader } from "../../reading/reader.js";
import { Said } from "../../reading/said.js";
import { idOf } from "../../serving/names.js";
import type { Site } from "../../serving/site.js";
import { type Body, one } from "../../sign_up/draft.js";
import { Line } from "../../sign_up/fields.js";
import type { Problem } from "../../sign_up/problems.js";
import { Members } from "../../sign_up/substitute.js";
import { consolePage, Doing, Form } from "../frame.js";
import type { Staff } from "../staff.js";
import { keeps, pathOf } from "../visits/read.js";
import { channelOf, choiceOf, stateOf, waitOf } from "./words.js";

const WAITS = [State.WAITLISTED, State.PENDING_CONFIRMATION];
const ASKED = [State.HELD, State.PENDING_CONFIRMATION];
const ENDED = [
  State.DECLINED, State.EXPIRED, State.WITHDRAWN, State.SUBSTITUTED, State.CANCELLED,
];

interface Shown {
  readonly staff: Staff;
  readonly visit: StudyVisit;
  readonly signUp: SignUp;

  /** Why they wait. */
  readonly why: readonly string[];

  /** The form that was not taken, as it was typed. */
  readonly body?: Body;
  readonly problems?: readonly Problem[] | undefined;
}

/** A party: who they are, where they stand and why, and what can be done. */
export async function partyPage({ upstream, reader }: Site, shown: Shown): Promise<string> {
  const { staff, visit, signUp, why, problems } = shown;
  const organizations = await upstream.organizations([signUp.organization]);
  const organization = organizations.get(signUp.organization);
  const channel = channelOf(signUp, reader);
  const list = `${pathOf(visit)}/sign-ups`;
  const choice = choiceOf(signUp, reader);
  const wait = waitOf(signUp, reader);
  return consolePage({
    reader,
    staff,
    title: signUp.members[0]?.fullName || reader.t("console.sign_ups.nobody"),
    path: `${list}/${idOf(signUp.name)}`,
    part: "visits",
    problems,
    children: (
      <>
        <p><a href={reader.to(`/console${list}`)}>{reader.t("console.sign_ups.title")}</a></p>
        <p class="state">
          <strong>{stateOf(signUp.state, reader)}</strong>{choice ? ` · ${choice}` : ""}
        </p>
        {wait ? <p class="position">{wait}</p> : null}
        {signUp.dueTime ? (
          <p>{reader.t("my.due", { time: reader.deadline(signUp.dueTime, visit.timeZone) })}</p>
        ) : null}
        {why.length > 0 ? (
          <section aria-labelledby="why">
            <h2 id="why">{reader.t("console.party.read")}</h2>
            {why.map((text) => <p>{text}</p>)}
          </section>
        ) : null}
        <h2>{reader.t("my.people")}</h2>
        {signUp.erased ? <p>{reader.t("console.party.erased")}</p> : (
          <ol class="people">
            <Members reader={reader} signUp={signUp} hasPhones path={ENDED.includes(signUp.state)
              ? undefined
              : (member) =>
                reader.to(`/console${list}/${idOf(signUp.name)}/members/${member}`)} />
          </ol>
        )}
        <dl>
          <dt>{reader.t("form.organization")}</dt>
          <dd><Said reader={reader} said={reader.pick(organization?.displayName)} /></dd>
          <dt>{reader.t("console.party.since")}</dt>
          <dd>{reader.moment(signUp.createTime, visit.timeZone)}</dd>
          {channel ? (
            <>
              <dt>{reader.t("console.party.channel")}</dt>
              <dd>
                {channel}{signUp.createdBy ? ` · ${idOf(signUp.createdBy)}` : ""}
              </dd>
              <dt>{reader.t("console.enter.notice")}</dt>
              <dd>{signUp.noticeGiven} ({signUp.noticeVersion})</dd>
            </>
          ) : null}
          {signUp.refuseReason ? (
            <><dt>{reader.t("console.party.refused")}</dt><dd>{signUp.refuseReason}</dd></>
          ) : null}
        </dl>
        <Doings reader={reader} shown={shown} />
      </>
    ),
  });
}

function Doings(
  { reader, shown: { staff, visit, signUp, body = {}, problems = [] } }:
    { reader: Reader; shown: Shown },
) {
  const { state, addressUnverified } = signUp;
  const at = (verb: string) => `${pathOf(visit)}/sign-ups/${idOf(signUp.name)}/${verb}`;
  const mayAnswer = keeps(staff, visit);
  const doing = (verb: string, key: Key) => (
    <Doing reader={reader} staff={staff} action={at(verb)} label={reader.t(key)} />
  );
  const withWords = (verb: string, key: Key, label: Key, hint: Key, isRequired = true) => (
    <Told title={reader.t(key)} isOpen={problems.some(({ field }) => field === `${verb}_words`)}>
      <Form reader={reader} staff={staff} action={at(verb)}>
        <Line id={`${verb}_words`} label={reader.t(label)} hint={reader.t(hint)}
          problems={problems}
          input={{
            type: "text", maxLength: isRequired ? 500 : 200, required: isRequired,
            value: one(body, `${verb}_words`),
          }} />
        <p><button>{reader.t(key)}</button></p>
      </Form>
    </Told>
  );
  return (
    <>
      {addressUnverified ? (
        <Told title={reader.t("console.party.verify")}>
          <p>{reader.t("console.party.verify_hint")}</p>
          {doing("verify", "console.party.verify")}
        </Told>
      ) : null}
      {state === State.OFFERED ? (
        <>
          {withWords(
            "accept", "console.party.accept", "console.party.note", "console.party.note_hint",
            false,
          )}
          {doing("decline", "console.party.decline")}
        </>
      ) : null}
      {ASKED.includes(state) && !addressUnverified && mayAnswer ? (
        <>
          <Told title={reader.t("console.party.confirm")}>
            <p>{reader.t("console.party.confirm_hint")}</p>
            {doing("confirm", "console.party.confirm")}
          </Told>
          {withWords(
            "refuse", "console.party.refuse", "console.reason", "console.party.refuse_hint",
          )}
        </>
      ) : null}
      {WAITS.includes(state) && !addressUnverified
        ? withWords(
          "promote", "console.party.promote", "console.reason", "console.party.promote_hint",
        )
        : null}
      {ENDED.includes(state) ? null : (
        <Told title={reader.t("my.withdraw")}>
          <p>{reader.t("console.party.withdraw", { people: signUp.members.length })}</p>
          {doing("withdraw", "my.withdraw")}
        </Told>
      )}
      {signUp.erased || !mayErase(staff, visit) ? null : (
        <Told title={reader.t("console.party.erase")}>
          <p>{reader.t("console.party.erase_hint")}</p>
          {doing("erase", "console.party.erase")}
        </Told>
      )}
    </>
  );
}

// Who hosts the visit answers for the data, and so does who runs the network.
function mayErase({ administered, hosts }: Staff, visit: StudyVisit): boolean {
  return administered.some(({ name }) => name === visit.network) ||
    hosts.some(({ name }) => visit.hosts.includes(name));
}

// What can be done, folded: nobody does it by a slip of the finger.
function Told(
  { title, isOpen = false, children }:
    { title: string; isOpen?: boolean; children: ComponentChildren },
) {
  return <details open={isOpen}><summary>{title}</summary>{children}</details>;
}
