import { type Timestamp, timestampDate } from "@bufbuild/protobuf/wkt";
import type { FastifyReply, FastifyRequest } from "fastify";
import { browserNetwork } from "../serving/browser_network.js";
import type { Site } from "../serving/site.js";
import { Cookie } from "../signed_in/cookie.js";
import { ownPath } from "../signed_in/own_path.js";

/** A sign-in that a browser has begun. */
export interface Attempt {
  /** What the server ties link and code to. */
  readonly id: string;

  /** The page to go to afterwards, if not the desk. */
  readonly to: string | undefined;
}

/** The cookie that keeps the attempt, with where it leads. */
export class AttemptCookie {
  readonly #cookie: Cookie;

  constructor(url: string) {
    this.#cookie = new Cookie("sign_in", url);
  }

  read(request: FastifyRequest): Attempt | undefined {
    const [id, to = ""] = this.#cookie.read(request)?.split(" ") ?? [];
    return id ? { id, to: ownPath(to) } : undefined;
  }

  set(reply: FastifyReply, { id, to }: Attempt, expires: Timestamp | undefined): void {
    this.#cookie.set(reply, `${id} ${to ?? ""}`, expires ? timestampDate(expires) : new Date(0));
  }

  clear(reply: FastifyReply): void {
    this.#cookie.clear(reply);
  }
}

/** Has a link and a code sent to an address, and leads to the page that asks
 * for them: the same one whether or not an account has the address. */
export async function startSignIn(
  { upstream, reader, url }: Site,
  request: FastifyRequest,
  reply: FastifyReply,
  { email, requestId, to }: { email: string; requestId: string; to: string | undefined },
): Promise<FastifyReply> {
  const { attempt, expireTime } = await upstream.lagnet.sessions.startSignIn({
    email,
    language: reader.language,
    browserNetwork: browserNetwork(request.ip),
    requestId,
  });
  new AttemptCookie(url).set(reply, { id: attempt, to }, expireTime);
  return reply.header("cache-control", "no-store").redirect(reader.to("/sign-in/sent"), 303);
}
