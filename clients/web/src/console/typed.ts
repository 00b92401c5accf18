import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  type LocalizedText, type LocalizedTextSchema, Translation_Origin as Origin,
} from "@lagnet/client/types/v1/types_pb.js";
import { LANGUAGES } from "../reading/language.js";
import { type Body, one } from "../sign_up/draft.js";

/** What a form holds before anybody typed into it. */
export type Typed = Record<string, string | string[]>;

/** What an enum calls so; -1, which the server refuses, for anything else. */
export function named(names: Readonly<Record<string, string | number>>, text: string): number {
  const value = Object.hasOwn(names, text) ? names[text] : undefined;
  return typeof value === "number" ? value : -1;
}

/** A whole number, or -1, which the server refuses, for anything else. */
export function whole(text: string): number {
  if (text.trim() === "") return 0;
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : -1;
}

/** The languages that a text is asked in: ours, and those that it has. */
export function languagesOf(body: Body, id: string): string[] {
  const own = Object.keys(body)
    .filter((name) => name.startsWith(`${id}-`))
    .map((name) => name.slice(id.length + 1))
    .filter((tag) => /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(tag));
  return [...new Set([...LANGUAGES, ...own])];
}

/** The fields of a text: `title-ka`. */
export function typedText(id: string, text: LocalizedText | undefined): Typed {
  return Object.fromEntries(
    Object.entries(text?.texts ?? {}).map(([tag, { text }]) => [`${id}-${tag}`, text]),
  );
}

/** The text that was typed. What is still as `before` stays whoever's it was. */
export function textOf(
  body: Body, id: string, before: LocalizedText | undefined,
): MessageInitShape<typeof LocalizedTextSchema> {
  const texts: NonNullable<MessageInitShape<typeof LocalizedTextSchema>["texts"]> = {};
  for (const tag of languagesOf(body, id)) {
    const text = one(body, `${id}-${tag}`).replace(/\r\n/g, "\n").trim();
    const old = before?.texts[tag];
    if (text) texts[tag] = old?.text === text ? old : { text, origin: Origin.HUMAN };
  }
  return { texts };
}
