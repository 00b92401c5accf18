import type { FastifyInstance } from "fastify";

// To write is a call of the system: lines are gathered for so long.
const GATHERED_MS = 5;

let gathered = "";

function write(): void {
  process.stdout.write(gathered);
  gathered = "";
}

process.once("exit", write);

/** Writes a line of JSON. Callers give no personal data, no address that
 * somebody typed, and no token: what people do is nobody's business. */
export function log(level: "info" | "error", fields: Record<string, unknown>): void {
  const line = { time: new Date().toISOString(), level, ...fields };
  if (gathered === "") setTimeout(write, GATHERED_MS);
  gathered += `${JSON.stringify(line)}\n`;
}

/** One line for each answer, with the route's pattern and not the address: an
 * address may be the link to a sign-up. */
export function logAnswers(app: FastifyInstance): void {
  app.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.url ?? "none";
    if (route !== "/healthz") {
      log("info", {
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      });
    }
    done();
  });
}

/** What broke, without its message, which may repeat what somebody typed. */
export function logFailure(error: Error, route: string | undefined): void {
  const { name, code, reason, callId } = error as Error & Record<string, unknown>;
  const stack = error.stack?.split("\n").filter((line) => /^\s+at /.test(line)).slice(0, 8);
  log("error", { route: route ?? "none", name, code, reason, callId, stack });
}
