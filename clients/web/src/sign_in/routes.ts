import { timestampDate } from "@bufbuild/protobuf/wkt";
import { LagnetError } from "@lagnet/client";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Key } from "../reading/messages.js";
import type { Reader } from "../reading/reader.js";
import { nameOf } from "../serving/names.js";
import { privatePage, type Site } from "../serving/site.js";
import { asPerson, personOf, sessionCookie } from "../signed_in/person.js";
import { ownPath } from "../signed_in/own_path.js";
import { type Body, one } from "../sign_up/draft.js";
import type { Problem } from "../sign_up/problems.js";
import { AttemptCookie, startSignIn } from "./attempt.js";
import { choicePage, linkPage, otherBrowserPage, sentPage, startPage } from "./pages.js";

interface Posted {
  Body: Body | undefined;
}

const REASONS: Readonly<Record<string, Key>> = {
  INVALID_FIELDS: "field.email",
  MAIL_OFF: "sign_in.mail_off",
  REQUEST_ID_REUSED: "sign_in.again",
  TOO_MANY_LETTERS: "sign_in.too_many",
};

// A code that cannot be one is as wrong as another.
const REFUSALS = ["INVALID_FIELDS", "REQUEST_ID_REUSED", "SIGN_IN_REFUSED"];

/** /xx/sign-in: whoever reads the mailbox of an account may use it. */
export function signInPages(pages: FastifyInstance, site: Site): void {
  const { upstream, reader, url } = site;
  const attempts = new AttemptCookie(url);

  pages.get<{ Querystring: Body }>("/sign-in", async (request, reply) =>
    privatePage(reply, startPage(reader, {
      to: ownPath(one(request.query, "to")),
      isSignedOut: one(request.query, "out") !== "",
    })));

  pages.post<Posted>("/sign-in", async (request, reply) => {
    const body = request.body ?? {};
    const email = one(body, "email").trim();
    const to = ownPath(one(body, "to"));
    try {
      const requestId = one(body, "request_id");
      return await startSignIn(site, request, reply, { email, requestId, to });
    } catch (thrown) {
      const problem = problemOf(thrown, reader);
      return privatePage(reply, startPage(reader, { to, email, problems: [problem] }), 422);
    }
  });

  pages.get("/sign-in/sent", async (request, reply) =>
    privatePage(reply, attempts.read(request) ? sentPage(reader) : otherBrowserPage(reader)));

  pages.get<{ Params: { secret: string } }>("/sign-in/:secret", async (request, reply) =>
    privatePage(reply, attempts.read(request)
      ? linkPage(reader, request.params.secret)
      : otherBrowserPage(reader)));

  pages.post<Posted>("/sign-in/session", async (request, reply) => {
    const attempt = attempts.read(request);
    if (!attempt) return privatePage(reply, otherBrowserPage(reader), 403);
    const body = request.body ?? {};
    const secret = one(body, "secret").replace(/\s/g, "");
    try {
      const { token, expireTime, choices } = await upstream.lagnet.sessions.createSession({
        attempt: attempt.id,
        secret,
        account: nameOf("accounts", one(body, "account")) ?? "",
        requestId: one(body, "request_id"),
      });
      if (!token) return privatePage(reply, choicePage(reader, secret, choices));
      attempts.clear(reply);
      sessionCookie(url).set(reply, token, expireTime ? timestampDate(expireTime) : new Date(0));
      return seeOther(reply, attempt.to ?? reader.to("/desk"));
    } catch (thrown) {
      if (!REFUSALS.includes(LagnetError.decode(thrown).reason ?? "")) throw thrown;
      const problem = { field: "secret", text: reader.t("sign_in.refused") };
      return privatePage(reply, sentPage(reader, [problem]), 422);
    }
  });
}

const SIGN_OUTS = { "/sign-out": false, "/sign-out-everywhere": true };

/** What ends a session, for those who have one. */
export function signOutPages(pages: FastifyInstance, { upstream, reader, url }: Site): void {
  for (const [path, everywhere] of Object.entries(SIGN_OUTS)) {
    pages.post<Posted>(path, async (request, reply) => {
      const requestId = one(request.body ?? {}, "request_id");
      await upstream.lagnet.sessions.endSession(
        { everywhere, requestId }, asPerson(personOf(request)),
      );
      sessionCookie(url).clear(reply);
      return seeOther(reply, reader.to("/sign-in?out=1"));
    });
  }
}

function seeOther(reply: FastifyReply, path: string): FastifyReply {
  return reply.header("cache-control", "no-store").redirect(path, 303);
}

function problemOf(thrown: unknown, reader: Reader): Problem {
  const reason = LagnetError.decode(thrown).reason ?? "";
  const key = REASONS[reason];
  if (!key) throw thrown;
  return { text: reader.t(key), ...(reason === "INVALID_FIELDS" && { field: "email" }) };
}
