import { LagnetError } from "@lagnet/client";
import { Code, ConnectError } from "@connectrpc/connect";
import type { FastifyReply, FastifyRequest } from "fastify";
import { isLanguage, LANGUAGES, type Language, preferred } from "../reading/language.js";
import type { Key } from "../reading/messages.js";
import { Reader } from "../reading/reader.js";
import { html } from "./layout.js";
import { logFailure } from "./log.js";
import { ForeignForm } from "./safety.js";

/** Thrown where an address leads nowhere. */
export class NoSuchPage extends Error {
  override readonly name = "NoSuchPage";
}

/** Thrown where a link led somewhere once, or is not whole. */
export class EndedLink extends Error {
  override readonly name = "EndedLink";
}

/** The kinds of pages that nobody wants to see. */
type Trouble = "gone" | "ended" | "broken" | "away" | "foreign" | "large";

const PAGES: Readonly<Record<Trouble, { status: number; title: Key; text: Key }>> = {
  gone: { status: 404, title: "trouble.gone.title", text: "trouble.gone.text" },
  ended: { status: 404, title: "trouble.ended.title", text: "trouble.ended.text" },
  broken: { status: 500, title: "trouble.broken.title", text: "trouble.broken.text" },
  away: { status: 503, title: "trouble.away.title", text: "trouble.away.text" },
  foreign: { status: 403, title: "trouble.foreign.title", text: "trouble.foreign.text" },
  large: { status: 413, title: "trouble.large.title", text: "trouble.large.text" },
};

/** How long browsers are to wait for a server that is away. */
export const RETRY_SECONDS = "10";

const AWAY = [
  Code.Unavailable, Code.DeadlineExceeded, Code.ResourceExhausted, Code.Aborted, Code.Canceled,
];
// Who asks for what there is not, or for what is not for everybody, hears the
// same.
const GONE = [Code.NotFound, Code.PermissionDenied, Code.InvalidArgument];

function troubleOf(error: unknown): Trouble {
  if (error instanceof NoSuchPage) return "gone";
  if (error instanceof EndedLink) return "ended";
  if (error instanceof ForeignForm) return "foreign";
  if (error instanceof ConnectError) {
    const { code } = LagnetError.decode(error);
    if (AWAY.includes(code)) return "away";
    if (GONE.includes(code)) return "gone";
  }
  const status = (error as { statusCode?: number }).statusCode;
  if (status === 413) return "large";
  if (status !== undefined && status >= 400 && status < 500) return "gone";
  return "broken";
}

// What somebody else changed meanwhile, and what took all the time that there is,
// fails again if it is sent again as it is.
const LASTING = ["ETAG_MISMATCH", "LOTTERY_UNFINISHED"];

/** Whether a call failed for a reason that passes by itself. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof ConnectError)) return false;
  const { code, reason } = LagnetError.decode(error);
  return AWAY.includes(code) && !LASTING.includes(reason ?? "");
}

export async function answerFailure(
  error: unknown, request: FastifyRequest, reply: FastifyReply,
): Promise<string> {
  const trouble = troubleOf(error);
  if (trouble === "broken") logFailure(error as Error, request.routeOptions.url);
  const { status, title, text } = PAGES[trouble];
  const reader = Reader.of(languageOf(request));
  if (trouble === "away") reply.header("retry-after", RETRY_SECONDS);
  reply.code(status).header("cache-control", "no-store").type("text/html; charset=utf-8");
  return html({
    reader,
    title: reader.t(title),
    path: "",
    isPrivate: true,
    children: (
      <>
        <h1>{reader.t(title)}</h1>
        <p>{reader.t(text)}</p>
        <p><a href={reader.to("/visits")}>{reader.t("trouble.visits")}</a></p>
      </>
    ),
  });
}

/** The language that an address begins with, or that the browser asks for. */
export function languageOf({ url, headers, query }: FastifyRequest): Language {
  const first = LANGUAGES.find((language) => url === `/${language}` ||
    url.startsWith(`/${language}/`) || url.startsWith(`/${language}?`));
  const asked = (query as { lang?: unknown } | undefined)?.lang;
  return first ?? (isLanguage(asked) ? asked : preferred(headers["accept-language"]));
}
