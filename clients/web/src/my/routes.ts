import { toJson } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { LagnetError, reasonOf } from "@lagnet/client";
import { SignUpSchema } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Language } from "../reading/language.js";
import type { Reader } from "../reading/reader.js";
import { answerFailure, isAway, NoSuchPage, RETRY_SECONDS } from "../serving/failures.js";
import { awayPage } from "../serving/kept.js";
import { type ByToken, goOn, pathOf, readerOf, sendData } from "../serving/linked.js";
import { privatePage, type Site } from "../serving/site.js";
import { emptyDraft, one } from "../sign_up/draft.js";
import { problemsOf } from "../sign_up/problems.js";
import { memberIn, substituted } from "../sign_up/substitute.js";
import { whyWaiting } from "../sign_up/why.js";
import { erasePage, handedOverPage, type Mine, signUpPage, withdrawPage } from "./page.js";
import { substitutePage } from "./substitute.js";
import { asHolder, type Link, readLink } from "./token.js";

interface ByMember extends ByToken {
  Params: { token: string; member: string };
}

// What a button does.
const VERBS = {
  verify: "verifySignUp",
  accept: "acceptSignUp",
  decline: "declineSignUp",
  withdraw: "withdrawSignUp",
  erase: "eraseSignUp",
} as const;

/** /my/TOKEN: what its holder may see and do, in the language of the browser
 * or of `lang`. Only POST changes anything: programs that read mail follow
 * links. */
export function myPages(app: FastifyInstance, { upstream }: Site): void {
  const { signUps } = upstream.lagnet;

  // Credentials are here what somebody has opened.
  app.setErrorHandler((error, request, reply) =>
    answerFailure(isForged(error) ? new NoSuchPage() : error, request, reply));

  async function read(link: Link): Promise<Mine> {
    const [signUp, visit] = await Promise.all([
      signUps.getSignUp({ name: link.signUp }, asHolder(link)),
      upstream.lagnet.visits.getStudyVisit({ name: link.visit }),
    ]);
    return { link, signUp, visit };
  }

  async function ownPage(link: Link, reader: Reader, more: Partial<Mine> = {}): Promise<string> {
    const mine = await read(link);
    const why = await whyWaiting(upstream, reader, mine.signUp, asHolder(link));
    return signUpPage(reader, { ...mine, why, ...more });
  }

  app.get<ByToken>("/my/:token", async (request, reply) =>
    privatePage(reply, await ownPage(linkOf(request), readerOf(request))));

  app.get<ByToken>("/my/:token/withdraw", async (request, reply) =>
    privatePage(reply, withdrawPage(readerOf(request), await read(linkOf(request)))));

  app.get<ByToken>("/my/:token/erase", async (request, reply) =>
    privatePage(reply, erasePage(readerOf(request), await read(linkOf(request)))));

  app.get<ByToken>("/my/:token/data.json", async (request, reply) => {
    const link = linkOf(request);
    const signUp = await signUps.getSignUp({ name: link.signUp }, asHolder(link));
    return sendData(reply, "my-sign-up.json", toJson(SignUpSchema, signUp));
  });

  for (const [path, verb] of Object.entries(VERBS)) {
    app.post<ByToken>(`/my/:token/${path}`, async (request, reply) => {
      const link = linkOf(request);
      const reader = readerOf(request);
      try {
        await signUps[verb](
          { name: link.signUp, requestId: one(request.body ?? {}, "request_id") },
          asHolder(link),
        );
      } catch (thrown) {
        const error = LagnetError.decode(thrown);
        const problem = problemsOf(error, emptyDraft(1), reader)?.[0];
        if (!problem || error.reason === "INVALID_FIELDS") throw error;
        const page = await ownPage(link, reader, { problem: problem.text });
        return privatePage(reply, page, 409);
      }
      return goOn(reply, pathOf(link, "", reader.language));
    });
  }

  app.get<ByMember>("/my/:token/members/:member", async (request, reply) => {
    const reader = readerOf(request);
    const mine = await read(linkOf(request));
    const substitute = { ...mine, member: memberIn(mine.signUp, request.params.member) };
    return privatePage(reply, await substitutePage(upstream, reader, mine, substitute));
  });

  app.post<ByMember>("/my/:token/members/:member", async (request, reply) => {
    const link = linkOf(request);
    const reader = readerOf(request);
    const isHead = request.params.member === "1";
    try {
      const refused = await substitute(link, reader, request);
      if (refused !== undefined) return privatePage(reply, refused, 422);
    } catch (thrown) {
      if (isAway(thrown)) {
        const { address } = link;
        const path = `/members/${request.params.member}`;
        const inLanguage = (language: Language) => pathOf(link, path, language);
        reply.header("retry-after", RETRY_SECONDS);
        const page = awayPage(reader, address, request.body ?? {}, { inLanguage });
        return privatePage(reply, page, 503);
      }
      // Sent twice, a form that gave the link away comes with one that has ended.
      if (!isHead || reasonOf(thrown) !== "PERMISSION_DENIED") throw thrown;
    }
    // Another head has another link, which was mailed there.
    return isHead
      ? privatePage(reply, handedOverPage(reader, link))
      : goOn(reply, pathOf(link, "", reader.language));
  });

  // The form again if the server refuses what is in it.
  async function substitute(
    link: Link, reader: Reader, { params, body = {} }: FastifyRequest<ByMember>,
  ): Promise<string | undefined> {
    const mine = await read(link);
    const substitute = { ...mine, member: memberIn(mine.signUp, params.member) };
    const typed = await substituted(upstream, reader, substitute, body, asHolder(link));
    return typed && substitutePage(upstream, reader, mine, { ...substitute, typed });
  }
}

function isForged(error: unknown): boolean {
  return error instanceof ConnectError && error.code === Code.Unauthenticated;
}

function linkOf({ params }: FastifyRequest<ByToken>): Link {
  const link = readLink(params.token);
  if (!link) throw new NoSuchPage();
  return link;
}

