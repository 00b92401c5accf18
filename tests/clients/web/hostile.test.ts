// What people type who mean harm: no script of theirs runs, nothing is loaded
// that they name, and what they typed is there to read.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Role } from "@lagnet/client/options/v1/options_pb.js";
import { chromium, type Page } from "playwright-core";
import { upload } from "./forms.js";
import { assertHarmless, type Form, formsIn, Parsed } from "./harmless.js";
import { HOSTILE, inParts } from "./hostile.js";
import { type Address, pagesThatShow, pagesWithForms, type People } from "./hostile_pages.js";
import { MailServer } from "./mail_server.js";
import { changingRoutes } from "./routes.js";
import { Browser, type Fields, World } from "./world.js";

const PARTS = inParts(30);
const CHROMIUM = process.env["LAGNET_CHROMIUM"] ?? "/usr/bin/chromium";

const mail = new MailServer();
const world = new World(mail);
let people: People;
before(async () => {
  await world.start();
  people = {
    anybody: new Browser(world.gateway),
    nino: await world.personWith("nino", {
      role: Role.LAG_MANAGER, organization: "organizations/lag-kazbegi",
    }),
    marika: await world.personWith("marika", {
      role: Role.NETWORK_ADMIN, network: "networks/grdn",
    }),
  };
});
after(() => world.remove());

// Pages with all of it in them, by their addresses: for Chromium.
const kept = new Map<string, { body: string; policy: string }>();

async function keep(path: string, response: Response): Promise<Parsed> {
  const body = await response.text();
  kept.set(path, { body, policy: response.headers.get("content-security-policy") ?? "" });
  return new Parsed(body);
}

// No repeat would be known by it: a form that has it is not done.
const NO_REQUEST = "<script>alert(1)</script>";

// What a browser would send, with other texts in what people type into.
function typedInto({ fields }: Form, textOf: (i: number) => string): Record<string, string> {
  let i = 0;
  return Object.fromEntries(fields.map(({ name, kind, value }) => {
    if (name === "request_id") return [name, NO_REQUEST];
    if (name === "at") return [name, String(Number(value) - 60_000)];
    return [name, kind === "typed" && name !== "homepage" ? textOf(i++) : value];
  }));
}

// The same in all that is sent, but for what shows that the form is ours.
function forged({ fields }: Form, textOf: (i: number) => string): Record<string, string> {
  return Object.fromEntries(fields.map(({ name, value }, i) =>
    [name, name === "form_token" ? value : textOf(i)]));
}

// Every one of them in every field: another part in each, and in every round
// another one.
function rounds(form: Form): Fields[] {
  const parts = inParts(Math.min(Math.max(form.fields.length, 6), 30));
  const each = (fill: typeof forged) => parts.map((_, round) =>
    fill(form, (i) => parts[(round + i) % parts.length] as string));
  const isTyped = form.fields.some(({ kind }) => kind === "typed");
  return [...(isTyped ? each(typedInto) : []), ...each(forged)];
}

// An address is short: it holds one field.
function answers(browser: Browser, form: Form): Promise<{ fields: Fields; response: Response }>[] {
  if (form.method === "post") {
    return rounds(form).map(async (fields) =>
      ({ fields, response: await browser.post(form.action, fields) }));
  }
  return form.fields.flatMap(({ name }) => PARTS.map(async (text) => {
    const path = `${form.action}?${new URLSearchParams({ [name]: text })}`;
    return { fields: { [name]: text }, response: await browser.get(path) };
  }));
}

// Browsers drop a null byte, or show that there was one.
const asRead = (text: string) => text.replace(/[\0\ufffd]/g, "").replace(/\s+/g, " ").trim();

// What is typed comes back with the form; but for codes and traps.
const UNSHOWN = ["secret", "homepage", "seed-lag-kazbegi"];

async function tryOut(browser: Browser, form: Form): Promise<number> {
  const { action } = form;
  const all = await Promise.all(answers(browser, form));
  for (const { fields, response } of all) {
    assert.ok([200, 403, 404, 422].includes(response.status), `${action}: ${response.status}`);
    const page = new Parsed(await response.text());
    assertHarmless(page, action);
    const again = formsIn(page).find((one) => one.action === action)?.fields ?? [];
    for (const { name, kind, value } of again) {
      const typed = fields[name];
      if (kind !== "typed" || typed === undefined || UNSHOWN.includes(name)) continue;
      assert.equal(asRead(value), asRead(String(typed)), `${action}: ${name}`);
    }
    const isTyped = fields["request_id"] === NO_REQUEST;
    if (isTyped) assert.notDeepEqual(again, [], `${action} does not come back: ${response.status}`);
  }
  const count = form.fields.filter(({ kind }) => kind === "typed").length;
  if (count > 0 && form.method === "post") {
    const spread = inParts(count);
    const fields = typedInto(form, (i) => spread[i] as string);
    await keep(action, await browser.post(action, fields));
  }
  return all.length;
}

