import type { Organization } from "@lagnet/client/directory/v1/organizations_pb.js";
import type { FastifyInstance } from "fastify";
import { NoSuchPage } from "../../serving/failures.js";
import { idOf, nameOf } from "../../serving/names.js";
import { only } from "../../serving/query.js";
import { privatePage, type Site } from "../../serving/site.js";
import { type Body, one } from "../../sign_up/draft.js";
import { organizationMeant } from "../organizations.js";
import { type FieldOf, tried } from "../refusals.js";
import { networkOf, type Staff, staffOf } from "../staff.js";
import { doublesPage } from "./doubles.js";
import { entryPage } from "./entry.js";
import { entryList, type EntryQuery } from "./list.js";
import { mergePage, type Pair, pairOf } from "./merge.js";

interface ById {
  Params: { id: string };
}

/** A form that is sent to an address with a query. */
interface SentTo<Query> {
  Querystring: Query;
  Body: Body;
}

const VERBS = ["verify", "return", "confirm", "archive", "restore", "dissolve"] as const;

/** /xx/console/entries: the directory, as its network keeps it. */
export function entryPages(pages: FastifyInstance, site: Site): void {
  const { upstream, reader } = site;
  const { organizations, doubles, claims } = upstream.lagnet;

  pages.get<{ Querystring: EntryQuery }>("/console/entries", async (request, reply) =>
    privatePage(reply, await entryList(site, await staffOf(request, site), only(request.query))));

  pages.get<{ Querystring: EntryQuery }>("/console/entries/doubles", async (request, reply) =>
    privatePage(reply, await doublesPage(site, await staffOf(request, site), only(request.query))));

  pages.post<SentTo<EntryQuery>>("/console/entries/doubles/dismiss", async (request, reply) => {
    const staff = await staffOf(request, site);
    const { body } = request;
    const query = only(request.query);
    const { name, into } = pairOf({ name: one(body, "one"), into: one(body, "other") });
    const problems = await tried(reader, () => doubles.dismissLikelyDouble(
      { organization: name, other: into, requestId: one(body, "request_id") }, staff.call,
    ));
    if (problems) return privatePage(reply, await doublesPage(site, staff, query, problems), 422);
    const { name: network } = networkOf(staff, query);
    return reply.redirect(
      reader.to(`/console/entries/doubles?network=${idOf(network)}`), 303,
    );
  });

  pages.get<{ Querystring: Pair }>("/console/entries/merge", async (request, reply) =>
    privatePage(reply, await mergePage(site, await staffOf(request, site), only(request.query))));

  pages.post<SentTo<Pair>>("/console/entries/merge", async (request, reply) => {
    const staff = await staffOf(request, site);
    const { body } = request;
    const pair = only(request.query);
    const problems = await tried(reader, () => doubles.mergeOrganizations({
      ...pairOf(pair),
      etag: one(body, "etag"),
      intoEtag: one(body, "into_etag"),
      requestId: one(body, "request_id"),
    }, staff.call));
    if (problems) return privatePage(reply, await mergePage(site, staff, pair, problems), 422);
    return reply.redirect(reader.to(`/console/entries/${pair.into}`), 303);
  });

  pages.get<ById & { Querystring: Body }>("/console/entries/:id", async (request, reply) => {
    const staff = await staffOf(request, site);
    const entry = await entryOf(staff, request.params.id);
    // The form of an entry is that of the desk, and leads here.
    const note = one(request.query, "done") === "saved" ? reader.t("desk.done.saved") : "";
    return privatePage(reply, await entryPage(site, { staff, entry, note }));
  });

  pages.post<ById & { Body: Body }>("/console/entries/:id/claim", async (request, reply) => {
    const staff = await staffOf(request, site);
    const entry = await entryOf(staff, request.params.id);
    let note = "";
    const problems = await tried(reader, async () => {
      const { token, email } = await claims.startClaim(
        { organization: entry.name, requestId: one(request.body, "request_id") }, staff.call,
      );
      note = token
        ? reader.t("console.entry.claim_token", { email, token })
        : reader.t("console.entry.claim_sent", { email });
    });
    return privatePage(
      reply, await entryPage(site, { staff, entry, problems, note }), problems ? 422 : 200,
    );
  });

  for (const verb of VERBS) {
    pages.post<ById & { Body: Body }>(`/console/entries/:id/${verb}`, async (request, reply) => {
      const staff = await staffOf(request, site);
      const entry = await entryOf(staff, request.params.id);
      const { body } = request;
      const successor = await organizationMeant(
        upstream, reader, one(body, "successor"), "successor",
      );
      const problems = typeof successor !== "string" ? [successor] : await tried(
        reader,
        () => organizations[`${verb}Organization`]({
          name: entry.name,
          etag: one(body, "etag"),
          reason: one(body, "reason"),
          successor,
          dissolvedOn: one(body, "dissolved_on"),
          requestId: one(body, "request_id"),
        }, staff.call),
        body,
        FIELDS,
      );
      if (problems) {
        return privatePage(reply, await entryPage(site, { staff, entry, body, problems }), 422);
      }
      return reply.redirect(reader.to(`/console/entries/${idOf(entry.name)}`), 303);
    });
  }

  const FIELDS: FieldOf = (path) => {
    switch (path) {
      case "reason":
        return { field: "reason", label: reader.t("console.reason") };
      case "dissolved_on":
        return { field: "dissolved_on", label: reader.t("console.entry.dissolved_on") };
      default:
        return undefined;
    }
  };

  // Of the networks that they keep; what they may do with it, the server says.
  async function entryOf(staff: Staff, id: string): Promise<Organization> {
    const name = nameOf("organizations", id);
    if (name === undefined) throw new NoSuchPage();
    const entry = await organizations.getOrganization({ name }, staff.call);
    if (!staff.networks.some((network) => network.name === entry.network)) throw new NoSuchPage();
    return entry;
  }
}
