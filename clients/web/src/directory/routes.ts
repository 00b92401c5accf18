import type { FastifyInstance } from "fastify";
import { NoSuchPage } from "../serving/failures.js";
import { idOf, nameOf } from "../serving/names.js";
import { only } from "../serving/query.js";
import type { Site } from "../serving/site.js";
import { directory, type DirectoryQuery } from "./list.js";
import { organizationPage } from "./organization.js";

/** /xx/directory and /xx/organizations. */
export function directoryPages(
  pages: FastifyInstance, { upstream, publicPages, reader }: Site,
): void {
  pages.get<{ Querystring: DirectoryQuery }>("/directory", async (request, reply) =>
    publicPages.send(request, reply, () => directory(upstream, reader, only(request.query))));

  pages.get<{ Params: { id: string } }>("/organizations/:id", async (request, reply) => {
    const name = nameOf("organizations", request.params.id);
    if (name === undefined) throw new NoSuchPage();
    const organization = await upstream.lagnet.organizations.getOrganization({ name });
    if (organization.name !== name) {
      // It was merged: its old address leads to the entry that stays.
      return reply.redirect(reader.to(`/organizations/${idOf(organization.name)}`), 301);
    }
    return publicPages.send(request, reply, () =>
      organizationPage(upstream, reader, organization));
  });
}
