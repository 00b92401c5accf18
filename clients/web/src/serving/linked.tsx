import { randomUUID } from "node:crypto";
import type { JsonValue } from "@bufbuild/protobuf";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ComponentChildren } from "preact";
import type { Language } from "../reading/language.js";
import { Reader } from "../reading/reader.js";
import type { Body } from "../sign_up/draft.js";
import { languageOf } from "./failures.js";
import { html } from "./layout.js";

/** A link that was mailed: the key to a sign-up, or to one place in it. */
export interface Linked {
  readonly token: string;

  /** Where it leads to, without the language: `/my/TOKEN`. */
  readonly address: string;
}

/** What is asked for with a link. */
export interface ByToken {
  Params: { token: string };
  Querystring: { lang?: string };
  Body: Body | undefined;
}

/** Who opened such a page, or sent a form of it: in the language of the address,
 * else of the browser. */
export function readerOf(request: FastifyRequest<ByToken>): Reader {
  return Reader.of(languageOf(request));
}

/** The address of a page below a link. */
export function pathOf(
  { address }: Pick<Linked, "address">, path: string, language: Language,
): string {
  return `${address}${path}?lang=${language}`;
}

/** The frame of all pages below a link. */
export function linkedPage(
  reader: Reader, link: Pick<Linked, "address">, path: string, title: string,
  children: ComponentChildren,
): string {
  return html({
    reader,
    title,
    path: link.address,
    inLanguage: (language) => pathOf(link, path, language),
    isPrivate: true,
    children,
  });
}

/** Why the last thing asked for was not done. */
export function NotDone({ problem }: { problem: string | undefined }) {
  return problem
    ? <p class="problems" role="alert" tabIndex={-1} autofocus>{problem}</p>
    : null;
}

/** A form that is done once. */
export function LinkedForm(
  { reader, link, path, requestId = randomUUID(), isDoing = false, children }: {
    reader: Reader;
    link: Linked;
    path: string;
    requestId?: string | undefined;

    /** Whether it is a button and no more. */
    isDoing?: boolean;
    children: ComponentChildren;
  },
) {
  return (
    <form method="post" action={pathOf(link, path, reader.language)}
      class={isDoing ? "doing" : undefined}>
      <input type="hidden" name="request_id" value={requestId} />
      {children}
    </form>
  );
}

/** A button that does one thing, once. */
export function Doing(
  { reader, link, path, label, isMain = false }:
    { reader: Reader; link: Linked; path: string; label: string; isMain?: boolean },
) {
  return (
    <LinkedForm reader={reader} link={link} path={path} isDoing>
      <button class={isMain ? "button" : undefined}>{label}</button>
    </LinkedForm>
  );
}

/** All that is kept, as a file. */
export function sendData(reply: FastifyReply, file: string, data: JsonValue): string {
  reply
    .header("cache-control", "no-store")
    .header("content-disposition", `attachment; filename="${file}"`)
    .type("application/json; charset=utf-8");
  return JSON.stringify(data, undefined, 2);
}

/** Goes on to a page after something was done. */
export function goOn(reply: FastifyReply, path: string): FastifyReply {
  return reply.header("cache-control", "no-store").redirect(path, 303);
}
