import { createRegistry, fromBinary } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import type { LagnetError } from "@lagnet/client";
import {
  file_google_rpc_error_details as DETAILS,
} from "@lagnet/client/google/rpc/error_details_pb.js";
import type { FastifyReply } from "fastify";

/** What errors say, for writing it in JSON. */
export const ERROR_DETAILS = createRegistry(DETAILS);

/** The server's error for a caller of the API: its details can be read in JSON
 * as well, and when to try again stands where HTTP looks for it. */
export function forCallers(error: LagnetError): ConnectError {
  error.details = error.details.map((detail) => {
    if ("desc" in detail) return detail;
    const desc = ERROR_DETAILS.getMessage(detail.type);
    return desc ? { desc, value: fromBinary(desc, detail.value) } : detail;
  });
  if (error.retryDelayMs !== undefined) {
    error.metadata.set("retry-after", String(Math.ceil(error.retryDelayMs / 1000)));
  }
  return error;
}

/** What is said of what does not reach the server. */
export const REFUSALS = {
  404: ["unimplemented", "there is no such method"],
  413: ["resource_exhausted", "a message has at most 1 MiB"],
} as const;

/** Answers what Fastify itself refuses, as Connect does. */
export function refuse(reply: FastifyReply, status: number): FastifyReply {
  const [code, message] = REFUSALS[status as keyof typeof REFUSALS] ??
    [status < 500 ? "invalid_argument" : "internal", "this is no call"];
  return reply.code(status).type("application/json").send({ code, message });
}
