import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout } from "node:timers/promises";
import type { FastifyInstance } from "fastify";

// Longer than a call to the server takes, mostly.
const LONGEST_MS = 5_000;

/** Lets what was asked for be answered before connections are cut: whoever sent
 * a form would not know whether it was taken. An answer that has begun and has
 * no end, as of a page that shows free seats, is not waited for. */
export function answerBeforeClosing(app: FastifyInstance): void {
  const open = new Set<ServerResponse>();
  app.addHook("onRequest", (_, { raw }, done) => {
    open.add(raw);
    raw.once("close", () => open.delete(raw));
    done();
  });
  app.addHook("preClose", async () => {
    const asked = [...open].filter(({ headersSent, destroyed }) => !headersSent && !destroyed);
    const answered = Promise.all(asked.map((response) => once(response, "close")));
    await Promise.race([answered, setTimeout(LONGEST_MS, undefined, { ref: false })]);
  });
}
