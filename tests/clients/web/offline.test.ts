// A sign-up over a connection that breaks, in a real Chromium that is closed
// and opened again.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { Gateway, LANGUAGES, openVisit, ROOT, World } from "./world.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const CHROMIUM = process.env["LAGNET_CHROMIUM"] ?? "/usr/bin/chromium";
const HOUR = 3_600_000;

type Break = "none" | "before" | "answer" | "silence";

/** The line between a phone and the gateway. It breaks before anything gets
 * through, or once the gateway answers a form, or the answer never comes. */
class Line {
  breaks: Break = "none";
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((phone) => this.#carry(phone));
  #port = 0;

  async open(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  leadTo(url: string): void {
    this.#port = Number(new URL(url).port);
  }

  /** From now on, also for connections that are open. */
  break(breaks: Break): void {
    this.breaks = breaks;
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.break("before");
    this.#server.close();
  }

  #carry(phone: Socket): void {
    if (this.breaks === "before") return void phone.destroy();
    const gateway = connect(this.#port, "127.0.0.1");
    let isForm = false;
    for (const socket of [phone, gateway]) {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#sockets.delete(socket);
        phone.destroy();
        gateway.destroy();
      });
    }
    phone.on("data", (data) => {
      isForm ||= data.toString("latin1").startsWith("POST ");
      gateway.write(data);
    });
    gateway.on("data", (data) => {
      if (isForm && this.breaks === "answer") this.break("before");
      else if (!isForm || this.breaks !== "silence") phone.write(data);
    });
  }
}

/** A phone whose browser remembers. */
class Phone {
  readonly #folder = mkdtempSync(join(tmpdir(), "lagnet-phone-"));
  #context: BrowserContext | undefined;

