import { type CallOptions, Code, ConnectError } from "@connectrpc/connect";
import { LagnetError } from "./error.js";
import { Backoff, sleep } from "./pause.js";

/** How a watch behaves when something happens to it. The callbacks run while
 * the caller waits for the next response. */
export interface WatchOptions {
  /** Ends the watch: the loop over it ends without an error. */
  signal?: AbortSignal;

  /** Sent with the call, such as an `authorization` of its own. */
  headers?: NonNullable<CallOptions["headers"]>;

  /** The stream broke off for this reason and is taken up again after the
   * pause. Returns whether to go on; without it the watch always does. */
  onInterruption?: (error: LagnetError, pauseMs: number) => boolean;

  /** What was delivered so far no longer counts: the current state follows
   * from its beginning. Happens when the stream broke off before the state was
   * complete, and when the server was restored or upgraded. */
  onRestart?: () => void;
}

// What the watches of all capabilities have in common.
interface WatchRequest {
  resumeToken?: string;
  heartbeatInterval?: { seconds?: bigint; nanos?: number } | undefined;
}
interface WatchResponse {
  caughtUp: boolean;
  resumeToken: string;
  version?: bigint;
  signUps?: unknown[];
}

/** A method of a service's client that streams. */
export type WatchMethod<Request, Response> = (
  request: Request,
  options?: CallOptions,
) => AsyncIterable<Response>;

/** Watches until `signal` aborts, the loop over it is left, or the server
 * refuses the watch (its LagnetError is thrown).
 *
 *     const { watchSignUps } = lagnet.signUps;
 *     for await (const { signUps } of watch(watchSignUps, { parent })) …
 *
 * First comes the current state, the last response of it with `caughtUp`, then
 * each change. A stream that is cut, overrun or silent is taken up again with
 * the last resume token: nothing is missed, and no decision on sign-ups comes
 * twice. Heartbeats (responses without content) are delivered too. */
export async function* watch<Request extends WatchRequest, Response extends WatchResponse>(
  method: WatchMethod<Request, Response>,
  request: Request,
  options: WatchOptions = {},
): AsyncGenerator<Response, void, undefined> {
  const { signal } = options;
  const place = new Place(request.resumeToken ?? "");
  const backoff = new Backoff();
  while (!signal?.aborted) {
    const attempt = new Attempt(signal, patienceMs(request));
    let error: LagnetError;
    try {
      const from = { ...request, resumeToken: place.token };
      const stream = method(from, {
        signal: attempt.signal,
        ...(options.headers && { headers: options.headers }),
      });
      for await (const response of attempt.read(stream)) {
        backoff.reset();
        if (place.take(response)) yield response;
      }
      error = LagnetError.decode(new ConnectError("the stream ended", Code.Unavailable));
    } catch (thrown) {
      error = LagnetError.decode(thrown);
    } finally {
      attempt.end();
    }
    if (signal?.aborted) return;
    if (!resumes(error)) throw error;
    if (place.lose(error)) options.onRestart?.();
    const pause = backoff.next(error.retryDelayMs);
    if (options.onInterruption?.(error, pause) === false) throw error;
    await sleep(pause, signal);
  }
}

/** Where a watch stands, over all its streams. */
export class Place {
  #token: string;
  #caughtUp: boolean;
  #delivered = false;
  #version = 0n;

  constructor(token: string) {
    this.#token = token;
    this.#caughtUp = token !== "";
  }

  /** What the next stream starts from. */
  get token(): string {
    return this.#token;
  }

  /** Moves on. Returns whether the response is news. */
  take(response: WatchResponse): boolean {
    const partOfState = !this.#caughtUp;
    this.#caughtUp ||= response.caughtUp;
    // Within the state a token would skip the rest of it.
    if (this.#caughtUp && response.resumeToken !== "") this.#token = response.resumeToken;
    if (this.#isRepeat(response, partOfState)) return false;
    this.#delivered = true;
    return true;
  }

  /** The stream ended like this. Returns whether what was delivered no longer
   * counts. */
  lose(error: LagnetError): boolean {
    if (error.reason !== "RESUME_TOKEN_EXPIRED" && this.#caughtUp) return false;
    const delivered = this.#delivered;
    this.#token = "";
    this.#caughtUp = false;
    this.#delivered = false;
    this.#version = 0n;
    return delivered;
  }

  // Whether it is a decision that came before. Responses without a version
  // never are.
  #isRepeat({ version, signUps }: WatchResponse, partOfState: boolean): boolean {
    if (!version || !signUps?.length) return false;
    if (!partOfState && version <= this.#version) return true;
    if (version > this.#version) this.#version = version;
    return false;
  }
}

/** The longest silence between two responses that is not a broken connection,
 * for the heartbeat that the request asks for. */
export function patienceMs({ heartbeatInterval }: WatchRequest): number {
  const heartbeat = Number(heartbeatInterval?.seconds ?? 0n) || 30; // The server's own.
  return 1000 * (2 * heartbeat + 10);
}

/** Whether a watch that ended like this goes on by calling again. */
export function resumes(error: LagnetError): boolean {
  switch (error.code) {
    case Code.InvalidArgument:
    case Code.NotFound:
    case Code.PermissionDenied:
    case Code.Unauthenticated:
    case Code.FailedPrecondition:
    case Code.Unimplemented:
    case Code.AlreadyExists:
      return false;
    case Code.OutOfRange:
      return error.reason === "RESUME_TOKEN_EXPIRED";
    default:
      // Whatever else ends a stream, an orderly end included, is the server
      // or the way to it going away.
      return true;
  }
}

/** One stream of a watch, which ends when the caller's signal aborts or when
 * the server has been silent for too long. */
class Attempt {
  readonly #controller = new AbortController();
  readonly #onAbort = () => this.#controller.abort();

  constructor(
    private readonly outer: AbortSignal | undefined,
    private readonly patience: number,
  ) {
    outer?.addEventListener("abort", this.#onAbort);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The server has `patience` to say something; the caller as long as it
   * takes. */
  async *read<Response>(stream: AsyncIterable<Response>): AsyncGenerator<Response> {
    const responses = stream[Symbol.asyncIterator]();
    for (;;) {
      const timer = setTimeout(() => this.#controller.abort(SILENT), this.patience);
      const { done, value } = await responses.next().finally(() => clearTimeout(timer));
      if (done) return;
      yield value;
    }
  }

  /** Cancels the call if it is still open: to leave a loop over a stream does
   * not. */
  end(): void {
    this.outer?.removeEventListener("abort", this.#onAbort);
    this.#controller.abort();
  }
}

const SILENT = new ConnectError("the server was silent for too long", Code.Unavailable);
