import { randomUUID } from "node:crypto";
import { toJson } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { LagnetError } from "@lagnet/client";
import { PlaceSchema } from "@lagnet/client/visits/v1/places_pb.js";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { asHolder } from "../my/token.js";
import type { Language } from "../reading/language.js";
import type { Reader } from "../reading/reader.js";
import { answerFailure, EndedLink, isAway, RETRY_SECONDS } from "../serving/failures.js";
import { awayPage } from "../serving/kept.js";
import { type ByToken, goOn, pathOf, readerOf, sendData } from "../serving/linked.js";
import { privatePage, type Site } from "../serving/site.js";
import { type Body, emptyDraft, memberOf, noticeIn, one, readPerson } from
  "../sign_up/draft.js";
import { problemsOf } from "../sign_up/problems.js";
import { leavePage, LEFT, leftPage, mayFill, personPage, placePage, type Shown } from
  "./page.js";
import { type PlaceLink, readPlaceLink } from "./token.js";

// What a server says of a link that it does not know, or knows no more.
const ENDED = [Code.Unauthenticated, Code.NotFound, Code.PermissionDenied];

/** /place/TOKEN: what a member of a party may see and do, who has a link of
 * their own. As with a sign-up's link, only POST changes anything. */
export function placePages(app: FastifyInstance, { upstream }: Site): void {
  const { places, visits } = upstream.lagnet;

  app.setErrorHandler((error, request, reply) =>
    answerFailure(isEnded(error) ? new EndedLink() : error, request, reply));

  async function linkOf({ params }: FastifyRequest<ByToken>): Promise<PlaceLink> {
    const link = await readPlaceLink(upstream, params.token);
    if (!link) throw new EndedLink();
    return link;
  }

  async function read(link: PlaceLink): Promise<Shown> {
    const [place, visit] = await Promise.all([
      places.getPlace({ name: link.name }, asHolder(link)),
      visits.getStudyVisit({ name: link.visit }),
    ]);
    return { link, place, visit };
  }

  app.get<ByToken>("/place/:token", async (request, reply) => {
    const shown = await read(await linkOf(request));
    return privatePage(reply, await placePage(upstream, readerOf(request), shown));
  });

  app.post<ByToken>("/place/:token", async (request, reply) => {
    const reader = readerOf(request);
    const body = request.body ?? {};
    try {
      return await fill(await linkOf(request), body, reader, reply);
    } catch (error) {
      if (!isAway(error)) throw error;
      const address = `/place/${request.params.token}`;
      const inLanguage = (language: Language) => pathOf({ address }, "", language);
      reply.header("retry-after", RETRY_SECONDS);
      return privatePage(reply, awayPage(reader, address, body, { inLanguage }), 503);
    }
  });

  app.get<ByToken>("/place/:token/person", async (request, reply) => {
    const reader = readerOf(request);
    const shown = await read(await linkOf(request));
    return mayFill(shown.place)
      ? privatePage(reply, await personPage(upstream, reader, shown))
      : goOn(reply, pathOf(shown.link, "", reader.language));
  });

  app.get<ByToken>("/place/:token/data.json", async (request, reply) => {
    const { place } = await read(await linkOf(request));
    return sendData(reply, "my-place.json", toJson(PlaceSchema, place));
  });

  app.get<ByToken>("/place/:token/leave", async (request, reply) =>
    privatePage(reply, leavePage(readerOf(request), await read(await linkOf(request)))));

  app.post<ByToken>("/place/:token/leave", async (request, reply) => {
    const link = await linkOf(request);
    const requestId = one(request.body ?? {}, "request_id");
    try {
      await places.leavePlace({ name: link.name, requestId }, asHolder(link));
    } catch (error) {
      // Nobody is there any more: the form was sent twice, say.
      if (!isEnded(error)) throw error;
    }
    return goOn(reply, pathOf(LEFT, "", readerOf(request).language));
  });

  app.get<ByToken>("/place/left", async (request, reply) =>
    privatePage(reply, leftPage(readerOf(request))));

  async function fill(
    link: PlaceLink, body: Body, reader: Reader, reply: FastifyReply,
  ): Promise<FastifyReply> {
    const person = readPerson(body, 1);
    const language = one(body, "language");
    const requestId = one(body, "request_id");
    try {
      await places.fillPlace({
        name: link.name,
        person: { ...memberOf(person, language), noticeVersion: noticeIn(body) },
        requestId,
      }, asHolder(link));
    } catch (thrown) {
      const error = LagnetError.decode(thrown);
      // What was sent as something else before is sent as something new.
      const isReused = error.reason === "REQUEST_ID_REUSED";
      const problems = isReused
        ? [{ text: reader.t("place.reused") }]
        : problemsOf(error, { ...emptyDraft(1), people: [person] }, reader);
      if (!problems || isAway(error)) throw thrown;
      const shown = await read(link);
      if (error.reason === "WRONG_STATE" || !mayFill(shown.place)) {
        const problem = reader.t("problem.state");
        return privatePage(reply, await placePage(upstream, reader, { ...shown, problem }), 409);
      }
      const typed = {
        person, language, problems, requestId: isReused ? randomUUID() : requestId,
      };
      const page = shown.place.person?.fullName ? personPage : placePage;
      return privatePage(reply, await page(upstream, reader, { ...shown, typed }), 422);
    }
    return goOn(reply, pathOf(link, "", reader.language));
  }
}

function isEnded(error: unknown): boolean {
  return error instanceof ConnectError && ENDED.includes(error.code);
}
