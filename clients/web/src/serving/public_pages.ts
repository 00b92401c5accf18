import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { negotiate } from "@fastify/accept-negotiator";
import type { FastifyReply, FastifyRequest } from "fastify";

/** How long what everybody may see is kept on the way to them. */
export const SHORTLY = "public, max-age=20, stale-while-revalidate=60";

const MOMENT_MS = 1_000;

// So many are kept; then it begins anew.
const MOST = 500;

/** How pages are compressed: at a higher quality it takes longer than it saves. */
export const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

const COMPRESS = {
  br: (page: string) => brotliCompressSync(page, BROTLI),
  gzip: (page: string) => gzipSync(page),
} as const;

type Encoding = keyof typeof COMPRESS;

export const ENCODINGS = Object.keys(COMPRESS) as Encoding[];

interface Moment {
  readonly since: number;
  readonly page: Promise<string>;
  readonly compressed: Partial<Record<Encoding, Buffer>>;
}

/** Pages that everybody may see, each made and compressed once a second at
 * most, however many look at it. Seats that are left are told to open pages at
 * once, by LiveSeats. */
export class PublicPages {
  readonly #moments = new Map<string, Moment>();

  /** Answers with the page at the request's address, which `make` makes. */
  async send(
    request: FastifyRequest, reply: FastifyReply, make: () => Promise<string>,
  ): Promise<FastifyReply> {
    const moment = this.#momentOf(request.url, make);
    const page = await moment.page;
    reply
      .header("cache-control", SHORTLY)
      .header("vary", "accept-encoding")
      .type("text/html; charset=utf-8");
    const encoding = negotiate(request.headers["accept-encoding"] ?? "", ENCODINGS);
    if (!encoding) return reply.send(page);
    moment.compressed[encoding] ??= COMPRESS[encoding](page);
    return reply.header("content-encoding", encoding).send(moment.compressed[encoding]);
  }

  #momentOf(address: string, make: () => Promise<string>): Moment {
    const now = Date.now();
    const last = this.#moments.get(address);
    if (last && now - last.since < MOMENT_MS) return last;
    if (this.#moments.size >= MOST) this.#moments.clear();
    const moment = { since: now, page: make(), compressed: {} };
    this.#moments.set(address, moment);
    // What could not be made may be there the next time.
    moment.page.catch(() => {
      if (this.#moments.get(address) === moment) this.#moments.delete(address);
    });
    return moment;
  }
}
