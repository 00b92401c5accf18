import type { ComponentChildren } from "preact";
import { render as renderToString } from "preact-render-to-string";
import { type Language, LANGUAGES, OWN_NAMES } from "../reading/language.js";
import type { Reader } from "../reading/reader.js";
import { ICON, KEEP, LIVE, STYLE } from "./assets.js";
import { EnterButton } from "./enter_button.js";
import { OnDevice } from "./on_device.js";

/** What a page says about itself. */
export interface PageProps {
  readonly reader: Reader;
  readonly title: string;

  /** Its address without the language: `/visits`. */
  readonly path: string;

  /** The same page in another language, where that is not `/xx` and the path. */
  readonly inLanguage?: (language: Language) => string;

  /** The id of its form, which is then sent to the page in another language, so
   * that nothing typed is lost. */
  readonly form?: string;

  /** Which part of the pages it belongs to. */
  readonly part?: "visits" | "directory";

  /** For one person only: search engines leave it alone. */
  readonly isPrivate?: boolean;

  readonly isLive?: boolean;

  /** Ways to what is the reader's own, where somebody is signed in. */
  readonly nav?: ComponentChildren;

  /** The calendar of what is shown. */
  readonly feed?: string;

  readonly children?: ComponentChildren;
}

export function Page(props: PageProps) {
  const { reader, title, path } = props;
  const inLanguage = props.inLanguage ?? ((language: Language) => `/${language}${path}`);
  return (
    <html lang={reader.language}>
      <head>
        <meta charset="utf-8" />
        <title>{path === "" ? title : `${title} – lagnet`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {props.isPrivate ? <meta name="robots" content="noindex" /> : null}
        <link rel="icon" href={ICON} type="image/svg+xml" />
        <link rel="stylesheet" href={STYLE} />
        {props.isPrivate ? null : LANGUAGES.map((language) => (
          <link rel="alternate" hreflang={language} href={inLanguage(language)} />
        ))}
        {props.feed ? <link rel="alternate" type="text/calendar" href={props.feed} /> : null}
        <script src={KEEP} defer />
        {props.isLive ? <script src={LIVE} defer /> : null}
      </head>
      <body>
        <a class="skip" href="#main">{reader.t("page.skip")}</a>
        <header>
          <a class="brand" href={reader.to("")}>lagnet</a>
          {props.nav ? (
            <button class="menu" type="button" popovertarget="ways">
              {reader.t("page.menu")}
            </button>
          ) : null}
          <div id="ways" popover={props.nav ? "auto" : undefined}>
            <nav aria-label={reader.t("page.parts")}>
              <PartLink reader={reader} part="visits" here={props.part}
                label={reader.t("visits.title")} />
              <PartLink reader={reader} part="directory" here={props.part}
                label={reader.t("directory.title")} />
            </nav>
            <Languages reader={reader} inLanguage={inLanguage} form={props.form} />
            {props.nav}
          </div>
        </header>
        <OnDevice reader={reader} />
        <main id="main" tabIndex={-1}>{props.children}</main>
        <footer>
          <p>
            {reader.t("page.promise")}
            {props.nav ? null : (
              <> <a href={reader.to("/desk")} rel="nofollow">{reader.t("page.sign_in")}</a></>
            )}
          </p>
        </footer>
      </body>
    </html>
  );
}

function Languages(
  { reader, inLanguage, form }: {
    reader: Reader;
    inLanguage: (language: Language) => string;
    form: string | undefined;
  },
) {
  return (
    <nav class="languages" aria-label={reader.t("page.languages")}>
      {form ? <EnterButton label={reader.t("form.send")} form={form} /> : null}
      {LANGUAGES.map((language) => {
        const name = OWN_NAMES[language];
        if (language === reader.language) return <span aria-current="true">{name}</span>;
        const address = inLanguage(language);
        return form ? (
          <button class="link" lang={language} form={form} formAction={address} formNoValidate
            name="size" value="same">
            {name}
          </button>
        ) : (
          <a href={address} lang={language} hreflang={language}>{name}</a>
        );
      })}
    </nav>
  );
}

function PartLink(
  { reader, part, label, here }:
    { reader: Reader; part: "visits" | "directory"; label: string; here: string | undefined },
) {
  return (
    <a href={reader.to(`/${part}`)} aria-current={here === part ? "true" : undefined}>{label}</a>
  );
}

/** The bytes of a page. */
export function html(props: PageProps): string {
  return `<!doctype html>\n${renderToString(<Page {...props} />)}`;
}
