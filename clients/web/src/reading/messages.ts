import { readFileSync } from "node:fs";
import { IntlMessageFormat } from "intl-messageformat";
import type english from "../../messages/en.json" with { "resolution-mode": "import" };
import { type Language, LANGUAGES } from "./language.js";

/** A sentence of the catalogue. */
export type Key = keyof typeof english;

export type Values = Readonly<Record<string, string | number>>;

// Dates and numbers as they are written in Europe, also in English.
export const LOCALES: Readonly<Record<Language, string>> = {
  en: "en-GB",
  ka: "ka-GE",
  pl: "pl-PL",
  cs: "cs-CZ",
};

/** The sentences of one language. */
export class Messages {
  readonly #texts: Readonly<Record<string, string>>;
  readonly #parsed = new Map<string, IntlMessageFormat>();

  constructor(readonly language: Language) {
    const file = new URL(`../../../messages/${language}.json`, import.meta.url);
    this.#texts = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  }

  say(key: Key, values?: Values): string {
    let message = this.#parsed.get(key);
    if (!message) {
      // Texts are plain: `<` in them is no markup.
      const options = { ignoreTag: true };
      message = new IntlMessageFormat(
        this.#texts[key] ?? key, LOCALES[this.language], undefined, options,
      );
      this.#parsed.set(key, message);
    }
    return String(message.format(values as Record<string, string | number>));
  }
}

/** The catalogue, read at the start. */
export const CATALOGUE = Object.fromEntries(
  LANGUAGES.map((language) => [language, new Messages(language)]),
) as Record<Language, Messages>;
