import type { FastifyInstance } from "fastify";
import { privatePage, type Site } from "../serving/site.js";
import { accountPages } from "./accounts/routes.js";
import { drawPages } from "./draw/routes.js";
import { entryPages } from "./entries/routes.js";
import { homePage } from "./home.js";
import { importPages } from "./imports/routes.js";
import { signUpPages } from "./sign_ups/routes.js";
import { staffOf } from "./staff.js";
import { visitPages } from "./visits/routes.js";

/** /xx/console: for the staff of networks and for hosts. */
export function consolePages(pages: FastifyInstance, site: Site): void {
  pages.get("/console", async (request, reply) =>
    privatePage(reply, await homePage(site, await staffOf(request, site))));
  visitPages(pages, site);
  signUpPages(pages, site);
  drawPages(pages, site);
  importPages(pages, site);
  entryPages(pages, site);
  accountPages(pages, site);
}
