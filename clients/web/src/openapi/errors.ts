import { Code } from "@connectrpc/connect";
import type { Registry } from "@bufbuild/protobuf";
import { REASONS } from "@lagnet/client";
import type { Schemas } from "./schemas.js";
import type { Answer, Schema } from "./shape.js";

const INFO = "google.rpc.ErrorInfo";
const DETAILS = [
  INFO, "google.rpc.BadRequest", "google.rpc.RetryInfo", "google.rpc.QuotaFailure",
];

/** How every call fails. */
export const FAILED: Answer = {
  description: "The call failed. The HTTP status goes with the `code`.",
  content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
};

/** The schemas of what a failed call answers. */
export function errorSchemas(registry: Registry, schemas: Schemas): Record<string, Schema> {
  const details = DETAILS.map((name) => schemas.refer(registry.getMessage(name)!));
  const info = schemas.all()[INFO]!;
  const reason = { $ref: "#/components/schemas/Reason" };
  return {
    [INFO]: { ...info, properties: { ...info.properties, reason } },
    Reason: {
      description: "Why a call failed. A newer server may give others.",
      anyOf: [{ type: "string", enum: REASONS }, { type: "string" }],
    },
    Error: {
      type: "object",
      description: "A failed call, as Connect tells of it.",
      required: ["code"],
      properties: {
        code: { type: "string", enum: codes() },
        message: { type: "string", description: "For people; may change." },
        details: {
          type: "array",
          description: "For programs. An `ErrorInfo` is among them whenever lagnet itself refused.",
          items: {
            type: "object",
            required: ["type", "value"],
            properties: {
              type: { type: "string", description: "The message, such as `google.rpc.ErrorInfo`." },
              value: { type: "string", contentEncoding: "base64", description: "Its bytes." },
              debug: { description: "The same in JSON.", anyOf: details },
            },
          },
        },
      },
    },
  };
}

// `FailedPrecondition` is `failed_precondition` in Connect's JSON.
function codes(): string[] {
  return Object.values(Code).filter((code) => typeof code === "string").map((code) =>
    code.replace(/(?!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase());
}
