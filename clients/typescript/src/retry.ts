import { MethodOptions_IdempotencyLevel as Idempotency } from "@bufbuild/protobuf/wkt";
import { Code, type Interceptor, type UnaryRequest, type UnaryResponse } from "@connectrpc/connect";
import { LagnetError } from "./error.js";
import { Backoff, sleep } from "./pause.js";
import { hasRequestId } from "./request_id.js";

/** What the retries need to know of the connection. */
export interface Link {
  /** Connects if need be. Returns whether there is a connection. */
  connect(): Promise<boolean>;

  /** How long a cut call waits for a connection before it is given up. */
  readonly reconnectMs: number;

  /** Whether the client was closed: its calls end. */
  readonly closed: boolean;
}

// As many as gRPC's own policy in the other clients.
const TRIES = 4;
const LONGEST_PAUSE_MS = 2_000;

/** Tries calls again that end in a way that may pass, four times in all, as
 * clients/cpp/lagnet does: those that were cut or cancelled by a server that
 * stops, once there is a connection again, and those that the server asks to
 * repeat after a delay. All tries of a call share its deadline and its
 * `request_id`, so that it takes effect once; calls that have none and change
 * something are not repeated. Streams are left to watch(). */
export function retrying(link: Link): Interceptor {
  const throttle = new Throttle();
  return (next) => (request) =>
    request.stream ? next(request) : repeat(request, next as Send, link, throttle);
}

type Send = (request: UnaryRequest) => Promise<UnaryResponse>;

async function repeat(request: UnaryRequest, send: Send, link: Link, throttle: Throttle) {
  const deadline = deadlineOf(request);
  const backoff = new Backoff(100, LONGEST_PAUSE_MS);
  for (let tries = 1; ; ++tries) {
    try {
      sendTimeLeft(request, deadline);
      const response = await send(request);
      throttle.succeeded();
      return response;
    } catch (thrown) {
      const error = LagnetError.decode(thrown, request.signal);
      const delay = request.signal.aborted || link.closed ? undefined : retryDelay(error);
      const allowed = throttle.allows(error) && tries < TRIES && isRepeatable(request);
      if (delay === undefined || !allowed) throw error;
      const pause = backoff.next(delay);
      if (Date.now() + pause >= deadline) throw error;
      if (!(await sleep(pause, request.signal))) throw error;
      if (!error.answered && !(await reconnected(link, deadline, request.signal))) throw error;
    }
  }
}

/** How long to wait at least before the same request, with the same request
 * id, is sent again, in milliseconds. Undefined: the error stands. */
export function retryDelay(error: LagnetError): number | undefined {
  switch (error.code) {
    case Code.Unavailable:
    case Code.Canceled:
      // Without a reason the connection broke, or the server was stopping and
      // had not begun the call (grpc/grpc#41785).
      return error.reason === undefined ? (error.retryDelayMs ?? 0) : error.retryDelayMs;
    case Code.Aborted:
    case Code.ResourceExhausted:
      return error.retryDelayMs;
    case Code.Unknown:
      return error.reason === "COMMIT_IN_DOUBT" ? (error.retryDelayMs ?? 0) : undefined;
    default:
      return undefined;
  }
}

function isRepeatable({ method }: UnaryRequest): boolean {
  return method.idempotency === Idempotency.NO_SIDE_EFFECTS || hasRequestId(method.input);
}

async function reconnected(link: Link, deadline: number, signal: AbortSignal): Promise<boolean> {
  const giveUp = Math.min(Date.now() + link.reconnectMs, deadline);
  for (;;) {
    if (link.closed) return false;
    if (await link.connect()) return true;
    if (Date.now() + 100 >= giveUp || !(await sleep(100, signal))) return false;
  }
}

// The transport writes the whole time of a call into its header and ends it
// itself when that is up. The header is where an interceptor can read it.
const TIMEOUT = "grpc-timeout";

function deadlineOf({ header }: UnaryRequest): number {
  const timeout = /^(\d+)m$/.exec(header.get(TIMEOUT) ?? "");
  return timeout ? Date.now() + Number(timeout[1]) : Infinity;
}

// A later try has less time than the first.
function sendTimeLeft({ header }: UnaryRequest, deadline: number): void {
  if (deadline === Infinity) return;
  header.set(TIMEOUT, `${Math.max(1, Math.round(deadline - Date.now()))}m`);
}

/** Stops retries where a server refuses most calls, so that it does not get
 * four times as many: gRPC's `retryThrottling` with 100 tokens. A server that
 * is restarted is none of that. */
class Throttle {
  #tokens = 100;

  succeeded(): void {
    this.#tokens = Math.min(100, this.#tokens + 0.1);
  }

  allows(error: LagnetError): boolean {
    const goesAway = error.code === Code.Canceled || error.reason === "STOPPING";
    const refused = error.answered && !goesAway;
    if (refused && retryDelay(error) !== undefined) this.#tokens = Math.max(0, this.#tokens - 1);
    return !refused || this.#tokens > 50;
  }
}
