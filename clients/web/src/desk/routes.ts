import { LagnetError } from "@lagnet/client";
import type { FastifyInstance } from "fastify";
import { privatePage, type Site } from "../serving/site.js";
import { asPerson, hasDesk, personOf } from "../signed_in/person.js";
import { one } from "../sign_up/draft.js";
import { type ByOrganization, deskOf, homeOf } from "./desk_of.js";
import { ENTRY_FIELDS, entryOf, readEntry } from "./entry.js";
import { entryPage } from "./entry_page.js";
import { entryProblems } from "./entry_problems.js";
import { historyPage } from "./history.js";
import { deskHome } from "./home.js";
import { isChanged, sayDone } from "./note.js";
import { organizationDesk } from "./organization.js";

/** What a button of the desk does with the entry. */
const VERBS = {
  confirm: ["confirmOrganization", "confirmed"],
  submit: ["submitOrganization", "submitted"],
} as const;

/** /xx/desk: what an organisation's people do. */
export function deskPages(pages: FastifyInstance, site: Site): void {
  const { upstream, reader } = site;

  pages.get("/desk", async (request, reply) => {
    const person = personOf(request);
    if (!hasDesk(person)) return reply.redirect(reader.to("/console"), 303);
    return privatePage(reply, await deskHome(upstream, reader, person));
  });

  pages.get<ByOrganization>("/desk/:id", async (request, reply) => {
    const { person, organization } = await deskOf(upstream, request);
    const note = { done: one(request.query, "done") };
    return privatePage(
      reply, await organizationDesk(upstream, reader, person, organization, note),
    );
  });

  for (const [path, [verb, what]] of Object.entries(VERBS)) {
    pages.post<ByOrganization>(`/desk/:id/${path}`, async (request, reply) => {
      const { person, organization, path: desk, body } = await deskOf(upstream, request);
      const { name } = organization;
      try {
        await upstream.lagnet.organizations[verb](
          { name, etag: one(body, "etag"), requestId: one(body, "request_id") }, asPerson(person),
        );
      } catch (thrown) {
        if (!isChanged(thrown)) throw thrown;
        const note = { problem: reader.t("problem.changed") };
        return privatePage(
          reply, await organizationDesk(upstream, reader, person, organization, note), 409,
        );
      }
      return sayDone(reply, reader, desk, what);
    });
  }

  pages.get<ByOrganization>("/desk/:id/edit", async (request, reply) => {
    const { person, organization } = await deskOf(upstream, request);
    return privatePage(reply, await entryPage(upstream, reader, person, { organization }));
  });

  pages.post<ByOrganization>("/desk/:id/edit", async (request, reply) => {
    const { person, organization, body } = await deskOf(upstream, request);
    const typed = readEntry(body);
    try {
      await upstream.lagnet.organizations.updateOrganization({
        organization: {
          ...entryOf(typed, organization), name: organization.name, etag: one(body, "etag"),
        },
        updateMask: { paths: ENTRY_FIELDS },
        requestId: one(body, "request_id"),
      }, asPerson(person));
    } catch (thrown) {
      const error = LagnetError.decode(thrown);
      // Both are shown, and whoever sends the form again has seen both.
      if (error.reason === "ETAG_MISMATCH") {
        const shown = { organization, typed, isOvertaken: true };
        return privatePage(reply, await entryPage(upstream, reader, person, shown), 409);
      }
      const problems = entryProblems(error, typed, reader);
      if (!problems) throw error;
      // Whether somebody else changed it is to be told once this is mended.
      const stored = { ...organization, etag: one(body, "etag") };
      const shown = { organization: stored, typed, problems };
      return privatePage(reply, await entryPage(upstream, reader, person, shown), 422);
    }
    return sayDone(reply, reader, homeOf(person, organization.name), "saved");
  });

  pages.get<ByOrganization>("/desk/:id/history", async (request, reply) => {
    const { person, organization } = await deskOf(upstream, request);
    const page = one(request.query, "page");
    return privatePage(reply, await historyPage(upstream, reader, person, organization, page));
  });
}
