// Signing in by mail, and what it must not let through.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Account_Kind } from "@lagnet/client/access/v1/accounts_pb.js";
import { Role } from "@lagnet/client/options/v1/options_pb.js";
import { linkIn, type Mail, MailServer } from "./mail_server.js";
import { Browser, Gateway, hidden, LANGUAGES, ROOT, World } from "./world.js";

const KAZBEGI = "organizations/lag-kazbegi";

const mail = new MailServer();
const world = new World(mail);
before(() => world.start());
after(() => world.remove());

// An account of somebody who speaks for Kazbegi's LAG.
async function account(id: string, email = `${id}@example.org`): Promise<void> {
  const { name } = await world.lagnet.accounts.createAccount({
    accountId: id,
    account: {
      network: "networks/grdn", kind: Account_Kind.PERSON, displayName: `${id} Example`, email,
    },
  });
  await world.lagnet.accounts.createGrant({
    parent: name, grant: { role: Role.LAG_MANAGER, organization: KAZBEGI },
  });
}

// The letter to an address with a link that leads to such a page, which came as
// this one in the order of arrival.
async function letter(
  address: string, number = 1, leads = /\/(sign-in|claim)\/[^/]+$/,
): Promise<Mail> {
  for (let i = 0; i < 200; ++i) {
    const found = mail.sentTo(address).filter((one) => leads.test(linkIn(one).pathname));
    if (found.length >= number) return found[number - 1] as Mail;
    await sleep(100);
  }
  throw new Error(`no letter ${number} to ${address}`);
}

// As it stands there, to be read: in two halves.
function codeIn({ parts }: Mail): string {
  return /\b\d{3} \d{3}\b/.exec(parts["text/plain"] as string)?.[0] as string;
}

// Asks for the mail; the page that follows.
async function ask(browser: Browser, email: string, to = ""): Promise<string> {
  const page = await browser.text(`/en/sign-in${to && `?to=${encodeURIComponent(to)}`}`);
  return browser.done(page, "/en/sign-in", { email });
}

async function signIn(browser: Browser, email: string, number = 1): Promise<void> {
  const page = await ask(browser, email);
  const secret = codeIn(await letter(email, number));
  const response = await browser.submit(page, "/en/sign-in/session", { secret });
  assert.equal(response.status, 303);
  assert.equal(response.headers.get("location"), "/en/desk");
}

function session(browser: Browser): string | undefined {
  return browser.cookies.get("lagnet_session");
}

test("SignsInByTheLinkOfTheMail", async () => {
  await account("link");
  const browser = new Browser(world.gateway);
  await ask(browser, "link@example.org", "/en/desk/lag-kazbegi/edit");
  const path = linkIn(await letter("link@example.org")).pathname;
  // Programs that read mail open links, with and without what the browser has.
  for (let i = 0; i < 100; ++i) {
    const opened = await (i % 2 ? world.gateway.get(path) : browser.get(path));
    assert.equal(opened.status, 200);
    await opened.text();
  }
  assert.equal(session(browser), undefined);
  const attempt = browser.cookies.get("lagnet_sign_in") as string;
  const response = await browser.submit(await browser.text(path), "/en/sign-in/session");
  assert.equal(response.headers.get("location"), "/en/desk/lag-kazbegi/edit");
  assert.ok(session(browser));
  assert.equal(browser.cookies.has("lagnet_sign_in"), false);
  assert.match(await browser.text("/en/desk"), /link Example/);
  // It works once.
  const second = new Browser(world.gateway);
  second.cookies.set("lagnet_sign_in", attempt);
  const again = await second.submit(await second.text(path), "/en/sign-in/session");
  assert.equal(again.status, 422);
  assert.equal(session(second), undefined);
});

