import type { ComponentChildren } from "preact";
import type { Language } from "../reading/language.js";
import type { Key } from "../reading/messages.js";
import type { Reader } from "../reading/reader.js";
import type { Body } from "../sign_up/draft.js";
import { html } from "./layout.js";

/** A form that could not be taken, and cannot be shown as it was. */
export interface Kept {
  /** Its address, without the language. */
  readonly path: string;

  /** Its address in a language, where that is not `/xx` and the path. */
  readonly inLanguage?: (language: Language) => string;
  readonly body: Body;
  readonly title: Key;
  readonly text: Key;

  /** What is to be done before. */
  readonly children?: ComponentChildren;
}

/** What was typed, with a button that sends it again as it is; it is done
 * once. */
export function keptPage(
  reader: Reader,
  { path, inLanguage = (language) => `/${language}${path}`, body, title, text, children }: Kept,
): string {
  const fields = Object.entries(body).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value ?? ""]).map((one) => [name, one] as const));
  return html({
    reader,
    title: reader.t(title),
    path,
    inLanguage,
    isPrivate: true,
    children: (
      <>
        <h1>{reader.t(title)}</h1>
        <p role="alert">{reader.t(text)}</p>
        {children}
        <form method="post" action={inLanguage(reader.language)}>
          {fields.map(([name, value]) => <input type="hidden" name={name} value={value} />)}
          <p><button class="button">{reader.t("kept.again")}</button></p>
        </form>
      </>
    ),
  });
}

/** The same for a server that is away just now. */
export function awayPage(
  reader: Reader, path: string, body: Body, where: Pick<Kept, "inLanguage"> = {},
): string {
  return keptPage(
    reader, { path, ...where, body, title: "trouble.away.title", text: "problem.away" },
  );
}