// Those whose forms are on no page of this test: buttons, a draw's end, and what
// places.test.ts sends.
const UNREACHED = [
  "/:language/sign-out-everywhere", "/:language/desk/:id/submit",
  "/:language/desk/:id/visits/:visit/rank", "/:language/desk/:id/colleagues/:account/remove",
  "/:language/console/visits/:id/sign-ups/:party/verify",
  "/:language/console/visits/:id/draw/close", "/:language/console/visits/:id/draw/open",
  "/:language/console/entries/:id/restore",
  "/:language/console/entries/import/run", "/place/:token", "/place/:token/leave",
];

test("ShowsWhatIsTypedIntoAnyFormAsText", async (t) => {
  assert.ok(HOSTILE.length >= 300);
  const seen = new Set<string>();
  const actions = new Set<string>();
  let sent = 0;
  for (const [browser, path] of await pagesWithForms(world, mail, people)) {
    for (const form of formsIn(new Parsed(await browser.text(path)))) {
      // One of those that are the same but for whom they are about.
      const kind = `${form.action.replace(/[a-z0-9]{26}/g, "…")} ` +
        form.fields.map(({ name }) => name.replace(/\d+$/, "")).join(" ");
      actions.add(form.action);
      if (seen.has(kind)) continue;
      seen.add(kind);
      sent += await tryOut(browser, form);
    }
  }
  for (const route of await changingRoutes(world)) {
    const path = route.replace("POST ", "");
    const pattern = new RegExp(
      `^${path.replace(":language", "en").replace(/:\w+/g, "[^/]+")}$`,
    );
    const isReached = [...actions].some((action) => pattern.test(action.replace(/\?.*/, "")));
    assert.equal(isReached, !UNREACHED.includes(path), path);
  }
  t.diagnostic(`${HOSTILE.length} texts in ${seen.size} forms, sent ${sent} times`);
});

test("ShowsWhatIsInAnImportedListAsText", async () => {
  const { marika } = people;
  const cell = (text: string) => `"${text.replace(/"/g, '""')}"`;
  const clean = HOSTILE.filter((text) => text.length <= 200);
  const lists = {
    columns: `name,${clean.map(cell).join(",")}\nlag-x${",1".repeat(clean.length)}\n`,
    values: `name,population\n${clean.map((text) => `lag-x,${cell(text)}\n`).join("")}`,
    rows: `name,kind,country,display_name.en,email\n${clean.map((text, i) =>
      `lag-harm-${i},LAG,GE,${cell(text)},${i % 2 ? cell(text) : ""}\n`).join("")}`,
  };
  for (const [name, list] of Object.entries(lists)) {
    const response = await upload(marika, list);
    assert.equal(response.status, name === "rows" ? 200 : 422, name);
    const page = await keep(`/en/console/entries/import?${name}`, response);
    assertHarmless(page, name);
    if (name === "columns") assertShows(page, clean, name);
    if (name !== "rows") continue;
    const run = formsIn(page).find(({ action }) => action.includes("/import/run")) as Form;
    const fields = Object.fromEntries(run.fields.map(({ name, value }) => [name, value]));
    const done = await keep(run.action, await marika.post(run.action, fields));
    assertHarmless(done, run.action);
  }
});

function assertShows({ text }: Parsed, texts: readonly string[], what: string): void {
  const read = asRead(text);
  for (const one of texts) assert.ok(read.includes(asRead(one)), `${what} does not show ${one}`);
}

test("ShowsWhatIsStoredAsText", async (t) => {
  const pages = await pagesThatShow(world, people);
  for (const { at: [browser, path], texts } of pages) {
    const response = await browser.get(path);
    assert.equal(response.status, 200, path);
    const page = await keep(path, response);
    assertHarmless(page, path);
    assertShows(page, texts, path);
  }
  t.diagnostic(`${pages.length} pages`);
});

