import { readFileSync } from "node:fs";
import type { ConnectOptions } from "@lagnet/client";

/** What the environment says. */
export interface Config {
  /** How the lagnet server is reached. */
  readonly server: ConnectOptions;

  /** The same for callers of the API: without the gateway's key, and as they
   * ask for it. */
  readonly callers: ConnectOptions;

  /** Sites whose pages may call the API: `https://lag.example.org`. */
  readonly corsOrigins: readonly string[];

  /** Where pages are served. */
  readonly host: string;
  readonly port: number;

  /** The origin under which people see the pages, without a slash at its end:
   * `https://visits.example.org`. Forms are taken from there only. */
  readonly url: string;

  /** How many proxies of ours stand before the pages: each adds the address of
   * whoever called it. */
  readonly proxies: number;

  /** The user to become once all is read, when started as root. */
  readonly user: string;
}

const DEFAULT_LISTEN = "127.0.0.1:7380";

/** Throws an Error with a sentence for the operator if a setting is wrong. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const [host, port] = readListen(env["LAGNET_WEB_LISTEN"] ?? DEFAULT_LISTEN);
  const server = readServer(env);
  return {
    server,
    callers: forCallers(server),
    corsOrigins: readOrigins(env["LAGNET_WEB_CORS_ORIGINS"] ?? ""),
    host,
    port,
    url: readUrl(env["LAGNET_WEB_URL"] ?? `http://${env["LAGNET_WEB_LISTEN"] ?? DEFAULT_LISTEN}`),
    proxies: readCount(env["LAGNET_WEB_TRUST_PROXY"] ?? "0"),
    user: env["LAGNET_WEB_USER"] ?? "",
  };
}

function readListen(text: string): [string, number] {
  const parts = /^(\[[0-9a-f:.]+\]|[^:[\]]+):(\d{1,5})$/i.exec(text);
  if (!parts) throw new Error(`LAGNET_WEB_LISTEN is HOST:PORT, and not ${text}`);
  return [(parts[1] as string).replace(/^\[|\]$/g, ""), Number(parts[2])];
}

function readUrl(text: string): string {
  const origin = originOf(text);
  if (origin) return origin;
  throw new Error(`LAGNET_WEB_URL is the public address without a path, and not ${text}`);
}

function readOrigins(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean).map((word) => {
    const origin = originOf(word);
    if (origin) return origin;
    throw new Error(`LAGNET_WEB_CORS_ORIGINS are addresses without a path, and not ${word}`);
  });
}

function originOf(text: string): string | undefined {
  let url: URL | undefined;
  try {
    url = new URL(text);
  } catch {
    return undefined;
  }
  const isOrigin = /^https?:$/.test(url.protocol) && url.pathname === "/" && url.search === "";
  return isOrigin ? url.origin : undefined;
}

function forCallers({ key: _, ...server }: ConnectOptions): ConnectOptions {
  // As long as the server itself takes: programs wait, unless they say otherwise.
  return { ...server, timeoutMs: 30_000, fillRequestIds: false };
}

function readCount(text: string): number {
  if (/^\d$/.test(text)) return Number(text);
  throw new Error(`LAGNET_WEB_TRUST_PROXY is how many proxies stand before it, and not ${text}`);
}

function readServer(env: NodeJS.ProcessEnv): ConnectOptions {
  const ca = readFile(env, "LAGNET_TLS_CA");
  const cert = readFile(env, "LAGNET_TLS_CERT");
  const certKey = readFile(env, "LAGNET_TLS_KEY");
  const key = readFile(env, "LAGNET_KEY_FILE");
  return {
    address: env["LAGNET_SERVER"] ?? "127.0.0.1:7300",
    ...(key !== undefined && { key }),
    ...((ca ?? cert ?? certKey) !== undefined && {
      tls: {
        ...(ca !== undefined && { ca }),
        ...(cert !== undefined && { cert }),
        ...(certKey !== undefined && { key: certKey }),
      },
    }),
    ...(env["LAGNET_INSECURE"] === "1" && { insecure: true }),
    // A person waits for the page: better to be told soon.
    timeoutMs: 10_000,
    reconnectMs: 3_000,
  };
}

function readFile(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const path = env[name];
  if (path === undefined || path === "") return undefined;
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`);
  }
}
