import { ConnectError } from "@connectrpc/connect";
import { LagnetError } from "@lagnet/client";
import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";
import type { FastifyInstance } from "fastify";
import { idOf } from "../../serving/names.js";
import { only } from "../../serving/query.js";
import { privatePage, type Site } from "../../serving/site.js";
import {
  type Body, type Draft, emptyDraft, one, readDraft, resized, signUpOf as signUpTyped,
} from "../../sign_up/draft.js";
import { NOTICE_VERSION } from "../../sign_up/notice.js";
import { type Problem, problemsOf } from "../../sign_up/problems.js";
import { memberIn, substituted } from "../../sign_up/substitute.js";
import { whyWaiting } from "../../sign_up/why.js";
import { organizationMeant } from "../organizations.js";
import { tried } from "../refusals.js";
import { type Staff, staffOf } from "../staff.js";
import { type ById, pathOf, visitOf } from "../visits/read.js";
import { channelTyped, enterPage, languageTyped } from "./enter.js";
import { signUpList, type SignUpQuery } from "./list.js";
import { participantsCsv, participantsPage } from "./participants.js";
import { partyPage } from "./party.js";
import { type BySignUp, signUpOf } from "./read.js";
import { substitutePage } from "./substitute.js";

const VERBS = [
  "verify", "accept", "decline", "confirm", "refuse", "promote", "withdraw", "erase",
] as const;

interface ByMember {
  Params: BySignUp["Params"] & { member: string };
}

