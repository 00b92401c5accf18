import { SeatRules_Policy as Policy } from "@lagnet/client/visits/v1/seat_rules_pb.js";
import { type StudyVisit, StudyVisit_State as State } from
  "@lagnet/client/visits/v1/study_visits_pb.js";
import { Said } from "../../reading/said.js";
import { idOf } from "../../serving/names.js";
import type { Site } from "../../serving/site.js";
import { type Body, one } from "../../sign_up/draft.js";
import { Line } from "../../sign_up/fields.js";
import type { Problem } from "../../sign_up/problems.js";
import { seatsLine, standing } from "../../visits/words.js";
import { consolePage, Doing, Form } from "../frame.js";
import type { Staff } from "../staff.js";
import { StepNav } from "./nav.js";
import { pathOf } from "./read.js";
import { stageOf } from "./words.js";

interface Shown {
  readonly staff: Staff;
  readonly visit: StudyVisit;
  readonly body?: Body;
  readonly problems?: readonly Problem[] | undefined;
}

/** All that can be done with a visit. */
export async function overviewPage(
  { upstream, reader }: Site, { staff, visit, body = {}, problems }: Shown,
): Promise<string> {
  const path = pathOf(visit);
  const isDraft = visit.state === State.DRAFT;
  const isPublished = visit.state === State.PUBLISHED;
  const versions = isDraft ? [] : (await upstream.lagnet.visits.listSeatRulesVersions(
    { parent: visit.name }, staff.call,
  )).versions;
  const said = reader.pick(visit.title);
  return consolePage({
    reader,
    staff,
    title: said.text || idOf(visit.name),
    path,
    part: "visits",
    problems,
    children: (
      <>
        <p class="state"><strong>{stageOf(visit, reader)}</strong></p>
        <p>
          {reader.days(visit.startTime, visit.endTime, visit.timeZone)}
          {isDraft ? null : <><br />{seatsLine(visit, reader)} {standing(visit, reader)}</>}
        </p>
        {visit.cancelReason ? <p class="notice">{visit.cancelReason}</p> : null}
        <ul class="plain">
          {isDraft ? null : (
            <>
              <li><a href={reader.to(`/console${path}/sign-ups`)}>
                {reader.t("console.sign_ups.title")}
              </a></li>
              <li><a href={reader.to(`/console${path}/participants`)}>
                {reader.t("console.participants.title")}
              </a></li>
              <li><a href={reader.to(path)}>{reader.t("console.visit.public")}</a></li>
            </>
          )}
          {visit.seatRules?.policy === Policy.DRAW ? (
            <li><a href={reader.to(`/console${path}/draw`)}>
              {reader.t("console.draw.title")}
            </a></li>
          ) : null}
          <li><a href={reader.to(`/console${path}/letters`)}>
            {reader.t("console.letters.title")}
          </a></li>
        </ul>
        {isDraft || isPublished ? (
          <>
            <h2>{reader.t("console.visit.write")}</h2>
            <StepNav reader={reader} visit={visit} here="" />
          </>
        ) : null}
        {versions.some(({ reason }) => reason) ? (
          <>
            <h2>{reader.t("console.visit.changes")}</h2>
            <ul>
              {versions.filter(({ reason }) => reason).map(({ reason, createTime }) => (
                <li>{reader.day(createTime, visit.timeZone)}: {reason}</li>
              ))}
            </ul>
          </>
        ) : null}
        {isPublished ? (
          <>
            <h2>{reader.t("console.visit.complete")}</h2>
            <p>{reader.t("console.visit.complete_hint")}</p>
            <Doing reader={reader} staff={staff} action={`${path}/complete`}
              label={reader.t("console.visit.complete")} />
            <h2>{reader.t("console.visit.cancel")}</h2>
            <p>{reader.t("console.visit.cancel_hint")}</p>
            <Form reader={reader} staff={staff} action={`${path}/cancel`}>
              <Line id="reason" label={reader.t("console.reason")} problems={problems ?? []}
                hint={reader.t("console.visit.cancel_reason")}
                input={{
                  type: "text", value: one(body, "reason"), maxLength: 1_000, required: true,
                }} />
              <p><button>{reader.t("console.visit.cancel")}</button></p>
            </Form>
          </>
        ) : null}
        {isDraft ? (
          <>
            <h2>{reader.t("console.visit.delete")}</h2>
            <p><a href={reader.to(`/console${path}/delete`)}>
              {reader.t("console.visit.delete")}
            </a></p>
          </>
        ) : null}
      </>
    ),
  });
}

/** Asks once more before a draft is gone. */
export function deletePage({ reader }: Site, { staff, visit, problems }: Shown): string {
  const path = pathOf(visit);
  return consolePage({
    reader,
    staff,
    title: reader.t("console.visit.delete"),
    path: `${path}/delete`,
    part: "visits",
    problems,
    children: (
      <>
        <p><Said reader={reader} said={reader.pick(visit.title)} /></p>
        <p>{reader.t("console.visit.delete_sure")}</p>
        <Doing reader={reader} staff={staff} action={`${path}/delete`}
          label={reader.t("console.visit.delete")} isMain />
        <p><a href={reader.to(`/console${path}`)}>{reader.t("form.back")}</a></p>
      </>
    ),
  });
}
