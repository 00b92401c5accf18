// In a real Chromium: a sign-up on an old phone, and whether everybody can use
// the pages. With LAGNET_SCREENSHOTS=1 the pictures of docs/web are made anew.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type Browser, chromium, type Page } from "playwright-core";
import { Organization_State as EntryState } from
  "@lagnet/client/directory/v1/organizations_pb.js";
import { Role } from "@lagnet/client/options/v1/options_pb.js";
import { linkIn, MailServer } from "./mail_server.js";
import {
  Browser as Visitor, filled, hidden, LANGUAGES, openVisit, ROOT, World,
} from "./world.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const CHROMIUM = process.env["LAGNET_CHROMIUM"] ?? "/usr/bin/chromium";
const WIDTHS = [360, 1280];
const PICTURES = join(ROOT, "docs/web");
// Of these there is a picture of a large screen, too.
const WIDE = ["home", "visit", "directory"];

const mail = new MailServer();
const world = new World(mail);
let browser: Browser;
before(async () => {
  await world.start();
  // As root, which tests in containers are, Chromium has no sandbox.
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
});
after(async () => {
  await browser?.close();
  await world.remove();
});

async function phone(options: { javaScriptEnabled?: boolean; locale?: string } = {}) {
  const context = await browser.newContext({
    viewport: { width: 360, height: 740 }, locale: "ka-GE", ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  return page;
}

async function fill(page: Page, person: string): Promise<void> {
  await page.selectOption("#organization", "lag-kazbegi");
  await page.check('input[name="standing"][value="REPRESENTATIVE"]');
  await page.check('input[name="sector"][value="PRIVATE"]');
  await page.fill("#name-1", `${person} Example`);
  await page.fill("#email-1", `${person.toLowerCase()}@example.org`);
}

// The button of the form; the visit's page has a link that is called the same.
async function send(page: Page): Promise<void> {
  await page.waitForTimeout(2_100); // No person is quicker.
  await page.click("form button.button");
}

// Opens the link that came by mail, and confirms.
async function confirm(page: Page, person: string): Promise<void> {
  assert.match(new URL(page.url()).pathname, /\/sign-up\/sent$/);
  assert.equal(await page.textContent("h1"), "შეამოწმეთ ელფოსტა");
  const message = await mail.waitFor(`${person.toLowerCase()}@example.org`, "დაადასტუროთ");
  await page.goto(linkIn(message).href);
  assert.match((await page.textContent(".state")) ?? "", /დაადასტუროთ თქვენი მისამართი/);
  await page.click("form button.button");
}

test("SignsUpInGeorgianWithoutScriptOnAPhone", async () => {
  await openVisit(world, "phone", 1);
  const page = await phone({ javaScriptEnabled: false });
  await page.goto(`${world.gateway.url}/`);
  assert.equal(new URL(page.url()).pathname, "/ka");
  await page.goto(`${world.gateway.url}/ka/visits/phone`);
  await page.click("a.button");
  await fill(page, "Nino");
  await send(page);
  await confirm(page, "Nino");
  assert.match(new URL(page.url()).pathname, /^\/my\/lagl_/);
  assert.match((await page.textContent(".state")) ?? "", /თქვენ გაქვთ ადგილი/);
  const mine = page.url();

  const second = await phone({ javaScriptEnabled: false });
  await second.goto(`${world.gateway.url}/ka/visits/phone/sign-up`);
  await fill(second, "Levan");
  await send(second);
  await confirm(second, "Levan");
  assert.match((await second.textContent("main")) ?? "", /ყველა ადგილი დაკავებულია/);

  await page.goto(mine);
  await page.click('a[href*="/withdraw"]');
  await page.click("form button");
  assert.match((await page.textContent(".state")) ?? "", /გაუქმებულია/);
  await second.reload();
  assert.match((await second.textContent(".state")) ?? "", /თქვენ გაქვთ ადგილი/);
  await page.context().close();
  await second.context().close();
});

test("BringsTheFocusToWhatIsWrong", async () => {
  await openVisit(world, "focus", 5);
  const page = await phone({ javaScriptEnabled: false });
  await page.goto(`${world.gateway.url}/ka/visits/focus/sign-up`);
  await fill(page, "Nino");
  await page.fill("#email-1", "nino@localhost"); // The browser takes it.
  await send(page);
  assert.equal(await page.locator(".problems").evaluate((e) => e === document.activeElement), true);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(new URL(page.url()).hash, "#email-1");
  assert.equal(await page.inputValue("#name-1"), "Nino Example");
  await page.context().close();
});

test("SignsUpWithTheKeyboardAlone", async () => {
  await openVisit(world, "keys", 5);
  const page = await phone({ locale: "en-GB" });
  await page.goto(`${world.gateway.url}/en/visits/keys/sign-up`);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.className), "skip");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab"); // To the visit.
  await page.keyboard.press("Tab"); // To the organisation.
  await page.keyboard.type("Kazbegi");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Nino Example");
  await page.keyboard.press("Tab");
  await page.keyboard.type("nino@example.org");
  await page.waitForTimeout(2_100);
  await page.keyboard.press("Enter"); // The form's first button, hidden, sends it.
  await page.waitForURL(/\/sent/);
  assert.equal(await page.textContent("h1"), "Look into your mail");
  await page.context().close();
});

