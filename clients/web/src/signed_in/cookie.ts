import { parseCookie, stringifySetCookie } from "cookie";
import type { FastifyReply, FastifyRequest } from "fastify";

// No longer value is ever set.
const LONGEST = 1_000;

/** A cookie of ours. No script reads it, and no other site sends it with a
 * form. */
export class Cookie {
  readonly #name: string;
  readonly #options: { httpOnly: true; secure: boolean; sameSite: "lax"; path: "/" };

  /** `url` is the origin that people see. */
  constructor(name: string, url: string) {
    const secure = url.startsWith("https:");
    // With the prefix, no other host of the domain can set it. Browsers take it
    // over HTTPS only.
    this.#name = `${secure ? "__Host-" : ""}lagnet_${name}`;
    this.#options = { httpOnly: true, secure, sameSite: "lax", path: "/" };
  }

  read({ headers }: FastifyRequest): string | undefined {
    const value = parseCookie(headers.cookie ?? "")[this.#name];
    return value && value.length <= LONGEST ? value : undefined;
  }

  set(reply: FastifyReply, value: string, expires: Date): void {
    reply.header("set-cookie", stringifySetCookie(this.#name, value, {
      ...this.#options, expires,
    }));
  }

  clear(reply: FastifyReply): void {
    this.set(reply, "", new Date(0));
  }
}