test("TakesWhatAnAddressHoldsAsText", async () => {
  const { anybody, nino, marika } = people;
  const queries: [Address, string[]][] = [
    [[anybody, "/en/directory"], ["q", "theme", "kind", "place", "network", "page"]],
    [[anybody, "/en/visits"], ["network", "state", "page"]],
    [[anybody, "/en/visits/calendar"], ["month"]],
    [[anybody, "/en/visits/asked/sign-up"], ["find", "organization", "people"]],
    [[anybody, "/en/visits/asked/sign-up/sent"], ["until"]],
    [[anybody, "/en/sign-in"], ["to", "out"]],
    [[nino, "/en/desk/lag-kazbegi"], ["done"]],
    [[nino, "/en/desk/lag-kazbegi/history"], ["page"]],
    [[marika, "/en/console/entries"], ["find", "state", "network", "page"]],
    [[marika, "/en/console/entries/merge"], ["name", "into"]],
    [[marika, "/en/console/visits/asked/letters"], ["language"]],
    [[marika, "/en/console/visits/draft/seats"], ["suggest"]],
    [[marika, "/en/console/visits/asked/sign-ups"], ["state", "page"]],
  ];
  const few = inParts(10);
  for (const [[browser, path], names] of queries) {
    await Promise.all(names.flatMap((name) => few.map(async (text) => {
      const query = new URLSearchParams({ [name]: text.slice(0, 1_500) });
      await assertTaken(await browser.get(`${path}?${query}`), `${path} ${name}`);
    })));
  }
  await Promise.all(PARTS.flatMap((text) =>
    ["/en/sign-in/", "/en/visits/", "/my/", "/", "/en/api/"].map(async (path) => {
      const address = path + encodeURIComponent(text.slice(0, 300));
      await assertTaken(await anybody.get(address), address);
    })));
});

async function assertTaken(response: Response, what: string): Promise<void> {
  assert.ok(response.status < 500, `${what}: ${response.status}`);
  const page = await response.text();
  if (page) assertHarmless(new Parsed(page), what);
}

// What a page of a browser tries that is not ours to do, told as it goes on.
function watched(page: Page): string[] {
  const told: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) {
      told.push(message.text());
    }
  });
  page.on("pageerror", ({ message }) => told.push(message));
  page.on("request", (request) => {
    const { origin, pathname } = new URL(request.url());
    const isOurs = origin === world.gateway.url &&
      (/^\/static\/|^\/worker\.js$|\/seats$/.test(pathname) || request.isNavigationRequest());
    if (!isOurs) told.push(`asks for ${request.url()}`);
  });
  return told;
}

test("RunsNothingInABrowser", { timeout: 600_000 }, async (t) => {
  const raw = '"><img src=x onerror=alert(1)><script>alert(1)</script>';
  const { policy } = [...kept.values()][0] as { policy: string };
  kept.set("/raw", { body: `<!doctype html><p title="${raw}">${raw}`, policy });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    // Without the policy, too: it is not what keeps them from running.
    for (const bypassCSP of [false, true]) {
      const context = await browser.newContext({ bypassCSP });
      await context.addInitScript(() => {
        window.alert = () => console.error("ran");
        window.addEventListener("securitypolicyviolation", ({ violatedDirective }) =>
          console.error(`violates ${violatedDirective}`));
      });
      await context.route("**", (route) => {
        const { pathname, search } = new URL(route.request().url());
        const page = route.request().isNavigationRequest() && kept.get(pathname + search);
        return page
          ? route.fulfill({
            body: page.body, contentType: "text/html; charset=utf-8",
            headers: { "content-security-policy": page.policy },
          })
          : route.continue();
      });
      const page = await context.newPage();
      const told = watched(page);
      const tries = async (path: string) => {
        told.length = 0;
        await page.goto(world.gateway.url + path);
        await page.evaluate(() => new Promise(requestAnimationFrame));
        const { pathname, search } = new URL(page.url());
        return pathname + search === path ? [...told] : [...told, `went to ${page.url()}`];
      };
      const seen = await tries("/raw");
      assert.ok(seen.some((one) => one.startsWith(bypassCSP ? "ran" : "violates")), `${seen}`);
      for (const path of kept.keys()) {
        if (path !== "/raw") assert.deepEqual(await tries(path), [], path);
      }
      await context.close();
    }
  } finally {
    await browser.close();
  }
  t.diagnostic(`${kept.size - 1} pages, with the policy and without it`);
});