test("ShowsSeatsAsTheyGo", async () => {
  const name = await openVisit(world, "seen", 5);
  const page = await phone({ locale: "en-GB" });
  await page.goto(`${world.gateway.url}/en/visits/seen`);
  await page.waitForFunction(() =>
    document.querySelector("[data-live]")?.textContent === "5 of 5 seats are free.");
  await world.lagnet.signUps.createSignUp({
    parent: name,
    signUp: {
      organization: "organizations/lag-kazbegi", standing: 1, sector: 3,
      members: [{ fullName: "Ana Example", email: "ana@example.org" }],
    },
  });
  await page.waitForFunction(() =>
    document.querySelector("[data-live]")?.textContent === "4 of 5 seats are free.");
  await page.context().close();
});

// A page, by a name for its picture, and the cookies that it needs.
type Shown = [string, (language: string) => string, ReadonlyMap<string, string>?];

// Every page.
async function pages(): Promise<Shown[]> {
  await openVisit(world, "rules", 12, {
    policy: 3,
    whoMayCome: { territories: ["GE-MM", "GE-KA"] },
    shares: [{ group: { ageBand: 2 }, min: 2 }, { group: { firstTimers: true }, min: 1 }],
  });
  await openVisit(world, "offer", 1, { offerHours: 48 });
  const links: string[] = [];
  for (const person of ["Ana", "Levan", "Nino", "Gia"]) {
    const { holderToken } = await world.lagnet.signUps.createSignUp({
      parent: "studyVisits/offer",
      signUp: {
        organization: "organizations/lag-kazbegi", standing: 1, sector: 3,
        members: [
          { fullName: `${person} Example`, email: `${person.toLowerCase()}@example.org` },
        ],
      },
    });
    links.push(`/my/${holderToken}`);
  }
  await world.gateway.post(`${links[0]}/withdraw`, {
    request_id: "2f2b7f5e-4a8e-4f7e-8a43-2b4f7e0b9a01",
  });
  await world.gateway.post(`${links[3]}/erase`, {
    request_id: "2f2b7f5e-4a8e-4f7e-8a43-2b4f7e0b9a02",
  });
  await openVisit(world, "mailed", 5);
  const form = filled(await world.gateway.text("/ka/visits/mailed/sign-up"), "Maka");
  await world.gateway.post("/ka/visits/mailed/sign-up", form);
  const toConfirm = linkIn(await mail.waitFor("maka@example.org", "დაადასტუროთ")).pathname;
  const places = await placesOfMembers();
  const at = (path: string) => (language: string) => `/${language}${path}`;
  const my = (path: string) => (language: string) => `${path}?lang=${language}`;
  return [
    ["home", at("")],
    ["visits", at("/visits")],
    ["calendar", at("/visits/calendar?month=2036-05")],
    ["visit", at("/visits/slaskie-opolskie")],
    ["sign-up", at("/visits/slaskie-opolskie/sign-up")],
    ["delegation", at("/visits/rules/sign-up?people=3")],
    ["sent", at("/visits/slaskie-opolskie/sign-up/sent?until=1800000000")],
    ["directory", at("/directory")],
    ["found", at("/directory?q=turystyka")],
    ["organization", at("/organizations/lag-kazbegi")],
    ["api", at("/api")],
    ["api-service", at("/api/SignUpService")],
    ["api-type", at("/api/lagnet.visits.v1.StudyVisit")],
    ["my-confirm", my(toConfirm)],
    ["my-withdrawn", my(links[0] as string)],
    ["my-offer", my(links[1] as string)],
    ["my-waiting", my(links[2] as string)],
    ["my-withdraw", my(`${links[2]}/withdraw`)],
    ["my-erase", my(`${links[2]}/erase`)],
    ["my-erased", my(links[3] as string)],
    ["my-substitute", my(`${links[2]}/members/1`)],
    ["place-invited", my(places.invited)],
    ["place-kept", my(places.named)],
    ["place-person", my(`${places.named}/person`)],
    ["place-leave", my(`${places.named}/leave`)],
    ["place-left", my("/place/left")],
    ["place-ended", my("/place/ended")],
    ["not-there", at("/nowhere")],
    ...(await ownPages(at)),
    ...(await consolePages(at)),
  ];
}

