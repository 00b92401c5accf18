// The members of a delegation, before a server that sends mail: each has a link
// to a place of their own, tells who they are there, and may leave.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Role } from "@lagnet/client/options/v1/options_pb.js";
import { formOf, problemsIn } from "./forms.js";
import { assertHarmless, Parsed } from "./harmless.js";
import { HOSTILE } from "./hostile.js";
import { linkIn, MailServer } from "./mail_server.js";
import {
  type Fields, filled, Gateway, hidden, LANGUAGES, openVisit, unescaped, World,
} from "./world.js";

const KA = { "accept-language": "ka-GE,ka;q=0.9" };
// Subjects of mails to the head.
const CONFIRM = "გთხოვთ, დაადასტუროთ";
const SEAT = "თქვენ გაქვთ ადგილი";

const INVITED = "მოწვეულია, ჯერ არ უპასუხია";
const UNNAMED = "ჯერ არ არის დასახელებული";
const ENDED = "ეს ბმული აღარ მოქმედებს";

const mail = new MailServer();
const world = new World(mail);
before(() => world.start());
after(() => world.remove());

function addressOf(person: string): string {
  return `${person.toLowerCase()}@example.org`;
}

async function party(visit: string) {
  const { signUps } = await world.lagnet.signUps.listSignUps({ parent: `studyVisits/${visit}` });
  assert.equal(signUps.length, 1);
  return signUps[0]!;
}

/** Signs a delegation up and confirms the address of its head, whose path this
 * gives. */
async function signUp(
  visit: string, head: string, people: number, members: Record<string, string>,
): Promise<string> {
  const path = `/ka/visits/${visit}/sign-up`;
  const form = filled(await world.gateway.text(`${path}?people=${people}`), head, members);
  const sent = await world.gateway.post(path, form);
  assert.equal(sent.status, 303, problemsIn(await sent.text()));
  const link = linkIn(await mail.waitFor(addressOf(head), CONFIRM)).pathname;
  for (const [field, address] of Object.entries(members)) {
    if (!field.startsWith("email-")) continue;
    assert.deepEqual(mail.sentTo(address), [], "before the head has confirmed");
  }
  const confirmed = await world.gateway.post(
    `${link}/verify`, hidden(await world.gateway.text(link, KA)),
  );
  assert.equal(confirmed.status, 303);
  await mail.waitFor(addressOf(head), SEAT);
  return link;
}

