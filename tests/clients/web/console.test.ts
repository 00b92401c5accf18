// The console: a visit from its first word to its draw, and who may do what.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { Account_State } from "@lagnet/client/access/v1/accounts_pb.js";
import { Role } from "@lagnet/client/options/v1/options_pb.js";
import { SeatRules_Policy as Policy } from "@lagnet/client/visits/v1/seat_rules_pb.js";
import { StudyVisit_State as State } from "@lagnet/client/visits/v1/study_visits_pb.js";
import { fill, formOf, IMPORT_RUN, problemsIn, upload } from "./forms.js";
import { type Browser, hidden, openVisit, ROOT, World } from "./world.js";

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
  assert.doesNotMatch(preview, /An e-mail for questions is missing/);
  const { to } = await fill(staff, `${at}/preview`, {}, `${at}/publish`);
  assert.equal(to, at);
  const published = await world.gateway.text(`/en/visits/${id}`);
  assert.ok(article(published));
  assert.equal(article(preview), article(published), "the preview is the page");
});

test("SaysWhichProjectPaysForAVisit", async () => {
  const page = await staff.text("/en/console/visits/new");
  const choice = /<select id="project".*?<\/select>/s.exec(page)?.[0] ?? "";
  assert.match(choice, /value="lag-kazbegi"/);
  assert.doesNotMatch(choice, /strong-ties-phase-2/, "it is over");
  assert.doesNotMatch(choice, /wspolpraca/, "of another network");
  const at = await draft({ "title-en": "Paid for", project: "lag-kazbegi" });
  const name = `studyVisits/${idIn(at)}`;
  // Another client may read a moment behind.
  const chosen = async () => formOf(await staff.text(`${at}/what`), `${at}/what`)["project"];
  assert.equal(await chosen(), "lag-kazbegi");
  const { project } = await world.lagnet.visits.getStudyVisit({ name });
  assert.equal(project, "projects/lag-kazbegi");

  const host = await world.personWith("dato", {
    role: Role.HOST_COORDINATOR, organization: "organizations/lag-kazbegi",
  });
  const shown = await host.text(`${at}/what`);
  assert.doesNotMatch(shown, /name="project"/);
  assert.match(shown, /Project that pays for it<\/span>[^/]*Local Action Group Kazbegi/);
  const saved = await fill(host, `${at}/what`, { project: "strong-ties-phase-2" });
  assert.equal(saved.to, `${at}/programme`, problemsIn(saved.page));
  assert.equal(await chosen(), "lag-kazbegi", "that is the network's to say");

  const wrong = await fill(staff, `${at}/what`, { project: "there-is-none" });
  assert.match(problemsIn(wrong.page), /\w/);
  const none = await fill(staff, `${at}/what`, { project: "" });
  assert.equal(none.to, `${at}/programme`, problemsIn(none.page));
  assert.equal(await chosen(), "");
});

test("TakesNoOrganisationForAnother", async () => {
  const at = await draft({ "title-en": "Mistyped" });
  const day = await fill(staff, `${at}/programme/2036-05-01`, {
    "stop-1-en": "The dairy", "host-1": "Nobody Knows Me",
  });
  assert.match(problemsIn(day.page), /Which one\?|no such organisation/);
  // What a search finds alone, but under another name.
  const rules = await fill(staff, `${at}/seats`, {
    seats: "3", who_organizations: "Kazbegi Local Action Grup",
  });
  assert.match(problemsIn(rules.page), /Which one\?/);
  const party = "/en/console/visits/mistyped/sign-ups/new";
  await openVisit(world, "mistyped", 2);
  const paper = await fill(staff, party, {
    channel: "PAPER", notice_given: "read out", organization: "Kazbegi Grup",
    standing: "REPRESENTATIVE", sector: "CIVIC", "name-1": "Ana", "phone-1": "+995 555 010203",
  });
  assert.match(problemsIn(paper.page), /Which one\?|no such organisation/);
  const exact = await fill(staff, `${at}/seats`, {
    seats: "3", who_organizations: "Kazbegi local action group",
  });
  assert.equal(exact.to, `${at}/preview`, problemsIn(exact.page));
  assert.equal(
    formOf(await staff.text(`${at}/seats`), `${at}/seats`)["who_organizations"],
    "Kazbegi Local Action Group (lag-kazbegi)",
  );
});

