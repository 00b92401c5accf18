import type { FastifyInstance } from "fastify";
import { NoSuchPage, RETRY_SECONDS } from "../serving/failures.js";
import { idOf, nameOf } from "../serving/names.js";
import { only } from "../serving/query.js";
import type { Site } from "../serving/site.js";
import { calendar } from "./calendar.js";
import { feedOf } from "./feed.js";
import { visitList, type VisitQuery } from "./list.js";
import { visitPage } from "./page.js";
import { seatsLine } from "./words.js";

interface ById {
  Params: { id: string };
}

// Each holds a connection open.
const MOST_LISTENERS = 2_000;

/** The addresses below /xx/visits. */
export function visitPages(pages: FastifyInstance, site: Site): void {
  const { upstream, live, publicPages, reader, url } = site;

  pages.get<{ Querystring: VisitQuery }>("/visits", async (request, reply) =>
    publicPages.send(request, reply, () => visitList(upstream, reader, only(request.query))));

  pages.get<{ Querystring: { month?: string } }>("/visits/calendar", async (request, reply) =>
    publicPages.send(request, reply, () => calendar(upstream, reader, only(request.query).month)));

  pages.get<{ Querystring: VisitQuery }>("/visits.ics", async (request, reply) => {
    const { network, host } = only(request.query);
    const name = nameOf("networks", network) ?? "";
    const { studyVisits } = await upstream.lagnet.visits.listStudyVisits({
      pageSize: 200,
      network: name,
      host: nameOf("organizations", host) ?? "",
    });
    const title = reader.pick((await upstream.networks()).get(name)?.displayName).text;
    reply.header("cache-control", "public, max-age=900").type("text/calendar; charset=utf-8");
    return feedOf(studyVisits, title || reader.t("visits.title"), reader, url);
  });

  pages.get<ById>("/visits/:id.ics", async (request, reply) => {
    const visit = await upstream.lagnet.visits.getStudyVisit({ name: named(request.params.id) });
    reply
      .header("cache-control", "public, max-age=900")
      .header("content-disposition", `attachment; filename="${idOf(visit.name)}.ics"`)
      .type("text/calendar; charset=utf-8");
    return feedOf([visit], reader.pick(visit.title).text, reader, url);
  });

  pages.get<ById>("/visits/:id", async (request, reply) =>
    publicPages.send(request, reply, async () =>
      visitPage(upstream, reader, named(request.params.id))));

  // Without HEAD, which would wait for the end of it.
  pages.get<ById>("/visits/:id/seats", { exposeHeadRoute: false }, async (request, reply) => {
    const name = named(request.params.id);
    if (live.listeners >= MOST_LISTENERS) {
      return reply.code(503).header("retry-after", RETRY_SECONDS).send();
    }
    await upstream.lagnet.visits.getStudyVisit({ name }); // There is one.
    reply.hijack();
    if (reply.raw.destroyed) return reply; // They left meanwhile, and say so no more.
    const headers = reply.getHeaders() as Record<string, string>;
    reply.raw.writeHead(200, {
      ...headers, "content-type": "text/event-stream", "cache-control": "no-store",
    });
    let last = "";
    const leave = live.follow(name, (visit) => {
      const text = seatsLine(visit, reader);
      if (text === last) return;
      last = text;
      reply.raw.write(`retry: 10000\ndata: ${text}\n\n`);
    });
    // Proxies close what is silent.
    const beat = setInterval(() => reply.raw.write(": \n\n"), 25_000);
    reply.raw.once("close", () => {
      clearInterval(beat);
      leave();
    });
    return reply;
  });
}

function named(id: string): string {
  const name = nameOf("studyVisits", id);
  if (name === undefined) throw new NoSuchPage();
  return name;
}
