/** The languages of the pages, the one for everybody else first. */
export const LANGUAGES = ["en", "ka", "pl", "cs"] as const;

export type Language = (typeof LANGUAGES)[number];

/** What each is called by those who read it. */
export const OWN_NAMES: Readonly<Record<Language, string>> = {
  en: "English",
  ka: "ქართული",
  pl: "Polski",
  cs: "Čeština",
};

export function isLanguage(text: unknown): text is Language {
  return LANGUAGES.includes(text as Language);
}

/** The language that a browser asks for (RFC 9110, 12.5.4); English if it asks
 * for none of ours. */
export function preferred(acceptLanguage: string | undefined): Language {
  const wishes = (acceptLanguage ?? "")
    .slice(0, 500)
    .split(",")
    .map((wish) => {
      const [tag = "", ...parameters] = wish.trim().split(";");
      const q = parameters.map((text) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(text)?.[1]);
      return {
        language: tag.toLowerCase().split("-")[0],
        weight: Number(q.find((text) => text !== undefined) ?? 1),
      };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const { language } of wishes) if (isLanguage(language)) return language;
  return "en";
}
