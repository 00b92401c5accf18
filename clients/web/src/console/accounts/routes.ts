import { Account_Kind as Kind } from "@lagnet/client/access/v1/accounts_pb.js";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { NoSuchPage } from "../../serving/failures.js";
import { idOf, nameOf } from "../../serving/names.js";
import { only } from "../../serving/query.js";
import { privatePage, type Site } from "../../serving/site.js";
import { type Body, one } from "../../sign_up/draft.js";
import type { Problem } from "../../sign_up/problems.js";
import { organizationMeant } from "../organizations.js";
import { type FieldOf, tried } from "../refusals.js";
import { type Staff, staffOf } from "../staff.js";
import { accountPage } from "./account.js";
import { accountList, administeredOf } from "./list.js";
import { GIVEN } from "./roles.js";

interface ById {
  Params: { id: string };
}
interface ByIdSent extends ById {
  Body: Body;
}
interface Listed {
  Querystring: { network?: string; page?: string };
}

/** /xx/console/accounts: who works in a network, and what they may do. */
export function accountPages(pages: FastifyInstance, site: Site): void {
  const { upstream, reader } = site;
  const { accounts } = upstream.lagnet;

  pages.get<Listed>("/console/accounts", async (request, reply) => {
    const staff = await staffOf(request, site);
    return privatePage(reply, await accountList(site, { staff, query: only(request.query) }));
  });

  pages.post<Listed & { Body: Body }>("/console/accounts", async (request, reply) => {
    const staff = await staffOf(request, site);
    const { body } = request;
    const network = administeredOf(staff, only(request.query).network);
    const requestId = one(body, "request_id");
    // A name that says nothing of the person: it stands in logs.
    const accountId = `person-${requestId.replace(/[^0-9a-f]/g, "").slice(0, 16)}`;
    const problems = await tried(reader, () => accounts.createAccount({
      accountId,
      account: {
        network: network.name,
        kind: Kind.PERSON,
        displayName: one(body, "display_name").trim(),
        email: one(body, "email").trim(),
        language: one(body, "language"),
      },
      requestId,
    }, staff.call), body, FIELDS);
    if (problems) {
      const query = { network: idOf(network.name) };
      return privatePage(reply, await accountList(site, { staff, query, body, problems }), 422);
    }
    return reply.redirect(reader.to(`/console/accounts/${accountId}`), 303);
  });

  pages.get<ById>("/console/accounts/:id", async (request, reply) => {
    const staff = await staffOf(request, site);
    return privatePage(reply, await accountPage(site, await read(staff, request.params.id)));
  });

  pages.post<ByIdSent>("/console/accounts/:id/give", async (request, reply) => {
    const { body } = request;
    return change(request, reply, async (staff, name) => {
      const role = one(body, "role");
      const given = Object.hasOwn(GIVEN, role) ? GIVEN[role as keyof typeof GIVEN] : undefined;
      if (!given) return [{ field: "role", text: reader.t("field.missing") }];
      const organization = given.over === "organization"
        ? await organizationMeant(upstream, reader, one(body, "organization"), "organization")
        : "";
      if (typeof organization !== "string") return [organization];
      if (given.over === "organization" && organization === "") {
        return [{ field: "organization", text: reader.t("field.missing") }];
      }
      const { network } = await accounts.getAccount({ name }, staff.call);
      return tried(reader, () => accounts.createGrant({
        parent: name,
        grant: { role: given.role, ...(organization ? { organization } : { network }) },
        requestId: one(body, "request_id"),
      }, staff.call));
    });
  });

  pages.post<ByIdSent>("/console/accounts/:id/take", async (request, reply) => {
    const { body } = request;
    return change(request, reply, (staff, name) => tried(reader, () => accounts.deleteGrant(
      { name: `${name}/grants/${one(body, "grant")}`, requestId: one(body, "request_id") },
      staff.call,
    )));
  });

  pages.post<ByIdSent>("/console/accounts/:id/disable", async (request, reply) =>
    change(request, reply, (staff, name) => tried(reader, () => accounts.disableAccount(
      { name, requestId: one(request.body, "request_id") }, staff.call,
    ))));

  const FIELDS: FieldOf = (path) => {
    switch (path) {
      case "account.display_name":
        return { field: "display_name", label: reader.t("person.name") };
      case "account.email":
        return { field: "email", label: reader.t("person.email") };
      default:
        return undefined;
    }
  };

  // Does something with an account, and shows it as it is then.
  async function change(
    request: FastifyRequest<ByIdSent>,
    reply: FastifyReply,
    act: (staff: Staff, name: string) => Promise<Problem[] | undefined>,
  ): Promise<FastifyReply> {
    const staff = await staffOf(request, site);
    const shown = await read(staff, request.params.id);
    const problems = await act(staff, shown.account.name);
    if (problems) {
      const page = await accountPage(site, { ...shown, body: request.body, problems });
      return privatePage(reply, page, 422);
    }
    return reply.redirect(reader.to(`/console/accounts/${request.params.id}`), 303);
  }

  async function read(staff: Staff, id: string) {
    const name = nameOf("accounts", id);
    if (name === undefined || staff.administered.length === 0) throw new NoSuchPage();
    const [account, { grants }] = await Promise.all([
      accounts.getAccount({ name }, staff.call),
      accounts.listGrants({ parent: name, pageSize: 200 }, staff.call),
    ]);
    return { staff, account, grants };
  }
}