test("PutsAVisitOffWithItsProgramme", async () => {
  const at = await draft({ "title-en": "Put off" });
  const titles = (...dates: string[]) => Promise.all(dates.map(async (date) => {
    const path = `${at}/programme/${date}`;
    return formOf(await staff.text(path), path)["day-en"];
  }));
  for (const [date, title] of [["2036-05-01", "Valley"], ["2036-05-02", "Peak"]] as const) {
    const { to, page } = await fill(staff, `${at}/programme/${date}`, { "day-en": title });
    assert.equal(to, `${at}/programme`, problemsIn(page));
  }
  const later = await fill(staff, `${at}/what`, {
    start: "2036-06-11T09:00", end: "2036-06-12T16:00",
  });
  assert.equal(later.to, `${at}/programme`, problemsIn(later.page));
  assert.deepEqual(await titles("2036-06-11", "2036-06-12"), ["Valley", "Peak"]);
  const longer = await fill(staff, `${at}/what`, { start: "2036-06-10T09:00" });
  assert.equal(longer.to, `${at}/programme`, problemsIn(longer.page));
  assert.deepEqual(await titles("2036-06-11", "2036-06-12"), ["Valley", "Peak"], "one day more");
  const shorter = await fill(staff, `${at}/what`, { end: "2036-06-10T16:00" });
  assert.match(problemsIn(shorter.page), /Ends: One day of the programme/);
});

