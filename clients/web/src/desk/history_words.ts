import {
  Organization_Body as Body, Organization_Fund as Fund,
} from "@lagnet/client/directory/v1/organizations_pb.js";
import type { Theme } from "@lagnet/client/directory/v1/themes_pb.js";
import type { LocalizedText } from "@lagnet/client/types/v1/types_pb.js";
import { bodyName, fundName, kindNameOf } from "../directory/words.js";
import type { Key } from "../reading/messages.js";
import type { Reader } from "../reading/reader.js";
import { LINES } from "./entry.js";
import { labelOf } from "./entry_problems.js";

// What is not a line of the form, where the pages have a name for it.
const NAMES: Readonly<Record<string, Key>> = {
  area_km2: "organization.size",
  bodies: "organization.bodies",
  claim_time: "history.claimed",
  country: "history.country",
  dissolved_on: "history.dissolved_on",
  external_ids: "history.external_ids",
  founded_on: "organization.founded",
  funds: "organization.funds",
  kind: "filter.kind",
  languages: "organization.languages",
  legal_form: "organization.legal_form",
  look_time: "history.looked",
  member_counts: "organization.members",
  memberships: "history.memberships",
  merged_into: "console.entry.merged",
  network: "filter.network",
  partner_registrations: "history.registrations",
  population: "organization.size",
  position: "history.position",
  register_entry: "history.register",
  return_reason: "history.returned",
  state: "history.state",
  strategy: "organization.strategy",
  successor: "organization.successor",
  territories: "organization.area",
  themes: "organization.themes",
};

const STATES: Readonly<Record<string, Key>> = {
  DRAFT: "history.state.draft",
  SUBMITTED: "history.state.submitted",
  VERIFIED: "history.state.verified",
  STALE: "history.state.stale",
  ARCHIVED: "history.state.archived",
  DISSOLVED: "history.state.dissolved",
};

// When it happened is when it was changed.
const EVENTS = ["claim_time", "look_time"];

/** What has a name of its own, by the name that the API has for it. */
export type Named = ReadonlyMap<string, { readonly displayName?: LocalizedText | undefined }>;

/** Puts changes of an entry into words. What has none yet is shown by the word
 * that the API has, which is better than nothing. */
export class HistoryWords {
  constructor(
    private readonly reader: Reader,
    private readonly themes: ReadonlyMap<string, Theme>,
    private readonly named: Named = new Map(),
  ) {}

  /** What a field is called: `display_name.texts.pl`. */
  field(field: string): string {
    const [, whole = field, language] = /^(.*)\.texts\.(\w+)$/.exec(field) ?? [];
    const line = LINES.find((one) =>
      one.field === whole && (!one.language || one.language === language));
    if (line) return labelOf(line, this.reader);
    const key = NAMES[whole] ?? LINES.find((one) => one.field === whole)?.label;
    if (!key) return field;
    const name = this.reader.t(key);
    return language ? `${name} (${this.reader.languageName(language)})` : name;
  }

  /** What it was or is, which the API tells as JSON. */
  value(field: string, json: string): string {
    if (EVENTS.includes(field)) return "";
    try {
      return this.#say(field, JSON.parse(json));
    } catch {
      return json;
    }
  }

  #say(field: string, value: unknown): string {
    if (Array.isArray(value)) return value.map((one) => this.#say(field, one)).join(", ");
    if (typeof value !== "object" || value === null) return this.#word(field, String(value));
    if ("text" in value) return String(value.text);
    if ("code" in value) return String(value.code);
    if ("texts" in value) {
      return Object.entries(value.texts as Record<string, { text: string }>)
        .map(([tag, { text }]) => `${this.reader.languageName(tag)}: ${text}`).join("; ");
    }
    return Object.entries(value).map(([key, one]) => {
      const inner = `${field}.${key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
      const name = this.field(inner);
      const text = this.#say(inner, one);
      return name === inner ? text : `${name}: ${text}`;
    }).filter(Boolean).join("; ");
  }

  #word(field: string, word: string): string {
    const { reader } = this;
    switch (field) {
      case "themes":
      case "strategy.themes":
        return reader.pick(this.themes.get(word)?.label).text || word;
      case "languages":
        return reader.languageName(word);
      case "country":
        return reader.countryName(word);
      case "kind":
        return kindNameOf(word, reader);
      case "bodies":
        return bodyName(Body[word as keyof typeof Body], reader);
      case "funds.fund":
        return fundName(Fund[word as keyof typeof Fund], reader);
      case "state":
        return STATES[word] ? reader.t(STATES[word]) : word;
      default:
        return reader.pick(this.named.get(word)?.displayName).text || word;
    }
  }
}