// The places of a member who is invited, and of one whom the head named.
async function placesOfMembers(): Promise<{ invited: string; named: string }> {
  await openVisit(world, "places", 5, {
    shares: [{ group: { ageBand: 2 }, max: 4 }, { group: { language: "pl" }, max: 4 }],
  });
  const path = "/ka/visits/places/sign-up";
  const form = await world.gateway.text(`${path}?people=3`);
  await world.gateway.post(path, filled(form, "Tamar", {
    "email-2": "gia@example.org", "name-3": "Eka Example",
    "email-3": "eka@example.org", "age-3": "FROM_18_TO_24", "speaks-3": "pl",
  }));
  const head = linkIn(await mail.waitFor("tamar@example.org", "დაადასტუროთ")).pathname;
  await world.gateway.post(`${head}/verify`, hidden(await world.gateway.text(head)));
  const placeOf = async (address: string) => linkIn(await mail.waitFor(address, "")).pathname;
  return {
    invited: await placeOf("gia@example.org"), named: await placeOf("eka@example.org"),
  };
}

// Those of people who sign in, or have.
async function ownPages(at: (path: string) => (language: string) => string): Promise<Shown[]> {
  const organization = "organizations/lag-kazbegi";
  const { cookies } = await world.personWith("nino", { role: Role.LAG_MANAGER, organization });
  const visit = await openVisit(world, "desk", 1, { confirmHours: 48 });
  const names: string[] = [];
  for (const person of ["Ana", "Levan", "Nino", "Maka"]) {
    const { name } = await world.lagnet.signUps.createSignUp({
      parent: visit,
      signUp: {
        organization, standing: 1, sector: 3,
        members: [{ fullName: `${person} Example`, email: `${person}@example.org` }],
      },
    });
    names.push(name);
  }
  for (const name of names.slice(0, 3)) {
    await world.lagnet.signUps.confirmSignUp({ name, organization });
  }
  const desk = "/desk/lag-kazbegi";
  const asked = `${desk}/visits/desk/sign-ups/${names[3]?.split("/")[3]}`;
  const started = new Visitor(world.gateway);
  const start = await started.text("/en/sign-in");
  await started.submit(start, "/en/sign-in", { email: "somebody@example.org" });
  return [
    ["sign-in", at("/sign-in")],
    ["sign-in-sent", at("/sign-in/sent"), started.cookies],
    ["sign-in-link", at("/sign-in/secret"), started.cookies],
    ["sign-in-other", at("/sign-in/secret")],
    ["claim-ask", at("/organizations/lag-kazbegi/claim")],
    ["claim-sent", at("/organizations/lag-kazbegi/claim/sent")],
    ["claim", at("/claim/token")],
    ["claim-own", at("/claim/token"), cookies],
    ["desk-home", at("/desk"), cookies],
    ["desk", at(desk), cookies],
    ["desk-edit", at(`${desk}/edit`), cookies],
    ["desk-history", at(`${desk}/history`), cookies],
    ["desk-colleagues", at(`${desk}/colleagues`), cookies],
    ["desk-visit", at(`${desk}/visits/desk`), cookies],
    ["desk-sign-up", at(`${desk}/visits/desk/sign-up`), cookies],
    ["desk-refuse", at(`${asked}/refuse`), cookies],
    ["desk-instead", at(`${asked}/members/1`), cookies],
  ];
}

