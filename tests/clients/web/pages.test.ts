// Every public page, in four languages, and what it weighs.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { Organization_State } from "@lagnet/client/directory/v1/organizations_pb.js";
import { PATHS } from "./paths.js";
import { filled, hidden, LANGUAGES, openVisit, World } from "./world.js";

const world = new World();
before(() => world.start());
after(() => world.remove());

// All that a browser loads for a page, compressed as it is sent, with the worker
// behind a form.
async function weight(path: string): Promise<number> {
  const page = await world.gateway.text(path);
  const files = [...page.matchAll(/(?:href|src|data-keep)="(\/(?:static\/|worker)[^"]+)"/g)];
  const texts = await Promise.all(files.map(([, file]) => world.gateway.text(file as string)));
  return [page, ...texts].reduce((sum, text) => sum + gzipSync(text).length, 0);
}

test("ShowsEveryPageInFourLanguages", async () => {
  for (const path of PATHS) {
    for (const language of LANGUAGES) {
      const response = await world.gateway.get(`/${language}${path}`);
      const page = await response.text();
      assert.equal(response.status, 200, `/${language}${path}`);
      assert.ok(page.startsWith(`<!doctype html>\n<html lang="${language}">`), path);
      assert.equal([...page.matchAll(/<h1>/g)].length, 1, path);
      for (const other of LANGUAGES.filter((one) => one !== language)) {
        const link = `/${other}${path}`.replaceAll("&", "&amp;");
        // A form is sent there, with what was typed.
        const way = path.includes("/sign-up") && !path.includes("/sent")
          ? `formaction="${link}"`
          : `<a href="${link}" lang="${other}"`;
        assert.ok(page.includes(way), `${path}: ${link}`);
      }
      assert.doesNotMatch(page, /[a-z]+\.[a-z_]+(?=<)(?<!example\.org)(?<!\.ge|\.pl|\.cz)/, path);
      assert.doesNotMatch(page, /\sstyle=|<script>|\son[a-z]+=/, "nothing inline");
    }
  }
});

test("WeighsLessThanThirtyKilobytes", async (t) => {
  for (const path of PATHS) {
    for (const language of LANGUAGES) {
      const bytes = await weight(`/${language}${path}`);
      if (language === "ka") t.diagnostic(`${(bytes / 1024).toFixed(1)} KB  /ka${path}`);
      assert.ok(bytes < 30 * 1024, `/${language}${path} weighs ${bytes}`);
    }
  }
});

test("LeadsToTheLanguageOfTheBrowser", async () => {
  for (const [asked, language] of [
    ["ka-GE,ka;q=0.9,en;q=0.8", "ka"], ["de,cs;q=0.5", "cs"], ["de", "en"], ["", "en"],
    ["en;q=0.1,pl;q=0.9", "pl"], ["pl;q=0,en;q=0.1", "en"],
  ] as const) {
    const response = await world.gateway.get("/", { "accept-language": asked });
    assert.equal(response.status, 302);
    assert.equal(response.headers.get("location"), `/${language}`, asked);
    assert.match(response.headers.get("vary") ?? "", /accept-language/i);
  }
});

test("MarksWhatIsInAnotherLanguage", async () => {
  const page = await world.gateway.text("/ka/visits/slaskie-opolskie");
  assert.match(page, /<span lang="en">County of Myszków<\/span>/);
  const { gateway, lagnet } = world;
  await lagnet.organizations.createOrganization({
    organizationId: "lag-czech-only",
    initialState: Organization_State.VERIFIED,
    organization: {
      network: "networks/nsmascr", kind: 1, country: "CZ",
      displayName: { texts: { cs: { text: "MAS Příklad" } } },
    },
  });
  assert.match(
    await gateway.text("/en/organizations/lag-czech-only"),
    /<h1><span lang="cs">MAS Příklad<\/span><\/h1>/,
  );
});

test("FindsInTheDirectory", async () => {
  const found = await world.gateway.text("/pl/directory?q=puszczy%20kozienickiej");
  assert.match(found, /Kozienick/);
  assert.match(found, /<svg [^>]*role="img" aria-label="Polska: \d+ miejsc/);
  assert.match(await world.gateway.text("/en/directory?q=xqzwv"), /Nothing was found/);
  const kinds = await world.gateway.text("/en/directory?kind=COUNTY");
  assert.match(kinds, /<option value="COUNTY" selected>[^<]+\(1\)<\/option>/);
  const first = await world.gateway.text("/cs/directory");
  const next = /<a href="(\/cs\/directory\?page=[^"]+)" rel="next"/.exec(first)?.[1] as string;
  assert.match(await world.gateway.text(next.replaceAll("&amp;", "&")), /První stránka/);
});

