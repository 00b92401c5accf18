import { LagnetError } from "@lagnet/client";
import type { Organization } from "@lagnet/client/directory/v1/organizations_pb.js";
import type { FastifyInstance } from "fastify";
import { inviteProblems } from "../desk/invite_problems.js";
import { sayDone } from "../desk/note.js";
import type { Key } from "../reading/messages.js";
import type { Reader } from "../reading/reader.js";
import { browserNetwork } from "../serving/browser_network.js";
import { NoSuchPage } from "../serving/failures.js";
import { idOf, nameOf } from "../serving/names.js";
import { privatePage, type Site } from "../serving/site.js";
import { startSignIn } from "../sign_in/attempt.js";
import { startPage } from "../sign_in/pages.js";
import { asPerson, personOf, readPerson, sessionCookie, sessionOf } from "../signed_in/person.js";
import { type Body, one } from "../sign_up/draft.js";
import type { Problem } from "../sign_up/problems.js";
import { askedPage, askPage, claimAsPersonPage, claimPage } from "./pages.js";

interface ById {
  Params: { id: string };
  Body: Body | undefined;
}
interface ByToken {
  Params: { token: string };
  Body: Body | undefined;
}

const REASONS: Readonly<Record<string, Key>> = {
  CLAIM_REFUSED: "claim.refused",
  MAIL_OFF: "claim.mail_off",
  NO_MAILBOX: "claim.no_mailbox",
  TOO_MANY_LETTERS: "claim.too_many",
  WRONG_STATE: "organization.archived",
};

// Throws what is nothing that the reader could understand.
function problemOf(thrown: unknown, reader: Reader): string {
  const key = REASONS[LagnetError.decode(thrown).reason ?? ""];
  if (!key) throw thrown;
  return reader.t(key);
}

/** /xx/organizations/…/claim and /xx/claim: an organisation's people come to
 * its desk by a letter to its mailbox. */
export function claimPages(pages: FastifyInstance, site: Site): void {
  const { upstream, reader, url } = site;
  const cookie = sessionCookie(url);

  async function organizationOf(id: string): Promise<Organization> {
    const name = nameOf("organizations", id);
    if (name === undefined) throw new NoSuchPage();
    return upstream.lagnet.organizations.getOrganization({ name });
  }

  pages.get<ById>("/organizations/:id/claim", async (request, reply) =>
    privatePage(reply, askPage(reader, await organizationOf(request.params.id))));

  pages.post<ById>("/organizations/:id/claim", async (request, reply) => {
    const organization = await organizationOf(request.params.id);
    try {
      await upstream.lagnet.claims.requestClaim({
        organization: organization.name,
        language: reader.language,
        browserNetwork: browserNetwork(request.ip),
        requestId: one(request.body ?? {}, "request_id"),
      });
    } catch (thrown) {
      return privatePage(reply, askPage(reader, organization, problemOf(thrown, reader)), 422);
    }
    return reply
      .header("cache-control", "no-store")
      .redirect(reader.to(`/organizations/${idOf(organization.name)}/claim/sent`), 303);
  });

  pages.get<ById>("/organizations/:id/claim/sent", async (request, reply) =>
    privatePage(reply, askedPage(reader, await organizationOf(request.params.id))));

  pages.get<ByToken>("/claim/:token", async (request, reply) => {
    const { token } = request.params;
    const session = sessionOf(request, cookie);
    const person = session && await readPerson(upstream, session).catch(() => undefined);
    return privatePage(reply, person
      ? claimAsPersonPage(reader, person, token)
      : claimPage(reader, { token }));
  });

  pages.post<ByToken>("/claim/:token", async (request, reply) => {
    const { token } = request.params;
    const body = request.body ?? {};
    const claimant = { name: one(body, "name").trim(), email: one(body, "email").trim() };
    const again = (problems: readonly Problem[]) =>
      privatePage(reply, claimPage(reader, { token, claimant, problems }), 422);
    try {
      await upstream.lagnet.claims.acceptClaim({
        token,
        requestId: one(body, "request_id"),
        newAccount: {
          displayName: claimant.name, email: claimant.email, language: reader.language,
        },
      });
    } catch (thrown) {
      const { reason = "" } = LagnetError.decode(thrown);
      return again(reason in REASONS
        ? [{ text: problemOf(thrown, reader) }]
        : inviteProblems(thrown, claimant, reader));
    }
    try {
      return await startSignIn(site, request, reply, {
        email: claimant.email, requestId: one(body, "mail_request_id"), to: undefined,
      });
    } catch (thrown) {
      // The account is there, and its claim is used: what is left is to sign in.
      const problems = [{ text: problemOf(thrown, reader) }];
      const page = startPage(reader, { to: undefined, email: claimant.email, problems });
      return privatePage(reply, page, 422);
    }
  });
}

/** What accepts a claim for somebody who is signed in. */
export function ownClaimPages(pages: FastifyInstance, site: Site): void {
  const { upstream, reader } = site;
  pages.post<ByToken>("/claim/:token/mine", async (request, reply) => {
    const person = personOf(request);
    const { token } = request.params;
    try {
      const { grant } = await upstream.lagnet.claims.acceptClaim(
        { token, requestId: one(request.body ?? {}, "request_id") }, asPerson(person),
      );
      return sayDone(reply, reader, `/desk/${idOf(grant?.organization ?? "")}`, "claimed");
    } catch (thrown) {
      const problem = problemOf(thrown, reader);
      return privatePage(reply, claimAsPersonPage(reader, person, token, problem), 422);
    }
  });
}
