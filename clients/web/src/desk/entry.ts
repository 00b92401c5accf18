import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  Organization, OrganizationSchema,
} from "@lagnet/client/directory/v1/organizations_pb.js";
import {
  type LocalizedText, Translation_Origin as Origin, type TranslationSchema,
} from "@lagnet/client/types/v1/types_pb.js";
import type { Key } from "../reading/messages.js";
import { type Language, LANGUAGES } from "../reading/language.js";
import { type Body, one, several } from "../sign_up/draft.js";

/** How a line of the form is typed, and what can be wrong with it. */
type Kind = "name" | "text" | "email" | "website" | "year" | "count";

/** A line of the form. */
export interface EntryLine {
  readonly id: string;
  readonly label: Key;
  readonly kind: Kind;

  /** Of a text in several languages, which one. */
  readonly language?: Language;
  readonly longest: number;

  /** What the API calls it: `organization.` and that. */
  readonly field: string;
}

function inLanguages(id: string, line: Omit<EntryLine, "id" | "language">): EntryLine[] {
  return LANGUAGES.map((language) => ({ id: `${id}_${language}`, language, ...line }));
}

const count = (id: string, label: Key, field: string): EntryLine =>
  ({ id, label, kind: "count", longest: 7, field: `member_counts.${field}` });
const year = (id: string, label: Key, field: string): EntryLine =>
  ({ id, label, kind: "year", longest: 4, field: `strategy.${field}` });

/** The lines of the form, by what they are about. */
export const SECTIONS: readonly { title: Key; lines: readonly EntryLine[] }[] = [
  {
    title: "entry.names",
    lines: inLanguages("name", {
      label: "entry.name", kind: "name", longest: 200, field: "display_name",
    }),
  },
  {
    title: "entry.about",
    lines: inLanguages("description", {
      label: "entry.description", kind: "text", longest: 5000, field: "description",
    }),
  },
  {
    title: "entry.contact",
    lines: [
      { id: "email", label: "entry.email", kind: "email", longest: 254, field: "email" },
      {
        id: "website", label: "organization.website", kind: "website", longest: 500,
        field: "website",
      },
    ],
  },
  {
    title: "organization.strategy",
    lines: [
      ...inLanguages("strategy", {
        label: "entry.strategy", kind: "name", longest: 300, field: "strategy.title",
      }),
      year("strategy_start", "entry.start_year", "start_year"),
      year("strategy_end", "entry.end_year", "end_year"),
      {
        id: "strategy_website", label: "entry.strategy_website", kind: "website", longest: 500,
        field: "strategy.website",
      },
    ],
  },
  {
    title: "organization.members",
    lines: [
      count("members", "entry.members", "total"),
      count("members_public", "sector.public", "public_sector"),
      count("members_private", "sector.private", "private_sector"),
      count("members_civic", "sector.civic", "civic_sector"),
      count("members_individuals", "entry.individuals", "individuals"),
    ],
  },
];

export const LINES: readonly EntryLine[] = SECTIONS.flatMap(({ lines }) => lines);

/** What an update names: all that the form holds, so that a form that is sent
 * twice asks for the same. */
export const ENTRY_FIELDS = [
  "display_name", "description", "email", "website", "languages", "themes", "strategy",
  "member_counts",
];

/** An entry as it is typed. */
export interface EntryDraft {
  /** What its lines hold, by id. */
  readonly lines: Readonly<Record<string, string>>;
  readonly languages: readonly string[];
  readonly themes: readonly string[];
}

export function readEntry(body: Body): EntryDraft {
  return {
    lines: Object.fromEntries(LINES.map(({ id }) =>
      [id, one(body, id).replace(/\r\n/g, "\n").trim()])),
    languages: several(body, "languages").slice(0, 60),
    themes: several(body, "themes").slice(0, 60),
  };
}

/** An entry as it stands in the directory. */
export function draftOf(organization: Organization): EntryDraft {
  const { displayName, description, email, website, strategy, memberCounts } = organization;
  const number = (value: number | undefined) => (value ? String(value) : "");
  return {
    lines: {
      ...textsOf("name", displayName),
      ...textsOf("description", description),
      email,
      website,
      ...textsOf("strategy", strategy?.title),
      strategy_start: number(strategy?.startYear),
      strategy_end: number(strategy?.endYear),
      strategy_website: strategy?.website ?? "",
      members: number(memberCounts?.total),
      members_public: number(memberCounts?.publicSector),
      members_private: number(memberCounts?.privateSector),
      members_civic: number(memberCounts?.civicSector),
      members_individuals: number(memberCounts?.individuals),
    },
    languages: organization.languages,
    themes: organization.themes,
  };
}

function textsOf(id: string, text: LocalizedText | undefined): Record<string, string> {
  return Object.fromEntries(LANGUAGES.map((language) =>
    [`${id}_${language}`, text?.texts[language]?.text ?? ""]));
}

/** The entry that a form asks for. What the form does not hold, such as other
 * languages, stays as it is. */
export function entryOf(
  { lines, languages, themes }: EntryDraft, stored: Organization,
): MessageInitShape<typeof OrganizationSchema> {
  const line = (id: string) => lines[id] ?? "";
  const number = (id: string) => numberOf(line(id));
  const strategy = {
    title: { texts: withTexts("strategy", lines, stored.strategy?.title) },
    startYear: number("strategy_start"),
    endYear: number("strategy_end"),
    website: line("strategy_website"),
    themes: stored.strategy?.themes ?? [],
  };
  const hasStrategy = Object.keys(strategy.title.texts).length > 0 || strategy.startYear !== 0 ||
    strategy.endYear !== 0 || strategy.website !== "" || strategy.themes.length > 0;
  const memberCounts = {
    total: number("members"),
    publicSector: number("members_public"),
    privateSector: number("members_private"),
    civicSector: number("members_civic"),
    individuals: number("members_individuals"),
  };
  return {
    displayName: { texts: withTexts("name", lines, stored.displayName) },
    description: { texts: withTexts("description", lines, stored.description) },
    email: line("email"),
    website: line("website"),
    languages: inOrderOf(stored.languages, languages),
    themes: inOrderOf(stored.themes, themes),
    ...(hasStrategy && { strategy }),
    ...(Object.values(memberCounts).some((value) => value !== 0) && { memberCounts }),
  };
}

function withTexts(id: string, lines: EntryDraft["lines"], stored: LocalizedText | undefined) {
  const texts: Record<string, MessageInitShape<typeof TranslationSchema>> = { ...stored?.texts };
  for (const language of LANGUAGES) {
    const text = lines[`${id}_${language}`] ?? "";
    if (text === "") delete texts[language];
    else if (texts[language]?.text !== text) texts[language] = { text, origin: Origin.HUMAN };
  }
  return texts;
}

// A list whose order nobody chose does not change by it.
function inOrderOf(stored: readonly string[], chosen: readonly string[]): string[] {
  return [
    ...stored.filter((one) => chosen.includes(one)),
    ...chosen.filter((one) => !stored.includes(one)),
  ];
}

// What is no number, the server refuses as it does one below nothing.
function numberOf(text: string): number {
  if (text === "") return 0;
  return /^\d{1,7}$/.test(text) ? Number(text) : -1;
}
