import { LagnetError } from "@lagnet/client";
import type { FastifyInstance } from "fastify";
import { idOf, nameOf } from "../serving/names.js";
import { privatePage, type Site } from "../serving/site.js";
import { asPerson, personOf } from "../signed_in/person.js";
import { type Body, one } from "../sign_up/draft.js";
import { colleaguesPage, type Invited } from "./colleagues.js";
import { ENTRY_FIELDS, entryOf, readEntry } from "./entry.js";
import { entryPage } from "./entry_page.js";
import { entryProblems } from "./entry_problems.js";
import { historyPage } from "./history.js";
import { deskHome } from "./home.js";
import { inviteProblems } from "./invite_problems.js";
import { isChanged, sayDone } from "./note.js";
import { organizationDesk } from "./organization.js";
import { organizationOf } from "./organization_of.js";

export interface ByOrganization {
  Params: { id: string };
  Querystring: Body;
  Body: Body | undefined;
}
interface ByColleague extends ByOrganization {
  Params: { id: string; account: string };
}

/** What a button of the desk does with the entry. */
const VERBS = {
  confirm: ["confirmOrganization", "confirmed"],
  submit: ["submitOrganization", "submitted"],
} as const;

/** /xx/desk: what an organisation's people do. */
export function deskPages(pages: FastifyInstance, site: Site): void {
  const { upstream, reader } = site;

  pages.get("/desk", async (request, reply) =>
    privatePage(reply, await deskHome(upstream, reader, personOf(request))));

  pages.get<ByOrganization>("/desk/:id", async (request, reply) => {
    const person = personOf(request);
    const organization = await organizationOf(upstream, person, request.params.id);
    const note = { done: one(request.query, "done") };
    return privatePage(
      reply, await organizationDesk(upstream, reader, person, organization, note),
    );
  });

  for (const [path, [verb, what]] of Object.entries(VERBS)) {
    pages.post<ByOrganization>(`/desk/:id/${path}`, async (request, reply) => {
      const person = personOf(request);
      const organization = await organizationOf(upstream, person, request.params.id);
      const { name } = organization;
      const body = request.body ?? {};
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
      return sayDone(reply, reader, `/desk/${idOf(name)}`, what);
    });
  }

  pages.get<ByOrganization>("/desk/:id/edit", async (request, reply) => {
    const person = personOf(request);
    const organization = await organizationOf(upstream, person, request.params.id);
    return privatePage(reply, await entryPage(upstream, reader, person, { organization }));
  });

  pages.post<ByOrganization>("/desk/:id/edit", async (request, reply) => {
    const person = personOf(request);
    const organization = await organizationOf(upstream, person, request.params.id);
    const { name } = organization;
    const body = request.body ?? {};
    const typed = readEntry(body);
    const requestId = one(body, "request_id");
    try {
      await upstream.lagnet.organizations.updateOrganization({
        organization: { ...entryOf(typed, organization), name, etag: one(body, "etag") },
        updateMask: { paths: ENTRY_FIELDS },
        requestId,
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
      // What the server has not taken may be sent again as something else.
      const stored = { ...organization, etag: one(body, "etag") };
      const shown = { organization: stored, typed, problems };
      return privatePage(reply, await entryPage(upstream, reader, person, shown), 422);
    }
    return sayDone(reply, reader, `/desk/${idOf(name)}`, "saved");
  });

  pages.get<ByOrganization>("/desk/:id/history", async (request, reply) => {
    const person = personOf(request);
    const organization = await organizationOf(upstream, person, request.params.id);
    const page = one(request.query, "page");
    return privatePage(reply, await historyPage(upstream, reader, person, organization, page));
  });

  pages.get<ByOrganization>("/desk/:id/colleagues", async (request, reply) => {
    const person = personOf(request);
    const organization = await organizationOf(upstream, person, request.params.id);
    const note = { done: one(request.query, "done") };
    return privatePage(
      reply, await colleaguesPage(upstream, reader, person, { organization, note }),
    );
  });

  pages.post<ByOrganization>("/desk/:id/colleagues", async (request, reply) => {
    const person = personOf(request);
    const organization = await organizationOf(upstream, person, request.params.id);
    const { name } = organization;
    const body = request.body ?? {};
    const typed: Invited = {
      name: one(body, "name").trim(),
      email: one(body, "email").trim(),
      language: one(body, "language"),
    };
    try {
      await upstream.lagnet.colleagues.inviteColleague({
        organization: name,
        displayName: typed.name,
        email: typed.email,
        language: typed.language,
        requestId: one(body, "request_id"),
      }, asPerson(person));
    } catch (thrown) {
      const problems = inviteProblems(thrown, typed, reader);
      const shown = { organization, note: {}, typed, problems };
      return privatePage(reply, await colleaguesPage(upstream, reader, person, shown), 422);
    }
    return sayDone(reply, reader, `/desk/${idOf(name)}/colleagues`, "invited");
  });

  pages.post<ByColleague>("/desk/:id/colleagues/:account/remove", async (request, reply) => {
    const person = personOf(request);
    const organization = await organizationOf(upstream, person, request.params.id);
    const { name } = organization;
    try {
      await upstream.lagnet.colleagues.removeColleague({
        organization: name,
        account: nameOf("accounts", request.params.account) ?? "",
        requestId: one(request.body ?? {}, "request_id"),
      }, asPerson(person));
    } catch (thrown) {
      if (!isChanged(thrown)) throw thrown;
      const shown = { organization, note: { problem: reader.t("problem.changed") } };
      return privatePage(reply, await colleaguesPage(upstream, reader, person, shown), 409);
    }
    return sayDone(reply, reader, `/desk/${idOf(name)}/colleagues`, "removed");
  });
}