  async open(): Promise<Page> {
    this.#context = await chromium.launchPersistentContext(this.#folder, {
      executablePath: CHROMIUM, args: ["--no-sandbox"], locale: "en-GB",
      viewport: { width: 360, height: 740 },
    });
    const [page] = this.#context.pages();
    page!.setDefaultTimeout(15_000);
    return page!;
  }

  async close(): Promise<void> {
    await this.#context?.close();
    this.#context = undefined;
  }

  async remove(): Promise<void> {
    await this.close();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const world = new World();
const line = new Line();
let url = "";
let gateway: Gateway;
let phone: Phone;
before(async () => {
  await world.start();
  url = await line.open();
  gateway = await Gateway.start(world.lagnetd.address, world.keyFile, { env: { LAGNET_WEB_URL: url } });
  line.leadTo(gateway.url);
});
after(async () => {
  line.close();
  await gateway?.stop();
  await world.remove();
});
beforeEach(() => {
  phone = new Phone();
  line.break("none");
});
afterEach(() => phone.remove());

// Fills the form of a visit, once its worker stands behind it.
async function fill(page: Page, visit: string, language = "en"): Promise<void> {
  await page.goto(`${url}/${language}/visits/${visit}/sign-up`);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.selectOption("#organization", "lag-kazbegi");
  await page.check('input[name="standing"][value="REPRESENTATIVE"]');
  await page.check('input[name="sector"][value="PRIVATE"]');
  await page.fill("#name-1", "Nino Example");
  await page.fill("#email-1", "nino@example.org");
  await page.waitForTimeout(2_100); // No person is quicker.
}

async function send(page: Page): Promise<void> {
  await page.click("form button.button", { noWaitAfter: true });
}

function said(page: Page, text: RegExp) {
  return page.locator("#kept > p:visible").filter({ hasText: text }).waitFor();
}

async function signUps(visit: string) {
  return (await world.lagnet.signUps.listSignUps({ parent: `studyVisits/${visit}` })).signUps;
}

// All that lies on the device.
function kept(page: Page): Promise<string> {
  return page.evaluate(`store("getAll").then(JSON.stringify)`) as Promise<string>;
}

const NOTHING = "[]";

async function untilKept(
  page: Page, isSo: (forms: { state: string }[]) => boolean,
): Promise<void> {
  const giveUp = Date.now() + 15_000;
  while (!isSo(JSON.parse(await kept(page)))) {
    assert.ok(Date.now() < giveUp, "what is kept does not become what it should");
    await sleep(50);
  }
}

for (const breaks of ["before", "answer"] as const) {
  test(`SignsUpOnceWhereTheLineBreaks_${breaks}`, async () => {
    const visit = `line-${breaks}`;
    await openVisit(world, visit, 5);
    let page = await phone.open();
    await fill(page, visit);
    line.break(breaks);
    await send(page);
    await said(page, /is kept on this device and is sent by itself/);
    assert.equal(await page.evaluate(() => document.activeElement?.id), "kept");
    assert.equal(await page.inputValue("#name-1"), "Nino Example");
    assert.match(await kept(page), /Nino\+Example/);
    assert.equal((await signUps(visit)).length, breaks === "answer" ? 1 : 0);
    await phone.close();

    line.break("none");
    page = await phone.open();
    await page.goto(`${url}/en`);
    await said(page, /Your sign-up has arrived/);
    assert.doesNotMatch(await kept(page), /Example/);
    await page.click("#kept a");
    assert.match((await page.textContent(".state")) ?? "", /You have a seat/);
    await untilKept(page, (forms) => forms.length === 0);
    assert.equal(await page.isVisible("#kept"), false);
    assert.equal((await signUps(visit)).length, 1);
  });
}

test("KeepsWhatIsOnItsWayWhenTheBrowserIsClosed", async () => {
  const visit = "on-its-way";
  await openVisit(world, visit, 5);
  let page = await phone.open();
  await fill(page, visit);
  line.break("silence");
  await send(page);
  while ((await signUps(visit)).length === 0) await sleep(50);
  await phone.close();
  line.break("none");
  page = await phone.open();
  await page.goto(`${url}/ka/visits`);
  await said(page, /თქვენი რეგისტრაცია მიღებულია/);
  assert.equal((await signUps(visit)).length, 1);
});

test("ShowsTheAnswerInPlaceOfTheFormThatWaits", async () => {
  const visit = "in-place";
  await openVisit(world, visit, 5);
  const page = await phone.open();
  await fill(page, visit);
  line.break("before");
  await send(page);
  await said(page, /no connection/);
  line.break("none");
  await page.click('#kept [data-do="send"]');
  await page.waitForURL(/\/my\/lagl_/);
  assert.match((await page.textContent(".state")) ?? "", /You have a seat/);
  await untilKept(page, (forms) => forms.length === 0);
});

test("ShowsWhatWasTypedWhereItIsRefused", async () => {
  const visit = "refused";
  await openVisit(world, visit, 5);
  let page = await phone.open();
  await fill(page, visit);
  await page.fill("#email-1", "nino@localhost"); // The browser takes it.
  line.break("before");
  await send(page);
  await said(page, /no connection/);
  await phone.close();

  line.break("none");
  page = await phone.open();
  await page.goto(`${url}/en/directory`);
  await said(page, /could not be taken as it is/);
  await page.click('#kept [data-do="correct"]');
  await page.waitForURL(/\/sign-up$/);
  assert.match((await page.textContent(".problems")) ?? "", /not an e-mail address/);
  assert.equal(await page.inputValue("#name-1"), "Nino Example");
  await untilKept(page, (forms) => forms.length === 0);
  await page.fill("#email-1", "nino@example.org");
  await page.waitForTimeout(2_100);
  await send(page);
  await page.waitForURL(/\/my\/lagl_/);
  assert.equal((await signUps(visit)).length, 1);
  assert.equal(await kept(page), NOTHING);
});

test("SendsByItselfWhenThereIsAConnection", async () => {
  const visit = "by-itself";
  await openVisit(world, visit, 5);
  const page = await phone.open();
  await fill(page, visit);
  await page.context().setOffline(true);
  await send(page);
  await said(page, /no connection/);
  await page.context().setOffline(false);
  await page.waitForURL(/\/my\/lagl_/);
  assert.equal((await signUps(visit)).length, 1);
});

test("SendsWithoutAPageWhereTheBrowserCan", async () => {
  const visit = "background";
  await openVisit(world, visit, 5);
  const page = await phone.open();
  const browser = await page.context().newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    browser.on("ServiceWorker.workerRegistrationUpdated", ({ registrations: [first] }) => {
      if (first) resolve(first.registrationId);
    });
  });
  await browser.send("ServiceWorker.enable");
  await fill(page, visit);
  line.break("before");
  await send(page);
  await said(page, /no connection/);
  line.break("none");
  await browser.send("ServiceWorker.dispatchSyncEvent", {
    origin: url, registrationId: await registered, tag: "sign-up", lastChance: false,
  });
  while ((await signUps(visit)).length === 0) await sleep(50);
  await untilKept(page, ([form]) => form?.state === "taken");
  assert.doesNotMatch(await kept(page), /Example/);
});

