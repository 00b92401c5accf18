import type { Account, Grant } from "@lagnet/client/access/v1/accounts_pb.js";
import { Role } from "@lagnet/client/options/v1/options_pb.js";
import type { FastifyRequest } from "fastify";
import type { Upstream } from "../serving/upstream.js";
import { Cookie } from "./cookie.js";

/** Somebody who is signed in. */
export interface Person {
  /** The token of the session: what proves the person to the server. */
  readonly session: string;
  readonly account: Account | undefined;

  /** What the person may do now. */
  readonly grants: readonly Grant[];
}

declare module "fastify" {
  interface FastifyRequest {
    person: Person | null;
  }
}

/** The cookie with the token of the session. */
export function sessionCookie(url: string): Cookie {
  return new Cookie("session", url);
}

/** The session that a browser sends; undefined if it sends none. Whether it is
 * true, the server says. */
export function sessionOf(request: FastifyRequest, cookie: Cookie): string | undefined {
  const token = cookie.read(request);
  return token !== undefined && /^[\w.~+/=-]+$/.test(token) ? token : undefined;
}

/** What a call is made with in a person's name: never the gateway's key. */
export function asPerson(
  { session }: Pick<Person, "session">,
): { headers: { authorization: string } } {
  return { headers: { authorization: `Bearer ${session}` } };
}

/** Asks the server who that is: each time, so that who signed out or lost a
 * role is told so at once. */
export async function readPerson(upstream: Upstream, session: string): Promise<Person> {
  const { account, grants } = await upstream.lagnet.accounts.getCaller({}, asPerson({ session }));
  return { session, account, grants };
}

/** Who asks for a page that only those see who are signed in. */
export function personOf({ person }: FastifyRequest): Person {
  if (!person) throw new Error("the route is not guarded");
  return person;
}

/** The grants of any of these roles. */
export function grantsOf({ grants }: Person, ...roles: Role[]): Grant[] {
  return grants.filter(({ role }) => roles.includes(role));
}

/** Whether a desk is of use to somebody: to all but staff who speak for no
 * organisation. */
export function hasDesk(person: Person): boolean {
  return !isStaff(person) || grantsOf(person, Role.LAG_MANAGER).length > 0;
}

/** Whether the console is of use to somebody. */
export function isStaff(person: Person): boolean {
  return grantsOf(person, Role.NETWORK_ADMIN, Role.NETWORK_EDITOR, Role.HOST_COORDINATOR)
    .length > 0;
}
