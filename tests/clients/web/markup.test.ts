// The markup of every page, as the checker of the W3C judges it.
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { PATHS } from "./paths.js";
import { filled, hidden, LANGUAGES, openVisit, World } from "./world.js";

const CHECKER = createRequire(import.meta.url).resolve("vnu-jar/build/dist/vnu.jar");
const NO_JAVA = spawnSync("java", ["-version"]).status !== 0 &&
  "there is no java; `deploy/packages.sh test` installs it";

const world = new World();
const folder = mkdtempSync(join(tmpdir(), "lagnet-markup-"));
before(() => world.start());
after(async () => {
  await world.remove();
  rmSync(folder, { recursive: true });
});

// How Preact writes <br/>; browsers do not mind.
const ACCEPTED = "Trailing slash on void elements.*";

interface Message {
  readonly url: string;
  readonly message: string;
  readonly extract?: string;
}

// What the checker says of all files of a folder. It ends with 1 if that is
// anything.
function check(files: string): Promise<Message[]> {
  return new Promise((resolve, reject) => {
    const words = ["-jar", CHECKER, "--format", "json", "--filterpattern", ACCEPTED, files];
    execFile("java", words, { maxBuffer: 1 << 26 }, (error, _, said) => {
      try {
        resolve((JSON.parse(said) as { messages: Message[] }).messages);
      } catch {
        reject(error ?? new Error(said));
      }
    });
  });
}

// The pages behind a link, and a form that is shown again.
async function more(language: string): Promise<[string, string][]> {
  const path = `/${language}/visits/markup/sign-up`;
  const form = filled(await world.gateway.text(path), `Nino-${language}`);
  const wrong = await world.gateway.post(path, { ...form, standing: "", "email-1": "no address" });
  const sent = await world.gateway.post(path, form);
  const link = (sent.headers.get("location") as string).replace(/\?.*/, "");
  const pages: [string, string][] = [["wrong", await wrong.text()]];
  const mine = async (of: string) => world.gateway.text(`${link}${of}?lang=${language}`);
  for (const of of ["", "/withdraw", "/erase", "/members/1"]) {
    pages.push([`my${of}`, await mine(of)]);
  }
  await world.gateway.post(`${link}/erase`, hidden(await mine("/erase")));
  pages.push(["my/erased", await mine("")]);
  const other = await world.gateway.post(path, filled(await world.gateway.text(path), "Ana"));
  const given = (other.headers.get("location") as string)
    .replace(/\?.*/, `/members/1?lang=${language}`);
  const over = await world.gateway.post(given, {
    ...hidden(await world.gateway.text(given)),
    "name-1": "Eka Example", "email-1": `eka-${language}@example.org`,
  });
  pages.push(["my/handed-over", await over.text()]);
  return pages;
}

test("HasNoErrorsInTheMarkupOfAnyPage", { skip: NO_JAVA, timeout: 300_000 }, async (t) => {
  await openVisit(world, "markup", 9);
  let count = 0;
  for (const language of LANGUAGES) {
    const pages = await more(language);
    for (const path of [...PATHS, "/nowhere"]) {
      pages.push([path, await world.gateway.text(`/${language}${path}`)]);
    }
    for (const [name, page] of pages) {
      writeFileSync(join(folder, `${language}${name.replace(/\W/g, "_")}.html`), page);
      ++count;
    }
  }
  const messages = await check(folder);
  // One place for each: the same is wrong on many pages.
  const wrong = new Map(messages.map(({ url, message, extract }) =>
    [message, `${url}: ${message} ${extract}`]));
  assert.deepEqual([...wrong.values()], []);
  t.diagnostic(`${count} pages checked, without errors or warnings`);
});
