import type { Organization } from "@lagnet/client/directory/v1/organizations_pb.js";
import { Role } from "@lagnet/client/options/v1/options_pb.js";
import type { FastifyRequest } from "fastify";
import { NoSuchPage } from "../serving/failures.js";
import { idOf, nameOf } from "../serving/names.js";
import type { Upstream } from "../serving/upstream.js";
import { asPerson, grantsOf, type Person, personOf } from "../signed_in/person.js";
import type { Body } from "../sign_up/draft.js";

/** The organisations that somebody speaks for, by name. */
export function ownOrganizations(person: Person): string[] {
  return [...new Set(grantsOf(person, Role.LAG_MANAGER).map(({ organization }) => organization))];
}

/** Where somebody works on an organisation: its own people at its desk, a
 * network's staff in the console. */
export function homeOf(person: Person, organization: string): string {
  const id = idOf(organization);
  return ownOrganizations(person).includes(organization) ? `/desk/${id}` : `/console/entries/${id}`;
}

/** The organisation whose desk is asked for. There is one for its own people
 * and for networks' staff; what they may do on it, the server says. */
async function organizationOf(
  upstream: Upstream, person: Person, id: string,
): Promise<Organization> {
  const name = nameOf("organizations", id);
  const isStaff = grantsOf(person, Role.NETWORK_ADMIN, Role.NETWORK_EDITOR).length > 0;
  if (name === undefined || !(isStaff || ownOrganizations(person).includes(name))) {
    throw new NoSuchPage();
  }
  return upstream.lagnet.organizations.getOrganization({ name }, asPerson(person));
}

/** What a desk's routes are asked with. */
export interface ByOrganization {
  Params: { id: string };
  Querystring: Body;
  Body: Body | undefined;
}

/** Who is at which desk, and what was sent to it. */
export async function deskOf(upstream: Upstream, request: FastifyRequest<ByOrganization>) {
  const person = personOf(request);
  const organization = await organizationOf(upstream, person, request.params.id);
  const id = idOf(organization.name);
  return { person, organization, id, path: `/desk/${id}`, body: request.body ?? {} };
}
