import { type Timestamp, timestampMs } from "@bufbuild/protobuf/wkt";
import {
  type SeatDraw, SeatDraw_Progress_Step as Step, SeatDraw_State as State,
} from "@lagnet/client/visits/v1/draws_pb.js";
import { type StudyVisit, StudyVisit_State as VisitState } from
  "@lagnet/client/visits/v1/study_visits_pb.js";
import type { Key } from "../../reading/messages.js";
import type { Reader } from "../../reading/reader.js";
import { Said } from "../../reading/said.js";
import { idOf } from "../../serving/names.js";
import type { Site } from "../../serving/site.js";
import { type Body, one } from "../../sign_up/draft.js";
import { Line } from "../../sign_up/fields.js";
import type { Problem } from "../../sign_up/problems.js";
import { consolePage, Doing, Form } from "../frame.js";
import type { Staff } from "../staff.js";
import { pathOf } from "../visits/read.js";

const STATES: Readonly<Record<State, Key>> = {
  [State.STATE_UNSPECIFIED]: "visit.draw.open",
  [State.OPEN]: "visit.draw.open",
  [State.CLOSED]: "visit.draw.closed",
  [State.HELD]: "visit.draw.held",
};

const STEPS: Readonly<Partial<Record<Step, Key>>> = {
  [Step.PEOPLE]: "console.draw.step.people",
  [Step.CHANCES]: "console.draw.step.chances",
  [Step.PANELS]: "console.draw.step.panels",
  [Step.LEVELS]: "console.draw.step.levels",
};

export interface ShownDraw {
  readonly staff: Staff;
  readonly visit: StudyVisit;

  /** Undefined before a host has committed. */
  readonly draw: SeatDraw | undefined;
  readonly body?: Body;
  readonly problems?: readonly Problem[] | undefined;

  /** A seed that was just made, to be seen this once. */
  readonly made?: { host: string; seed: string };
}

/** A draw, from the hosts' seeds to its outcome. */
export async function drawPage({ upstream, reader }: Site, shown: ShownDraw): Promise<string> {
  const { staff, visit, draw, problems, made } = shown;
  const hosts = await upstream.organizations(visit.hosts);
  const path = `${pathOf(visit)}/draw`;
  const state = draw?.state ?? State.OPEN;
  const said = (host: string) => (
    <Said reader={reader} said={reader.pick(hosts.get(host)?.displayName)} />
  );
  const mayRestart = staff.administered.some(({ name }) => name === visit.network);
  return consolePage({
    reader,
    staff,
    title: reader.t("console.draw.title"),
    path,
    part: "visits",
    problems,
    children: (
      <>
        <p>
          <a href={reader.to(`/console${pathOf(visit)}`)}>
            <Said reader={reader} said={reader.pick(visit.title)} />
          </a>
        </p>
        <p class="state"><strong>{reader.t(STATES[state] ?? "visit.draw.open")}</strong></p>
        {made ? (
          <div class="notice" role="status">
            <p>{reader.t("console.draw.keep")} {said(made.host)}</p>
            <p><code>{made.seed}</code></p>
          </div>
        ) : null}
        <Progress reader={reader} draw={draw} />
        <p>{reader.t("console.draw.how")}</p>
        <Conflicts reader={reader} draw={draw} />
        <h2>{reader.t("visit.hosts")}</h2>
        <ul class="cards">
          {visit.hosts.map((host) => (
            <li class="card">
              <p>{said(host)}</p>
              <Host reader={reader} shown={shown} host={host} />
            </li>
          ))}
        </ul>
        {state === State.OPEN && draw ? <p>{reader.t("console.draw.close_hint")}</p> : null}
        {mayClose(visit, draw) ? (
          <Doing reader={reader} staff={staff} action={`${path}/close`}
            label={reader.t("console.draw.close")} isMain />
        ) : null}
        {state === State.HELD ? (
          <p class="links">
            <a href={reader.to(`/console${path}/public.json`)}>
              {reader.t("console.draw.document")}
            </a>
            <a href={reader.to(`/console${path}/full.json`)}>{reader.t("console.draw.dossier")}</a>
          </p>
        ) : null}
        <Restarts reader={reader} draw={draw} visit={visit} />
        {draw && state !== State.HELD && mayRestart ? <Restart {...shown} reader={reader} /> : null}
      </>
    ),
  });
}

// Sign-up has ended, no host is without a number, and nobody is closing it.
function mayClose(visit: StudyVisit, draw: SeatDraw | undefined): boolean {
  return draw?.state === State.OPEN && !draw.progress && visit.state === VisitState.PUBLISHED &&
    hasPassed(visit.signUpEndTime ?? visit.startTime) &&
    visit.hosts.every((name) => draw.hosts.some(({ host }) => host === name));
}

