// The console: a visit from its first word to its list of participants, and a
// directory that is kept in order.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Account_State } from "@lagnet/client/access/v1/accounts_pb.js";
import { Organization_State as EntryState } from
  "@lagnet/client/directory/v1/organizations_pb.js";
import { Role } from "@lagnet/client/options/v1/options_pb.js";
import { SignUp_Channel as Channel } from
  "@lagnet/client/visits/v1/sign_ups_pb.js";
import { StudyVisit_State as State } from "@lagnet/client/visits/v1/study_visits_pb.js";
import { fill, formOf, problemsIn, upload } from "./forms.js";
import { type Browser, openVisit, ROOT, World } from "./world.js";

const world = new World();
let staff: Browser;
before(async () => {
  await world.start();
  staff = await world.personWith("marika", { role: Role.NETWORK_ADMIN, network: "networks/grdn" });
});
after(() => world.remove());

const NEW = {
  network: "grdn",
  "title-en": "Cheese & <b>honey</b>",
  "title-ka": "ყველი და თაფლი",
  "description-en": "What we see:\n\n- a dairy\n- a meadow",
  "host-1": "lag-kazbegi",
  start: "2036-05-01T09:00",
  end: "2036-05-02T16:00",
  time_zone: "Asia/Tbilisi",
};

async function draft(filled: Record<string, string> = {}): Promise<string> {
  const { to, page } = await fill(staff, "/en/console/visits/new", { ...NEW, ...filled });
  assert.match(to, /^\/en\/console\/visits\/[a-z0-9-]+\/programme$/, problemsIn(page));
  return to.replace("/programme", "");
}

