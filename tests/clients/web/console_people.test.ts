// The console: who signed up, from paper to the list of participants.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { Role } from "@lagnet/client/options/v1/options_pb.js";
import { SignUp_Channel as Channel } from
  "@lagnet/client/visits/v1/sign_ups_pb.js";
import { fill, formOf, problemsIn } from "./forms.js";
import { type Browser, openVisit, World } from "./world.js";

const world = new World();
let staff: Browser;
before(async () => {
  await world.start();
  staff = await world.personWith("marika", { role: Role.NETWORK_ADMIN, network: "networks/grdn" });
});
after(() => world.remove());

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
  const ana = await entered("paper", "Ana Example", { language: "ka" });
  const second = await entered("paper", "Levan Example", {
    channel: "TELEPHONE", people: "2", "name-2": "Maka Example", "phone-2": "+995 555 010204",
  });
  const list = await staff.text("/en/console/visits/paper/sign-ups");
  assert.match(list, /on paper/);
  assert.match(list, /by telephone/);
  assert.match(list, /Number 1 in the queue: too few seats for the whole group/);
  const page = await staff.text(ana);
  assert.match(page, /on paper · marika/, "who entered it");
  assert.doesNotMatch(page, /Your place/);
  assert.match(await staff.text(second), /<h2 id="why">What they see<\/h2>/);
  assert.match(page, /on the back of the form/);
  const { signUps } = await world.lagnet.signUps.listSignUps({ parent: "studyVisits/paper" });
  const paper = signUps.find(({ members }) => members[0]?.fullName === "Ana Example");
  assert.equal(paper?.channel, Channel.PAPER);
  assert.match(paper?.noticeVersion ?? "", /^\d{4}-/);
  assert.equal(paper?.members[0]?.language, "ka");

  const at = "/en/console/visits/paper/sign-ups/new";
  const empty = await staff.text(at);
  assert.doesNotMatch(empty, /Your sector|for myself/);
  const form = formOf(empty, at);
  const response = await staff.post(at, { ...form, organization: "lag-kazbegi", channel: "PAPER" });
  assert.match(problemsIn(await response.text()), /Please fill this in/, "without a notice");
});

test("ListsSignUpsByWhereTheyStand", async () => {
  await openVisit(world, "by-state", 1);
  const at = "/en/console/visits/by-state/sign-ups";
  await entered("by-state", "Ana Example");
  await entered("by-state", "Levan Example");
  const page = await staff.text(at);
  assert.equal(page.match(/\?state=/g), null, "one field, no row of links");
  assert.match(page, /<select id="state" name="state">/);
  const waiting = await staff.text(`${at}?state=waitlisted`);
  assert.match(waiting, /Levan Example/);
  assert.doesNotMatch(waiting, /Ana Example/);
  assert.match(waiting, /<option[^>]* selected[^>]*>on the waiting list/);
  assert.match(await staff.text(`${at}?state=`), /Ana Example/);
});

test("EntersChoicesAndTellsWhoHasASeatElsewhere", async () => {
  for (const id of ["choice-a", "choice-b"]) {
    await openVisit(
      world, id, 1, { firstSeatsFirst: true }, { project: "projects/strong-ties-phase-2" },
    );
  }
  await entered("choice-a", "Ana Example", { choice: "2" });
  const at = "/en/console/visits/choice-b/sign-ups";
  assert.match(await staff.text("/en/console/visits/choice-a/sign-ups"), / · 2nd choice/);
  const refused = await fill(staff, `${at}/new`, {
    channel: "PAPER", notice_given: "read out", organization: "lag-kazbegi",
    standing: "REPRESENTATIVE", sector: "CIVIC", "name-1": "Ana Example",
    "phone-1": "+995 555 010203", choice: "2",
  });
  assert.match(problemsIn(refused.page), /Another visit of this project has this choice already/);
  assert.equal(formOf(refused.page, `${at}/new`)["choice"], "2");
  const party = await entered("choice-b", "Ana Example");
  assert.match(await staff.text(at), /: has a seat on another visit of the project; those who/);
  assert.doesNotMatch(await staff.text(party), /\d\w\w choice/);
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

test("PutsSomebodyElseInThePlaceOfAMember", async () => {
  await openVisit(world, "exchanged", 4);
  const party = await entered("exchanged", "Ana Example", {
    language: "ka", people: "2", "name-2": "",
  });
  const page = await staff.text(party);
  assert.match(page, /Ana Example: somebody else comes instead/);
  const second = `${party}/members/2`;
  assert.ok(page.includes(`<a href="${second}">Name person 2</a>`));
  const wrong = await fill(staff, second, { "name-1": "Levan Example", "email-1": "nowhere" });
  assert.match(problemsIn(wrong.page), /E-mail/);
  assert.equal(formOf(wrong.page, second)["name-1"], "Levan Example");
  const seen = formOf(wrong.page, second);
  const named = { ...seen, "email-1": "levan@example.org" };
  const sent = await staff.post(second, named);
  assert.equal(sent.headers.get("location"), party, problemsIn(await sent.text()));
  assert.equal((await staff.post(second, named)).status, 303, "sent twice");
  const stale = await staff.post(second, { ...named, request_id: randomUUID() });
  assert.match(problemsIn(await stale.text()), /changed in the meantime/);

  const head = await fill(staff, `${party}/members/1`, {
    "name-1": "Maka Example", "email-1": "maka@example.org",
  });
  assert.equal(head.to, party, problemsIn(head.page));
  const shown = await staff.text(party);
  assert.match(shown, /Maka Example/);
  assert.match(shown, /levan@example\.org/);
  assert.doesNotMatch(shown, /Ana Example/);
  const { signUps: [kept] } = await world.lagnet.signUps.listSignUps({
    parent: "studyVisits/exchanged",
  });
  assert.deepEqual(kept?.members.map(({ language }) => language), ["ka", "ka"]);
  for (const member of ["0", "3", "x"]) {
    assert.equal((await staff.get(`${party}/members/${member}`)).status, 404, member);
  }
});

test("ForgetsPeopleWhoAskTheOrganiser", async () => {
  await openVisit(world, "asked-to-forget", 1);
  const party = await entered("asked-to-forget", "Ana Example");
  const next = await entered("asked-to-forget", "Levan Example");
  const editor = await world.personWith("editor", {
    role: Role.NETWORK_EDITOR, network: "networks/grdn",
  });
  assert.doesNotMatch(await editor.text(party), /\/erase"/, "an editor may not");
  const { to, page } = await fill(staff, party, {}, `${party}/erase`);
  assert.equal(to, party, problemsIn(page));
  const shown = await staff.text(party);
  assert.match(shown, /What was kept of these people was deleted/);
  assert.doesNotMatch(shown, /Ana Example|555 010203|\/erase"|\/members\//);
  assert.match(await staff.text(next), /has a seat/);
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