/** /xx/console/visits/…/sign-ups and …/participants. */
export function signUpPages(pages: FastifyInstance, site: Site): void {
  const { upstream, reader } = site;
  const { signUps } = upstream.lagnet;

  pages.get<ById & { Querystring: SignUpQuery }>(
    "/console/visits/:id/sign-ups",
    async (request, reply) => {
      const staff = await staffOf(request, site);
      const visit = await visitOf(site, staff, request.params.id);
      const query = only(request.query);
      return privatePage(reply, await signUpList(site, { staff, visit, query }));
    },
  );

  pages.get<ById>("/console/visits/:id/participants", async (request, reply) => {
    const staff = await staffOf(request, site);
    const visit = await visitOf(site, staff, request.params.id);
    return privatePage(reply, await participantsPage(site, { staff, visit }));
  });

  pages.get<ById>("/console/visits/:id/participants.csv", async (request, reply) => {
    const staff = await staffOf(request, site);
    const visit = await visitOf(site, staff, request.params.id);
    return reply
      .header("content-disposition", `attachment; filename="${idOf(visit.name)}.csv"`)
      .type("text/csv; charset=utf-8")
      .send(await participantsCsv(site, staff, visit));
  });

  pages.get<ById>("/console/visits/:id/sign-ups/new", async (request, reply) => {
    const staff = await staffOf(request, site);
    const visit = await visitOf(site, staff, request.params.id);
    return privatePage(
      reply, await enterPage(site, { staff, visit, draft: emptyDraft(1), body: {} }),
    );
  });

  pages.post<ById & { Body: Body }>(
    "/console/visits/:id/sign-ups/new",
    async (request, reply) => {
      const staff = await staffOf(request, site);
      const visit = await visitOf(site, staff, request.params.id);
      const { body } = request;
      const draft = readDraft(body);
      const size = one(body, "size");
      if (size) {
        const other = resized(draft, size);
        return privatePage(reply, await enterPage(site, { staff, visit, draft: other, body }));
      }
      const entered = await enter(site, { staff, visit, draft, body });
      return typeof entered === "string"
        ? reply.redirect(reader.to(`/console${pathOf(visit)}/sign-ups/${entered}`), 303)
        : privatePage(
          reply, await enterPage(site, { staff, visit, draft, body, problems: entered }), 422,
        );
    },
  );

  pages.get<BySignUp>("/console/visits/:id/sign-ups/:party", async (request, reply) => {
    const staff = await staffOf(request, site);
    return privatePage(reply, await partyPage(site, await read(staff, request.params)));
  });

  for (const verb of VERBS) {
    pages.post<BySignUp & { Body: Body }>(
      `/console/visits/:id/sign-ups/:party/${verb}`,
      async (request, reply) => {
        const staff = await staffOf(request, site);
        const shown = await read(staff, request.params);
        const { body } = request;
        const { name, organization } = shown.signUp;
        const words = one(body, `${verb}_words`).trim();
        const asked = {
          name, organization, reason: words, note: words, requestId: one(body, "request_id"),
        };
        const problems = await tried(
          reader,
          () => signUps[`${verb}SignUp`](asked, staff.call),
          body,
          (path) => (path === "reason" || path === "note"
            ? { field: `${verb}_words`, label: reader.t("console.reason") }
            : undefined),
        );
        if (problems) {
          const page = await partyPage(site, { ...shown, body, problems });
          return privatePage(reply, page, 422);
        }
        const path = `${pathOf(shown.visit)}/sign-ups/${request.params.party}`;
        return reply.redirect(reader.to(`/console${path}`), 303);
      },
    );
  }

  pages.get<ByMember>(
    "/console/visits/:id/sign-ups/:party/members/:member",
    async (request, reply) => {
      const staff = await staffOf(request, site);
      const { visit, signUp } = await read(staff, request.params);
      const member = memberIn(signUp, request.params.member);
      return privatePage(reply, await substitutePage(site, staff, { visit, signUp, member }));
    },
  );

  pages.post<ByMember & { Body: Body }>(
    "/console/visits/:id/sign-ups/:party/members/:member",
    async (request, reply) => {
      const staff = await staffOf(request, site);
      const { visit, signUp } = await read(staff, request.params);
      const substitute = { visit, signUp, member: memberIn(signUp, request.params.member) };
      // They most likely read what the head of their party reads.
      const language = signUp.members[0]?.language || reader.language;
      const typed = await substituted(
        upstream, reader, substitute, request.body, staff.call, language,
      );
      return typed
        ? privatePage(reply, await substitutePage(site, staff, { ...substitute, typed }), 422)
        : reply.redirect(
          reader.to(`/console${pathOf(visit)}/sign-ups/${request.params.party}`), 303,
        );
    },
  );

  async function read(staff: Staff, params: BySignUp["Params"]) {
    const visit = await visitOf(site, staff, params.id);
    const signUp = await signUpOf(site, staff, params);
    const why = await whyWaiting(upstream, reader, signUp, staff.call);
    return { staff, visit, signUp, why };
  }
}

// The id of the sign-up, or what is to be corrected.
async function enter(
  { upstream, reader }: Site,
  { staff, visit, draft, body }: { staff: Staff; visit: StudyVisit; draft: Draft; body: Body },
): Promise<string | Problem[]> {
  const organization = await organizationMeant(
    upstream, reader, draft.organization, "organization",
  );
  if (typeof organization !== "string") return [organization];
  const missing = (["channel", "notice_given"] as const).filter((id) => !one(body, id).trim());
  if (missing.length) return missing.map((field) => ({ field, text: reader.t("field.missing") }));
  try {
    const { name } = await upstream.lagnet.signUps.createSignUp({
      parent: visit.name,
      signUp: {
        ...signUpTyped(draft, languageTyped(body, reader)),
        organization,
        channel: channelTyped(body),
        noticeVersion: NOTICE_VERSION,
        noticeGiven: one(body, "notice_given").trim(),
      },
      requestId: one(body, "request_id"),
    }, staff.call);
    return idOf(name);
  } catch (thrown) {
    if (!(thrown instanceof ConnectError)) throw thrown;
    const problems = problemsOf(LagnetError.decode(thrown), draft, reader);
    if (!problems) throw thrown;
    return problems;
  }
}
