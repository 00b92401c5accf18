import { type DescMessage, fromBinary, type MessageShape } from "@bufbuild/protobuf";
import { durationMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  LocalizedMessageSchema,
  RetryInfoSchema,
} from "./generated/google/rpc/error_details_pb.js";
import type { Status } from "./generated/google/rpc/status_pb.js";
import { REASONS } from "./generated/reasons.js";

export { REASONS };

/** A constant that says why a call failed; docs/api/errors.md tells of each. */
export type Reason = (typeof REASONS)[number];

/** A field of the request that is wrong. */
export interface FieldViolation {
  /** For example `study_visit.title`. */
  field: string;
  description: string;
}

/** What a failed call says, for programs. Every call of this package that
 * fails throws one.
 *
 * A gateway can throw it on to its own caller as it is: it keeps the details,
 * and of the metadata only what is lagnet's. (The headers of one transport
 * break the answer of another: connectrpc/connect-es#1604.)
 */
export class LagnetError extends ConnectError {
  /** Undefined if the call failed on the way and lagnet itself said nothing. A
   * newer server may give reasons that this type does not know yet. */
  readonly reason: Reason | undefined;

  /** What the message mentions, so that nobody has to parse it. */
  readonly info: Readonly<Record<string, string>>;

  /** Every wrong field; set with the reason `INVALID_FIELDS`. */
  readonly fields: readonly FieldViolation[];

  /** The message in the language of the person who reads it, if there is one. */
  readonly localized: { locale: string; message: string } | undefined;

  /** How long to wait at least before another try, in milliseconds. Undefined:
   * trying again does not help. */
  readonly retryDelayMs: number | undefined;

  /** Stands in the server's log. */
  readonly callId: string | undefined;

  /** The `request_id` that the call was sent with: a repeat with the same one
   * is safe, however the first one ended. Undefined if it changes nothing. */
  requestId: string | undefined;

  /** Whether a server answered. If none did, a change may or may not have
   * happened. */
  readonly answered: boolean;

  private constructor(error: ConnectError, code: Code, answered: boolean) {
    // The transport's own words tell addresses that are nobody's business.
    const isCut = !answered && code === Code.Unavailable;
    super(
      isCut ? "the server cannot be reached" : error.rawMessage,
      code,
      ownMetadata(error.metadata),
      undefined,
      error.cause ?? (isCut ? error : undefined),
    );
    this.details = error.details;
    const info = detail(error, ErrorInfoSchema);
    this.reason = info?.domain === "lagnet" ? (info.reason as Reason) : undefined;
    this.info = info?.metadata ?? {};
    this.fields = (detail(error, BadRequestSchema)?.fieldViolations ?? []).map(
      ({ field, description }) => ({ field, description }),
    );
    const localized = detail(error, LocalizedMessageSchema);
    this.localized = localized && { locale: localized.locale, message: localized.message };
    this.retryDelayMs = retryDelayMs(error);
    this.callId = error.metadata.get("lagnet-call-id") ?? undefined;
    this.answered = answered;
  }

  /** Decodes whatever a call has thrown; `signal` is what may have ended it. */
  static decode(thrown: unknown, signal?: AbortSignal): LagnetError {
    if (thrown instanceof LagnetError) return thrown;
    const error = ConnectError.from(thrown);
    const answered = error.metadata.has("grpc-status");
    const asked = answered || signal?.aborted || isAbort(thrown);
    return new LagnetError(error, asked ? error.code : codeOnTheWay(error), answered);
  }

  // ConnectError's own takes every ConnectError, and knows one by its name:
  // `name` stays as it is.
  static override [Symbol.hasInstance](value: unknown): boolean {
    return Object.prototype.isPrototypeOf.call(LagnetError.prototype, value as object);
  }

  /** Decodes the answer to one item of a batch. */
  static ofStatus(status: Status): LagnetError {
    const error = new ConnectError(status.message, status.code);
    error.details = status.details.map(({ typeUrl, value }) => ({
      type: typeUrl.slice(typeUrl.lastIndexOf("/") + 1),
      value,
    }));
    return new LagnetError(error, error.code, true);
  }
}

/** Why a call failed, or undefined if lagnet did not say:
 *
 *     catch (error) { if (reasonOf(error) === "SIGN_UP_CLOSED") … }
 */
export function reasonOf(error: unknown): Reason | undefined {
  return error instanceof ConnectError ? LagnetError.decode(error).reason : undefined;
}

function detail<Desc extends DescMessage>(
  error: ConnectError,
  schema: Desc,
): MessageShape<Desc> | undefined {
  for (const one of error.details) {
    if (!("type" in one) || one.type !== schema.typeName) continue;
    try {
      return fromBinary(schema, one.value);
    } catch {
      return undefined; // Whatever it is, it is not ours.
    }
  }
  return undefined;
}

function retryDelayMs(error: ConnectError): number | undefined {
  const info = detail(error, RetryInfoSchema);
  if (info?.retryDelay) return durationMs(info.retryDelay);
  // What gRPC's own retries go by, should a proxy have dropped the details.
  const pushback = error.metadata.get("grpc-retry-pushback-ms");
  return pushback !== null && /^\d+$/.test(pushback) ? Number(pushback) : undefined;
}

function ownMetadata(metadata: Headers): Headers {
  const own = new Headers();
  metadata.forEach((value, key) => {
    if (key.startsWith("lagnet-")) own.set(key, value);
  });
  return own;
}

// Codes that the transport gives when the connection breaks, or cannot be made.
// It has several for the same thing, such as ABORTED for ECONNRESET, which is
// what lagnet answers when two callers change the same thing.
const CUT = [Code.Unavailable, Code.Aborted, Code.Canceled];

// What says that the bytes stopped, in an error that is INTERNAL otherwise.
const STOPPED = /missing status|missing output message|completed early|premature|stream closed/i;

function codeOnTheWay(error: ConnectError): Code {
  if (CUT.includes(error.code)) return Code.Unavailable;
  if (error.code !== Code.Internal && error.code !== Code.Unknown) return error.code;
  return isSystemError(error.cause) || STOPPED.test(error.rawMessage)
    ? Code.Unavailable
    : error.code;
}

// Of the connection, not of the server's certificate: those do not pass.
function isSystemError(cause: unknown): boolean {
  const code = (cause as { code?: unknown } | undefined)?.code;
  return typeof code === "string" && /^(E[A-Z]+|ERR_HTTP2_\w+|ERR_STREAM_\w+)$/.test(code);
}

function isAbort(thrown: unknown): boolean {
  return (thrown as { name?: unknown } | undefined)?.name === "AbortError";
}
