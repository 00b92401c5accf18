// The console: a directory that is kept in order.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Organization_State as EntryState } from
  "@lagnet/client/directory/v1/organizations_pb.js";
import { Role } from "@lagnet/client/options/v1/options_pb.js";
import { fill, formOf, IMPORT_RUN, problemsIn, upload } from "./forms.js";
import { type Browser, World } from "./world.js";

const world = new World();
let staff: Browser;
before(async () => {
  await world.start();
  staff = await world.personWith("marika", { role: Role.NETWORK_ADMIN, network: "networks/grdn" });
});
after(() => world.remove());

async function submitted(id: string, name: string, kind = 1): Promise<string> {
  await world.lagnet.organizations.createOrganization({
    organizationId: id,
    initialState: EntryState.SUBMITTED,
    allowLikelyDoubles: true,
    organization: {
      network: "networks/grdn", kind, country: "GE",
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

test("LeadsBackToTheConsoleFromTheFormOfAnEntry", async () => {
  const at = await submitted("lag-edited-hills", "LAG Edited Hills");
  const edit = "/en/desk/lag-edited-hills/edit";
  assert.ok((await staff.text(edit)).includes(`href="${at}"`));
  assert.ok((await staff.text("/en/desk/lag-edited-hills/history")).includes(`href="${at}"`));
  const { to } = await fill(staff, edit, { email: "office@example.org" });
  assert.equal(to, `${at}?done=saved`);
  const page = await staff.text(to);
  assert.match(page, /role="status">Saved\./);
  assert.match(page, /office@example\.org/);
});

test("TellsInTheLanguageOfThePageWhatKeepsTwoEntriesApart", async () => {
  for (const at of [
    await submitted("lag-apart-hills", "LAG Apart Hills"),
    await submitted("apart-hills", "Apart Hills", 2),
  ]) {
    await fill(staff, at, {}, `${at}/verify`);
  }
  const page = await staff.text(
    "/pl/console/entries/merge?name=lag-apart-hills&into=apart-hills",
  );
  assert.match(page, /LGD i organizacji innego rodzaju nie można połączyć/);
  assert.doesNotMatch(page, /mend the kind/);
});

test("MergesTwoEntriesAfterAPreview", async () => {
  const goes = await submitted("lag-twin-river", "LAG Twin River");
  await fill(staff, goes, {}, `${goes}/verify`);
  const stays = await submitted("twin-river-lag", "Twin River LAG");
  await fill(staff, stays, {}, `${stays}/verify`);
  const doubles = await staff.text("/en/console/entries/doubles?network=grdn");
  assert.match(doubles, /Merge LAG Twin River into Twin River LAG/);
  const path = "/en/console/entries/merge?name=lag-twin-river&into=twin-river-lag";
  const preview = await staff.text(path);
  assert.match(preview, /cannot be undone/);
  assert.match(preview, /English[^:]*: LAG Twin River</, "in words");
  assert.doesNotMatch(preview, /texts\.|\{&quot;|look_time/);
  const { to, page } = await fill(staff, path, {});
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
  assert.match(report, /email: This is not an e-mail address/);
  const run = formOf(report, IMPORT_RUN);
  const done = await (await staff.post(IMPORT_RUN, run)).text();
  assert.match(done, /New: 2; changed: 0; unchanged: 0; not imported: 1/);
  assert.match(done, /href="\/en\/console\/entries\?network=grdn"/);
  const repeated = await (await staff.post(IMPORT_RUN, run)).text();
  assert.match(repeated, /New: 2;/, "the same form is answered as at first");
  const again = formOf(await (await upload(staff, list)).text(), IMPORT_RUN);
  const last = await (await staff.post(IMPORT_RUN, again)).text();
  assert.match(last, /New: 0; changed: 0; unchanged: 2/);
  const { state } = await world.lagnet.organizations.getOrganization({
    name: "organizations/lag-list-one",
  });
  assert.equal(state, EntryState.VERIFIED);
});

test("RefusesAListThatItCannotRead", async () => {
  const unknown = await upload(staff, "name,colour\nlag-x,red\n");
  assert.equal(unknown.status, 422);
  assert.match(problemsIn(await unknown.text()), /colour is not a field of an entry/);
  const value = await upload(staff, "name,population\nlag-x,many\n");
  assert.match(problemsIn(await value.text()), /Row 2: population: “many”/);
  const kind = await upload(staff, "name,kind\nlag-x,LAGG\n");
  assert.match(problemsIn(await kind.text()), /kind: there is no kind “LAGG”.* LAG, MUNICIPALITY,/);
});

test("GivesATemplateThatItCanRead", async () => {
  const template = await staff.text("/en/console/entries/import/template.csv");
  const report = await (await upload(staff, template)).text();
  assert.match(report, /1 row was checked/);
  assert.match(report, /Import 1 row/);
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
    const fields = formOf(page, IMPORT_RUN);
    return (await staff.post(IMPORT_RUN, fields)).text();
  };
  assert.match(await run(report), /New: 2; changed: 0/);
  const changed = { organizations: [{ name: "organizations/lag-json-1", themes: [] }] };
  const again = await (await upload(staff, JSON.stringify(changed), "list.json")).text();
  assert.match(await run(again), /New: 0; changed: 1/);
  const { themes, population } = await world.lagnet.organizations.getOrganization({
    name: "organizations/lag-json-1",
  });
  assert.deepEqual(themes, [], "an empty value clears");
  assert.equal(Number(population), 1_200, "what is not there says nothing");
});

test("SaysWhatToDoWithAFileThatItDoesNotTake", async () => {
  const refused = async (list: string | Uint8Array<ArrayBuffer>, name: string) => {
    const response = await upload(staff, list, name);
    assert.equal(response.status, 422, name);
    return problemsIn(await response.text());
  };
  const wrong = [{ name: "organizations/lag-x", colour: "red" }, { population: "many" }, 7,
    { name: "organizations/lag-y", state: "DISSOLVED" }];
  const said = await refused(JSON.stringify(wrong), "list.json");
  assert.match(said, /Row 1: colour is not a field of an entry/);
  assert.match(said, /Row 2: population: “"many"” cannot be read here/);
  assert.match(said, /Row 3: .*not a list of organisations/);
  assert.match(said, /Row 4: What is archived or dissolved is not imported here/);
  for (const list of ["[", "{}", '{"networks": []}', "[]"]) {
    assert.match(await refused(list, "list.json"), /Export it once more/, list);
  }
  const workbook = new Uint8Array([0x50, 0x4b, 3, 4, 0xff, 0xfe]);
  assert.match(await refused(workbook, "list.xlsx"), /Save it as “CSV UTF-8”/);
});