// Those of hosts and of networks' staff.
async function consolePages(at: (path: string) => (language: string) => string): Promise<Shown[]> {
  const { cookies } = await world.personWith("marika", {
    role: Role.NETWORK_ADMIN, network: "networks/grdn",
  });
  const kazbegi = "organizations/lag-kazbegi";
  await world.lagnet.visits.createStudyVisit({
    studyVisitId: "draft",
    studyVisit: {
      network: "networks/grdn",
      hosts: [kazbegi],
      title: { texts: { en: { text: "Draft" }, ka: { text: "მონახაზი" } } },
      timeZone: "Asia/Tbilisi",
      start: "2036-05-01T09:00",
      end: "2036-05-02T16:00",
      seats: 10,
      seatRules: {
        whoMayCome: { territories: ["GE-MM"] },
        shares: [{ group: { sector: 3 }, minPercent: 20 }, { group: { staff: true }, max: 2 }],
      },
    },
  });
  await openVisit(world, "lots", 2, { policy: 3 });
  await openVisit(world, "console", 1);
  const names: string[] = [];
  for (const person of ["Ana", "Levan"]) {
    const { name } = await world.lagnet.signUps.createSignUp({
      parent: "studyVisits/console",
      signUp: {
        organization: kazbegi, standing: 1, sector: 3,
        members: [{ fullName: `${person} Example`, email: `${person}@example.org` }],
      },
    });
    names.push(name);
  }
  for (const [organizationId, text] of [["lag-twin", "LAG Twin"], ["twin-lag", "Twin LAG"]]) {
    await world.lagnet.organizations.createOrganization({
      organizationId: organizationId as string,
      initialState: EntryState.VERIFIED,
      allowLikelyDoubles: true,
      organization: {
        network: "networks/grdn", kind: 1, country: "GE",
        displayName: { texts: { en: { text: text as string } } },
      },
    });
  }
  const shown = (name: string, path: string): Shown => [name, at(`/console${path}`), cookies];
  return [
    shown("console", ""),
    shown("console-visits", "/visits?network=grdn&state=draft"),
    shown("console-new", "/visits/new"),
    shown("console-visit", "/visits/console"),
    shown("console-what", "/visits/draft/what"),
    shown("console-programme", "/visits/draft/programme"),
    shown("console-day", "/visits/draft/programme/2036-05-01"),
    shown("console-costs", "/visits/draft/costs"),
    shown("console-rules", "/visits/draft/seats"),
    shown("console-preview", "/visits/draft/preview"),
    shown("console-letters", "/visits/draft/letters"),
    shown("console-delete", "/visits/draft/delete"),
    shown("console-sign-ups", "/visits/console/sign-ups"),
    shown("console-waiting", `/visits/console/sign-ups/${names[1]?.split("/")[3]}`),
    shown("console-instead", `/visits/console/sign-ups/${names[1]?.split("/")[3]}/members/1`),
    shown("console-paper", "/visits/console/sign-ups/new"),
    shown("console-participants", "/visits/console/participants"),
    shown("console-draw", "/visits/lots/draw"),
    shown("console-entries", "/entries?network=grdn&state=verified"),
    shown("console-entry", "/entries/lag-twin"),
    shown("console-doubles", "/entries/doubles?network=grdn"),
    shown("console-merge", "/entries/merge?name=lag-twin&into=twin-lag"),
    shown("console-import", "/entries/import?network=grdn"),
    shown("console-people", "/accounts?network=grdn"),
    shown("console-person", "/accounts/marika"),
  ];
}

