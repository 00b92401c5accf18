import { randomUUID } from "node:crypto";
import { LagnetError } from "@lagnet/client";
import type { SignUp } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { NoSuchPage } from "../serving/failures.js";
import { idOf, nameOf } from "../serving/names.js";
import { privatePage, type Site } from "../serving/site.js";
import { asPerson, type Person } from "../signed_in/person.js";
import { emptyDraft, one, readDraft, resized, signUpOf } from "../sign_up/draft.js";
import { formPage } from "../sign_up/form.js";
import { problemsOf } from "../sign_up/problems.js";
import { memberIn, substituted } from "../sign_up/substitute.js";
import { type ByOrganization, deskOf } from "./desk_of.js";
import { isChanged, sayDone } from "./note.js";
import { organizationDesk } from "./organization.js";
import { refusePage } from "./refuse.js";
import { signUpsOf } from "./sign_ups.js";
import { substitutePage } from "./substitute.js";
import { deskVisit, moved } from "./visit.js";

interface ByVisit extends ByOrganization {
  Params: { id: string; visit: string };
}
interface BySignUp extends ByOrganization {
  Params: { id: string; visit: string; signUp: string };
}
interface ByMember extends BySignUp {
  Params: BySignUp["Params"] & { member: string };
}

const VISIT = "/desk/:id/visits/:visit";
const SIGN_UP = `${VISIT}/sign-ups/:signUp`;