test("KeepsAFormWhileTheServerIsAway", async () => {
  const visit = "server-away";
  await openVisit(world, visit, 5);
  const away = await Gateway.start("127.0.0.1:1", world.keyFile, { env: { LAGNET_WEB_URL: url } });
  const page = await phone.open();
  try {
    await fill(page, visit);
    line.leadTo(away.url);
    line.break("none"); // Of the old connections.
    await send(page);
    await said(page, /no connection/);
  } finally {
    line.leadTo(gateway.url);
    await away.stop();
  }
  await page.goto(`${url}/en`);
  await said(page, /Your sign-up has arrived/);
  assert.equal((await signUps(visit)).length, 1);
});

test("TellsEverybodyWhatIsKept", async () => {
  const visit = "told";
  await openVisit(world, visit, 5);
  const page = await phone.open();
  for (const language of LANGUAGES) {
    await fill(page, visit, language);
    line.break("before");
    await send(page);
    await page.locator('p[data-kept="waiting"]').waitFor();
    await page.evaluate(AXE);
    const violations = await page.evaluate(
      `axe.run(document).then(({ violations }) => violations.map(({ id }) => id))`,
    );
    assert.deepEqual(violations, [], language);
    if (language === "ka" && process.env["LAGNET_SCREENSHOTS"] === "1") {
      await page.screenshot({ path: join(ROOT, "docs/web/kept-360-ka.png") });
    }
    await page.click('#kept [data-do="delete"]');
    line.break("none");
  }
});

test("DeletesWhatIsKeptByAButton", async () => {
  const visit = "deleted";
  await openVisit(world, visit, 5);
  const page = await phone.open();
  await fill(page, visit);
  line.break("before");
  await send(page);
  await said(page, /no connection/);
  await page.click('#kept [data-do="delete"]');
  await page.locator("#kept").waitFor({ state: "hidden" });
  assert.equal(await kept(page), NOTHING);
  assert.equal(await page.inputValue("#name-1"), "", "the form, too");
  line.break("none");
  await page.goto(`${url}/en`);
  await sleep(500);
  assert.equal(await page.isVisible("#kept"), false);
  assert.equal((await signUps(visit)).length, 0);
});

test("ForgetsAfterThreeDays", async () => {
  const visit = "three-days";
  await openVisit(world, visit, 5);
  let page = await phone.open();
  await fill(page, visit);
  line.break("before");
  await send(page);
  await said(page, /no connection/);
  await phone.close();

  line.break("none");
  page = await phone.open();
  await page.clock.install({ time: Date.now() + 72 * HOUR + 60_000 });
  await page.goto(`${url}/en`);
  await untilKept(page, (forms) => forms.length === 0);
  assert.equal(await page.isVisible("#kept"), false);
  assert.equal((await signUps(visit)).length, 0);
});

test("LosesNothingWhereAPersonIsAdded", async () => {
  const visit = "added";
  await openVisit(world, visit, 5);
  const page = await phone.open();
  await fill(page, visit);
  line.break("before");
  await page.click('button[value="more"]', { noWaitAfter: true });
  await said(page, /no connection just now/);
  assert.equal(await page.inputValue("#name-1"), "Nino Example");
  assert.equal(await kept(page), NOTHING);
});

test("AnswersAtOnceAndKeepsNothingOverAGoodLine", async () => {
  const visit = "good-line";
  await openVisit(world, visit, 5);
  const page = await phone.open();
  await fill(page, visit);
  await send(page);
  await page.waitForURL(/\/my\/lagl_/);
  assert.equal(await kept(page), NOTHING);
  assert.deepEqual(await page.evaluate(() => caches.keys()), [], "no page is cached");
});