test("FollowsAMergedEntry", async () => {
  await world.lagnet.doubles.mergeOrganizations({
    name: "organizations/gmina-slawa", into: "organizations/gmina-wschowa",
  });
  const response = await world.gateway.get("/cs/organizations/gmina-slawa");
  assert.equal(response.status, 301);
  assert.equal(response.headers.get("location"), "/cs/organizations/gmina-wschowa");
});

test("GivesCalendarFeeds", async () => {
  for (const path of [
    "/pl/visits.ics", "/pl/visits.ics?network=ksow", "/pl/visits.ics?host=lag-kazbegi",
    "/pl/visits/slaskie-opolskie.ics",
  ]) {
    const response = await world.gateway.get(path);
    assert.equal(response.headers.get("content-type"), "text/calendar; charset=utf-8");
    const text = await response.text();
    assert.ok(text.startsWith("BEGIN:VCALENDAR\r\n") && text.endsWith("END:VCALENDAR\r\n"), path);
    for (const line of text.split("\r\n")) {
      assert.ok(Buffer.byteLength(line) <= 75 || line.includes("\n") === false, line);
      assert.ok(!line.includes("\n"), "only CRLF ends a line");
    }
    assert.match(text, /DTSTART;TZID=\w+\/\w+:\d{8}T\d{6}\r\n/);
    assert.match(text, /BEGIN:VTIMEZONE/);
  }
  const one = await world.gateway.text("/pl/visits/slaskie-opolskie.ics");
  assert.match(one, /SUMMARY:Wizyta studyjna 1: śląskie i opolskie/);
  const host = await world.gateway.text("/pl/visits.ics?host=lag-kazbegi");
  assert.ok(!host.includes("UID:slaskie-opolskie@"));
});

test("TellsOpenPagesOfSeats", async () => {
  await openVisit(world, "live", 3);
  const controller = new AbortController();
  const response = await fetch(`${world.gateway.url}/cs/visits/live/seats`, {
    signal: controller.signal,
  });
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const until = async (text: string) => {
    for (let all = ""; !all.includes(text);) {
      const { done, value } = await reader.read();
      assert.ok(!done, all);
      all += value;
    }
  };
  await until("data: Volná jsou 3 místa z 3.");
  const path = "/cs/visits/live/sign-up";
  await world.gateway.post(path, filled(await world.gateway.text(path), "Nino"));
  await until("data: Volná jsou 2 místa z 3.");
  controller.abort();
  assert.equal((await world.gateway.get("/cs/visits/there-is-none/seats")).status, 404);
});

test("SendsAPageAsTheBrowserTakesIt", async () => {
  const texts = new Set<string>();
  for (const [accepted, encoding] of [
    ["gzip, deflate, br", "br"], ["gzip", "gzip"], ["br;q=0, gzip", "gzip"], ["identity", null],
  ] as const) {
    const response = await world.gateway.get("/pl/visits", { "accept-encoding": accepted });
    assert.equal(response.headers.get("content-encoding"), encoding, accepted);
    assert.equal(response.headers.get("vary"), "accept-encoding");
    texts.add(await response.text());
  }
  assert.equal(texts.size, 1);
});

test("ShowsWhatChangedAMomentLater", async () => {
  const name = await openVisit(world, "moment", 5);
  assert.match(await world.gateway.text("/en/visits/moment"), /5 of 5 seats are free/);
  await world.lagnet.signUps.createSignUp({
    parent: name,
    signUp: {
      organization: "organizations/lag-kazbegi", standing: 1, sector: 3,
      members: [{ fullName: "Ana Example", email: "ana@example.org" }],
    },
  });
  await sleep(1_200);
  assert.match(await world.gateway.text("/en/visits/moment"), /4 of 5 seats are free/);
});

test("ClosesTheFormWithSignUp", async () => {
  const { lagnet, gateway } = world;
  const name = await openVisit(world, "closed", 3);
  const form = filled(await gateway.text("/en/visits/closed/sign-up"), "Nino");
  await lagnet.visits.cancelStudyVisit({ name, reason: "Snow <b>on</b> the road" });
  // Another client changed it, and a page is made once a second.
  let page = "";
  for (let i = 0; i < 50 && !page.includes("This visit was called off."); ++i) {
    await sleep(50);
    page = await gateway.text("/en/visits/closed");
  }
  assert.match(page, /This visit was called off\./);
  assert.match(page, /Snow &lt;b>on&lt;\/b> the road/);
  assert.ok(!page.includes("/sign-up"));
  assert.doesNotMatch(page, /seats are free/);
  assert.equal(hidden(await gateway.text("/en/visits/closed/sign-up"))["request_id"], undefined);
  const sent = await gateway.post("/en/visits/closed/sign-up", form);
  assert.equal(sent.status, 422);
  assert.match(await sent.text(), /Sign-up for this visit is closed/);
});
