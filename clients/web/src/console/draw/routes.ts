import { setTimeout } from "node:timers/promises";
import { LagnetError } from "@lagnet/client";
import { type SeatDraw, SeatDraw_State as State } from "@lagnet/client/visits/v1/draws_pb.js";
import { SeatRules_Policy as Policy } from "@lagnet/client/visits/v1/seat_rules_pb.js";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { NoSuchPage } from "../../serving/failures.js";
import { logFailure } from "../../serving/log.js";
import { idOf } from "../../serving/names.js";
import { privatePage, type Site } from "../../serving/site.js";
import { type Body, one } from "../../sign_up/draft.js";
import { tried } from "../refusals.js";
import { staffOf } from "../staff.js";
import { type ById, pathOf, visitOf } from "../visits/read.js";
import { drawPage, type ShownDraw } from "./page.js";
import { newSeed } from "./seed.js";

interface ByIdSent extends ById {
  Body: Body;
}

interface ByIdClosing extends ById {
  Querystring: { closing?: string };
}

// What the server takes for a large draw, and how long a page is waited for
// before one is shown that says how far it is.
const LONGEST_CLOSING_MS = 30_000;
const PATIENCE_MS = 2_000;

/** /xx/console/visits/…/draw. */
export function drawPages(pages: FastifyInstance, site: Site): void {
  const { upstream, reader } = site;
  const { draws } = upstream.lagnet;

  pages.get<ByIdClosing>("/console/visits/:id/draw", async (request, reply) => {
    const shown = await read(request);
    const { draw } = shown;
    if (draw?.progress) reply.header("refresh", "2");
    // Whoever has just closed it is told here that it came to nothing.
    const isInVain = request.query.closing !== undefined &&
      draw?.state === State.OPEN && !draw.progress;
    const problems = isInVain ? [{ text: reader.t("console.draw.not_closed") }] : undefined;
    return privatePage(reply, await drawPage(site, { ...shown, problems }));
  });

  pages.post<ByIdSent>("/console/visits/:id/draw/commit", async (request, reply) => {
    const shown = await read(request);
    const { visit, staff } = shown;
    const host = hostOf(shown, request.body);
    const { seed, commitment } = newSeed(visit.name, host);
    const requestId = one(request.body, "request_id");
    const problems = await tried(reader, () =>
      draws.commitDrawSeed({ name: visit.name, host, commitment, requestId }, staff.call));
    if (problems) return privatePage(reply, await drawPage(site, { ...shown, problems }), 422);
    // Shown by the answer itself: it is kept nowhere to be shown again.
    return privatePage(reply, await drawPage(site, {
      ...await read(request), made: { host, seed },
    }));
  });

  pages.post<ByIdSent>("/console/visits/:id/draw/close", async (request, reply) => {
    const shown = await read(request);
    const requestId = one(request.body, "request_id");
    let draw: SeatDraw | undefined;
    const closing = tried(reader, async () => {
      draw = await draws.closeDraw(
        { name: shown.visit.name, requestId },
        { ...shown.staff.call, timeoutMs: LONGEST_CLOSING_MS },
      );
    });
    const isLate = setTimeout(PATIENCE_MS, "late" as const, { ref: false });
    const problems = await Promise.race([closing, isLate]);
    if (problems === "late") {
      closing.catch((error: Error) => logFailure(error, request.routeOptions.url));
      return reply.redirect(reader.to(`/console${pathOf(shown.visit)}/draw?closing=1`), 303);
    }
    if (problems || draw?.conflicts.length) {
      const page = await drawPage(site, { ...shown, draw: draw ?? shown.draw, problems });
      return privatePage(reply, page, 422);
    }
    return back(reply, shown);
  });

  pages.post<ByIdSent>("/console/visits/:id/draw/open", async (request, reply) => {
    const shown = await read(request);
    const { body } = request;
    const host = hostOf(shown, body);
    const field = `seed-${idOf(host)}`;
    const problems = await tried(reader, () => draws.openDrawSeed({
      name: shown.visit.name,
      host,
      seed: one(body, field).trim().toLowerCase(),
      requestId: one(body, "request_id"),
    }, shown.staff.call), body, (path) => (path === "seed"
      ? { field, label: reader.t("console.draw.seed") }
      : undefined));
    if (problems) {
      return privatePage(reply, await drawPage(site, { ...shown, body, problems }), 422);
    }
    return back(reply, shown);
  });

  pages.post<ByIdSent>("/console/visits/:id/draw/restart", async (request, reply) => {
    const shown = await read(request);
    const { body } = request;
    const problems = await tried(reader, () => draws.restartDraw({
      name: shown.visit.name, reason: one(body, "reason"), requestId: one(body, "request_id"),
    }, shown.staff.call), body, (path) => (path === "reason"
      ? { field: "reason", label: reader.t("console.reason") }
      : undefined));
    if (problems) {
      return privatePage(reply, await drawPage(site, { ...shown, body, problems }), 422);
    }
    return back(reply, shown);
  });

  pages.get<ById>("/console/visits/:id/draw/public.json", async (request, reply) => {
    const { draw, visit } = await read(request);
    if (!draw?.document) throw new NoSuchPage();
    return asFile(reply, `${idOf(visit.name)}-public.json`, draw.document);
  });

  pages.get<ById>("/console/visits/:id/draw/full.json", async (request, reply) => {
    const { visit, staff } = await read(request);
    const { json } = await draws.getDrawDossier({ name: visit.name }, staff.call);
    return asFile(reply, `${idOf(visit.name)}-full.json`, json);
  });

  async function read(request: FastifyRequest<ById>): Promise<ShownDraw> {
    const staff = await staffOf(request, site);
    const visit = await visitOf(site, staff, request.params.id);
    if (visit.seatRules?.policy !== Policy.DRAW) throw new NoSuchPage();
    const draw = await draws.getDraw({ name: visit.name }, staff.call).catch((error: unknown) => {
      if (LagnetError.decode(error).reason === "NOT_FOUND") return undefined;
      throw error;
    });
    return { staff, visit, draw };
  }

  function hostOf({ visit }: ShownDraw, body: Body): string {
    const host = visit.hosts.find((name) => idOf(name) === one(body, "host"));
    if (host === undefined) throw new NoSuchPage();
    return host;
  }

  function back(reply: FastifyReply, { visit }: ShownDraw): FastifyReply {
    return reply.redirect(reader.to(`/console${pathOf(visit)}/draw`), 303);
  }
}

function asFile(reply: FastifyReply, name: string, json: string): FastifyReply {
  return reply
    .header("content-disposition", `attachment; filename="${name}"`)
    .type("application/json; charset=utf-8")
    .send(json);
}