function idIn(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

const article = (page: string) => /<article>.*<\/article>/s.exec(page)?.[0];

test("WritesAVisitStepByStepAndPublishesIt", async () => {
  const at = await draft();
  const id = idIn(at);
  assert.equal(id, "cheese-b-honey-b-2036");
  assert.equal(idIn(await draft()), `${id}-2`, "another of that title");

  const day = await fill(staff, `${at}/programme/2036-05-01`, {
    "day-en": "In the valley", "stop-1-en": "The dairy", "place-1": "Stepantsminda",
    "host-1": "Kazbegi Local Action Group", "stop-2-en": "The meadow", "order-2": "0.5",
  });
  assert.equal(day.to, `${at}/programme`, problemsIn(day.page));
  const costs = await fill(staff, `${at}/costs`, {
    covered: ["MEALS", "LODGING"], languages: ["ka", "en"], contact_email: "visits@example.org",
  });
  assert.equal(costs.to, `${at}/seats`, problemsIn(costs.page));
  const seats = await fill(staff, `${at}/seats`, { seats: "3", offer_hours: "48" });
  assert.equal(seats.to, `${at}/preview`, problemsIn(seats.page));

  const visit = await world.lagnet.visits.getStudyVisit({ name: `studyVisits/${id}` });
  assert.equal(visit.state, State.DRAFT);
  assert.deepEqual(
    visit.days[0]?.stops.map(({ title }) => title?.texts["en"]?.text),
    ["The meadow", "The dairy"],
  );
  assert.equal(visit.days[0]?.stops[1]?.host, "organizations/lag-kazbegi");
  assert.equal((await world.gateway.get(`/en/visits/${id}`)).status, 404);

  const preview = await staff.text(`${at}/preview`);
  const { to } = await fill(staff, `${at}/preview`, {}, `${at}/publish`);
  assert.equal(to, at);
  const published = await world.gateway.text(`/en/visits/${id}`);
  assert.ok(article(published));
  assert.equal(article(preview), article(published), "the preview is the page");
});

test("TellsWhichRulesContradictEachOtherAndKeepsWhatWasTyped", async () => {
  const at = await draft({ "title-en": "Contradiction" });
  const typed = { seats: "3", "share_sector-1": "CIVIC", "share_min-1": "5" };
  const refused = await fill(staff, `${at}/seats`, typed);
  assert.match(problemsIn(refused.page), /Share 1: .*at least 5 of 3 seats/);
  const form = formOf(refused.page, `${at}/seats`);
  assert.equal(form["share_min-1"], "5");
  assert.equal(form["share_sector-1"], "CIVIC");
  const taken = await fill(staff, `${at}/seats`, { ...typed, seats: "8" });
  assert.equal(taken.to, `${at}/preview`, problemsIn(taken.page));
  const again = formOf(await staff.text(`${at}/seats`), `${at}/seats`);
  assert.equal(again["share_min-1"], "5");
});

test("KeepsSeatsForPartners", async () => {
  const at = await draft({ "title-en": "Partners" });
  const { to, page } = await fill(staff, `${at}/seats`, {
    seats: "6", preset: "partners", "partner-1": "lag-kazbegi", "partner_seats-1": "4",
    partners_until: "2036-04-01T12:00",
  });
  assert.equal(to, `${at}/preview`, problemsIn(page));
  const again = formOf(await staff.text(`${at}/seats`), `${at}/seats`);
  assert.equal(again["preset"], "partners");
  assert.equal(again["partner-1"], "lag-kazbegi");
  assert.equal(again["partner_seats-1"], "4");
  assert.equal(again["partners_until"], "2036-04-01T12:00");
  assert.equal(again["confirm_hours"], "72");
  assert.match(await staff.text(`${at}/preview`), /72 hours/);
});

test("SuggestsTheUsualRulesAndSavesNone", async () => {
  const at = await draft({ "title-en": "Usual" });
  const page = await staff.text(`${at}/seats?suggest=DRAW`);
  assert.match(page, /Nothing is saved yet/);
  const form = formOf(page, `${at}/seats`);
  assert.equal(form["preset"], "draw");
  assert.equal(form["offer_hours"], "48");
  const name = `studyVisits/${idIn(at)}`;
  const before = await world.lagnet.visits.getStudyVisit({ name });
  assert.equal(before.seatRules?.offerHours ?? 0, 0);
  const sent = await staff.post(`${at}/seats`, {
    ...form, sign_up_start: "2036-01-01T09:00", sign_up_end: "2036-02-01T09:00",
  });
  assert.equal(sent.status, 303, problemsIn(await sent.text()));
  // The gateway wrote it: another client may read a moment behind.
  const saved = await staff.text(`${at}/seats`);
  assert.equal(formOf(saved, `${at}/seats`)["offer_hours"], "48");
  const nobody = await staff.text(`${at}/seats?suggest=SEATS_PER_PARTNER`);
  assert.notEqual(problemsIn(nobody), "", "a visit without partners");
});

test("ShowsTheLettersOfAVisitInTheLanguageAskedFor", async () => {
  const id = idIn(await openVisit(world, "letters", 5));
  const at = `/en/console/visits/${id}`;
  assert.ok((await staff.text(at)).includes(`href="${at}/letters"`));
  const page = await staff.text(`${at}/letters?language=ka`);
  assert.match(page, /<h2>Asks whether the address is right<\/h2>/);
  assert.match(page, /<div class="letter" lang="ka"><p><strong>[^<]*დაადასტუროთ/);
  assert.doesNotMatch(page, /console\.letters\./);
  assert.match(await staff.text(`${at}/letters?language=xx`), /class="letter" lang="en"/);
});

test("SavesNothingOverWhatSomebodyElseHasSaved", async () => {
  const at = await draft({ "title-en": "Two at once" });
  const mine = formOf(await staff.text(`${at}/costs`), `${at}/costs`);
  const first = await fill(staff, `${at}/costs`, { contact_email: "first@example.org" });
  assert.equal(first.to, `${at}/seats`);
  const second = await staff.post(`${at}/costs`, { ...mine, contact_email: "second@example.org" });
  assert.equal(second.status, 422);
  const page = await second.text();
  const form = formOf(page, `${at}/costs`);
  assert.equal(form["contact_email"], "second@example.org", "what was typed is kept");
  const sent = await staff.post(`${at}/costs`, form);
  assert.equal(sent.status, 303, "whoever has seen it may go on");
});

test("ChangesPublishedRulesOnlyWithAReason", async () => {
  const at = `/en/console/visits/${idIn(await openVisit(world, "changed", 5))}`;
  const refused = await fill(staff, `${at}/seats`, { seats: "6", offer_hours: "24" });
  assert.match(problemsIn(refused.page), /say why/);
  const { to } = await fill(staff, `${at}/seats`, {
    seats: "6", offer_hours: "24", reason: "A larger bus",
  });
  assert.equal(to, `${at}/preview`);
  assert.match(await staff.text(at), /A larger bus/);
});

async function entered(visit: string, name: string, more: Record<string, string> = {}) {
  const at = `/en/console/visits/${visit}/sign-ups`;
  const { to, page } = await fill(staff, `${at}/new`, {
    channel: "PAPER", notice_given: "on the back of the form", organization: "lag-kazbegi",
    standing: "REPRESENTATIVE", sector: "CIVIC", "name-1": name, "phone-1": "+995 555 010203",
    ...more,
  });
  assert.ok(to.startsWith(`${at}/`), problemsIn(page));
  return to;
}

test("EntersWhoCameOnPaperOrByTelephone", async () => {
  await openVisit(world, "paper", 2);
  const ana = await entered("paper", "Ana Example");
  await entered("paper", "Levan Example", {
    channel: "TELEPHONE", people: "2", "name-2": "Maka Example", "phone-2": "+995 555 010204",
  });
  const list = await staff.text("/en/console/visits/paper/sign-ups");
  assert.match(list, /on paper/);
  assert.match(list, /by telephone/);
  assert.match(list, /Number 1 in the queue: too few seats for the whole group/);
  const page = await staff.text(ana);
  assert.match(page, /on paper · marika/, "who entered it");
  assert.match(page, /on the back of the form/);
  const { signUps } = await world.lagnet.signUps.listSignUps({ parent: "studyVisits/paper" });
  const paper = signUps.find(({ members }) => members[0]?.fullName === "Ana Example");
  assert.equal(paper?.channel, Channel.PAPER);
  assert.match(paper?.noticeVersion ?? "", /^\d{4}-/);

  const at = "/en/console/visits/paper/sign-ups/new";
  const form = formOf(await staff.text(at), at);
  const response = await staff.post(at, { ...form, organization: "lag-kazbegi", channel: "PAPER" });
  assert.match(problemsIn(await response.text()), /Please fill this in/, "without a notice");
});

test("PromotesWithAReasonThatThoseWhoArePassedRead", async () => {
  await openVisit(world, "promoted", 2, {
    shares: [{ group: { organization: "organizations/lag-mestia" }, min: 1 }],
  });
  const first = await entered("promoted", "Ana Example");
  const second = await entered("promoted", "Levan Example");
  const third = await entered("promoted", "Nino Example");
  assert.match(await staff.text(third), /free seats are kept for share 1/);
  const refused = await fill(staff, third, {}, `${third}/promote`);
  assert.match(problemsIn(refused.page), /Reason: Please fill this in/);
  const { to, page } = await fill(
    staff, third, { promote_words: "speaks Svan" }, `${third}/promote`,
  );
  assert.equal(to, third, problemsIn(page));
  assert.match(await staff.text(third), /has a seat/);
  assert.match(await staff.text(second), /speaks Svan/);
  const seen = await world.gateway.text("/en/visits/promoted");
  assert.match(seen, /All 2 seats are taken\. 1 person is waiting\./);
  assert.equal((await fill(staff, first, {}, `${first}/withdraw`)).to, first);
  assert.match(await staff.text(first), /<strong>withdrawn<\/strong>/);
});

test("ListsParticipantsWithoutLettingASpreadsheetRunTheirNames", async () => {
  await openVisit(world, "listed", 5);
  await entered("listed", '=HYPERLINK("http://example.org")');
  assert.match(await staff.text("/en/console/visits/listed/participants"), /HYPERLINK/);
  const response = await staff.get("/en/console/visits/listed/participants.csv");
  assert.match(response.headers.get("content-type") ?? "", /^text\/csv/);
  const text = await response.text();
  assert.match(text, /"'=HYPERLINK\(""http:\/\/example\.org""\)",.*,'\+995 555 010203\r\n/);
});

async function submitted(id: string, name: string): Promise<string> {
  await world.lagnet.organizations.createOrganization({
    organizationId: id,
    initialState: EntryState.SUBMITTED,
    allowLikelyDoubles: true,
    organization: {
      network: "networks/grdn", kind: 1, country: "GE",
      displayName: { texts: { en: { text: name } } },
    },
  });
  return `/en/console/entries/${id}`;
}

test("VerifiesEntriesAndGivesThemBack", async () => {
  const right = await submitted("lag-example-valley", "LAG Example Valley");
  const wrong = await submitted("lag-wrong-hills", "LAG Wrong Hills");
  assert.match(await staff.text("/en/console"), /2 entries wait to be verified/);
  const list = await staff.text("/en/console/entries?network=grdn&state=submitted");
  assert.match(list, /LAG Example Valley/);
  assert.equal((await fill(staff, right, {}, `${right}/verify`)).to, right);
  assert.equal((await fill(staff, wrong, { reason: "Where is it?" }, `${wrong}/return`)).to, wrong);
  assert.match(await staff.text(wrong), /Where is it\?/);
  const { state } = await world.lagnet.organizations.getOrganization({
    name: "organizations/lag-example-valley",
  });
  assert.equal(state, EntryState.VERIFIED);
});

test("MergesTwoEntriesAfterAPreview", async () => {
  const goes = await submitted("lag-twin-river", "LAG Twin River");
  await fill(staff, goes, {}, `${goes}/verify`);
  const stays = await submitted("twin-river-lag", "Twin River LAG");
  await fill(staff, stays, {}, `${stays}/verify`);
  const doubles = await staff.text("/en/console/entries/doubles?network=grdn");
  assert.match(doubles, /Merge lag-twin-river into twin-river-lag/);
  const path = "/en/console/entries/merge?name=lag-twin-river&into=twin-river-lag";
  assert.match(await staff.text(path), /cannot be undone/);
  const { to, page } = await fill(staff, path, {}, "/en/console/entries/merge");
  assert.equal(to, "/en/console/entries/twin-river-lag", problemsIn(page));
  const { name } = await world.lagnet.organizations.getOrganization({
    name: "organizations/lag-twin-river",
  });
  assert.equal(name, "organizations/twin-river-lag");
});

test("ImportsAListAfterTellingWhatWouldBecomeOfIt", async () => {
  const list = "name;kind;country;display_name.en;email;external_ids\n" +
    "lag-list-one;LAG;GE;List One;one@example.org;grdn:1\n" +
    "lag-list-two;LAG;GE;List Two;two@example.org;grdn:2\n" +
    "lag-list-bad;LAG;GE;List Bad;no address;grdn:3\n";
  const checked = await upload(staff, list);
  const report = await checked.text();
  assert.equal(checked.status, 200, problemsIn(report));
  assert.match(report, /3 rows were checked/);
  const run = formOf(report, "/en/console/entries/import/run");
  const done = await (await staff.post("/en/console/entries/import/run", run)).text();
  assert.match(done, /New: 2; changed: 0; unchanged: 0; not imported: 1/);
  const repeated = await (await staff.post("/en/console/entries/import/run", run)).text();
  assert.match(repeated, /New: 2;/, "the same form is answered as at first");
  const again = formOf(await (await upload(staff, list)).text(), "/en/console/entries/import/run");
  const last = await (await staff.post("/en/console/entries/import/run", again)).text();
  assert.match(last, /New: 0; changed: 0; unchanged: 2/);
  const { state } = await world.lagnet.organizations.getOrganization({
    name: "organizations/lag-list-one",
  });
  assert.equal(state, EntryState.VERIFIED);
});

test("RefusesAListThatItCannotRead", async () => {
  const unknown = await upload(staff, "name,colour\nlag-x,red\n");
  assert.equal(unknown.status, 422);
  assert.match(problemsIn(await unknown.text()), /colour is no field of an entry/);
  const value = await upload(staff, "name,population\nlag-x,many\n");
  assert.match(problemsIn(await value.text()), /Row 2: population: “many”/);
});

test("ImportsJsonAsTheExportWritesIt", async () => {
  const organizations = [1, 2].map((number) => ({
    name: `organizations/lag-json-${number}`, kind: "LAG", country: "GE",
    displayName: { texts: { en: { text: `Json ${number}` } } },
    themes: ["crafts"], population: 1_200, etag: '"1"', createTime: "2026-01-01T00:00:00Z",
  }));
  const report = await (await upload(staff, JSON.stringify(organizations), "list.json")).text();
  assert.match(report, /2 rows were checked/, problemsIn(report));
  const run = async (page: string) => {
    const fields = formOf(page, "/en/console/entries/import/run");
    return (await staff.post("/en/console/entries/import/run", fields)).text();
  };
  assert.match(await run(report), /New: 2; changed: 0/);
  const changed = { organizations: [{ name: "organizations/lag-json-1", themes: [] }] };
  const again = await (await upload(staff, JSON.stringify(changed), "list.json")).text();
  assert.match(await run(again), /New: 0; changed: 1/);
  const { themes, population } = await world.lagnet.organizations.getOrganization({
    name: "organizations/lag-json-1",
  });
  assert.deepEqual(themes, [], "an empty value clears");
  assert.equal(population, 1_200, "what is not there says nothing");
});

test("SaysWhatToDoWithAFileThatItDoesNotTake", async () => {
  const refused = async (list: string | Uint8Array, name: string) => {
    const response = await upload(staff, list, name);
    assert.equal(response.status, 422, name);
    return problemsIn(await response.text());
  };
  const wrong = [{ name: "organizations/lag-x", colour: "red" }, { population: "many" }, 7,
    { name: "organizations/lag-y", state: "DISSOLVED" }];
  const said = await refused(JSON.stringify(wrong), "list.json");
  assert.match(said, /Row 1: colour is no field of an entry/);
  assert.match(said, /Row 2: population: “"many"” cannot be read here/);
  assert.match(said, /Row 3: .*no list of organisations/);
  assert.match(said, /Row 4: What is archived or dissolved is not imported here/);
  for (const list of ["[", "{}", '{"networks": []}', "[]"]) {
    assert.match(await refused(list, "list.json"), /Export it once more/, list);
  }
  const workbook = new Uint8Array([0x50, 0x4b, 3, 4, 0xff, 0xfe]);
  assert.match(await refused(workbook, "list.xlsx"), /Save it as “CSV UTF-8”/);
});

test("CommitsAHostToItsSeedAsThePublishedNumbersSay", async () => {
  const { commitmentTo } = await import(
    join(ROOT, "clients/web/dist/src/console/draw/seed.js")) as {
      commitmentTo: (draw: string, host: string, seed: Buffer) => string;
    };
  assert.equal(
    commitmentTo("studyVisits/example", "organizations/lag-a", Buffer.alloc(32, 0x11)),
    "6b74eff54a20521f48455ca05ea8ceeb77f6284d5a7d0f43ebdd19db28c6aa5a",
  );
});

test("MakesTheSeedOfADrawAndShowsItOnce", async () => {
  const at = await draft({ "title-en": "Lots" });
  await fill(staff, `${at}/seats`, {
    seats: "2", preset: "draw", sign_up_start: "2036-01-01T09:00", sign_up_end: "2036-02-01T09:00",
  });
  await fill(staff, `${at}/preview`, {}, `${at}/publish`);
  const form = formOf(await staff.text(`${at}/draw`), `${at}/draw/commit`);
  const made = await (await staff.post(`${at}/draw/commit`, form)).text();
  assert.match(made, /<code>[0-9a-f]{64}<\/code>/);
  assert.doesNotMatch(await staff.text(`${at}/draw`), /<code>/);
  const { hosts } = await world.lagnet.draws.getDraw({ name: `studyVisits/${idIn(at)}` });
  assert.match(hosts[0]?.commitment ?? "", /^[0-9a-f]{64}$/);
});

test("GivesRolesAndTakesThemBack", async () => {
  const { to, page } = await fill(staff, "/en/console/accounts", {
    display_name: "Gio Example", email: "gio@example.org",
  });
  assert.match(to, /\/accounts\/person-[0-9a-f]{16}$/, problemsIn(page));
  const missing = await fill(staff, to, { role: "HOST_COORDINATOR" }, `${to}/give`);
  assert.match(problemsIn(missing.page), /Please fill this in/);
  const given = await fill(
    staff, to, { role: "HOST_COORDINATOR", organization: "lag-kazbegi" }, `${to}/give`,
  );
  assert.equal(given.to, to, problemsIn(given.page));
  assert.match(await staff.text(to), /runs the visits that an organisation hosts: lag-kazbegi/);
  await fill(staff, to, {}, `${to}/take`);
  assert.match(await staff.text(to), /No role yet/);
  await fill(staff, to, {}, `${to}/disable`);
  const { state } = await world.lagnet.accounts.getAccount({ name: `accounts/${idIn(to)}` });
  assert.equal(state, Account_State.DISABLED);
});

test("ShowsHostsTheirVisitsOnlyAndOthersNothing", async () => {
  await openVisit(world, "hosted", 2);
  const host = await world.personWith("beka", {
    role: Role.HOST_COORDINATOR, organization: "organizations/lag-kazbegi",
  });
  assert.match(await host.text("/en/console/visits/hosted"), /Sign-ups/);
  const what = "/en/console/visits/hosted/what";
  const { to, page } = await fill(host, what, { "title-pl": "Wizyta u gospodarza" });
  assert.equal(to, "/en/console/visits/hosted/programme", problemsIn(page));
  assert.equal((await host.get("/en/console/visits/slaskie-opolskie")).status, 404);
  assert.equal((await host.get("/en/console/entries")).status, 404);
  assert.equal((await host.get("/en/console/accounts")).status, 404);
  const other = await world.personWith("tako", {
    role: Role.LAG_MANAGER, organization: "organizations/lag-kazbegi",
  });
  for (const path of ["", "/visits", "/visits/hosted", "/visits/hosted/sign-ups", "/accounts"]) {
    assert.equal((await other.get(`/en/console${path}`)).status, 404, path);
  }
});
