// What the gateway refuses, escapes and keeps to itself.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Role } from "@lagnet/client/options/v1/options_pb.js";
import { changingRoutes } from "./routes.js";
import {
  Browser, type Fields, filled, Gateway, hidden, LANGUAGES, openVisit, World,
} from "./world.js";

const world = new World();
let link = "";
before(async () => {
  await world.start();
  await openVisit(world, "safe", 50);
  const path = "/en/visits/safe/sign-up";
  const form = filled(await world.gateway.text(path), "Canary");
  const sent = await world.gateway.post(path, form);
  link = (sent.headers.get("location") as string).replace(/\?.*/, "");
});
after(() => world.remove());

const posts = () => [
  "/en/visits/safe/sign-up",
  ...["verify", "accept", "decline", "withdraw", "members/1"].map((path) => `${link}/${path}`),
  "/place/token", "/place/token/leave",
];

test("TakesFormsFromItsOwnPagesOnly", async () => {
  const own = world.gateway.url;
  const foreign: Record<string, string>[] = [
    {},
    { origin: "https://example.org" },
    { origin: "null" },
    { origin: own.replace("127.0.0.1", "localhost") },
    { origin: own, "sec-fetch-site": "cross-site" },
    { origin: own, "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "none" },
    { referer: "https://example.org/" },
    { referer: `${own}.example.org/` },
  ];
  for (const path of posts()) {
    for (const headers of foreign) {
      const page = await world.gateway.text("/en/visits/safe/sign-up");
      const response = await world.gateway.post(path, filled(page, "Nobody"), headers);
      assert.equal(response.status, 403, `${path} ${JSON.stringify(headers)}`);
    }
  }
  const { signUps } = await world.lagnet.signUps.listSignUps({ parent: "studyVisits/safe" });
  assert.equal(signUps.length, 1);
  // Old browsers say less.
  let number = 0;
  for (const headers of [
    { origin: own }, { "sec-fetch-site": "same-origin" }, { referer: `${own}/en` },
    { origin: "null", "sec-fetch-site": "same-origin" },
  ] as Record<string, string>[]) {
    const path = "/en/visits/safe/sign-up";
    const form = filled(await world.gateway.text(path), `Old${++number}`);
    assert.equal((await world.gateway.post(path, form, headers)).status, 303);
  }
});

// Of what changes something, that which needs no session: a link or what was
// mailed proves who it is.
const PUBLIC = [
  "/:language/visits/:id/sign-up",
  "/:language/sign-in",
  "/:language/sign-in/session",
  "/:language/organizations/:id/claim",
  "/:language/claim/:token",
  "/my/:token/verify", "/my/:token/accept", "/my/:token/decline", "/my/:token/withdraw",
  "/my/:token/erase",
  "/my/:token/members/:member",
  "/place/:token", "/place/:token/leave",
];

test("RefusesEveryChangeThatIsNotFromAPageOfTheSameSession", async () => {
  const grant = { role: Role.LAG_MANAGER, organization: "organizations/lag-kazbegi" };
  const nino = await world.personWith("nino", grant);
  const levan = await world.personWith("levan", grant);
  const tokenOf = async (browser: Browser) =>
    hidden(await browser.text("/en/desk"), "/en/sign-out")["form_token"] as string;
  const own = await tokenOf(nino);
  const other = await tokenOf(levan);
  assert.notEqual(own, other);
  const nobody = new Browser(world.gateway);

  const routes = await changingRoutes(world);
  for (const url of PUBLIC) assert.ok(routes.includes(`POST ${url}`), `${url} is no route`);
  const guarded = routes.filter((route) => !PUBLIC.includes(route.replace("POST ", "")));
  assert.ok(guarded.length >= 10, String(guarded));
  for (const route of routes) {
    assert.match(route, /^POST /, "browsers without scripts know no other");
    const path = route.replace("POST ", "").replace(":language", "en")
      .replace(/:\w+/g, "lag-kazbegi");
    const foreign = { origin: "https://example.org" };
    assert.equal((await nino.post(path, { form_token: own }, foreign)).status, 403, route);
    if (!guarded.includes(route)) continue;
    const forms: Fields[] = [
      {}, { form_token: "" }, { form_token: other }, { form_token: own.slice(1) },
      { form_token: `${own}x` }, { form_token: [other, own] },
    ];
    for (const fields of forms) {
      const response = await nino.post(path, { ...fields, reason: "typed" });
      assert.equal(response.status, 403, `${route} ${JSON.stringify(fields)}`);
    }
    const unknown = await nobody.post(path, { form_token: own, reason: "typed" });
    assert.equal(unknown.status, 401, route);
  }
  assert.equal((await nino.get("/en/desk")).status, 200);
});

test("SendsTheHeadersThatKeepBrowsersSafe", async () => {
  for (const path of ["/en", "/en/visits/safe/sign-up", link, "/place/token", "/place/left",
    "/nowhere", "/healthz"]) {
    const { headers } = await world.gateway.get(path);
    assert.match(headers.get("content-security-policy") ?? "", /^default-src 'none';/);
    assert.doesNotMatch(headers.get("content-security-policy") ?? "", /unsafe|\*/);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("referrer-policy"), "same-origin");
    assert.equal(headers.get("cross-origin-opener-policy"), "same-origin");
    assert.equal(headers.get("set-cookie"), null);
  }
  const cache = async (path: string) => (await world.gateway.get(path)).headers.get("cache-control");
  assert.match((await cache("/en/visits")) ?? "", /^public, max-age=20/);
  assert.equal(await cache("/en/visits/safe/sign-up"), "no-store");
  for (const path of [link, "/place/token", "/place/left"]) {
    assert.equal(await cache(path), "no-store", path);
  }
  const style = /href="(\/static\/style[^"]+)"/.exec(await world.gateway.text("/en"))?.[1];
  assert.match((await cache(style as string)) ?? "", /immutable/);
});

