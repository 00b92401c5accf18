import type { FastifyInstance } from "fastify";
import { NoSuchPage } from "../serving/failures.js";
import { idOf, nameOf } from "../serving/names.js";
import type { Site } from "../serving/site.js";
import { directory, type DirectoryQuery } from "./list.js";
import { organizationPage } from "./organization.js";

/** /xx/directory and /xx/organizations. */
export function directoryPages(pages: FastifyInstance, { upstream, publicPages, reader }: Site): void {
  pages.get<{ Querystring: Record<string, string | string[]> }>(
    "/directory",
    async (request, reply) => {
      const query = Object.fromEntries(Object.entries(request.query).map(([key, value]) =>
        [key, Array.isArray(value) ? value[0] : value])) as DirectoryQuery;
      return publicPages.send(request, reply, () => directory(upstream, reader, query));
    },
  );

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
