import type { FastifyInstance, FastifyRequest } from "fastify";
import { API } from "../api/routes.js";

/** Thrown where a form did not come from our own pages. */
export class ForeignForm extends Error {
  override readonly name = "ForeignForm";
}

const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "worker-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join("; ");

const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": POLICY,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  // Not `no-referrer`: with it browsers send `Origin: null` with our own forms,
  // and those that are too old for Sec-Fetch-Site could not be told from others.
  // No other site learns an address of ours either way.
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** Sends the headers that keep browsers from doing harm, and takes forms from
 * our own pages only. `url` is the origin that people see. */
export function keepSafe(app: FastifyInstance, url: string): void {
  const headers = url.startsWith("https:")
    ? { ...HEADERS, "strict-transport-security": "max-age=63072000; includeSubDomains" }
    : HEADERS;
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(headers);
    const isRead = request.method === "GET" || request.method === "HEAD";
    done(isRead || isCall(request) || isOwn(request, url) ? undefined : new ForeignForm());
  });
}

// The API has rules of its own, see there. By its route, not by its address.
function isCall({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url?.startsWith(`${API}/`) ?? false;
}

// Browsers say where a form was; what says nothing is no browser.
function isOwn({ headers }: FastifyRequest, url: string): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin") return false;
  const { origin } = headers;
  if (origin !== undefined && origin !== "null") return origin === url;
  if (site === "same-origin") return true;
  const { referer } = headers;
  return origin === undefined && referer !== undefined && `${referer}/`.startsWith(`${url}/`);
}