/** The path in the mail to a member. */
async function placeOf(person: string): Promise<string> {
  const letter = await mail.waitFor(addressOf(person), "");
  assert.doesNotMatch(Object.values(letter.parts).join("\n"), /\/my\//, "the head's link");
  const link = linkIn(letter);
  assert.equal(link.origin, world.gateway.url);
  assert.match(link.pathname, /^\/place\/[\w.=-]+$/);
  assert.equal(link.searchParams.get("lang"), "ka");
  return link.pathname;
}

async function textAt(path: string): Promise<string> {
  const response = await world.gateway.get(path, KA);
  const page = await response.text();
  assert.equal(response.status, 200, `${path}: ${page}`);
  return page;
}

/** Where a form of such a page is sent to. */
const ka = (path: string) => `${path}?lang=ka`;

/** Sends the form of a page of a place, with what is typed into it. */
async function fill(place: string, typed: Fields, page = ""): Promise<Response> {
  const fields = formOf(await textAt(`${place}${page}`), ka(place));
  return world.gateway.post(ka(place), { ...fields, ...typed });
}

test("LetsTheInvitedTellWhoTheyAre", async () => {
  await openVisit(world, "invited", 4);
  assert.match(
    await textAt("/ka/visits/invited/sign-up?people=2"), /საკმარისია მხოლოდ ელფოსტა/,
  );
  const head = await signUp("invited", "Ana", 4, {
    "name-2": "Eka Example", "email-2": addressOf("Eka"), "email-3": addressOf("Gia"),
  });
  const before = await textAt(head);
  assert.ok(before.includes(INVITED));
  assert.ok(before.includes(UNNAMED));

  const place = await placeOf("Gia");
  assert.notEqual(place, await placeOf("Eka"));
  const invitation = await textAt(place);
  for (const part of [
    "თქვენ მოწვეული ხართ სასწავლო ვიზიტზე", "ვიზიტი", "2036", "Ana Example", "ყაზბეგ",
    "თქვენ გაქვთ ადგილი", "ბოლო ვადა: ", "როგორ მუშავდება თქვენი მონაცემები",
  ]) {
    assert.ok(invitation.includes(part), part);
  }
  assert.doesNotMatch(invitation, /eka@|Eka Example|ana@/, "nobody else's");
  const form = formOf(invitation, ka(place));
  assert.deepEqual(
    [form["name-1"], form["email-1"], form["language"]], ["", addressOf("Gia"), "ka"],
  );

  const wrong = await fill(place, { "name-1": "", "phone-1": "+995 555 123" });
  assert.equal(wrong.status, 422);
  const again = await wrong.text();
  assert.match(problemsIn(again), /სახელი და გვარი: გთხოვთ, შეავსოთ/);
  assert.equal(formOf(again, ka(place))["phone-1"], "+995 555 123");

  const typed = {
    ...formOf(again, ka(place)), "name-1": "Gia Example", language: "pl",
  };
  for (const time of ["once", "twice"]) {
    const taken = await world.gateway.post(ka(place), typed);
    assert.equal(taken.status, 303, time);
    assert.equal(taken.headers.get("location"), `${place}?lang=ka`, time);
  }
  const kept = await textAt(place);
  for (const part of ["რა ინახება თქვენ შესახებ", "Gia Example", "+995 555 123", "პოლონური"]) {
    assert.ok(kept.includes(part), part);
  }
  const member = (await party("invited")).members[2];
  assert.deepEqual(
    [member?.fullName, member?.email, member?.phone, member?.language, member?.noticeVersion],
    ["Gia Example", addressOf("Gia"), "+995 555 123", "pl", form["notice"]],
  );
  const after = await textAt(head);
  assert.ok(after.includes("Gia Example"));
  assert.ok(!after.includes(INVITED));

  // What was sent before is not sent with other content, but can be anew.
  const other = await world.gateway.post(ka(place), { ...typed, "phone-1": "+995 555 456" });
  assert.equal(other.status, 422);
  const page = await other.text();
  assert.match(problemsIn(page), /უკვე გაიგზავნა სხვა მონაცემებით/);
  assert.equal((await world.gateway.post(ka(place), formOf(page, ka(place)))).status, 303);
  assert.equal((await party("invited")).members[2]?.phone, "+995 555 456");
  assert.equal(mail.sentTo(addressOf("Gia")).length, 1, "one letter, one link");
});

test("ShowsTheNamedWhatIsKeptAndLetsThemCorrectIt", async () => {
  await openVisit(world, "named", 3);
  await signUp("named", "Maka", 2, { "name-2": "Lali Exmaple", "email-2": addressOf("Lali") });
  const place = await placeOf("Lali");
  const page = await textAt(place);
  for (const part of [
    "Lali Exmaple", addressOf("Lali"), "თქვენი მონაცემები მოგვაწოდა: Maka Example",
    "როგორ მუშავდება თქვენი მონაცემები",
  ]) {
    assert.ok(page.includes(part), part);
  }
  const corrected = await fill(place, { "name-1": "Lali Example" }, "/person");
  assert.equal(corrected.status, 303);
  assert.match(await textAt(place), /Lali Example/);
  assert.equal((await party("named")).members[1]?.fullName, "Lali Example");

  const file = await world.gateway.get(`${place}/data.json`);
  assert.equal(file.headers.get("content-disposition"), 'attachment; filename="my-place.json"');
  assert.equal(file.headers.get("cache-control"), "no-store");
  const text = await file.text();
  assert.equal((JSON.parse(text) as { person: { email: string } }).person.email, addressOf("Lali"));
  assert.ok(!text.includes(addressOf("Maka")));
});

test("AsksWhatTheRulesLookAt", async () => {
  await openVisit(world, "rules", 4, {
    whoMayCome: { territories: ["GE-MM", "GE-KA"], sectors: [2, 3] },
    shares: [
      { group: { ageBand: 2 }, max: 3 },
      { group: { language: "pl" }, max: 3 },
      { group: { sector: 2 }, max: 3 },
      { group: { firstTimers: true }, max: 3 },
      { group: { staff: true }, max: 3 },
    ],
  });
  await signUp("rules", "Tika", 2, {
    "territory-1": "GE-MM", "email-2": addressOf("Zura"), "territory-2": "GE-MM",
  });
  const place = await placeOf("Zura");
  const form = await textAt(place);
  for (const field of ["age-1", "speaks-1", "sector-1", "territory-1", "first-1"]) {
    assert.ok(form.includes(`name="${field}"`), field);
  }
  assert.ok(!form.includes('name="staff-1"'), "that is for the head to say");
  const elsewhere = await fill(place, { "name-1": "Zura Example", "sector-1": "PUBLIC" });
  assert.equal(elsewhere.status, 422);
  assert.equal(formOf(await elsewhere.text(), ka(place))["name-1"], "Zura Example");
  const taken = await fill(place, {
    "name-1": "Zura Example", "territory-1": "GE-KA", "age-1": "FROM_18_TO_24",
    "speaks-1": "pl", "sector-1": "PRIVATE", "first-1": "1",
  });
  assert.equal(taken.status, 303);
  const member = (await party("rules")).members[1];
  assert.deepEqual(
    [member?.territory, member?.ageBand, member?.languages, member?.sector, member?.firstTimer],
    ["GE-KA", 2, ["pl"], 2, true],
  );
  const kept = formOf(await textAt(`${place}/person`), ka(place));
  assert.deepEqual(
    [kept["territory-1"], kept["age-1"], kept["speaks-1"], kept["sector-1"], kept["first-1"]],
    ["GE-KA", "FROM_18_TO_24", "pl", "PRIVATE", "1"],
  );
});

test("LetsAMemberLeave", async () => {
  await openVisit(world, "left", 3);
  const head = await signUp("left", "Nana", 2, {
    "name-2": "Soso Example", "email-2": addressOf("Soso"),
  });
  const place = await placeOf("Soso");
  const seen = mail.sentTo(addressOf("Nana")).length;
  const { etag } = await party("left");
  const sure = await textAt(`${place}/leave`);
  assert.match(sure, /გსურთ დელეგაციის დატოვება\?/);
  assert.match(sure, /Nana Example შეიტყობს/);
  for (const path of ["", "/person", "/leave", "/data.json"]) {
    await world.gateway.get(`${place}${path}`, KA);
  }
  assert.equal((await party("left")).etag, etag, "programs follow links");

  for (const time of ["once", "twice"]) {
    const sent = await world.gateway.post(ka(`${place}/leave`), hidden(sure));
    assert.equal(sent.status, 303, time);
    assert.equal(sent.headers.get("location"), "/place/left?lang=ka", time);
  }
  assert.match(await textAt("/place/left?lang=ka"), /თქვენ დატოვეთ დელეგაცია/);
  for (const path of ["", "/person", "/leave", "/data.json"]) {
    const dead = await world.gateway.get(`${place}${path}`, KA);
    assert.equal(dead.status, 404, path);
    assert.ok((await dead.text()).includes(ENDED), path);
  }
  const filledIn = await world.gateway.post(ka(place), {
    "name-1": "Soso Example", "email-1": addressOf("Soso"),
    request_id: "2f2b7f5e-4a8e-4f7e-8a43-2b4f7e0b9a11",
  });
  assert.equal(filledIn.status, 404);

  const told = await mail.waitFor(addressOf("Nana"), "", seen);
  assert.equal(linkIn(told).pathname, head);
  const page = await textAt(head);
  assert.ok(page.includes(UNNAMED));
  assert.doesNotMatch(page, /Soso|soso@/);
  const [, gone] = (await party("left")).members;
  assert.deepEqual([gone?.fullName, gone?.email], ["", ""]);

  // Somebody else is invited instead, with nothing but an address.
  const member = hidden(await textAt(`${head}/members/2`));
  const named = await world.gateway.post(ka(`${head}/members/2`), {
    ...member, "name-1": "", "email-1": addressOf("Dato"),
  });
  assert.equal(named.status, 303, problemsIn(await named.text()));
  assert.ok((await textAt(head)).includes(INVITED));
  assert.notEqual(await placeOf("Dato"), place);
  assert.equal((await world.gateway.get(place)).status, 404);
});

test("KeepsTheLinksOfAPartyApart", async () => {
  await openVisit(world, "apart", 3);
  const head = await signUp("apart", "Rusa", 2, { "email-2": addressOf("Vano") });
  const place = await placeOf("Vano");
  const other = place.at(-10) === "x" ? "y" : "x";
  const wrong = [
    head.replace("/my/", "/place/"), place.slice(0, -1), place.slice(0, -20),
    place.slice(0, -10) + other + place.slice(-9), `${place}.`, `${place}%3E`, `${place}%0D%0A`,
    "/place/lagl_", "/place/x", "/place/",
  ];
  for (const path of wrong) {
    for (const below of ["", "/person", "/leave", "/data.json"]) {
      const response = await world.gateway.get(path + below, KA);
      assert.equal(response.status, 404, path + below);
      assert.match(await response.text(), /ბმული აღარ მოქმედებს/, path + below);
    }
    for (const below of ["", "/leave"]) {
      const response = await world.gateway.post(path + below, hidden(await textAt(place)));
      assert.equal(response.status, 404, path + below);
    }
  }
  const mine = place.replace("/place/", "/my/");
  for (const below of ["", "/withdraw", "/erase", "/members/1", "/data.json"]) {
    assert.equal((await world.gateway.get(mine + below)).status, 404, below);
  }
  for (const below of ["verify", "accept", "withdraw", "erase", "members/1", "members/2"]) {
    const response = await world.gateway.post(
      `${mine}/${below}`, hidden(await textAt(`${head}/withdraw`)),
    );
    assert.equal(response.status, 404, below);
  }
  assert.ok((await textAt(head)).includes(INVITED), "all is as it was");
});

test("ShowsWhatPeopleTypeAsText", async () => {
  await openVisit(world, "hostile", 3);
  const head = await signUp("hostile", "Lado", 2, {
    "name-1": HOSTILE[0]!, "email-2": addressOf("Keti"),
  });
  const place = await placeOf("Keti");
  const pageOfForm = async () =>
    (await textAt(place)).includes(`${place}/person`) ? "/person" : "";
  let shown = 0;
  // All of them go through every other form in hostile.test.ts.
  for (const text of HOSTILE.filter((_, i) => i % 25 === 0)) {
    for (const field of ["name-1", "email-1", "phone-1", "language", "notice", "request_id"]) {
      const typed = { "name-1": "", "email-1": "none", [field]: text };
      const response = await fill(place, typed, await pageOfForm());
      assertHarmless(new Parsed(await response.text()), `${field}: ${text}`);
    }
    const taken = await fill(place, { "name-1": text, "phone-1": "" }, await pageOfForm());
    if (taken.status !== 303) {
      assert.equal(taken.status, 422, `not a name, the server says: ${text}`);
      continue;
    }
    shown++;
    for (const path of [place, head]) {
      const page = await textAt(path);
      assertHarmless(new Parsed(page), `${path}: ${text}`);
      assert.ok(unescaped(page).includes(text.trim()), `${path}: ${text}`);
    }
    for (const path of ["/person", "/leave"]) {
      assertHarmless(new Parsed(await textAt(place + path)), `${path}: ${text}`);
    }
  }
  assert.ok(shown > 5, `${shown} texts were shown`);
});

test("InvitesFromTheDeskOfAnOrganisation", async () => {
  await openVisit(world, "desk", 3);
  const person = await world.personWith("nino", {
    role: Role.LAG_MANAGER, organization: "organizations/lag-kazbegi",
  });
  const desk = "/ka/desk/lag-kazbegi/visits/desk";
  const page = await person.text(`${desk}/sign-up?people=2`);
  assert.match(page, /საკმარისია მხოლოდ ელფოსტა/);
  const shown = await person.done(page, `${desk}/sign-up`, {
    standing: "REPRESENTATIVE", sector: "CIVIC", "name-1": "Otar Example",
    "email-1": addressOf("Otar"), "email-2": addressOf("Pikria"),
  });
  assert.ok(shown.includes(INVITED));
  assert.match(await textAt(await placeOf("Pikria")), /Otar Example/);
});

test("HasEveryLanguage", async () => {
  await openVisit(world, "spoken", 3);
  await signUp("spoken", "Irma", 2, { "name-2": "Gela Example", "email-2": addressOf("Gela") });
  const place = await placeOf("Gela");
  for (const language of LANGUAGES) {
    for (const at of [place, `${place}/person`, `${place}/leave`, "/place/left"]) {
      const page = await textAt(`${at}?lang=${language}`);
      assert.match(page, new RegExp(`<html lang="${language}">`));
      for (const other of LANGUAGES.filter((one) => one !== language)) {
        assert.ok(page.includes(`href="${at}?lang=${other}"`), `${at}: ${other}`);
      }
    }
  }
});

test("LeadsFromTheAddressOfAFormToItsPageInItsLanguage", async () => {
  for (const path of ["/my/token/accept", "/my/token/verify"]) {
    const anew = await world.gateway.get(ka(path));
    assert.equal(anew.status, 303);
    assert.equal(anew.headers.get("location"), ka("/my/token"));
  }
});

test("KeepsAFormWhileTheServerIsAway", async () => {
  const away = await Gateway.start("127.0.0.1:1", world.keyFile);
  try {
    const form = { "name-1": 'A "quoted" name', request_id: "typed" };
    const kept = await away.post("/place/lagl_token.code?lang=cs", form);
    assert.equal(kept.status, 503);
    assert.equal(kept.headers.get("retry-after"), "10");
    const page = await kept.text();
    assert.match(page, /<html lang="cs">/);
    assert.deepEqual(hidden(page, "/place/lagl_token.code?lang=cs"), form);
  } finally {
    await away.stop();
  }
});
