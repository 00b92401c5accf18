import type { SecureContextOptions } from "node:tls";
import { type Client, createClient, type Interceptor } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { calling } from "./calls.js";
import { retrying } from "./retry.js";
import { readingOwnWrites } from "./revision.js";
import { SERVICES } from "./services.js";

/** Where the server is and how the client proves who it is. */
export interface ConnectOptions {
  /** HOST:PORT. */
  address: string;

  /** The API key; white space around it, as in a file, does not count. Without
   * it calls are made as the public. */
  key?: string;

  /** PEM texts: who may have signed the server's certificate (the system's
   * authorities without it), and the client's own certificate with its key. */
  tls?: Pick<SecureContextOptions, "ca" | "cert" | "key">;

  /** Talks without TLS although the server is on another machine: whoever
   * listens on the way learns the key. On this machine TLS is used only if
   * `tls` is given. */
  insecure?: boolean;

  /** How long a call may take in all, retries included, unless the call says
   * something else. 30 seconds without it, when the server itself gives up. */
  timeoutMs?: number;

  /** How long a call that was cut waits for the server to come back, within its
   * time. 10 seconds without it: as long as a restart takes on a busy machine. */
  reconnectMs?: number;

  /** False: a `request_id` that is empty is left so, and the server refuses it.
   * For programs that pass on what others ask for. */
  fillRequestIds?: boolean;

  /** Runs around each call, outside the retries: to count, log or trace. */
  interceptors?: Interceptor[];
}

/** A client of each service, on one connection. */
export type Lagnet = {
  readonly [Name in keyof typeof SERVICES]: Client<(typeof SERVICES)[Name]>;
} & {
  /** Ends the connection and all calls and watches on it, for good. Without it the program can end
   * all the same: an idle connection keeps no program alive. */
  close(): void;
};

/** Clients for the server at `address`. Does not wait for the server: what is
 * wrong with it shows at the first call. Throws a TypeError if the options
 * contradict each other.
 *
 *     const lagnet = connect({ address: "127.0.0.1:7300", key });
 *     const visit = await lagnet.visits.getStudyVisit({ name });
 *
 * Calls fail with a LagnetError. */
export function connect(options: ConnectOptions): Lagnet {
  const url = urlOf(options);
  const session = new Http2SessionManager(url, PINGS, options.tls ?? {});
  const link = {
    connect: async () => (await session.connect()) !== "error",
    reconnectMs: options.reconnectMs ?? 10_000,
    closed: false,
  };
  const transport = createGrpcTransport({
    baseUrl: url,
    sessionManager: session,
    defaultTimeoutMs: options.timeoutMs ?? 30_000,
    interceptors: [
      ...(options.interceptors ?? []),
      retrying(link),
      readingOwnWrites(),
      identifying(options.key),
    ],
  });
  const called = calling(transport, link, options.fillRequestIds ?? true);
  const clients = Object.entries(SERVICES).map(([name, service]) => [
    name,
    createClient(service, called),
  ]);
  const close = () => {
    link.closed = true;
    session.abort();
  };
  return { ...Object.fromEntries(clients), close };
}

// A connection that died without a word is found by a ping after so long a
// silence. More often, gRPC's servers take it for an attack.
const PINGS = { pingIntervalMs: 330_000, pingTimeoutMs: 5_000 };

function urlOf({ address, tls, insecure }: ConnectOptions): string {
  if (!/^(\[[0-9a-f:.]+\]|[^:/?#@[\]]+):\d+$/i.test(address)) {
    throw new TypeError(`an address is HOST:PORT, and this is ${address}`);
  }
  if (insecure && tls) throw new TypeError("insecure means without TLS: it does not go with tls");
  if ((tls?.cert === undefined) !== (tls?.key === undefined)) {
    throw new TypeError("a client certificate and its key are given together or not at all");
  }
  const plain = insecure || (!tls && isLocal(address));
  return `${plain ? "http" : "https"}://${address}`;
}

/** Whether `address` can only be this machine. */
export function isLocal(address: string): boolean {
  const host = address.slice(0, address.lastIndexOf(":"));
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

// Whatever a call says of `authorization` itself goes before the key: a gateway
// calls for many people.
function identifying(text: string | undefined): Interceptor {
  const key = text?.trim();
  if (key !== undefined && !/^[!-~]+$/.test(key)) throw new TypeError("a key is one line of text");
  return (next) => (request) => {
    if (key !== undefined && !request.header.has("authorization")) {
      request.header.set("authorization", `Bearer ${key}`);
    }
    return next(request);
  };
}
