import type { Organization } from "@lagnet/client/directory/v1/organizations_pb.js";
import { LANGUAGES } from "../reading/language.js";
import type { Reader } from "../reading/reader.js";
import { Said } from "../reading/said.js";
import { idOf } from "../serving/names.js";
import type { Upstream } from "../serving/upstream.js";
import { Answers, Line, Summary, Text, titled } from "../sign_up/fields.js";
import type { Problem } from "../sign_up/problems.js";
import { personPage, PersonForm } from "../signed_in/frame.js";
import type { Person } from "../signed_in/person.js";
import { homeOf } from "./desk_of.js";
import { draftOf, type EntryDraft, type EntryLine, SECTIONS } from "./entry.js";
import { labelOf } from "./entry_problems.js";

const INPUTS = {
  name: { type: "text" },
  text: {},
  email: { type: "email", inputMode: "email", spellcheck: false, autocapitalize: "none" },
  website: { type: "text", inputMode: "url", spellcheck: false, autocapitalize: "none" },
  year: { type: "text", inputMode: "numeric" },
  count: { type: "text", inputMode: "numeric" },
} as const;

interface Shown {
  readonly organization: Organization;

  /** What was typed, if it could not be taken. */
  readonly typed?: EntryDraft;
  readonly problems?: readonly Problem[];

  /** Whether somebody changed the entry while it was typed. */
  readonly isOvertaken?: boolean;
}

/** The form of an entry. */
export async function entryPage(
  upstream: Upstream, reader: Reader, person: Person,
  { organization, typed, problems = [], isOvertaken = false }: Shown,
): Promise<string> {
  const id = idOf(organization.name);
  const stored = draftOf(organization);
  const draft = typed ?? stored;
  const themes = [...(await upstream.themes()).values()];
  const languages = [...new Set([...LANGUAGES, ...draft.languages, ...organization.languages])];
  // What is there now, where it is not what was typed.
  const now = (mine: string, theirs: string) =>
    isOvertaken && mine !== theirs ? reader.t("entry.now", { text: theirs || "–" }) : undefined;
  const field = (line: EntryLine) => {
    const value = draft.lines[line.id] ?? "";
    const props = {
      id: line.id, label: labelOf(line, reader), problems,
      hint: now(value, stored.lines[line.id] ?? ""),
    };
    const input = { maxLength: line.longest, lang: line.language };
    return line.kind === "text"
      ? <Text {...props} value={value} input={input} />
      : <Line {...props} input={{ ...INPUTS[line.kind], ...input, value }} />;
  };
  const themeNames = (ids: readonly string[]) => reader.sorted(
    themes.filter((theme) => ids.includes(theme.id)).map(({ label }) => reader.pick(label).text),
    (text) => text,
  ).join(", ");
  const languageNames = (tags: readonly string[]) => reader.sorted(
    tags.map((tag) => reader.languageName(tag)), (text) => text,
  ).join(", ");
  return personPage(person, {
    reader,
    title: titled(reader, reader.t("entry.title"), problems),
    path: `/desk/${id}/edit`,
    here: "desk",
    children: (
      <>
        <p>
          <a href={reader.to(homeOf(person, organization.name))}>
            <Said reader={reader} said={reader.pick(organization.displayName)} />
          </a>
        </p>
        <h1>{reader.t("entry.title")}</h1>
        {isOvertaken ? (
          <p class="problems" role="alert" tabIndex={-1} autofocus>{reader.t("entry.overtaken")}</p>
        ) : null}
        <Summary reader={reader} problems={problems} />
        <PersonForm reader={reader} person={person} action={`/desk/${id}/edit`}>
          <input type="hidden" name="etag" value={organization.etag} />
          {SECTIONS.map(({ title, lines }) => (
            <fieldset class="person">
              <legend>{reader.t(title)}</legend>
              {lines.map(field)}
            </fieldset>
          ))}
          <Answers id="languages" label={reader.t("organization.languages")} problems={problems}
            several chosen={draft.languages}
            hint={now(languageNames(draft.languages), languageNames(stored.languages))}
            options={languages.map((tag) => ({ value: tag, label: reader.languageName(tag) }))} />
          <Answers id="themes" label={reader.t("organization.themes")} problems={problems} several
            chosen={draft.themes} hint={now(themeNames(draft.themes), themeNames(stored.themes))}
            options={reader.sorted(themes, ({ label }) => reader.pick(label).text)
              .map((theme) => ({ value: theme.id, label: reader.pick(theme.label).text }))} />
          <p><button class="button">{reader.t("entry.save")}</button></p>
        </PersonForm>
      </>
    ),
  });
}