test("TakesTheCodeWhereTheMailOpensInAnotherBrowser", async () => {
  await account("code");
  const browser = new Browser(world.gateway);
  const page = await ask(browser, "code@example.org");
  const received = await letter("code@example.org");
  const other = new Browser(world.gateway);
  const path = linkIn(received).pathname;
  assert.match(await other.text(path), /This is another browser/);
  const stolen = await other.post("/en/sign-in/session", {
    secret: path.split("/").at(-1) as string, request_id: crypto.randomUUID(),
  });
  assert.equal(stolen.status, 403);
  assert.equal(session(other), undefined);
  const wrong = codeIn(received) === "000 000" ? "000 001" : "000 000";
  const refused = await browser.submit(page, "/en/sign-in/session", { secret: wrong });
  assert.equal(refused.status, 422);
  assert.match(await refused.text(), /id="secret-problem"/);
  const code = codeIn(received);
  const done = await browser.submit(
    await browser.text("/en/sign-in/sent"), "/en/sign-in/session", { secret: code },
  );
  assert.equal(done.status, 303);
  assert.match(await browser.text("/en/desk"), /code Example/);
});

test("MakesOneSessionOfManyForms", async () => {
  await account("many");
  const browser = new Browser(world.gateway);
  const page = await ask(browser, "many@example.org");
  const secret = codeIn(await letter("many@example.org"));
  const fields = { ...hidden(page, "/en/sign-in/session"), secret };
  const headers = {
    origin: world.gateway.url,
    cookie: [...browser.cookies].map((pair) => pair.join("=")).join("; "),
  };
  const sent = async (requestId: string) => {
    const response = await world.gateway.post(
      "/en/sign-in/session", { ...fields, request_id: requestId }, headers,
    );
    return response.headers.getSetCookie().find((one) => one.startsWith("lagnet_session="))
      ?.split(";")[0];
  };
  const all = await Promise.all(Array.from({ length: 50 }, () => sent(crypto.randomUUID())));
  assert.equal(all.filter(Boolean).length, 1, "50 forms, one session");
});

test("TellsNobodyWhoHasAnAccount", async () => {
  await account("known");
  const answers = [];
  for (const email of ["known@example.org", "unknown@example.org"]) {
    const browser = new Browser(world.gateway);
    const page = await browser.text("/en/sign-in");
    const response = await browser.submit(page, "/en/sign-in", { email });
    // When it ends depends on the second in which it was asked for.
    const cookies = response.headers.getSetCookie()
      .map((one) => one.replace(/=[^;]*/, "=").replace(/Expires=[^;]*/, "Expires="));
    const sent = (await browser.text("/en/sign-in/sent")).replace(/value="[^"]*"/g, "");
    answers.push({ status: response.status, to: response.headers.get("location"), cookies, sent });
  }
  assert.deepEqual(answers[0], answers[1]);
  await letter("known@example.org");
  assert.deepEqual(mail.sentTo("unknown@example.org"), []);
});

test("SetsASessionOfItsOwn", async () => {
  await account("fixed");
  const browser = new Browser(world.gateway);
  browser.cookies.set("lagnet_session", "lags_planted");
  await signIn(browser, "fixed@example.org");
  assert.notEqual(session(browser), "lags_planted");
  // What somebody else was mailed opens nothing in a browser that began its
  // own sign-in.
  await account("thief");
  await account("victim");
  const thief = new Browser(world.gateway);
  await ask(thief, "thief@example.org");
  const stolen = linkIn(await letter("thief@example.org")).pathname;
  const victim = new Browser(world.gateway);
  await ask(victim, "victim@example.org");
  const response = await victim.submit(await victim.text(stolen), "/en/sign-in/session");
  assert.equal(response.status, 422);
  assert.equal(session(victim), undefined);
});