test("PublishesNoVisitWithoutAnAddressForQuestions", async () => {
  const at = await draft({ "title-en": "Nobody to ask" });
  const preview = await staff.text(`${at}/preview`);
  assert.match(problemsIn(preview), /An e-mail for questions is missing/);
  assert.doesNotMatch(preview, /\/publish"/);
  const token = hidden(await staff.text(`${at}/delete`), `${at}/delete`);
  const sent = await staff.post(`${at}/publish`, token);
  assert.equal(sent.status, 422);
  assert.match(problemsIn(await sent.text()), /An e-mail for questions is missing/);
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

test("FindsTerritoriesByNameAndKeepsWhatWasTyped", async () => {
  const at = await draft({ "title-en": "Places" });
  const wrong = await fill(staff, `${at}/seats`, {
    seats: "7", "share_place-1": "XX99", "share_min-1": "2",
  });
  assert.match(problemsIn(wrong.page), /Territory: No territory .*“XX99”/);
  assert.equal(formOf(wrong.page, `${at}/seats`)["seats"], "7");
  assert.match(wrong.page, /id="share_place-1"[^>]* aria-invalid="true"/);
  const two = await fill(staff, `${at}/seats`, {
    seats: "7", "share_place-1": "PL81, PL82", "share_min-1": "2",
  });
  assert.match(problemsIn(two.page), /Territory: One territory fits here/);
  const nowhere = await fill(staff, `${at}/seats`, { seats: "7", who_places: "GE-MM, Nowhere" });
  assert.match(problemsIn(nowhere.page), /“Nowhere”/);
  const named = await fill(staff, `${at}/seats`, {
    seats: "7", "share_place-1": "kazbegi", "share_min-1": "2", who_places: "Mtskheta-Mtianeti",
  });
  assert.equal(named.to, `${at}/preview`, problemsIn(named.page));
  const saved = formOf(await staff.text(`${at}/seats`), `${at}/seats`);
  assert.equal(saved["who_places"], "GE-MM");
  assert.match(saved["share_place-1"] as string, /KAZBEGI$/i);
});

test("SpeaksToStaffOfOthers", async () => {
  const at = await draft({ "title-en": "Of others" });
  const page = await staff.text(`${at}/seats`);
  assert.doesNotMatch(page, /do you speak|for myself/);
  assert.match(page, /Languages that they speak/);
  assert.match(await staff.text(at), /This visit is a draft/);
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
  assert.equal(again["partner-1"], "Kazbegi Local Action Group (lag-kazbegi)");
  const saved = await staff.post(`${at}/seats`, again);
  assert.equal(saved.status, 303, "what the field says is taken as it is");
  assert.equal(again["partner_seats-1"], "4");
  assert.equal(again["partners_until"], "2036-04-01T12:00");
  assert.equal(again["confirm_hours"], "72");
  assert.match(await staff.text(`${at}/preview`), /72 hours/);
});

async function suggested(at: string, kind: string, typed: Record<string, string>) {
  const form = formOf(await staff.text(`${at}/seats`), `${at}/seats`);
  return (await staff.post(`${at}/seats`, { ...form, ...typed, suggest: kind })).text();
}

test("ForgetsThePartnersWithTheirDeadlineOnceTheyAreGone", async () => {
  const at = await draft({ "title-en": "Partners no more" });
  const nobody = await fill(staff, `${at}/seats`, { seats: "6", preset: "partners" });
  assert.match(problemsIn(nobody.page), /Partner 1: Please fill this in/);
  const seatless = await fill(staff, `${at}/seats`, {
    seats: "6", preset: "partners", "partner-1": "lag-kazbegi",
  });
  assert.match(seatless.page, /id="partner_seats-1"[^>]* aria-invalid="true"/);
  await fill(staff, `${at}/seats`, {
    seats: "6", preset: "partners", "partner-1": "lag-kazbegi", "partner_seats-1": "4",
  });
  const { to, page } = await fill(staff, `${at}/seats`, { preset: "arrival" });
  assert.equal(to, `${at}/preview`, problemsIn(page));
  const again = formOf(await staff.text(`${at}/seats`), `${at}/seats`);
  assert.equal(again["preset"], "arrival");
  assert.equal(again["confirm_hours"], "");
  assert.doesNotMatch(await staff.text(`${at}/preview`), /72 hours/);
});

test("SaysWhatIsWrongInTheLanguageOfThePage", async () => {
  const at = idIn(await draft({ "title-en": "In Georgian" }));
  const wrong: [string, Record<string, string | string[]>][] = [
    ["what", { end: "2036-04-01T09:00" }],
    ["costs", { contact_email: "nobody" }],
    ["seats", { seats: "20", seats_per_organization: "30" }],
    ["seats", { seats: "20", "share_sector-1": "CIVIC", "share_min-1": "30" }],
    ["seats", { seats: "20", "share_sector-1": "CIVIC" }],
    ["seats", { seats: "20", offer_hours: "5000" }],
    ["seats", { seats: "20", hold_hours: "5" }],
    ["seats", { seats: "20", sign_up_end: "2036-06-01T09:00" }],
    ["seats", { seats: "20", free_withdrawal_end: "2036-06-01T09:00" }],
    ["seats", {
      seats: "20", sign_up_start: "2036-03-01T09:00", sign_up_end: "2036-02-01T09:00",
    }],
    ["seats", {
      seats: "20", preset: "draw", sign_up_start: "2036-01-01T09:00", weight_years: "2",
    }],
  ];
  for (const [step, typed] of wrong) {
    const path = `/ka/console/visits/${at}/${step}`;
    const { page } = await fill(staff, path, typed);
    const said = problemsIn(page).replace("name@example.org", "");
    assert.match(said, /[ა-ჰ]/, JSON.stringify(typed));
    assert.doesNotMatch(said, /[a-z]/i, JSON.stringify(typed));
  }
});

test("SuggestsTheUsualRulesAndSavesNone", async () => {
  const at = await draft({ "title-en": "Usual" });
  const page = await suggested(at, "DRAW", {
    seats: "7", sign_up_start: "2036-01-01T09:00", sign_up_end: "2036-02-01T09:00",
    who_places: "GE-MM",
  });
  assert.match(page, /Nothing is saved yet/);
  assert.match(page, /<details open[^>]*><summary>More: shares/, "what is filled in is seen");
  const form = formOf(page, `${at}/seats`);
  assert.equal(form["preset"], "draw");
  assert.equal(form["offer_hours"], "48");
  assert.equal(form["seats"], "7", "what was typed stays");
  assert.equal(form["sign_up_end"], "2036-02-01T09:00");
  assert.equal(form["who_places"], "GE-MM");
  const name = `studyVisits/${idIn(at)}`;
  const before = await world.lagnet.visits.getStudyVisit({ name });
  assert.equal(before.seatRules?.offerHours ?? 0, 0);
  const sent = await staff.post(`${at}/seats`, form);
  assert.equal(sent.status, 303, problemsIn(await sent.text()));
  // The gateway wrote it: another client may read a moment behind.
  const saved = await staff.text(`${at}/seats`);
  assert.equal(formOf(saved, `${at}/seats`)["offer_hours"], "48");
});

test("SavesWhoCountsMoreInADraw", async () => {
  const at = await draft({ "title-en": "Weighed" });
  const typed = {
    seats: "7", preset: "draw", sign_up_start: "2036-01-01T09:00", sign_up_end: "2036-02-01T09:00",
    weight_newcomers: "3",
  };
  const refused = await fill(staff, `${at}/seats`, typed);
  assert.match(problemsIn(refused.page), /How many years back are looked at/);
  const { to, page } = await fill(staff, `${at}/seats`, { ...typed, weight_years: "2" });
  assert.equal(to, `${at}/preview`, problemsIn(page));
  const again = await staff.text(`${at}/seats`);
  assert.match(again, /<details open/, "what is filled in is seen");
  const form = formOf(again, `${at}/seats`);
  assert.deepEqual(
    [form["weight_years"], form["weight_newcomers"], form["weight_organizations"]], ["2", "3", ""],
  );
  assert.match(await staff.text(`${at}/preview`),
    /in the 2 years before this one has 3 times the chance of others/);
});

test("SuggestsSeatsForThePartnersThatAreNamed", async () => {
  const at = await draft({ "title-en": "Usual for partners" });
  const nobody = await suggested(at, "SEATS_PER_PARTNER", { seats: "7" });
  assert.match(problemsIn(nobody), /Seats of the partners: Name the partners first/);
  assert.equal(formOf(nobody, `${at}/seats`)["seats"], "7");
  const page = await suggested(at, "SEATS_PER_PARTNER", {
    seats: "7", "partner-1": "lag-kazbegi", "partner-2": "lag-mestia",
  });
  const form = formOf(page, `${at}/seats`);
  assert.equal(form["preset"], "partners");
  assert.deepEqual([form["partner_seats-1"], form["partner_seats-2"]], ["3", "3"]);
  const sent = await staff.post(`${at}/seats`, form);
  assert.equal(sent.status, 303, problemsIn(await sent.text()));
});

test("ShowsTheLettersOfAVisitInTheLanguageAskedFor", async () => {
  const id = idIn(await openVisit(world, "letters", 5));
  const at = `/en/console/visits/${id}`;
  assert.ok((await staff.text(at)).includes(`href="${at}/letters"`));
  const page = await staff.text(`${at}/letters?language=ka`);
  assert.match(page, /<h2>Asks whether the address is right<\/h2>/);
  assert.match(page, /<h2>There is a seat on a visit that was wanted more<\/h2>/);
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
  assert.match(refused.page, /href="#reason"/);
  assert.match(refused.page, /<input id="reason"[^>]* aria-invalid="true"/);
  const { to } = await fill(staff, `${at}/seats`, {
    seats: "6", offer_hours: "24", reason: "A larger bus",
  });
  assert.equal(to, `${at}/preview`);
  assert.match(await staff.text(at), /A larger bus/);
});

test("GivesSeatsOutTogetherWithinAProject", async () => {
  const at = await draft({ "title-en": "Together" });
  const name = `studyVisits/${idIn(at)}`;
  const isTicked = async () => {
    const form = formOf(await staff.text(`${at}/seats`), `${at}/seats`);
    return form["first_seats_first"] === "1";
  };
  assert.doesNotMatch(await staff.text(`${at}/seats`), /first_seats_first/, "of no project");
  await world.lagnet.visits.updateStudyVisit({
    studyVisit: { name, project: "projects/lag-kazbegi", contactEmail: "visits@example.org" },
    updateMask: { paths: ["project", "contact_email"] },
  });
  while (!(await world.reader.visits.getStudyVisit({ name })).project) await setTimeout(10);
  assert.match(await staff.text(`${at}/seats`), /type="checkbox" name="first_seats_first"/);
  assert.equal(await isTicked(), false);
  const typed = { seats: "3", sign_up_start: "2036-01-01T09:00", first_seats_first: "1" };
  const suggestion = await suggested(at, "DRAW", typed);
  assert.equal(formOf(suggestion, `${at}/seats`)["first_seats_first"], "1", "kept");
  const saved = await fill(staff, `${at}/seats`, typed);
  assert.equal(saved.to, `${at}/preview`, problemsIn(saved.page));
  assert.equal(await isTicked(), true);
  const { first_seats_first: _, ...without } =
    formOf(await staff.text(`${at}/seats`), `${at}/seats`);
  assert.equal((await staff.post(`${at}/seats`, without)).status, 303);
  assert.equal(await isTicked(), false);

  // Once it is published, it stays as it is.
  await fill(staff, `${at}/seats`, typed);
  assert.equal((await fill(staff, `${at}/preview`, {}, `${at}/publish`)).to, at);
  const page = await staff.text(`${at}/seats`);
  assert.doesNotMatch(page, /type="checkbox" name="first_seats_first"/);
  assert.match(page, /Seats of this project’s visits are given out together/);
  const changed = await fill(staff, `${at}/seats`, { seats: "4", reason: "A larger bus" });
  assert.equal(changed.to, `${at}/preview`, problemsIn(changed.page));
  assert.equal(await isTicked(), true);
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
  await fill(staff, `${at}/costs`, { contact_email: "visits@example.org" });
  await fill(staff, `${at}/preview`, {}, `${at}/publish`);
  const form = formOf(await staff.text(`${at}/draw`), `${at}/draw/commit`);
  const made = await (await staff.post(`${at}/draw/commit`, form)).text();
  assert.match(made, /<code>[0-9a-f]{64}<\/code>/);
  assert.doesNotMatch(await staff.text(`${at}/draw`), /<code>/);
  const { hosts } = await world.lagnet.draws.getDraw({ name: `studyVisits/${idIn(at)}` });
  assert.match(hosts[0]?.commitment ?? "", /^[0-9a-f]{64}$/);
  const open = await staff.text(`${at}/draw`);
  assert.match(open, /Once sign-up has ended/);
  assert.doesNotMatch(open, /\/draw\/close"/, "before sign-up has ended");
});

test("AsksWhenSignUpForADrawOpensAndTellsWhenItIsTooLate", async () => {
  const at = await draft({ "title-en": "Lots at once" });
  const refused = await fill(staff, `${at}/seats`, { seats: "2", preset: "draw" });
  assert.match(problemsIn(refused.page), /Sign-up opens: A draw needs this time/);
  const name = await openVisit(world, "lots-too-late", 2);
  await world.lagnet.visits.updateStudyVisit({
    studyVisit: { name, seatRules: { policy: Policy.DRAW } },
    updateMask: { paths: ["seat_rules"] },
    rulesChangeReason: "Lots are fairer",
  });
  const policyNow = async () =>
    (await world.reader.visits.getStudyVisit({ name })).seatRules?.policy;
  while (await policyNow() !== Policy.DRAW) await setTimeout(10);
  const page = await staff.text("/en/console/visits/lots-too-late/draw");
  assert.match(page, /it is too late to make one/);
  assert.doesNotMatch(page, /\/draw\/commit"/);
});

test("LeadsFromTheAddressOfAFormToItsPage", async () => {
  const list = await (await upload(staff, "name,kind,country,display_name.en\nlag-led,LAG,GE,Led\n")).text();
  const account = "/ka/console/accounts/marika";
  const doubles = "/pl/console/entries/doubles";
  for (const [action, to] of [
    [`${account}/give`, account],
    [`${doubles}/dismiss?network=grdn`, `${doubles}?network=grdn`],
    [IMPORT_RUN, "/en/console/entries/import?network=grdn"],
  ] as const) {
    const anew = await staff.get(action);
    assert.equal(anew.status, 303, action);
    assert.equal(anew.headers.get("location"), to);
  }
  // With its own query, which the forms have.
  assert.ok(formOf(list, IMPORT_RUN));
});

test("GivesRolesAndTakesThemBack", async () => {
  const { to, page } = await fill(staff, "/en/console/accounts?network=grdn", {
    display_name: "Gio Example", email: "gio@example.org",
  });
  assert.match(to, /\/accounts\/person-[0-9a-f]{16}$/, problemsIn(page));
  const missing = await fill(staff, to, { role: "HOST_COORDINATOR" }, `${to}/give`);
  assert.match(problemsIn(missing.page), /Please fill this in/);
  const given = await fill(
    staff, to, { role: "HOST_COORDINATOR", organization: "lag-kazbegi" }, `${to}/give`,
  );
  assert.equal(given.to, to, problemsIn(given.page));
  assert.match(await staff.text(to), /an organisation hosts: Kazbegi Local Action Group</);
  await fill(staff, to, {}, `${to}/take`);
  assert.match(await staff.text(to), /No role yet/);
  await fill(staff, to, {}, `${to}/disable`);
  const { state } = await world.lagnet.accounts.getAccount({ name: `accounts/${idIn(to)}` });
  assert.equal(state, Account_State.DISABLED);
});

test("BeginsAtTheConsoleForStaffWhoSpeakForNoOrganisation", async () => {
  const response = await staff.get("/en/desk");
  assert.equal(response.status, 303);
  assert.equal(response.headers.get("location"), "/en/console");
  const home = await staff.text("/en/console");
  assert.doesNotMatch(home, /href="\/en\/desk"/);
  assert.match(home, /marika@example\.org/);
  assert.match(home, /action="\/en\/sign-out-everywhere"/);
  const both = await world.personWith("lali", {
    role: Role.NETWORK_EDITOR, network: "networks/grdn",
  });
  await world.lagnet.accounts.createGrant({
    parent: "accounts/lali",
    grant: { role: Role.LAG_MANAGER, organization: "organizations/lag-kazbegi" },
  });
  assert.match(await both.text("/en/desk"), /href="\/en\/desk\/lag-kazbegi"/);
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
