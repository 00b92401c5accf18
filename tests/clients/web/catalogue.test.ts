// What the pages say: every sentence in every language, and each is said.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { LANGUAGES, ROOT } from "./world.js";

const WEB = join(ROOT, "clients/web");

type Catalogue = Record<string, string>;

const catalogues = Object.fromEntries(LANGUAGES.map((language) => [
  language,
  JSON.parse(readFileSync(join(WEB, `messages/${language}.json`), "utf8")) as Catalogue,
]));
const english = catalogues["en"] as Catalogue;

function sources(folder: string): string {
  return readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sources(path) : readFileSync(path, "utf8");
  }).join("\n");
}

// The names of what a sentence is filled with.
function values(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name as string))].sort();
}

test("HasEverySentenceInEveryLanguage", () => {
  for (const language of LANGUAGES) {
    assert.deepEqual(
      Object.keys(catalogues[language] as Catalogue), Object.keys(english), language,
    );
    for (const [key, text] of Object.entries(catalogues[language] as Catalogue)) {
      assert.ok(text.trim(), `${language}: ${key} is empty`);
      assert.deepEqual(values(text), values(english[key] as string), `${language}: ${key}`);
      const own = language === "ka" ? /[ა-ჰ]|^[^a-z]*$/i : /^[^ა-ჰ]*$/;
      assert.match(text, own, `${language}: ${key} is in another language`);
    }
  }
});

test("SaysEverySentence", () => {
  const source = sources(join(WEB, "src"));
  const unused = Object.keys(english).filter((key) => !source.includes(`"${key}"`));
  assert.deepEqual(unused, []);
});

test("HasEveryFormOfAPlural", () => {
  for (const language of LANGUAGES) {
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories
      // Of whole numbers; Czech has a form for fractions alone, too.
      .filter((category) => !(language === "cs" && category === "many"));
    for (const [key, text] of Object.entries(catalogues[language] as Catalogue)) {
      if (!text.includes(", plural,")) continue;
      if (language === "ka") continue; // Nouns after numbers stay singular.
      for (const category of needed) {
        assert.ok(text.includes(`${category} {`), `${language}: ${key} lacks ${category}`);
      }
    }
  }
});

test("NeverPutsGeorgianInCapitals", () => {
  const style = readFileSync(join(WEB, "public/style.css"), "utf8");
  assert.doesNotMatch(style, /text-transform/);
});