test("EndsASessionOnEveryGateway", async () => {
  await account("leaver");
  const browser = new Browser(world.gateway);
  await signIn(browser, "leaver@example.org");
  const elsewhere = new Browser(world.gateway);
  await signIn(elsewhere, "leaver@example.org", 2);
  const second = await Gateway.start(world.lagnetd.address, world.keyFile);
  try {
    const there = new Browser(second);
    there.cookies.set("lagnet_session", session(browser) as string);
    const desk = await there.text("/en/desk");

    await browser.done(await browser.text("/en/desk"), "/en/sign-out");
    assert.equal(session(browser), undefined);
    await sleep(1_500);
    assert.equal((await there.get("/en/desk")).status, 303);
    assert.equal((await there.submit(desk, "/en/sign-out")).status, 303);
    assert.equal((await elsewhere.get("/en/desk")).status, 200);

    await signIn(browser, "leaver@example.org", 3);
    await browser.done(await browser.text("/en/desk"), "/en/sign-out-everywhere");
    await sleep(1_500);
    assert.equal((await elsewhere.get("/en/desk")).status, 303);
  } finally {
    await second.stop();
  }
});

test("AsksWhoItIsWhereSeveralShareAMailbox", async () => {
  await account("first", "office@example.org");
  await account("second", "office@example.org");
  const browser = new Browser(world.gateway);
  const page = await ask(browser, "office@example.org");
  const secret = codeIn(await letter("office@example.org"));
  const choice = await browser.submit(page, "/en/sign-in/session", { secret });
  assert.equal(choice.status, 200);
  const choices = await choice.text();
  assert.match(choices, />first Example<\/button>/);
  assert.equal(session(browser), undefined);
  const desk = await browser.done(choices, "/en/sign-in/session", { account: "second" });
  assert.match(desk, /second Example/);
});

test("SaysWhyNoMailIsSent", async () => {
  const browser = new Browser(world.gateway);
  for (let i = 0; i < 3; ++i) await ask(browser, "often@example.org");
  const page = await browser.text("/en/sign-in");
  const fourth = await browser.submit(page, "/en/sign-in", { email: "often@example.org" });
  assert.equal(fourth.status, 422);
  assert.match(await fourth.text(), /too often in the last hour/);
  const none = await browser.submit(page, "/en/sign-in", { email: "no address" });
  assert.equal(none.status, 422);
  const shown = await none.text();
  assert.match(shown, /id="email-problem"/);
  assert.match(shown, /value="no address"/);
});

test("LeadsToItsOwnPagesOnly", async () => {
  const browser = new Browser(world.gateway);
  for (const to of [
    "https://example.org/", "//example.org", "/\\example.org", "/en/desk\\..\\x",
    "javascript:alert(1)", "/xx/desk", "/en/desk#x", "/en/<script>", `/en/${"x".repeat(400)}`, " /en/desk",
  ]) {
    const page = await browser.text(`/en/sign-in?to=${encodeURIComponent(to)}`);
    assert.equal(hidden(page, "/en/sign-in")["to"], undefined, to);
  }
  const page = await browser.text("/en/sign-in?to=%2Fka%2Fdesk%2Fx%3Fa%3D1");
  assert.equal(hidden(page, "/en/sign-in")["to"], "/ka/desk/x?a=1");
});

test("LetsPeopleInviteColleaguesAndRemoveThem", async () => {
  await account("boss");
  const boss = new Browser(world.gateway);
  await signIn(boss, "boss@example.org");
  const path = "/en/desk/lag-kazbegi/colleagues";
  const page = await boss.text(path);
  const wrong = await boss.submit(page, path, { name: "", email: "no", language: "ka" });
  assert.equal(wrong.status, 422);
  const shown = await wrong.text();
  assert.match(shown, /id="name-problem"/);
  assert.match(shown, /id="email-problem"/);
  const invited = await boss.done(shown, path, {
    name: "Eka Example", email: "eka@example.org", language: "ka",
  });
  assert.match(invited, /Eka Example/);
  await letter("eka@example.org", 1, /^\/ka\/sign-in$/);

  const eka = new Browser(world.gateway);
  await signIn(eka, "eka@example.org");
  assert.equal((await eka.get("/en/desk/lag-kazbegi")).status, 200);
  const remove = new RegExp(`action="(${path}/[^/]+/remove)"[^>]*>(?:(?!</form>).)*Eka Example`)
    .exec(invited)?.[1] as string;
  const removed = await boss.done(invited, remove);
  assert.doesNotMatch(removed, /Eka Example/);
  await sleep(5_000);
  assert.equal((await eka.get("/en/desk/lag-kazbegi")).status, 404);
});

