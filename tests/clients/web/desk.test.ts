// The desk of a LAG: what its people do, without scripts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Role } from "@lagnet/client/options/v1/options_pb.js";
import { SignUp_State as State } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import { Browser, hidden, LANGUAGES, openVisit, unescaped, World } from "./world.js";

const KAZBEGI = "organizations/lag-kazbegi";
const DESK = "/en/desk/lag-kazbegi";

const world = new World();
let nino: Browser;
before(async () => {
  await world.start();
  nino = await world.personWith("nino", { role: Role.LAG_MANAGER, organization: KAZBEGI });
});
after(() => world.remove());

async function signUp(visit: string, person: string) {
  return world.lagnet.signUps.createSignUp({
    parent: visit,
    signUp: {
      organization: KAZBEGI, standing: 1, sector: 3,
      members: [{ fullName: `${person} Example`, email: `${person.toLowerCase()}@example.org` }],
    },
  });
}

// The fields of the form of an entry, as they stand in it.
function entryFields(page: string): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = { ...hidden(page, `${DESK}/edit`) };
  for (const [tag, id] of page.matchAll(/<input id="(\w+)"[^>]*>/g)) {
    if (/type="checkbox"/.test(tag)) continue;
    fields[id as string] = /value="([^"]*)"/.exec(tag)?.[1] ?? "";
    fields[id as string] = unescaped(fields[id as string] as string);
  }
  for (const [, id, text] of page.matchAll(/<textarea id="(\w+)"[^>]*>\n([^<]*)<\/textarea>/g)) {
    fields[id as string] = unescaped(text as string);
  }
  for (const name of ["languages", "themes"]) {
    const boxes = [...page.matchAll(new RegExp(`<input[^>]* name="${name}"[^>]*>`, "g"))]
      .filter(([tag]) => / checked/.test(tag))
      .map(([tag]) => /value="([^"]*)"/.exec(tag)?.[1] as string);
    fields[name] = boxes;
  }
  return fields;
}

async function organization() {
  return world.lagnet.organizations.getOrganization({ name: KAZBEGI });
}

test("ShowsPeopleTheirOrganisationsOnly", async () => {
  const home = await nino.text("/en/desk");
  assert.match(home, /href="\/en\/desk\/lag-kazbegi"/);
  assert.doesNotMatch(home, /lag-mestia/);
  assert.match(home, /nino Example/);
  assert.equal((await nino.get("/en/desk/lag-mestia")).status, 404);
  assert.equal((await nino.get("/en/desk/lag-mestia/edit")).status, 404);
  for (const language of LANGUAGES) {
    const response = await nino.get(`/${language}/desk/lag-kazbegi`);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("cache-control"), "no-store");
  }
});

test("AnswersWhoComesForTheOrganisation", async () => {
  const visit = await openVisit(world, "asked", 10, { confirmHours: 48 });
  const { name: ana } = await signUp(visit, "Ana");
  const { name: levan } = await signUp(visit, "Levan");
  const desk = await nino.text(DESK);
  assert.match(desk, /Ana Example/);
  const at = (name: string, verb: string) =>
    `${DESK}/visits/asked/sign-ups/${name.split("/")[3]}/${verb}`;

  const confirmed = await nino.done(desk, at(ana, "confirm"));
  assert.match(confirmed, /Confirmed: they come for your organisation/);
  assert.doesNotMatch(confirmed, /Ana Example/);
  assert.equal((await world.lagnet.signUps.getSignUp({ name: ana })).state, State.CONFIRMED);

  const refuse = at(levan, "refuse");
  const page = await nino.text(refuse);
  const unsaid = await nino.submit(page, refuse, { reason: " " });
  assert.equal(unsaid.status, 422);
  assert.match(await unsaid.text(), /<a href="#reason">Why not\? Please fill this in\.<\/a>/);
  await nino.done(await nino.text(refuse), refuse, { reason: "Is of another LAG" });
  const refused = await world.lagnet.signUps.getSignUp({ name: levan });
  assert.equal(refused.state, State.REFUSED);
  assert.equal(refused.refuseReason, "Is of another LAG");

  // On the visit's page it can still be corrected.
  const path = `${DESK}/visits/asked`;
  const shown = await nino.text(path);
  assert.match(shown, /<h2 id="refused">/);
  await nino.done(shown, at(levan, "confirm"));
  assert.equal((await world.lagnet.signUps.getSignUp({ name: levan })).state, State.CONFIRMED);
  // Sent again, as the page from before had it, it says that this is over.
  const late = await nino.submit(page, refuse, { reason: "Too late" });
  assert.equal(late.status, 409);
  assert.match(await late.text(), /Something changed in the meantime/);
});

