import compress from "@fastify/compress";
import formbody from "@fastify/formbody";
import { fastify, type FastifyInstance, type FastifyReply } from "fastify";
import { API, type Api, apiRoutes } from "./api/routes.js";
import { claimPages, ownClaimPages } from "./claim/routes.js";
import { consolePages } from "./console/routes.js";
import { colleaguePages } from "./desk/colleague_routes.js";
import { deskPages } from "./desk/routes.js";
import { deskVisitPages } from "./desk/visit_routes.js";
import { directoryPages } from "./directory/routes.js";
import { homePage } from "./home.js";
import { myPages } from "./my/routes.js";
import { placePages } from "./place/routes.js";
import { LANGUAGES, preferred } from "./reading/language.js";
import { Reader } from "./reading/reader.js";
import { referencePages } from "./reference/routes.js";
import { answerBeforeClosing } from "./serving/closing.js";
import { assetAt, WORKER, WORKER_SCRIPT } from "./serving/assets.js";
import { answerFailure, NoSuchPage } from "./serving/failures.js";
import { leadBack } from "./serving/lead_back.js";
import { logAnswers } from "./serving/log.js";
import { BROTLI, ENCODINGS, PublicPages } from "./serving/public_pages.js";
import { keepSafe } from "./serving/safety.js";
import type { Site } from "./serving/site.js";
import type { Upstream } from "./serving/upstream.js";
import { signInPages, signOutPages } from "./sign_in/routes.js";
import { signUpPages } from "./sign_up/routes.js";
import { requirePerson } from "./signed_in/guard.js";
import { LiveSeats } from "./visits/live.js";
import { visitPages } from "./visits/routes.js";

// The longest form: fifty people with all that can be asked of them.
const LONGEST_FORM = 128 * 1024;

// The link to a sign-up or a place in it: its name and a code, in base 64.
const LONGEST_LINK = 700;

/** The pages, as `url` shows them to people, behind so many proxies of ours, and
 * the API. Does not listen yet. */
export async function makeApp(
  upstream: Upstream, url: string, proxies: number, api: Api,
): Promise<FastifyInstance> {
  const live = new LiveSeats(upstream.lagnet);
  const publicPages = new PublicPages();
  const app = fastify({
    bodyLimit: LONGEST_FORM,
    forceCloseConnections: true,
    trustProxy: (_, hop) => hop < proxies,
    routerOptions: { maxParamLength: LONGEST_LINK },
    // What Fastify itself refuses; its own answer would repeat the address.
    frameworkErrors: (error, request, reply) => {
      void answerFailure(error, request, reply).then((page) => (reply as FastifyReply).send(page));
    },
  });
  app.addHook("preClose", async () => live.close());
  answerBeforeClosing(app);
  keepSafe(app, url);
  logAnswers(app);
  app.setErrorHandler(answerFailure);
  app.setNotFoundHandler((request, reply) => answerFailure(new NoSuchPage(), request, reply));
  await app.register(compress, {
    threshold: 1024,
    encodings: ENCODINGS,
    brotliOptions: BROTLI,
    globalDecompression: false, // No browser sends anything compressed.
  });
  await app.register(formbody, { bodyLimit: LONGEST_FORM });
  frame(app, upstream);
  for (const language of LANGUAGES) {
    const site: Site = { upstream, live, publicPages, reader: Reader.of(language), url };
    await app.register(async (pages) => {
      const finish = leadBack(pages);
      homePage(pages, site);
      directoryPages(pages, site);
      visitPages(pages, site);
      signUpPages(pages, site);
      referencePages(pages, site);
      signInPages(pages, site);
      claimPages(pages, site);
      finish();
    }, { prefix: `/${language}` });
    await app.register(async (pages) => {
      requirePerson(pages, site);
      const finish = leadBack(pages);
      signOutPages(pages, site);
      deskPages(pages, site);
      deskVisitPages(pages, site);
      colleaguePages(pages, site);
      ownClaimPages(pages, site);
      consolePages(pages, site);
      finish();
    }, { prefix: `/${language}` });
  }
  const linked: Site = { upstream, live, publicPages, reader: Reader.of("en"), url };
  for (const linkedPages of [myPages, placePages]) {
    await app.register(async (pages) => {
      const finish = leadBack(pages);
      linkedPages(pages, linked);
      finish();
    });
  }
  await app.register((routes) => apiRoutes(routes, api), { prefix: API });
  return app;
}

// What has no language.
function frame(app: FastifyInstance, upstream: Upstream): void {
  app.get("/", async (request, reply) =>
    reply
      .header("cache-control", "no-store")
      .header("vary", "accept-language")
      .redirect(`/${preferred(request.headers["accept-language"])}`, 302));
  app.get("/healthz", async (_, reply) => {
    reply.header("cache-control", "no-store");
    // Of the pages and the way to the server: without it they show nothing.
    await upstream.lagnet.networks.listNetworks({ pageSize: 1 });
    return { status: "ok" };
  });
  app.get("/robots.txt", async (_, reply) =>
    reply.type("text/plain").send("User-agent: *\nDisallow: /my/\nDisallow: /place/\n"));
  app.get<{ Params: { "*": string } }>("/static/*", async (request, reply) => {
    const asset = assetAt(`/static/${request.params["*"]}`);
    if (!asset) throw new NoSuchPage();
    reply.header("cache-control", "public, max-age=31536000, immutable").type(asset.type);
    return asset.content;
  });
  app.get(WORKER, async (_, reply) => {
    reply.header("cache-control", "no-cache").type(WORKER_SCRIPT.type);
    return WORKER_SCRIPT.content;
  });
}
