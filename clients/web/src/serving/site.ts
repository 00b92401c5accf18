import type { FastifyReply } from "fastify";
import type { Reader } from "../reading/reader.js";
import type { LiveSeats } from "../visits/live.js";
import type { Upstream } from "./upstream.js";

/** What the pages of one language are made with. */
export interface Site {
  readonly upstream: Upstream;
  readonly live: LiveSeats;
  readonly reader: Reader;

  /** The origin that people see. */
  readonly url: string;
}

/** How long what everybody may see is kept on the way to them. */
export const SHORTLY = "public, max-age=20, stale-while-revalidate=60";

/** Answers with a page that everybody may see, and keep for a moment. */
export function publicPage(reply: FastifyReply, page: string): FastifyReply {
  return reply.header("cache-control", SHORTLY).type("text/html; charset=utf-8").send(page);
}

/** Answers with a page that is for one person, or whose form is sent once. */
export function privatePage(reply: FastifyReply, page: string, status = 200): FastifyReply {
  return reply
    .code(status)
    .header("cache-control", "no-store")
    .type("text/html; charset=utf-8")
    .send(page);
}
