import type { FastifyInstance } from "fastify";
import { nameOf } from "../serving/names.js";
import { privatePage, type Site } from "../serving/site.js";
import { asPerson } from "../signed_in/person.js";
import { one } from "../sign_up/draft.js";
import { colleaguesPage, type Invited } from "./colleagues.js";
import { type ByOrganization, deskOf } from "./desk_of.js";
import { inviteProblems } from "./invite_problems.js";
import { isChanged, sayDone } from "./note.js";

interface ByColleague extends ByOrganization {
  Params: { id: string; account: string };
}

/** /xx/desk/…/colleagues: who speaks for an organisation. */
export function colleaguePages(pages: FastifyInstance, { upstream, reader }: Site): void {
  pages.get<ByOrganization>("/desk/:id/colleagues", async (request, reply) => {
    const { person, organization } = await deskOf(upstream, request);
    const note = { done: one(request.query, "done") };
    return privatePage(
      reply, await colleaguesPage(upstream, reader, person, { organization, note }),
    );
  });

  pages.post<ByOrganization>("/desk/:id/colleagues", async (request, reply) => {
    const { person, organization, path, body } = await deskOf(upstream, request);
    const typed: Invited = {
      name: one(body, "name").trim(),
      email: one(body, "email").trim(),
      language: one(body, "language"),
    };
    try {
      await upstream.lagnet.colleagues.inviteColleague({
        organization: organization.name,
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
    return sayDone(reply, reader, `${path}/colleagues`, "invited");
  });

  pages.post<ByColleague>("/desk/:id/colleagues/:account/remove", async (request, reply) => {
    const { person, organization, path, body } = await deskOf(upstream, request);
    try {
      await upstream.lagnet.colleagues.removeColleague({
        organization: organization.name,
        account: nameOf("accounts", request.params.account) ?? "",
        requestId: one(body, "request_id"),
      }, asPerson(person));
    } catch (thrown) {
      if (!isChanged(thrown)) throw thrown;
      const shown = { organization, note: { problem: reader.t("problem.changed") } };
      return privatePage(reply, await colleaguesPage(upstream, reader, person, shown), 409);
    }
    return sayDone(reply, reader, `${path}/colleagues`, "removed");
  });
}