test("PutsItsPeopleInOrder", async () => {
  const visit = await openVisit(world, "ranked", 1);
  for (const person of ["First", "Ana", "Levan", "Maka"]) await signUp(visit, person);
  const path = `${DESK}/visits/ranked`;
  const order = (page: string) => [...page.matchAll(/<li>(\w+) Example/g)].map(([, name]) => name);
  const before = await nino.text(path);
  assert.deepEqual(order(before), ["First", "Ana", "Levan", "Maka"]);
  const moved = await nino.done(before, `${path}/rank`, { move: "up-2" });
  assert.deepEqual(order(moved), ["First", "Ana", "Maka", "Levan"]);
  // The same form once more is the same move.
  const again = await nino.done(before, `${path}/rank`, { move: "up-2" });
  assert.deepEqual(order(again), ["First", "Ana", "Maka", "Levan"]);
  const down = await nino.done(again, `${path}/rank`, { move: "down-0" });
  assert.deepEqual(order(down), ["First", "Maka", "Ana", "Levan"]);
  for (const move of ["up-0", "down-2", "left-1", "", "up-999"]) {
    assert.equal((await nino.submit(down, `${path}/rank`, { move })).status, 404, move);
  }
});

test("SendsSomebodyElseInstead", async () => {
  const visit = await openVisit(world, "instead", 10);
  const { name } = await signUp(visit, "Ana");
  const path = `${DESK}/visits/instead`;
  const other = `${path}/sign-ups/${name.split("/")[3]}/members/1`;
  assert.ok((await nino.text(path)).includes(`<a href="${other}">Ana Example: somebody else`));
  const page = await nino.text(other);
  const wrong = await nino.submit(page, other, { "name-1": "Levan Example", "email-1": "no" });
  assert.equal(wrong.status, 422);
  const again = await wrong.text();
  assert.match(again, /value="Levan Example"/);
  const done = await nino.done(again, other, {
    "name-1": "Levan Example", "email-1": "levan@example.org",
  });
  assert.match(done, /role="status">Saved\./);
  assert.match(done, /Levan Example/);
  assert.doesNotMatch(done, /Ana Example/);
});

test("SignsADelegationUp", async () => {
  await openVisit(world, "nominated", 10, { confirmHours: 48 });
  const path = `${DESK}/visits/nominated/sign-up`;
  const one = await nino.text(path);
  const typed = {
    standing: "REPRESENTATIVE", sector: "CIVIC", "name-1": "Ana Example",
    "email-1": "ana@example.org",
  };
  const two = await (await nino.submit(one, path, { ...typed, size: "more" })).text();
  assert.match(two, /value="Ana Example"/);
  const wrong = await nino.submit(two, path, { ...typed, "name-2": "Levan", "email-2": "no" });
  assert.equal(wrong.status, 422);
  const fields = { ...typed, "name-2": "Levan Example", "email-2": "levan@example.org" };
  // Whatever the form says, it is for this organisation.
  const done = await nino.done(await wrong.text(), path, { ...fields, organization: "lag-mestia" });
  assert.match(done, /Signed up\./);
  const { signUps } = await world.lagnet.signUps.listSignUps({ parent: "studyVisits/nominated" });
  assert.equal(signUps.length, 1);
  assert.equal(signUps[0]?.organization, KAZBEGI);
  assert.equal(signUps[0]?.members.length, 2);
  assert.equal(signUps[0]?.state, State.CONFIRMED, "its own people are confirmed");
});

