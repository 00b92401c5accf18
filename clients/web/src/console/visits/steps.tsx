import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { LagnetError } from "@lagnet/client";
import {
  type StudyVisit, StudyVisit_State as State, StudyVisitSchema,
} from "@lagnet/client/visits/v1/study_visits_pb.js";
import type { FastifyInstance, FastifyReply } from "fastify";
import { NoSuchPage } from "../../serving/failures.js";
import { idOf } from "../../serving/names.js";
import { privatePage, type Site } from "../../serving/site.js";
import { type Body, one } from "../../sign_up/draft.js";
import { Line } from "../../sign_up/fields.js";
import { keptId, type Problem } from "../../sign_up/problems.js";
import { consolePage, Form } from "../frame.js";
import { tried } from "../refusals.js";
import { type Staff, staffOf } from "../staff.js";
import { COSTS } from "./costs.js";
import { datesOf, dayStep } from "./day.js";
import { StepNav } from "./nav.js";
import { type ById, keeps, pathOf, visitOf } from "./read.js";
import { SEATS } from "./seats.js";
import { markOf, type Step, type VisitInit } from "./step.js";
import { slugOf, WHAT } from "./what.js";

// Where each step leads to once it is saved.
const STEPS = [
  { path: "what", step: WHAT, next: "programme" },
  { path: "costs", step: COSTS, next: "seats" },
  { path: "seats", step: SEATS, next: "preview" },
] as const;

// How many seats a new visit has until step 4 says how many.
const FIRST_SEATS = 20;

// So many visits of one title in a year get a number; then somebody else names
// it.
const MOST_NAMESAKES = 20;

/** The pages on which a visit is written, one after the other. */
export function stepPages(pages: FastifyInstance, site: Site): void {
  const { reader } = site;

  pages.get("/console/visits/new", async (request, reply) => {
    const staff = await staffOf(request, site);
    if (staff.networks.length === 0) throw new NoSuchPage();
    const visit = create(StudyVisitSchema);
    return privatePage(reply, await stepPage(site, { staff, visit, step: WHAT, path: "new" }));
  });

  pages.post<{ Body: Body }>("/console/visits/new", async (request, reply) => {
    const staff = await staffOf(request, site);
    return createVisit(site, staff, request.body, reply);
  });

  for (const { path, step, next } of STEPS) {
    pages.get<ById>(`/console/visits/:id/${path}`, async (request, reply) => {
      const staff = await staffOf(request, site);
      const visit = await visitOf(site, staff, request.params.id);
      return privatePage(reply, await stepPage(site, { staff, visit, step, path }));
    });
    pages.post<ById & { Body: Body }>(`/console/visits/:id/${path}`, async (request, reply) => {
      const staff = await staffOf(request, site);
      const visit = await visitOf(site, staff, request.params.id);
      return save(site, { staff, visit, step, path }, request.body, next, reply);
    });
  }

  pages.get<ByDate>("/console/visits/:id/programme/:date", async (request, reply) => {
    const staff = await staffOf(request, site);
    return privatePage(reply, await stepPage(site, await dayOf(staff, request.params)));
  });
  pages.post<ByDate & { Body: Body }>(
    "/console/visits/:id/programme/:date",
    async (request, reply) => {
      const staff = await staffOf(request, site);
      return save(site, await dayOf(staff, request.params), request.body, "programme", reply);
    },
  );

  async function dayOf(staff: Staff, { id, date }: ByDate["Params"]): Promise<Open> {
    const visit = await visitOf(site, staff, id);
    if (!datesOf(visit).includes(date)) throw new NoSuchPage();
    return {
      staff, visit, step: dayStep(date), path: `programme/${date}`, title: reader.weekday(date),
    };
  }
}

interface ByDate {
  Params: { id: string; date: string };
}

// A step that is open, as it is or as it was typed.
interface Open {
  readonly staff: Staff;
  readonly visit: StudyVisit;
  readonly step: Step;
  readonly path: string;
  readonly title?: string;
  readonly body?: Body;
  readonly problems?: readonly Problem[];

  /** What is to be known about what it holds. */
  readonly note?: string;
}

