import { randomUUID } from "node:crypto";
import { LagnetError } from "@lagnet/client";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { SignUp_WaitReason as Reason } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";
import type { FastifyInstance, FastifyReply } from "fastify";
import { browserNetwork } from "../serving/browser_network.js";
import { isAway, NoSuchPage, RETRY_SECONDS } from "../serving/failures.js";
import { awayPage } from "../serving/kept.js";
import { html } from "../serving/layout.js";
import { idOf, nameOf } from "../serving/names.js";
import { privatePage, type Site } from "../serving/site.js";
import { standing } from "../visits/words.js";
import { type Body, emptyDraft, one, readDraft, resized, signUpOf } from "./draft.js";
import { type Form, formPage } from "./form.js";
import { needsOf } from "./needs.js";
import { candidates } from "./organizations.js";
import { problemsOf } from "./problems.js";
import { organizationSearch } from "./search.js";
import { caught } from "./trap.js";

interface ById {
  Params: { id: string };
}

/** The gateway's account lacks its role over the network of the visit: for the
 * operator to mend, by the name in the log. */
class NoRights extends Error {
  override readonly name = "GatewayHasNoRoleOverTheNetwork";
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** /xx/visits/…/sign-up. */
export function signUpPages(pages: FastifyInstance, site: Site): void {
  const { upstream, reader } = site;

  pages.get<ById & { Querystring: Body }>("/visits/:id/sign-up", async (request, reply) => {
    const visit = await visitOf(site, named(request.params.id));
    if (!visit.signUpOpen) return privatePage(reply, closedPage(site, visit));
    const people = Number(one(request.query, "people"));
    const organization = nameOf("organizations", one(request.query, "organization"));
    if (!organization && !(await candidates(upstream, reader, needsOf(visit.seatRules)))) {
      const find = one(request.query, "find");
      return privatePage(
        reply, await organizationSearch(upstream, reader, visit, find, people || 1),
      );
    }
    const draft = emptyDraft(people, organization && idOf(organization));
    return privatePage(reply, await formPage(upstream, reader, { visit, draft }));
  });

  pages.post<ById & { Body: Body | undefined }>("/visits/:id/sign-up", async (request, reply) => {
    const body = request.body ?? {};
    const name = named(request.params.id);
    try {
      return await take(site, name, body, browserNetwork(request.ip), reply);
    } catch (error) {
      if (!isAway(error)) throw error;
      reply.header("retry-after", RETRY_SECONDS);
      const path = `/visits/${idOf(name)}/sign-up`;
      return privatePage(reply, awayPage(reader, path, body), 503);
    }
  });

  pages.get<ById & { Querystring: Body }>("/visits/:id/sign-up/sent", async (request, reply) => {
    const visit = await visitOf(site, named(request.params.id));
    const until = Number(one(request.query, "until"));
    return privatePage(reply, sentPage(site, visit, until, one(request.query, "free") === "1"));
  });
}

function named(id: string): string {
  const name = nameOf("studyVisits", id);
  if (name === undefined) throw new NoSuchPage();
  return name;
}

async function visitOf({ upstream }: Site, name: string): Promise<StudyVisit> {
  return upstream.lagnet.visits.getStudyVisit({ name });
}

// What was typed is shown again until the server has taken it. The visit is read
// only for that: in a rush each call that is saved lets others in.
async function take(
  site: Site, name: string, body: Body, network: string, reply: FastifyReply,
): Promise<FastifyReply> {
  const { upstream, reader } = site;
  const draft = readDraft(body);
  const requestId = UUID.test(one(body, "request_id")) ? one(body, "request_id") : randomUUID();
  const again = async (status: number, form: Partial<Form>) => {
    const visit = form.visit ?? await visitOf(site, name);
    const page = await formPage(upstream, reader, { visit, draft, requestId, ...form });
    return privatePage(reply, page, status);
  };

  const size = one(body, "size");
  if (size) return again(200, { draft: resized(draft, size) });
  const trapped = caught(body, reader);
  if (trapped !== undefined) return again(422, { problems: [{ text: trapped }] });
  try {
    const signUp = await upstream.lagnet.signUps.createSignUp({
      parent: name,
      signUp: signUpOf(draft, reader.language),
      browserNetwork: network,
      requestId,
    });
    // A page of its own: to load it again sends no form.
    return reply.header("cache-control", "no-store").redirect(
      signUp.holderToken
        ? `/my/${signUp.holderToken}?lang=${reader.language}`
        : reader.to(sentPath(
          name,
          signUp.dueTime && Math.floor(timestampMs(signUp.dueTime) / 1000),
          signUp.waitReason === Reason.ADDRESS_UNVERIFIED,
        )),
      303,
    );
  } catch (thrown) {
    const error = LagnetError.decode(thrown);
    if (isAway(error)) throw error;
    const visit = await visitOf(site, name); // If there is none, that is what is wrong.
    if (error.reason === "PERMISSION_DENIED") throw new NoRights();
    const problems = problemsOf(error, draft, reader);
    if (!problems) throw error;
    // What was sent as something else before is sent as something new.
    const isReused = error.reason === "REQUEST_ID_REUSED";
    return again(422, { visit, problems, ...(isReused && { requestId: randomUUID() }) });
  }
}

// The page after a form that was taken: until when its link has to be followed,
// if that is known, and whether a free seat waits for it.
function sentPath(name: string, until: number | undefined, isFree: boolean): string {
  const query = [until && `until=${until}`, isFree && "free=1"].filter(Boolean).join("&");
  return `/visits/${idOf(name)}/sign-up/sent${query && `?${query}`}`;
}

function sentPage({ reader }: Site, visit: StudyVisit, until: number, isFree: boolean): string {
  const id = idOf(visit.name);
  const isKnown = until > 0 && until < 1e11;
  return html({
    reader,
    title: reader.t("sent.title"),
    path: sentPath(visit.name, isKnown ? until : undefined, isFree),
    part: "visits",
    isPrivate: true,
    children: (
      <>
        <h1>{reader.t("sent.title")}</h1>
        <p class="lead">
          {isKnown
            ? reader.t("sent.until", {
              time: reader.deadline(new Date(until * 1000), visit.timeZone),
            })
            : reader.t("sent.soon")}
        </p>
        {isFree ? <p class="notice">{reader.t("sent.free")}</p> : null}
        <p>{reader.t("sent.queued")}</p>
        <p>{reader.t("sent.spam")}</p>
        <p><a href={reader.to(`/visits/${id}`)}>{reader.t("form.back")}</a></p>
      </>
    ),
  });
}

function closedPage({ reader }: Site, visit: StudyVisit): string {
  const id = idOf(visit.name);
  return html({
    reader,
    title: reader.t("form.title"),
    path: `/visits/${id}/sign-up`,
    part: "visits",
    isPrivate: true,
    children: (
      <>
        <h1>{reader.t("form.title")}</h1>
        <p class="notice">{standing(visit, reader)}</p>
        <p><a href={reader.to(`/visits/${id}`)}>{reader.t("form.back")}</a></p>
      </>
    ),
  });
}
