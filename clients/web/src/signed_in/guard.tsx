import { Code, ConnectError } from "@connectrpc/connect";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Reader } from "../reading/reader.js";
import { answerFailure, isAway, RETRY_SECONDS } from "../serving/failures.js";
import { awayPage, keptPage } from "../serving/kept.js";
import { privatePage, type Site } from "../serving/site.js";
import { type Body, one } from "../sign_up/draft.js";
import { FORM_TOKEN, formToken, isFormToken } from "./form_token.js";
import { ownPath } from "./own_path.js";
import { type Person, readPerson, sessionCookie, sessionOf } from "./person.js";

/** Lets only those to the routes of `pages` who are signed in, and takes forms
 * only from the pages of the same session. What somebody typed whose session
 * has ended is not lost. */
export function requirePerson(pages: FastifyInstance, { upstream, reader, url }: Site): void {
  const cookie = sessionCookie(url);
  pages.decorateRequest("person", null);

  // Not before the body is there: it has the form's token.
  pages.addHook("preHandler", async (request, reply) => {
    reply.header("cache-control", "no-store");
    const session = sessionOf(request, cookie);
    if (session === undefined) return askToSignIn(reader, request, reply);
    if (isChange(request) && !isFormToken({ session }, one(bodyOf(request), FORM_TOKEN))) {
      return askToSendAgain(reader, request, reply, { session });
    }
    request.person = await readPerson(upstream, session);
  });

  pages.setErrorHandler((error, request, reply) => {
    if (isEnded(error)) {
      cookie.clear(reply);
      return askToSignIn(reader, request, reply);
    }
    if (isAway(error) && isChange(request)) {
      reply.header("retry-after", RETRY_SECONDS);
      return privatePage(reply, awayPage(reader, pathOf(request), bodyOf(request)), 503);
    }
    return answerFailure(error, request, reply);
  });
}

function isChange({ method }: FastifyRequest): boolean {
  return method !== "GET" && method !== "HEAD";
}

function isEnded(error: unknown): boolean {
  return error instanceof ConnectError && error.code === Code.Unauthenticated;
}

function bodyOf({ body }: FastifyRequest): Body {
  return (body ?? {}) as Body;
}

// Without the language.
function pathOf({ url }: FastifyRequest): string {
  return url.replace(/^\/[a-z]{2}(?=\/)/, "");
}

function askToSignIn(reader: Reader, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const body = bodyOf(request);
  const isTyped = Object.keys(body).some((name) => name !== FORM_TOKEN && name !== "request_id");
  if (isTyped) {
    return privatePage(reply, keptPage(reader, {
      path: pathOf(request),
      body,
      title: "own.ended.title",
      text: "own.ended.text",
      // Beside this page, which holds what was typed.
      children: (
        <p>
          <a href={reader.to("/sign-in")} target="_blank">{reader.t("own.ended.sign_in")}</a>
        </p>
      ),
    }), 401);
  }
  const to = isChange(request) ? undefined : ownPath(request.url);
  return reply
    .header("cache-control", "no-store")
    .redirect(reader.to(`/sign-in${to ? `?to=${encodeURIComponent(to)}` : ""}`), 303);
}

// A form from before the last sign-in, most likely. It is not done, and shown
// with the token of this session.
function askToSendAgain(
  reader: Reader, request: FastifyRequest, reply: FastifyReply, person: Pick<Person, "session">,
): FastifyReply {
  return privatePage(reply, keptPage(reader, {
    path: pathOf(request),
    body: { ...bodyOf(request), [FORM_TOKEN]: formToken(person) },
    title: "own.old_form.title",
    text: "own.old_form.text",
  }), 403);
}
