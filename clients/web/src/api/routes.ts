import cors from "@fastify/cors";
import { cors as CONNECT, createContextValues } from "@connectrpc/connect";
import { fastifyConnectPlugin } from "@connectrpc/connect-fastify";
import { type Lagnet, SERVICES } from "@lagnet/client";
import type { FastifyInstance } from "fastify";
import { OPENAPI_JSON } from "../openapi/file.js";
import { preferred } from "../reading/language.js";
import { logFailure } from "../serving/log.js";
import { ERROR_DETAILS, refuse } from "./failures.js";
import { forwarding } from "./forward.js";
import { saysTooLarge } from "./too_large.js";

/** The API as this gateway has it. */
export interface Api {
  /** The server, called without any credentials of the gateway's own. */
  readonly lagnet: Lagnet;

  /** Whose pages may call it from a browser, beside our own. */
  readonly origins: readonly string[];
}

/** The beginning of all its addresses. */
export const API = "/api";

// As much as the server takes.
const LONGEST_MESSAGE = 1024 * 1024;

/** /api: Connect, gRPC-Web and JSON for all services, and what describes them.
 *
 * A call is made with the caller's `authorization` and with nothing that a
 * browser sends by itself: another site gains nothing by making it. */
export async function apiRoutes(api: FastifyInstance, { lagnet, origins }: Api): Promise<void> {
  api.addHook("onRequest", async ({ headers: { host, "content-length": length } }, reply) => {
    reply.headers({ "cache-control": "no-store", vary: "Authorization" });
    // Connect would stumble over it, and log the address.
    if (!URL.canParse(`http://${host}`)) return refuse(reply, 400);
    if (Number(length) > LONGEST_MESSAGE) return refuse(reply, 413);
  });
  if (origins.length > 0) await api.register(cors, crossOrigin(origins));
  api.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const { statusCode = 500 } = error;
    if (statusCode >= 500) logFailure(error, request.routeOptions.url);
    return refuse(reply, statusCode);
  });
  api.get("/", async ({ headers }, reply) =>
    reply.redirect(`/${preferred(headers["accept-language"])}${API}`, 302));
  api.get("/openapi.json", async (_, reply) => {
    reply.header("cache-control", "public, max-age=300").type("application/json");
    return OPENAPI_JSON;
  });
  api.all("/*", async (_, reply) => refuse(reply, 404));
  await api.register(fastifyConnectPlugin, {
    grpc: false, // It needs HTTP/2, and is served by the server itself.
    readMaxBytes: LONGEST_MESSAGE,
    // Who misspells a field is told.
    jsonOptions: { ignoreUnknownFields: false, registry: ERROR_DETAILS },
    routes: (router) => {
      for (const [name, service] of Object.entries(SERVICES)) {
        router.service(service, forwarding(service, lagnet[name as keyof typeof SERVICES]));
      }
      router.handlers.forEach((handler, i, all) => (all[i] = saysTooLarge(handler)));
    },
    contextValues: () => createContextValues(),
  });
}

function crossOrigin(origins: readonly string[]) {
  const own = ["lagnet-call-id", "lagnet-revision"];
  return {
    origin: [...origins],
    methods: [...CONNECT.allowedMethods],
    allowedHeaders: [...CONNECT.allowedHeaders, "authorization", "traceparent", "lagnet-revision"],
    exposedHeaders: [...CONNECT.exposedHeaders, ...own, "retry-after"],
    maxAge: 7200,
  };
}
