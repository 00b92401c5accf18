import type { FastifyInstance, FastifyReply } from "fastify";
import { only } from "../../serving/query.js";
import { privatePage, type Site } from "../../serving/site.js";
import { type Body, one } from "../../sign_up/draft.js";
import { tried } from "../refusals.js";
import { staffOf } from "../staff.js";
import { lettersPage } from "./letters.js";
import { visitList, type VisitQuery } from "./list.js";
import { deletePage, overviewPage } from "./overview.js";
import { lackingIn, previewPage } from "./preview.js";
import { programmePage } from "./programme.js";
import { type ById, pathOf, visitOf } from "./read.js";
import { stepPages } from "./steps.js";

interface ByIdSent extends ById {
  Body: Body;
}

/** /xx/console/visits: from the first word of a visit to its end. */
export function visitPages(pages: FastifyInstance, site: Site): void {
  const { upstream, reader } = site;
  const { visits } = upstream.lagnet;
  stepPages(pages, site);

  pages.get<{ Querystring: VisitQuery }>("/console/visits", async (request, reply) =>
    privatePage(reply, await visitList(site, await staffOf(request, site), only(request.query))));

  for (const [path, page] of [
    ["", overviewPage],
    ["/programme", programmePage],
    ["/preview", previewPage],
    ["/delete", deletePage],
  ] as const) {
    pages.get<ById>(`/console/visits/:id${path}`, async (request, reply) => {
      const staff = await staffOf(request, site);
      const visit = await visitOf(site, staff, request.params.id);
      return privatePage(reply, await page(site, { staff, visit }));
    });
  }

  pages.get<ById & { Querystring: { language?: string } }>(
    "/console/visits/:id/letters",
    async (request, reply) => {
      const staff = await staffOf(request, site);
      const visit = await visitOf(site, staff, request.params.id);
      const asked = only(request.query).language;
      return privatePage(reply, await lettersPage(site, { staff, visit, asked }));
    },
  );

  pages.post<ByIdSent>("/console/visits/:id/publish", async (request, reply) => {
    const staff = await staffOf(request, site);
    const visit = await visitOf(site, staff, request.params.id);
    const requestId = one(request.body, "request_id");
    const lacking = lackingIn(visit, reader);
    const problems = lacking.length ? lacking : await tried(reader, () =>
      visits.publishStudyVisit({ name: visit.name, etag: visit.etag, requestId }, staff.call));
    if (problems) {
      return privatePage(reply, await previewPage(site, { staff, visit, problems }), 422);
    }
    return to(reply, pathOf(visit));
  });

  pages.post<ByIdSent>("/console/visits/:id/cancel", async (request, reply) => {
    const staff = await staffOf(request, site);
    const visit = await visitOf(site, staff, request.params.id);
    const { body } = request;
    const reason = one(body, "reason");
    const requestId = one(body, "request_id");
    const problems = await tried(
      reader,
      () => visits.cancelStudyVisit({ name: visit.name, reason, requestId }, staff.call),
      body,
      (path) => (path === "reason"
        ? { field: "reason", label: reader.t("console.reason") }
        : undefined),
    );
    if (problems) {
      return privatePage(reply, await overviewPage(site, { staff, visit, body, problems }), 422);
    }
    return to(reply, pathOf(visit));
  });

  pages.post<ByIdSent>("/console/visits/:id/complete", async (request, reply) => {
    const staff = await staffOf(request, site);
    const visit = await visitOf(site, staff, request.params.id);
    const requestId = one(request.body, "request_id");
    const problems = await tried(reader, () =>
      visits.completeStudyVisit({ name: visit.name, requestId }, staff.call));
    if (problems) {
      return privatePage(reply, await overviewPage(site, { staff, visit, problems }), 422);
    }
    return to(reply, pathOf(visit));
  });

  pages.post<ByIdSent>("/console/visits/:id/delete", async (request, reply) => {
    const staff = await staffOf(request, site);
    const visit = await visitOf(site, staff, request.params.id);
    const requestId = one(request.body, "request_id");
    const problems = await tried(reader, () =>
      visits.deleteStudyVisit({ name: visit.name, etag: visit.etag, requestId }, staff.call));
    if (problems) return privatePage(reply, deletePage(site, { staff, visit, problems }), 422);
    return to(reply, "/visits?state=draft");
  });

  function to(reply: FastifyReply, path: string): FastifyReply {
    return reply.redirect(reader.to(`/console${path}`), 303);
  }
}