// Numbers are made before sign-up opens, or once the draw was begun anew.
function isTooLate(visit: StudyVisit, draw: SeatDraw | undefined): boolean {
  return visit.state !== VisitState.DRAFT && !draw?.restarts.length &&
    (!visit.signUpStartTime || hasPassed(visit.signUpStartTime));
}

function hasPassed(time: Timestamp | undefined): boolean {
  return time !== undefined && timestampMs(time) <= Date.now();
}

// Where a host stands, and what it does next.
function Host(
  { reader, shown: { staff, visit, draw, body = {}, problems = [] }, host }: {
    reader: Reader;
    shown: ShownDraw;
    host: string;
  },
) {
  const path = `${pathOf(visit)}/draw`;
  const committed = draw?.hosts.find((one) => one.host === host);
  if (committed?.seed) return <p>{reader.t("console.draw.opened")}</p>;
  if (draw?.state === State.CLOSED && committed) {
    const id = `seed-${idOf(host)}`;
    return (
      <Form reader={reader} staff={staff} action={`${path}/open`}>
        <input type="hidden" name="host" value={idOf(host)} />
        <Line id={id} label={reader.t("console.draw.seed")} problems={problems}
          hint={reader.t("console.draw.seed_hint")}
          input={{
            type: "text", value: one(body, id), minLength: 64, maxLength: 64, required: true,
            autocomplete: "off", spellcheck: false, autocapitalize: "none",
          }} />
        <p><button>{reader.t("console.draw.open")}</button></p>
      </Form>
    );
  }
  if (isTooLate(visit, draw)) {
    return (
      <p>{reader.t(committed ? "console.draw.has_number" : "console.draw.too_late")}</p>
    );
  }
  return (
    <>
      <p>{reader.t(committed ? "console.draw.committed" : "console.draw.not_committed")}</p>
      <Doing reader={reader} staff={staff} action={`${path}/commit`}
        label={reader.t("console.draw.commit")} fields={{ host: idOf(host) }} />
    </>
  );
}

// While the list is being closed.
function Progress({ reader, draw }: { reader: Reader; draw: SeatDraw | undefined }) {
  if (!draw?.progress) return null;
  const { step, donePercent: done, panels, timePercent: time } = draw.progress;
  const doing = STEPS[step];
  return (
    <div class="notice" role="status">
      <p>{reader.t("console.draw.searching", { done, panels, time })}</p>
      <p>
        <progress max={100} value={done} aria-label={reader.t("console.draw.title")} />
      </p>
      {doing ? <p>{reader.t(doing)}</p> : null}
    </div>
  );
}

function Conflicts({ reader, draw }: { reader: Reader; draw: SeatDraw | undefined }) {
  if (!draw?.conflicts.length) return null;
  return (
    <div class="problems" role="alert">
      <h2>{reader.t("console.draw.conflicts")}</h2>
      <ul>
        {draw.conflicts.map(({ share, isMaximum, asked, eligible }) => (
          <li>
            {reader.t(isMaximum ? "console.draw.at_most" : "console.draw.at_least", {
              share: share.replace(/^share-/, ""), asked, eligible,
            })}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Restarts(
  { reader, draw, visit }: { reader: Reader; draw: SeatDraw | undefined; visit: StudyVisit },
) {
  if (!draw?.restarts.length) return null;
  return (
    <>
      <h2>{reader.t("console.draw.restarts")}</h2>
      <ul>
        {draw.restarts.map(({ reason, restartTime }) => (
          <li>{reader.moment(restartTime, visit.timeZone)}: {reason}</li>
        ))}
      </ul>
    </>
  );
}

function Restart(
  { reader, staff, visit, body = {}, problems = [] }: ShownDraw & { reader: Reader },
) {
  return (
    <details open={problems.some(({ field }) => field === "reason")}>
      <summary>{reader.t("console.draw.restart")}</summary>
      <p>{reader.t("console.draw.restart_hint")}</p>
      <Form reader={reader} staff={staff} action={`${pathOf(visit)}/draw/restart`}>
        <Line id="reason" label={reader.t("console.reason")} problems={problems}
          hint={reader.t("console.draw.restart_reason")}
          input={{ type: "text", value: one(body, "reason"), maxLength: 500, required: true }} />
        <p><button>{reader.t("console.draw.restart")}</button></p>
      </Form>
    </details>
  );
}
