import type { Network } from "@lagnet/client/directory/v1/networks_pb.js";
import type { Organization } from "@lagnet/client/directory/v1/organizations_pb.js";
import { Role } from "@lagnet/client/options/v1/options_pb.js";
import type { FastifyRequest } from "fastify";
import { NoSuchPage } from "../serving/failures.js";
import { idOf } from "../serving/names.js";
import type { Site } from "../serving/site.js";
import { asPerson, grantsOf, isStaff, type Person, personOf } from "../signed_in/person.js";

/** Somebody who runs visits or a network, and over what. What a button does, the
 * server allows or not: this is for what is worth to be shown. */
export interface Staff {
  readonly person: Person;

  /** What a call is made with in their name. */
  readonly call: ReturnType<typeof asPerson>;

  /** The networks whose directory and visits they keep, by name. */
  readonly networks: readonly Network[];

  /** Those of them whose accounts they keep, too. */
  readonly administered: readonly Network[];

  /** The organisations whose visits they run, by name. */
  readonly hosts: readonly Organization[];
}

/** Throws `NoSuchPage` for who has no such role. */
export async function staffOf(
  request: FastifyRequest, { upstream, reader }: Site,
): Promise<Staff> {
  const person = personOf(request);
  if (!isStaff(person)) throw new NoSuchPage();
  const [networks, hosts] = await Promise.all([
    upstream.networks(),
    upstream.organizations(
      grantsOf(person, Role.HOST_COORDINATOR).map(({ organization }) => organization),
    ),
  ]);
  const over = (...roles: Role[]) => {
    const grants = grantsOf(person, ...roles);
    // Without a network: over all of them.
    const all = grants.some(({ network, organization }) => !network && !organization);
    const held = [...networks.values()].filter(({ name }) =>
      all || grants.some(({ network }) => network === name));
    return reader.sorted(held, ({ displayName }) => reader.pick(displayName).text);
  };
  return {
    person,
    call: asPerson(person),
    networks: over(Role.NETWORK_ADMIN, Role.NETWORK_EDITOR),
    administered: over(Role.NETWORK_ADMIN),
    hosts: reader.sorted([...hosts.values()], ({ displayName }) => reader.pick(displayName).text),
  };
}

/** A network or an organisation whose visits are listed. */
export interface Scope {
  readonly network: string;
  readonly host: string;

  /** As it stands in an address. */
  readonly query: string;
  readonly of: Network | Organization;
}

export function scopesOf({ networks, hosts }: Staff): Scope[] {
  return [
    ...networks.map((of) => ({
      network: of.name, host: "", query: `network=${idOf(of.name)}`, of,
    })),
    ...hosts.map((of) => ({ network: "", host: of.name, query: `host=${idOf(of.name)}`, of })),
  ];
}

/** The one that an address asks for, else the first. */
export function scopeOf(staff: Staff, query: { network?: string; host?: string }): Scope {
  const scopes = scopesOf(staff);
  const asked = query.network ? `network=${query.network}` : `host=${query.host}`;
  const scope = scopes.find((one) => one.query === asked) ?? scopes[0];
  if (!scope) throw new NoSuchPage();
  return scope;
}

/** The network that an address asks for, of those whose directory they keep. */
export function networkOf(staff: Staff, query: { network?: string }): Network {
  const network = staff.networks.find(({ name }) => idOf(name) === query.network) ??
    staff.networks[0];
  if (!network) throw new NoSuchPage();
  return network;
}