test("GivesAnOrganisationItsDesk", async () => {
  const visitor = new Browser(world.gateway);
  assert.match(await visitor.text("/en/organizations/lag-mestia"), /This is my organisation/);
  const ask = "/en/organizations/lag-mestia/claim";
  const asked = await visitor.done(await visitor.text(ask), ask);
  assert.match(asked, /office@lag-mestia\.example\.org/);
  const path = linkIn(await letter("office@lag-mestia.example.org")).pathname;
  for (let i = 0; i < 100; ++i) assert.equal((await world.gateway.get(path)).status, 200);

  const claimant = new Browser(world.gateway);
  const page = await claimant.text(path);
  const wrong = await claimant.submit(page, path, { name: "Maka Example", email: "no" });
  assert.equal(wrong.status, 422);
  const sent = await claimant.done(await wrong.text(), path, {
    name: "Maka Example", email: "maka@example.org",
  });
  const secret = codeIn(await letter("maka@example.org"));
  await claimant.done(sent, "/en/sign-in/session", { secret });
  assert.match(await claimant.text("/en/desk"), /lag-mestia/);
  // The link works once.
  const late = await visitor.submit(page, path, { name: "Late", email: "late@example.org" });
  assert.equal(late.status, 422);
  assert.match(await late.text(), /This link does not work/);

  // Who is signed in needs no other account.
  const again = "/en/organizations/lag-keda/claim";
  await visitor.done(await visitor.text(again), again);
  const own = linkIn(await letter("office@lag-keda.example.org")).pathname;
  const desk = await claimant.done(await claimant.text(own), `${own}/mine`);
  assert.match(desk, /You now speak for this organisation/);
});

test("SpeaksFourLanguages", async () => {
  const titles = { en: "Sign in", ka: "შესვლა", pl: "Logowanie", cs: "Přihlášení" };
  for (const language of LANGUAGES) {
    const page = await world.gateway.text(`/${language}/sign-in`);
    assert.match(page, new RegExp(`<h1>${titles[language]}</h1>`));
  }
});

test("KeepsTokensOutOfItsLogAndItsCookiesToItself", async () => {
  const secure = await Gateway.start(world.lagnetd.address, world.keyFile, {
    env: { LAGNET_WEB_URL: "https://visits.example.org", LAGNET_WEB_TRUST_PROXY: "1" },
  });
  try {
    const page = await secure.text("/en/sign-in");
    const response = await secure.post("/en/sign-in", {
      ...hidden(page, "/en/sign-in"), email: "secure@example.org",
    }, { origin: "https://visits.example.org", "x-forwarded-for": "2001:db8:1:2::3" });
    assert.match(
      response.headers.getSetCookie()[0] ?? "",
      /^__Host-lagnet_sign_in=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
    );
  } finally {
    await secure.stop();
  }
  const log = [...world.gateway.log, ...secure.log].join("\n");
  assert.match(log, /"route":"\/en\/sign-in\/:secret"/);
  assert.doesNotMatch(log, /example\.org/);
  const secret = linkIn(await letter("link@example.org")).pathname.split("/").at(-1) as string;
  assert.ok(!log.includes(secret));
});

test("TellsTheServerTheNetworkOfABrowserOnly", async () => {
  const { browserNetwork } = await import(
    join(ROOT, "clients/web/dist/src/serving/browser_network.js")
  );
  assert.equal(browserNetwork("198.51.100.77"), "198.51.100.0/24");
  assert.equal(browserNetwork("::ffff:198.51.100.77"), "198.51.100.0/24");
  assert.equal(browserNetwork("2001:db8:1:2:3::4"), "2001:db8:1::/48");
  assert.equal(browserNetwork("nobody"), "");
});