test("KeepsPeopleAndTheirLinksOutOfItsLog", async () => {
  await world.gateway.get(link);
  await world.gateway.get(`${link}${"x".repeat(2000)}`);
  await world.gateway.get(link.replace("/my/", "/place/"));
  await world.gateway.get("/en/directory?q=canary-query");
  const log = world.gateway.log.join("\n");
  assert.match(log, /"route":"\/my\/:token"/);
  assert.match(log, /"route":"\/place\/:token"/);
  for (const secret of ["lagl_", "anary", "example.org"]) {
    assert.ok(!log.includes(secret), secret);
  }
});

test("RefusesWhatIsTooLarge", async () => {
  const response = await world.gateway.post(
    "/en/visits/safe/sign-up", { "name-1": "x".repeat(200_000) },
  );
  assert.equal(response.status, 413);
  assert.match(await response.text(), /This form is too large/);
});

test("SaysThatAPageIsNotThereInFourLanguages", async () => {
  const titles = {
    en: "This page does not exist", ka: "ასეთი გვერდი არ არსებობს", pl: "Nie ma takiej strony",
    cs: "Tato stránka neexistuje",
  };
  for (const language of LANGUAGES) {
    for (const path of [
      "/nowhere", "/visits/there-is-none", "/visits/%3Cscript%3E", "/organizations/there-is-none",
      "/visits/..%2f..%2fetc", "/organizations/-", "/visits/x.ics",
    ]) {
      const response = await world.gateway.get(`/${language}${path}`);
      assert.equal(response.status, 404, path);
      assert.ok((await response.text()).includes(titles[language]), `/${language}${path}`);
    }
  }
});

test("SaysThatTheServerIsAwayAndKeepsTheForm", async () => {
  const away = await Gateway.start("127.0.0.1:1", world.keyFile);
  try {
    for (const language of LANGUAGES) {
      const response = await away.get(`/${language}/visits`);
      assert.equal(response.status, 503);
      assert.equal(response.headers.get("retry-after"), "10");
      assert.match(await response.text(), new RegExp(`<html lang="${language}">`));
    }
    assert.equal((await away.get("/healthz")).status, 503);
    const path = "/ka/visits/safe/sign-up";
    const form = filled(await world.gateway.text(path), "Late");
    const refused = await away.post(path, { ...form, "name-2": 'A "quoted" name' });
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get("retry-after"), "10");
    const page = await refused.text();
    assert.match(page, /name="name-2" value="A &quot;quoted&quot; name"/);
    const kept = hidden(page);
    assert.deepEqual({ ...kept, at: "", "name-2": "" }, { ...form, at: "", "name-2": "" });
    // Once the server is back, the button does what the form would have done.
    const taken = await world.gateway.post(path, { ...kept, people: "1" });
    assert.equal(taken.status, 303);
  } finally {
    assert.equal(await away.stop(), 0);
  }
  assert.equal((await world.gateway.get("/healthz")).status, 200);
});
