import type { FastifyReply } from "fastify";
import type { Reader } from "../reading/reader.js";
import type { LiveSeats } from "../visits/live.js";
import type { PublicPages } from "./public_pages.js";
import type { Upstream } from "./upstream.js";

/** What the pages of one language are made with. */
export interface Site {
  readonly upstream: Upstream;
  readonly live: LiveSeats;
  readonly publicPages: PublicPages;
  readonly reader: Reader;

  /** The origin that people see. */
  readonly url: string;
}

/** Answers with a page that is for one person, or whose form is sent once. */
export function privatePage(reply: FastifyReply, page: string, status = 200): FastifyReply {
  return reply
    .code(status)
    .header("cache-control", "no-store")
    .type("text/html; charset=utf-8")
    .send(page);
}