test("SaysWhichVisitOfAProjectItsPeopleWantMost", async () => {
  await openVisit(
    world, "preferred", 10, { firstSeatsFirst: true }, { project: "projects/strong-ties-phase-2" },
  );
  const path = `${DESK}/visits/preferred/sign-up`;
  const typed = {
    standing: "REPRESENTATIVE", sector: "CIVIC", "name-1": "Ana Example", choice: "2",
  };
  const wrong = await nino.submit(await nino.text(path), path, { ...typed, "email-1": "no" });
  const page = await wrong.text();
  assert.match(page, /<option value="2" selected/);
  await nino.done(page, path, { ...typed, "email-1": "ana@example.org" });
  const { signUps } = await world.lagnet.signUps.listSignUps({ parent: "studyVisits/preferred" });
  assert.equal(signUps[0]?.choice, 2);
});

test("EditsItsEntryAndKeepsWhatTheFormDoesNotHold", async () => {
  const old = await organization();
  await world.lagnet.organizations.updateOrganization({
    organization: {
      name: KAZBEGI,
      displayName: { texts: { ...old.displayName?.texts, de: { text: "LAG Kasbegi" } } },
    },
    updateMask: { paths: ["display_name"] },
  });
  const edit = `${DESK}/edit`;
  const page = await nino.text(edit);
  const form = entryFields(page);
  const changed = {
    ...form,
    name_pl: "LGD Kazbegi", description_en: "First line\nSecond line",
    website: "https://kazbegi.example.org", themes: ["biodiversity", "waste"],
    strategy_cs: "Strategie", strategy_start: "2023", strategy_end: "2027",
    members: "10", members_public: "3", members_private: "3", members_civic: "4",
    members_individuals: "",
  };
  const desk = await nino.done(page, edit, changed);
  assert.match(desk, /Saved\./);
  const now = await organization();
  assert.equal(now.displayName?.texts["pl"]?.text, "LGD Kazbegi");
  assert.equal(now.displayName?.texts["de"]?.text, "LAG Kasbegi");
  assert.deepEqual(now.displayName?.texts["ka"], old.displayName?.texts["ka"]);
  assert.equal(now.description?.texts["en"]?.text, "First line\nSecond line");
  assert.deepEqual([...now.themes].sort(), ["biodiversity", "waste"]);
  assert.deepEqual(now.territories, old.territories);
  assert.deepEqual(now.languages, old.languages);
  assert.equal(now.strategy?.endYear, 2027);
  assert.equal(now.memberCounts?.civicSector, 4);
  // Nothing changed: the form says what is stored.
  assert.deepEqual(
    { ...entryFields(await nino.text(edit)), form_token: "", etag: "", request_id: "" },
    { ...changed, form_token: "", etag: "", request_id: "" },
  );
  // Sent twice, it is done once.
  assert.equal((await nino.submit(page, edit, changed)).status, 303);

  const history = await nino.text(`${DESK}/history`);
  assert.match(history, /Name \(Polish\)/);
  assert.match(history, /<ins>LGD Kazbegi<\/ins>/);
  assert.match(history, /<ins>civic: association, foundation: 4; .*All members: 10<\/ins>/);
  assert.match(history, /<ins>Biodiversity, Waste<\/ins>/);
});

test("SaysWhatIsWrongWithAnEntryBesideTheField", async () => {
  const edit = `${DESK}/edit`;
  const page = await nino.text(edit);
  const form = entryFields(page);
  const response = await nino.submit(page, edit, {
    ...form,
    email: "no address", website: "kazbegi", strategy_end: "20x7", members: "7",
    members_public: "9", members_private: "", members_civic: "", members_individuals: "",
    name_ka: "ა".repeat(201),
  });
  assert.equal(response.status, 422);
  const shown = await response.text();
  for (const id of ["email", "website", "strategy_end", "name_ka"]) {
    assert.match(shown, new RegExp(`href="#${id}"`), id);
    assert.match(shown, new RegExp(`id="${id}-problem"`), id);
  }
  assert.match(shown, /value="no address"/);
  assert.match(shown, /value="20x7"/);
  const sums = await nino.submit(page, edit, { ...form, members: "7", members_public: "9" });
  assert.equal(sums.status, 422);
  assert.match(await sums.text(), /id="members-problem"/);
  const nameless = { ...form, name_en: "", name_ka: "", name_pl: "", name_cs: "" };
  // A name in a language that the form does not hold would do.
  const names = await nino.submit(page, edit, nameless);
  assert.ok([303, 422].includes(names.status));
  assert.equal((await organization()).email, form["email"]);
});