// What is wrong with any of the pages in these colours and at this width, and
// how many were looked at.
async function judge(
  all: readonly Shown[], colorScheme: "light" | "dark", width: number, wantsPictures: boolean,
): Promise<{ wrong: string[]; checked: number }> {
  const context = await browser.newContext({
    colorScheme, reducedMotion: "reduce", viewport: { width, height: 740 },
  });
  const page = await context.newPage();
  const wrong: string[] = [];
  let checked = 0;
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of 404/.test(message.text())) {
      wrong.push(`the browser complains: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => wrong.push(`the browser complains: ${error.message}`));
  // Colours are those of the style; languages change none.
  for (const language of colorScheme === "dark" ? ["ka"] : LANGUAGES) {
    for (const [name, path, cookies = new Map<string, string>()] of all) {
      await context.clearCookies();
      await context.addCookies([...cookies].map(([cookie, value]) =>
        ({ name: cookie, value, url: world.gateway.url })));
      await page.goto(world.gateway.url + path(language));
      const where = `${language}, ${width}, ${colorScheme}: ${name}`;
      for (const violation of await violationsIn(page)) wrong.push(`${where}: ${violation}`);
      if (name === "console" && await page.isVisible(".menu")) {
        await page.click(".menu");
        for (const violation of await violationsIn(page)) wrong.push(`${where}, menu: ${violation}`);
        await page.keyboard.press("Escape");
      }
      const over = await page.evaluate(() =>
        document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (over > 0) wrong.push(`${where} is ${over} pixels too wide`);
      ++checked;
      if (wantsPictures && colorScheme === "light" &&
        ((language === "ka" && width === 360) ||
          (language === "en" && width === 1280 && WIDE.includes(name)))) {
        await page.screenshot({ path: join(PICTURES, `${name}-${width}-${language}.png`) });
      }
    }
  }
  await context.close();
  return { wrong, checked };
}

async function violationsIn(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(`axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  }).then(({ violations }) => violations.map(({ id, nodes }) =>
    id + ": " + nodes.map(({ html }) => html).join("\\n")))`);
}

test("CanBeUsedByEverybody", { timeout: 1_200_000 }, async (t) => {
  const all = await pages();
  const wantsPictures = process.env["LAGNET_SCREENSHOTS"] === "1";
  if (wantsPictures) mkdirSync(PICTURES, { recursive: true });
  const judged = await Promise.all((["light", "dark"] as const).flatMap((colorScheme) =>
    WIDTHS.map((width) => judge(all, colorScheme, width, wantsPictures))));
  assert.deepEqual(judged.flatMap(({ wrong }) => wrong), []);
  const checked = judged.reduce((sum, one) => sum + one.checked, 0);
  t.diagnostic(`${checked} pages checked by axe, 0 violations`);
});

// A page of the console on a phone, for somebody of the network.
async function staffPhone(id: string): Promise<Page> {
  const { cookies } = await world.personWith(id, {
    role: Role.NETWORK_ADMIN, network: "networks/grdn",
  });
  const page = await phone({ javaScriptEnabled: false });
  await page.context().addCookies([...cookies].map(([name, value]) =>
    ({ name, value, url: world.gateway.url })));
  return page;
}

test("GivesThumbsRoomForLinksAndFolds", async () => {
  await openVisit(world, "thumbs", 1);
  const page = await staffPhone("thumb");
  for (const [path, what] of [
    ["/visits/thumbs", ".plain a"], ["/visits/new", "summary"],
  ] as const) {
    await page.goto(`${world.gateway.url}/ka/console${path}`);
    const all = page.locator(`main ${what}`);
    assert.notEqual(await all.count(), 0, what);
    for (const one of await all.all()) {
      const { height } = await one.boundingBox() ?? { height: 0 };
      assert.ok(height >= 40, `${what}: ${height} pixels`);
    }
  }
  await page.context().close();
});

test("FoldsTheOtherWaysOfTheConsoleOnAPhone", async () => {
  const page = await staffPhone("walker");
  const way = page.locator('header a[href$="/directory"]');
  const out = page.locator('header form[action$="/sign-out"] button');
  for (const language of LANGUAGES) {
    await page.goto(`${world.gateway.url}/${language}/console`);
    const { height = 0 } = await page.locator("header").boundingBox() ?? {};
    assert.ok(height > 0 && height <= 72, `${language}: the header has ${height} pixels`);
    const { y = 0 } = await page.locator("h1").boundingBox() ?? {};
    assert.ok(y > 0 && y <= 180, `${language}: the page begins after ${y} pixels`);
    assert.equal(await way.isVisible(), false);
    for (let i = 0; i < 3; ++i) await page.keyboard.press("Tab"); // Skip, home, menu.
    await page.keyboard.press("Enter");
    assert.equal(await way.isVisible(), true, "without a script");
    assert.equal(await out.isVisible(), true);
    await page.keyboard.press("Escape");
    assert.equal(await way.isVisible(), false);
  }
  await page.setViewportSize({ width: 1280, height: 740 });
  assert.equal(await way.isVisible(), true);
  assert.equal(await page.isVisible(".menu"), false);
  await page.context().close();
});

test("ShowsTheFieldsOfPartnersWithThatAnswerOnly", async () => {
  await openVisit(world, "folded", 1);
  const page = await staffPhone("folder");
  await page.goto(`${world.gateway.url}/en/console/visits/folded/seats`);
  assert.equal(await page.isVisible("#partner-1"), false);
  await page.check('input[name="preset"][value="partners"]');
  assert.equal(await page.isVisible("#partner-1"), true);
  await page.context().close();
});

test("BreaksNoNameInTheListOfParticipants", async () => {
  const visit = await openVisit(world, "named", 2);
  await world.lagnet.signUps.createSignUp({
    parent: visit,
    signUp: {
      organization: "organizations/lag-kazbegi", standing: 1, sector: 3,
      members: [{ fullName: "Konstantine Konstantinopolidze", email: "k@example.org" }],
    },
  });
  const page = await staffPhone("lister");
  await page.goto(`${world.gateway.url}/en/console/visits/named/participants`);
  const broken = await page.locator("td").first().evaluate((cell) =>
    cell.scrollWidth > cell.clientWidth || cell.clientWidth < 120);
  assert.equal(broken, false);
  assert.equal(await page.locator(".wide-table").evaluate((one) =>
    getComputedStyle(one).overflowWrap), "normal");
  await page.context().close();
});

test("FitsAtTwiceTheSize", async () => {
  // 200 % of 360 pixels are 180 of them.
  const context = await browser.newContext({ viewport: { width: 180, height: 400 } });
  const page = await context.newPage();
  for (const path of ["/ka", "/ka/visits/slaskie-opolskie", "/pl/directory", "/ka/visits/calendar",
    "/cs/visits/slaskie-opolskie/sign-up?people=2", "/pl/api/SignUpService"]) {
    await page.goto(world.gateway.url + path);
    const over = await page.evaluate(() =>
      document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(over <= 0, `${path} is ${over} pixels too wide`);
  }
  await context.close();
});