async function stepPage(site: Site, open: Open): Promise<string> {
  const { reader } = site;
  const { staff, visit, step, path, title, note, body = step.typed(visit), problems = [] } = open;
  const at = visit.name ? `${pathOf(visit)}/${path}` : "/visits/new";
  const isPublished = visit.state !== State.DRAFT && visit.name !== "";
  return consolePage({
    reader,
    staff,
    title: title ?? reader.t(step.title),
    path: at,
    part: "visits",
    problems,
    children: (
      <>
        <StepNav reader={reader} visit={visit} here={path} />
        {note ? <p class="notice" role="status">{note}</p> : null}
        <Form reader={reader} staff={staff} action={at}
          requestId={problems.length ? keptId(problems, body) : undefined}>
          <input type="hidden" name="seen" value={markOf(step, visit)} />
          {await step.fields({ site, staff, visit, body, problems })}
          {isPublished ? (
            <Line id="reason" label={reader.t("console.step.reason")} problems={problems}
              hint={reader.t("console.step.reason_hint")}
              input={{ type: "text", value: one(body, "reason"), maxLength: 500 }} />
          ) : null}
          <p>
            <button class="button">{reader.t("console.step.save")}</button>
            {visit.name ? (
              <button name="then" value="stay">{reader.t("console.step.stay")}</button>
            ) : null}
          </p>
        </Form>
      </>
    ),
  });
}

async function createVisit(
  site: Site, staff: Staff, body: Body, reply: FastifyReply,
): Promise<FastifyReply> {
  const { upstream, reader } = site;
  const visit = create(StudyVisitSchema);
  const { fields, problems } = await WHAT.taken(site, body, visit);
  const network = staff.networks.find(({ name }) => idOf(name) === one(body, "network"));
  if (!network) throw new NoSuchPage();
  const studyVisit: VisitInit = { ...fields, network: network.name, seats: FIRST_SEATS };
  let id = "";
  const refused = problems.length ? problems : await tried(
    reader,
    async () => (id = await createNamed(studyVisit, one(body, "request_id"))),
    body,
    WHAT.fieldOf(site, body),
  );
  if (refused) {
    return privatePage(reply, await stepPage(site, {
      staff, visit, step: WHAT, path: "new", body, problems: refused,
    }), 422);
  }
  return reply.redirect(reader.to(`/console/visits/${id}/programme`), 303);

  // Two visits of one title have two addresses.
  async function createNamed(studyVisit: VisitInit, requestId: string): Promise<string> {
    const texts = Object.values(studyVisit.title?.texts ?? {});
    const slug = slugOf(texts[0]?.text ?? "", { start: studyVisit.start ?? "" });
    for (let n = 1; ; ++n) {
      const studyVisitId = n === 1 ? slug : `${slug}-${n}`;
      try {
        await upstream.lagnet.visits.createStudyVisit(
          { studyVisitId, studyVisit, requestId }, staff.call,
        );
        return studyVisitId;
      } catch (error) {
        const { reason } = LagnetError.decode(error);
        if (reason !== "NAME_TAKEN" || n === MOST_NAMESAKES) throw error;
      }
    }
  }
}

// Saves a step. Somebody else may have saved it since it was shown: what was
// typed is shown again then, and sent again it counts.
async function save(
  site: Site, open: Open, body: Body, next: string, reply: FastifyReply,
): Promise<FastifyReply> {
  const { upstream, reader } = site;
  const { staff, visit, step } = open;
  const again = async (problems: readonly Problem[]) =>
    privatePage(reply, await stepPage(site, { ...open, body, problems }), 422);

  if (one(body, "seen") !== markOf(step, visit)) {
    return again([{ text: reader.t("console.step.changed") }]);
  }
  if (step.suggested && one(body, "suggest")) {
    const { body: suggested, problems } = await step.suggested(site, staff, visit, body);
    if (problems) {
      return privatePage(reply, await stepPage(site, { ...open, body: suggested, problems }), 422);
    }
    const note = reader.t("console.rules.suggested");
    return privatePage(reply, await stepPage(site, { ...open, body: suggested, note }));
  }
  const { fields, problems } = await step.taken(site, body, visit);
  if (problems.length) return again(problems);
  // Who hosts it and who pays for it are the network's to say.
  const paths = step.mask.filter((field) =>
    !["hosts", "project"].includes(field) || keeps(staff, visit));
  const refused = await tried(reader, () => upstream.lagnet.visits.updateStudyVisit({
    studyVisit: { ...fields, name: visit.name, etag: visit.etag },
    updateMask: { paths },
    requestId: one(body, "request_id") || randomUUID(),
    rulesChangeReason: one(body, "reason"),
  }, staff.call), body, step.fieldOf(site, body));
  if (refused) return again(refused);
  const to = one(body, "then") === "stay" ? open.path : next;
  return reply.redirect(reader.to(`/console${pathOf(visit)}/${to}`), 303);
}