test("ShowsBothWhereTwoEditAtOnce", async () => {
  const edit = `${DESK}/edit`;
  const page = await nino.text(edit);
  await world.lagnet.organizations.updateOrganization({
    organization: { name: KAZBEGI, website: "https://theirs.example.org" },
    updateMask: { paths: ["website"] },
  });
  const response = await nino.submit(page, edit, {
    ...entryFields(page), website: "https://mine.example.org",
  });
  assert.equal(response.status, 409);
  const both = await response.text();
  assert.match(both, /value="https:\/\/mine\.example\.org"/);
  assert.match(both, /Now it says: https:\/\/theirs\.example\.org/);
  assert.equal((await organization()).website, "https://theirs.example.org");
  await nino.done(both, edit, entryFields(both));
  assert.equal((await organization()).website, "https://mine.example.org");
});

test("SaysThatTheEntryIsStillRight", async () => {
  const { lookTime } = await organization();
  const desk = await nino.text(DESK);
  assert.match(await nino.done(desk, `${DESK}/confirm`), /counts as checked today/);
  const { lookTime: later } = await organization();
  assert.ok(later!.seconds > lookTime!.seconds || later!.nanos !== lookTime!.nanos);
  const history = await nino.text(`${DESK}/history`);
  assert.match(history, /Checked: the entry is right/);
  assert.doesNotMatch(history, /look_time|\dT\d/);
});

test("NamesInTheHistoryWhatHasAName", async () => {
  await world.lagnet.organizations.updateOrganization({
    organization: {
      name: KAZBEGI, memberships: [{ network: "networks/ksow", since: "2024-01-01" }],
    },
    updateMask: { paths: ["memberships"] },
  });
  const history = await nino.text(`${DESK}/history`);
  assert.match(history, /Member of networks/);
  assert.doesNotMatch(history, /networks\//);
});

test("KeepsAFormWhoseSessionHasEnded", async () => {
  const edit = `${DESK}/edit`;
  const page = await nino.text(edit);
  const typed = { ...entryFields(page), website: "https://kept.example.org" };
  const session = nino.cookies.get("lagnet_session") as string;
  nino.cookies.delete("lagnet_session");
  const kept = await nino.submit(page, edit, typed);
  assert.equal(kept.status, 401);
  const keptPage = await kept.text();
  assert.match(keptPage, /<a href="\/en\/sign-in" target="_blank">/);

  // The form has the token of a session that is over.
  nino.cookies.set("lagnet_session", session);
  const fields = { ...hidden(keptPage, edit), form_token: "of-the-old-session" };
  const stale = await nino.post(edit, fields);
  assert.equal(stale.status, 403);
  assert.equal((await organization()).website, "https://mine.example.org");
  await nino.done(await stale.text(), edit);
  assert.equal((await organization()).website, "https://kept.example.org");
});

test("LeadsToTheSignInAndBack", async () => {
  const cookies = new Map(nino.cookies);
  nino.cookies.clear();
  const response = await nino.get(`${DESK}?done=saved`);
  assert.equal(response.status, 303);
  assert.equal(
    response.headers.get("location"), `/en/sign-in?to=${encodeURIComponent(`${DESK}?done=saved`)}`,
  );
  // A session that the server does not know is taken from the browser.
  nino.cookies.set("lagnet_session", "lags_nobody");
  const ended = await nino.get(DESK);
  assert.equal(ended.status, 303);
  assert.equal(nino.cookies.has("lagnet_session"), false);
  for (const [name, value] of cookies) nino.cookies.set(name, value);
});

test("SaysThatNobodyCanSignInWithoutMail", async () => {
  const browser = new Browser(world.gateway);
  const signIn = await browser.text("/en/sign-in");
  const refused = await browser.submit(signIn, "/en/sign-in", { email: "nino@example.org" });
  assert.equal(refused.status, 422);
  assert.match(await refused.text(), /This server sends no mail, so nobody can sign in/);
  const path = "/en/organizations/lag-kazbegi/claim";
  const unsent = await browser.submit(await browser.text(path), path);
  assert.equal(unsent.status, 422);
  assert.match(await unsent.text(), /This server sends no mail\./);
});
