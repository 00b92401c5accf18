import { type Timestamp, timestampDate } from "@bufbuild/protobuf/wkt";
import type { LocalizedText } from "@lagnet/client/types/v1/types_pb.js";
import type { Language } from "./language.js";
import { CATALOGUE, type Key, LOCALES, type Values } from "./messages.js";

/** A text and the language that it is in. */
export interface Said {
  readonly text: string;
  readonly language: string;
}

/** Somebody who reads one of the languages: says everything in it. What Intl
 * formats with is kept: to make one takes fifty times as long as to use it. */
export class Reader {
  readonly #collator: Intl.Collator;
  readonly #numbers: Intl.NumberFormat;
  readonly #names: Readonly<Record<"language" | "region", Intl.DisplayNames>>;
  readonly #dates = new Map<string, Intl.DateTimeFormat>();

  private constructor(readonly language: Language) {
    const locale = LOCALES[language];
    this.#collator = new Intl.Collator(locale);
    this.#numbers = new Intl.NumberFormat(locale);
    this.#names = {
      language: new Intl.DisplayNames(locale, { type: "language" }),
      region: new Intl.DisplayNames(locale, { type: "region" }),
    };
  }

  static readonly #all = new Map<Language, Reader>();

  static of(language: Language): Reader {
    let reader = Reader.#all.get(language);
    if (!reader) Reader.#all.set(language, (reader = new Reader(language)));
    return reader;
  }

  t(key: Key, values?: Values): string {
    return CATALOGUE[this.language].say(key, values);
  }

  /** The address of a page in this language. */
  to(path: string): string {
    return `/${this.language}${path}`;
  }

  /** The text in this language, else in English, else in whichever there is. */
  pick(text: LocalizedText | undefined): Said {
    const texts = text?.texts ?? {};
    const language = [this.language, "en", ...Object.keys(texts)].find((tag) => texts[tag]);
    return language === undefined
      ? { text: "", language: this.language }
      : { text: texts[language]?.text ?? "", language };
  }

  /** Sorts by what a person reads, as the language orders letters. */
  sorted<T>(items: readonly T[], name: (item: T) => string): T[] {
    return [...items].sort((a, b) => this.#collator.compare(name(a), name(b)));
  }

  number(value: number): string {
    return this.#numbers.format(value);
  }

  /** `24 January 2027`, where `zone` is. */
  day(time: Timestamp | Date | undefined, zone: string): string {
    return this.#format(time, zone, { dateStyle: "long" });
  }

  /** `24 January 2027` of `2027-01-24`; nothing of nothing. */
  date(date: string): string {
    return date ? this.day(new Date(`${date}T12:00:00Z`), "UTC") : "";
  }

  /** `Sunday 24 January`. */
  weekday(date: string): string {
    const options = { weekday: "long", day: "numeric", month: "long" } as const;
    return this.#format(new Date(`${date}T12:00:00Z`), "UTC", options);
  }

  /** `January 2027` of `2027-01`. */
  month(month: string): string {
    const options = { month: "long", year: "numeric" } as const;
    return this.#format(new Date(`${month}-15T12:00:00Z`), "UTC", options);
  }

  /** The short names of the days of a week, Monday first. */
  weekdays(): { short: string; long: string }[] {
    return [1, 2, 3, 4, 5, 6, 7].map((day) => {
      const date = new Date(Date.UTC(2024, 0, day, 12)); // A Monday is the 1st.
      return {
        short: this.#format(date, "UTC", { weekday: "short" }),
        long: this.#format(date, "UTC", { weekday: "long" }),
      };
    });
  }

  /** `24 January 2027 at 12:00`. */
  moment(time: Timestamp | Date | undefined, zone: string): string {
    return this.#format(time, zone, { dateStyle: "long", timeStyle: "short" });
  }

  /** `24 January 2027 at 12:00, Central European Standard Time`: what somebody
   * elsewhere is to keep to. */
  deadline(time: Timestamp | Date | undefined, zone: string): string {
    return time ? `${this.moment(time, zone)}, ${this.zone(zone, time)}` : "";
  }

  /** `24–27 January 2027`. */
  days(start: Timestamp | undefined, end: Timestamp | undefined, zone: string): string {
    if (!start || !end) return this.day(start ?? end, zone);
    return this.#dateFormat(zone, { dateStyle: "long" })
      .formatRange(timestampDate(start), timestampDate(end));
  }

  /** `Central European Standard Time`, or the name of the zone. */
  zone(zone: string, time: Timestamp | Date | undefined): string {
    const parts = this.#dateFormat(zone, { timeZoneName: "long" })
      .formatToParts(dateOf(time) ?? new Date());
    return parts.find(({ type }) => type === "timeZoneName")?.value ?? zone;
  }

  /** What a language is called. */
  languageName(tag: string): string {
    return this.#name("language", tag);
  }

  countryName(code: string): string {
    return this.#name("region", code);
  }

  #name(type: "language" | "region", code: string): string {
    try {
      return this.#names[type].of(code) ?? code;
    } catch {
      return code; // Not a code at all.
    }
  }

  #format(
    time: Timestamp | Date | undefined, zone: string, options: Intl.DateTimeFormatOptions,
  ): string {
    const date = dateOf(time);
    return date ? this.#dateFormat(zone, options).format(date) : "";
  }

  #dateFormat(timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    const key = `${timeZone} ${JSON.stringify(options)}`;
    let format = this.#dates.get(key);
    if (!format) {
      format = new Intl.DateTimeFormat(LOCALES[this.language], { timeZone, ...options });
      this.#dates.set(key, format);
    }
    return format;
  }
}

function dateOf(time: Timestamp | Date | undefined): Date | undefined {
  return time instanceof Date ? time : time && timestampDate(time);
}
