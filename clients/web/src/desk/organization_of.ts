import type { Organization } from "@lagnet/client/directory/v1/organizations_pb.js";
import { Role } from "@lagnet/client/options/v1/options_pb.js";
import { NoSuchPage } from "../serving/failures.js";
import { nameOf } from "../serving/names.js";
import type { Upstream } from "../serving/upstream.js";
import { asPerson, grantsOf, type Person } from "../signed_in/person.js";

/** The organisations that somebody speaks for, by name. */
export function ownOrganizations(person: Person): string[] {
  return [...new Set(grantsOf(person, Role.LAG_MANAGER).map(({ organization }) => organization))];
}

/** The organisation whose desk is asked for. There is one for its own people
 * and for networks' staff; what they may do on it, the server says. */
export async function organizationOf(
  upstream: Upstream, person: Person, id: string,
): Promise<Organization> {
  const name = nameOf("organizations", id);
  const isStaff = grantsOf(person, Role.NETWORK_ADMIN, Role.NETWORK_EDITOR).length > 0;
  if (name === undefined || !(isStaff || ownOrganizations(person).includes(name))) {
    throw new NoSuchPage();
  }
  return upstream.lagnet.organizations.getOrganization({ name }, asPerson(person));
}