/** /xx/desk/…/visits: who comes for an organisation. */
export function deskVisitPages(pages: FastifyInstance, site: Site): void {
  const { upstream, reader } = site;
  const { signUps, visits } = upstream.lagnet;

  async function read(request: FastifyRequest<ByVisit>) {
    const name = nameOf("studyVisits", request.params.visit);
    if (name === undefined) throw new NoSuchPage();
    const desk = await deskOf(upstream, request);
    const visit = await visits.getStudyVisit({ name }, asPerson(desk.person));
    return { ...desk, visit, deskPath: desk.path, path: `${desk.path}/visits/${idOf(name)}` };
  }

  async function signUpIn(person: Person, { visit, signUp }: BySignUp["Params"]): Promise<SignUp> {
    const name = nameOf(`studyVisits/${visit}/signUps`, signUp);
    if (name === undefined) throw new NoSuchPage();
    return signUps.getSignUp({ name }, asPerson(person));
  }

  pages.get<ByVisit>(VISIT, async (request, reply) => {
    const { person, organization, visit } = await read(request);
    const shown = {
      organization, visit,
      signUps: await signUpsOf(upstream, person, visit.name, organization.name),
    };
    return privatePage(
      reply, deskVisit(reader, person, shown, { done: one(request.query, "done") }),
    );
  });

  pages.post<ByVisit>(`${VISIT}/rank`, async (request, reply) => {
    const { person, organization, visit, path, body } = await read(request);
    const order = moved(one(body, "order").split(" ").slice(0, 100), one(body, "move"));
    const names = order?.map((id) => nameOf(`${visit.name}/signUps`, id));
    if (!names?.every((name) => name !== undefined)) throw new NoSuchPage();
    try {
      await signUps.rankSignUps({
        parent: visit.name,
        organization: organization.name,
        signUps: names,
        requestId: one(body, "request_id"),
      }, asPerson(person));
    } catch (thrown) {
      if (!isChanged(thrown)) throw thrown;
      const shown = {
        organization, visit,
        signUps: await signUpsOf(upstream, person, visit.name, organization.name),
      };
      const note = { problem: reader.t("desk.not_ranked") };
      return privatePage(reply, deskVisit(reader, person, shown, note), 409);
    }
    return sayDone(reply, reader, path, "saved");
  });

  pages.get<ByVisit>(`${VISIT}/sign-up`, async (request, reply) => {
    const { person, id, visit } = await read(request);
    const draft = emptyDraft(Number(one(request.query, "people")), id);
    return privatePage(reply, await formPage(upstream, reader, { visit, draft, desk: person }));
  });

  pages.post<ByVisit>(`${VISIT}/sign-up`, async (request, reply) => {
    const { person, id, visit, path, body } = await read(request);
    const draft = { ...readDraft(body), organization: id };
    const requestId = one(body, "request_id");
    const form = { visit, draft, requestId, desk: person };
    const size = one(body, "size");
    if (size) {
      const draftOfSize = resized(draft, size);
      return privatePage(reply, await formPage(upstream, reader, { ...form, draft: draftOfSize }));
    }
    try {
      await signUps.createSignUp(
        { parent: visit.name, signUp: signUpOf(draft, reader.language), requestId },
        asPerson(person),
      );
    } catch (thrown) {
      const error = LagnetError.decode(thrown);
      const problems = error.reason && problemsOf(error, draft, reader);
      if (!problems) throw error;
      // What was sent as something else before is sent as something new.
      const isReused = error.reason === "REQUEST_ID_REUSED";
      const shown = { ...form, problems, ...(isReused && { requestId: randomUUID() }) };
      return privatePage(reply, await formPage(upstream, reader, shown), 422);
    }
    return sayDone(reply, reader, path, "signed_up");
  });

  pages.get<ByMember>(`${SIGN_UP}/members/:member`, async (request, reply) => {
    const { person, id, visit } = await read(request);
    const signUp = await signUpIn(person, request.params);
    const substitute = { visit, signUp, member: memberIn(signUp, request.params.member) };
    return privatePage(reply, await substitutePage(upstream, reader, person, id, substitute));
  });

  pages.post<ByMember>(`${SIGN_UP}/members/:member`, async (request, reply) => {
    const { person, id, visit, path, body } = await read(request);
    const signUp = await signUpIn(person, request.params);
    const substitute = { visit, signUp, member: memberIn(signUp, request.params.member) };
    const typed = await substituted(upstream, reader, substitute, body, asPerson(person));
    return typed
      ? privatePage(
        reply,
        await substitutePage(upstream, reader, person, id, { ...substitute, typed }),
        422,
      )
      : sayDone(reply, reader, path, "saved");
  });

  pages.post<BySignUp>(`${SIGN_UP}/confirm`, async (request, reply) => {
    const { person, organization, deskPath, body } = await read(request);
    const { name } = await signUpIn(person, request.params);
    try {
      await signUps.confirmSignUp({
        name,
        organization: organization.name,
        etag: one(body, "etag"),
        requestId: one(body, "request_id"),
      }, asPerson(person));
    } catch (thrown) {
      if (!isChanged(thrown)) throw thrown;
      const note = { problem: reader.t("problem.changed") };
      return privatePage(
        reply, await organizationDesk(upstream, reader, person, organization, note), 409,
      );
    }
    return sayDone(reply, reader, deskPath, "answered");
  });

  pages.get<BySignUp>(`${SIGN_UP}/refuse`, async (request, reply) => {
    const { person, id, visit } = await read(request);
    const signUp = await signUpIn(person, request.params);
    return privatePage(
      reply, refusePage(reader, person, { organization: id, visit, signUp }),
    );
  });

  pages.post<BySignUp>(`${SIGN_UP}/refuse`, async (request, reply) => {
    const { person, organization, id, visit, deskPath, body } = await read(request);
    const signUp = await signUpIn(person, request.params);
    const reason = one(body, "reason").trim();
    try {
      await signUps.refuseSignUp({
        name: signUp.name,
        organization: organization.name,
        etag: one(body, "etag"),
        reason,
        requestId: one(body, "request_id"),
      }, asPerson(person));
    } catch (thrown) {
      if (isChanged(thrown)) {
        const note = { problem: reader.t("problem.changed") };
        return privatePage(
          reply, await organizationDesk(upstream, reader, person, organization, note), 409,
        );
      }
      if (LagnetError.decode(thrown).reason !== "INVALID_FIELDS") throw thrown;
      const text = reader.t(reason ? "field.long" : "field.missing");
      const problems = [{ field: "reason", label: reader.t("refuse.reason"), text }];
      return privatePage(reply, refusePage(reader, person, {
        organization: id, visit, signUp, reason, problems,
      }), 422);
    }
    return sayDone(reply, reader, deskPath, "refused");
  });
}
