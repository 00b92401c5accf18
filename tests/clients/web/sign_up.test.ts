// Signing up as an old phone does it: plain HTTP, no script.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { SignUp_State as State } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import { SeatRules_Policy as Policy } from "@lagnet/client/visits/v1/seat_rules_pb.js";
import { filled, Gateway, hidden, LANGUAGES, openVisit, ROOT, World } from "./world.js";

const world = new World();
before(() => world.start());
after(() => world.remove());

async function signUp(visit: string, person: string, more: Record<string, string> = {}) {
  const path = `/ka/visits/${visit}/sign-up`;
  // With many organisations, one is looked for first.
  const form = await world.gateway.text(`${path}?organization=lag-kazbegi`);
  const response = await world.gateway.post(path, filled(form, person, more));
  assert.equal(response.status, 303, await response.text());
  return response.headers.get("location") as string;
}

async function signUps(visit: string) {
  return (await world.lagnet.signUps.listSignUps({ parent: `studyVisits/${visit}` })).signUps;
}

function link(location: string, path: string): string {
  return location.replace(/\?.*/, path);
}

// Presses a button of a page.
async function press(location: string, path: string): Promise<string> {
  const asked = path === "/withdraw" ? link(location, path) : location;
  const response = await world.gateway.post(
    location.replace("?", `${path}?`), hidden(await world.gateway.text(asked)),
  );
  assert.equal(response.status, 303);
  return world.gateway.text(response.headers.get("location") as string);
}

test("GivesASeatAndALink", async () => {
  await openVisit(world, "one-seat", 1);
  const location = await signUp("one-seat", "Nino");
  assert.match(location, /^\/my\/lagl_[\w.=-]+\?lang=ka$/);
  assert.match(await world.gateway.text(location), /თქვენ გაქვთ ადგილი\./);
  for (const [language, text] of [
    ["en", "You have a seat."], ["pl", "Mają Państwo miejsce."], ["cs", "Máte místo."],
  ] as const) {
    const page = await world.gateway.text(link(location, `?lang=${language}`));
    assert.ok(page.includes(text), page);
    const own = await world.gateway.text(link(location, ""), { "accept-language": language });
    assert.ok(own.includes(text), "the language of the browser");
  }
});

test("ShowsTheWaitingListWithItsReasonAndMovesUp", async () => {
  await openVisit(world, "queue", 1);
  const first = await signUp("queue", "Ana");
  const second = await signUp("queue", "Levan");
  const waiting = await world.gateway.text(second);
  assert.match(waiting, /თქვენ მოლოდინის სიაში ხართ\./);
  assert.match(waiting, /თქვენი ნომერი რიგში: 1/);
  assert.match(waiting, /ყველა ადგილი დაკავებულია\./, "why");

  // Withdrawing asks once more, by a page that changes nothing.
  const sure = await world.gateway.text(link(first, "/withdraw"));
  assert.match(sure, /გსურთ რეგისტრაციის გაუქმება\?|Withdraw this sign-up\?/);
  assert.match(await world.gateway.text(first), /თქვენ გაქვთ ადგილი\./);
  assert.match(await press(first, "/withdraw"), /withdrawn|გაუქმებულია/);
  assert.match(await world.gateway.text(second), /თქვენ გაქვთ ადგილი\./);
});

test("DoesAFormThatIsSentTwiceOnce", async () => {
  await openVisit(world, "twice", 5);
  const path = "/pl/visits/twice/sign-up";
  const form = filled(await world.gateway.text(path), "Piotr");
  const answers = await Promise.all([1, 2, 3].map(() => world.gateway.post(path, form)));
  const locations = new Set(answers.map(({ headers }) => headers.get("location")));
  assert.deepEqual(answers.map(({ status }) => status), [303, 303, 303]);
  assert.equal(locations.size, 1);
  assert.equal((await signUps("twice")).length, 1);

  // The same form for somebody else is a new one: it says so, and goes then.
  const other = { ...form, "name-1": "Jan Example", "email-1": "jan@example.org" };
  const refused = await world.gateway.post(path, other);
  assert.equal(refused.status, 422);
  const page = await refused.text();
  assert.match(page, /był już wysłany z inną treścią/);
  const sent = await world.gateway.post(path, { ...other, ...hidden(page) });
  assert.equal(sent.status, 303);
  assert.equal((await signUps("twice")).length, 2);
});

test("KeepsWhatWasTypedAndSaysWhatIsWrong", async () => {
  await openVisit(world, "typed", 5);
  const path = "/cs/visits/typed/sign-up";
  const response = await world.gateway.post(path, {
    ...filled(await world.gateway.text(path), "Eva"),
    organization: "lag-kazbegi", standing: "", "email-1": "eva at example", "phone-1": "+420 123",
  });
  assert.equal(response.status, 422);
  const page = await response.text();
  assert.match(page, /<div class="problems" role="alert" tabindex="-1" autofocus/);
  assert.match(page, /<a href="#standing">V jaké roli\? Vyplňte prosím\.<\/a>/);
  assert.match(page, /<a href="#email-1">E-mail: Toto není e-mailová adresa/);
  assert.match(page, /id="email-1-problem"/);
  assert.match(page, /aria-invalid[^>]*aria-describedby="email-1-hint email-1-problem"/);
  for (const value of ["Eva Example", "eva at example", "+420 123"]) {
    assert.ok(page.includes(`value="${value}"`), value);
  }
  assert.match(page, /<option value="lag-kazbegi" selected/);
  assert.match(page, /value="CIVIC" checked/);
  assert.equal((await signUps("typed")).length, 0);
});

test("SaysWhyTheServerRefuses", async () => {
  await openVisit(world, "refusals", 3, {
    whoMayCome: { sectors: [2] }, shares: [],
  });
  const path = "/en/visits/refusals/sign-up";
  const send = async (person: string, more: Record<string, string>) => {
    const form = filled(await world.gateway.text(path), person, more);
    return (await world.gateway.post(path, form)).text();
  };
  assert.match(await send("Nino", {}), /It is for certain sectors\./);
  await signUp("refusals", "Nino", { sector: "PRIVATE" });
  assert.match(await send("Nino", { sector: "PRIVATE" }), /has signed up for this visit already/);
  assert.match(
    await send("Ana", { sector: "PRIVATE", standing: "RESIDENT", organization: "elkana" }),
    /Only a LAG has an area/,
  );
  assert.match(
    await send("Ana", { sector: "PRIVATE", organization: "there-is-none" }),
    /There is no such organisation here/,
  );
});

// A visit that gives its seats out together with others of its project.
async function visitTogether(id: string, project: string) {
  await openVisit(world, id, 1, { firstSeatsFirst: true }, {
    project, title: { texts: { en: { text: `Visit <${id}>` } } },
  });
}

test("AsksWhichVisitOfAProjectIsWantedMost", async () => {
  const project = "projects/strong-ties-phase-2";
  for (const id of ["wine", "cheese", "honey"]) await visitTogether(id, project);
  await openVisit(world, "alone", 1, {}, { project });
  const path = "/en/visits/wine/sign-up";
  const form = filled(await world.gateway.text(path), "Nino");
  const page = await (await world.gateway.post(path, {
    ...form, choice: "2", "email-1": "nowhere",
  })).text();
  const select = /<label for="choice">.*?<\/select>/s.exec(page)?.[0] ?? "";
  assert.deepEqual(
    [...select.matchAll(/<option value="(\d)"/g)].map(([, value]) => value),
    ["0", "1", "2", "3"],
  );
  assert.match(select, /<option value="0">No preference: wait for each of them</);
  assert.match(select, /<option value="2" selected[^>]*>This visit: 2nd choice</, "what was typed");
  assert.match(select, /aria-describedby="choice-hint"/);
  for (const id of ["cheese", "honey"]) {
    assert.ok(select.includes(`<a href="/en/visits/${id}">Visit &lt;${id}></a>`), select);
  }
  assert.doesNotMatch(select, /visits\/(wine|alone)"/);

  // Another number of people is no other choice.
  const more = await world.gateway.post(path, { ...form, choice: "3", size: "more" });
  assert.match(await more.text(), /<option value="3" selected/);
});

test("TakesTheChoicesOfAProjectAndSaysWhatKeepsThemApart", async () => {
  for (const id of ["first-seat", "second-seat"]) await visitTogether(id, "projects/lag-kazbegi");
  const location = await signUp("first-seat", "Nino", { choice: "1" });
  assert.equal((await signUps("first-seat"))[0]?.choice, 1);
  for (const [language, text] of [
    ["en", "Your 1st choice"], ["ka", "თქვენი პირველი არჩევანი"],
    ["pl", "Państwa 1. wybór"], ["cs", "Vaše 1. volba"],
  ] as const) {
    const page = await world.gateway.text(link(location, `?lang=${language}`));
    assert.ok(page.includes(`<p>${text}</p>`), language);
  }

  const path = "/en/visits/second-seat/sign-up";
  const refused = async (choice: string) => {
    const form = filled(await world.gateway.text(path), "Nino", { choice });
    const response = await world.gateway.post(path, form);
    assert.equal(response.status, 422, choice);
    return response.text();
  };
  const twice = await refused("1");
  assert.match(twice, /<a href="#choice">[^<]*Another visit of this project has this choice/);
  assert.match(twice, /<select id="choice"[^>]* aria-invalid="true"/);
  const better = await refused("2");
  assert.match(better, /<a href="#choice">[^<]*There is a seat already on a visit of this project/);
  assert.match(better, /<option value="2" selected/);
  assert.match(await refused("12"), /<a href="#choice">[^<]*This is not right/);
  assert.equal((await signUps("second-seat")).length, 0);

  // Without a choice it is a second seat, for which others go first.
  const second = await signUp("second-seat", "Nino", { choice: "0" });
  const page = await world.gateway.text(link(second, "?lang=en"));
  assert.match(page, /You are on the waiting list\./);
  assert.equal(page.match(/seat on another visit of this project/g)?.length, 1, "said once");
  assert.doesNotMatch(page, /choice<\/p>/);
});

test("LeavesAVisitForOneThatIsWantedMore", async () => {
  const project = "projects/strong-ties-phase-2";
  for (const id of ["wanted", "wanted-less"]) await visitTogether(id, project);
  const other = await signUp("wanted", "Ana");
  const wanted = await signUp("wanted", "Levan", { choice: "1" });
  const less = await signUp("wanted-less", "Levan", { choice: "2" });
  assert.match(await world.gateway.text(less), /თქვენ გაქვთ ადგილი\./);
  await press(other, "/withdraw");
  assert.match(await world.gateway.text(wanted), /თქვენ გაქვთ ადგილი\./);
  const left = await world.gateway.text(link(less, "?lang=en"));
  assert.match(left, /<p class="state over"/);
  assert.match(left, /Your 2nd choice/);
});

test("SaysWhyOthersGoAheadWhereTheServerDoesNot", async () => {
  const { signUpPage } = await import(join(ROOT, "clients/web/dist/src/my/page.js"));
  const { Reader } = await import(join(ROOT, "clients/web/dist/src/reading/reader.js"));
  const shown = (more: object, why: string[] = []) => signUpPage(Reader.of("cs"), {
    link: { token: "lagl_1", address: "/my/lagl_1" },
    signUp: {
      state: State.WAITLISTED, members: [], seats: 0, choice: 0, secondSeat: true, waitPosition: 1,
      ...more,
    },
    visit: { name: "studyVisits/wine", timeZone: "Asia/Tbilisi" },
    why,
  }) as string;
  assert.match(shown({}), /Máte už místo na jiné cestě tohoto projektu/);
  assert.doesNotMatch(shown({}, ["Protože."]), /Máte už místo/);
  assert.doesNotMatch(shown({ secondSeat: false }), /Máte už místo/);
  assert.doesNotMatch(shown({ state: State.WITHDRAWN, waitPosition: 0 }), /Máte už místo/);
});

test("TellsWhatSomebodyElseChangedFromAServerThatIsAway", async () => {
  const pages = (file: string) => import(join(ROOT, "clients/web/dist/src", file));
  const { problemsOf } = await pages("sign_up/problems.js");
  const { emptyDraft } = await pages("sign_up/draft.js");
  const { Reader } = await pages("reading/reader.js");
  await openVisit(world, "overtaken", 5);
  await signUp("overtaken", "Nino");
  const [{ name } = { name: "" }] = await signUps("overtaken");
  const refused = await world.lagnet.signUps.withdrawSignUp({ name, etag: '"0"' }).catch(
    (error: unknown) => error,
  );
  const said = {
    en: /^Something changed in the meantime/, ka: /^ამასობაში რაღაც შეიცვალა/,
    pl: /^W międzyczasie coś się zmieniło/, cs: /^Mezitím se něco změnilo/,
  };
  for (const language of LANGUAGES) {
    const [problem] = problemsOf(refused, emptyDraft(1), Reader.of(language));
    assert.match(problem.text, said[language]);
  }
});

test("TakesADelegationWithPlacesToBeNamed", async () => {
  await openVisit(world, "delegation", 10);
  const path = "/pl/visits/delegation/sign-up";
  let form = filled(await world.gateway.text(path), "Maria");
  for (const people of ["2", "3"]) {
    const more = await world.gateway.post(path, { ...form, size: "more" });
    assert.equal(more.status, 200);
    const page = await more.text();
    assert.equal(hidden(page)["people"], people);
    assert.ok(page.includes('value="Maria Example"'), "what was typed");
    form = { ...form, ...hidden(page) };
  }
  const sent = await world.gateway.post(path, {
    ...form, "name-2": "Adam Example", "email-2": "maria@example.org", min_members: "2",
  });
  assert.equal(sent.status, 303);
  const location = sent.headers.get("location") as string;
  const page = await world.gateway.text(location);
  assert.match(page, /jeszcze bez nazwiska/);
  const [party] = await signUps("delegation");
  assert.equal(party?.members.length, 3);
  assert.equal(party?.minMembers, 2);
  assert.equal(party?.members[0]?.language, "pl");

  const member = link(location, "/members/3?lang=pl");
  const person = hidden(await world.gateway.text(member));
  const wrong = await world.gateway.post(link(location, "/members/3"), {
    ...person, "name-1": "Ewa Example", "email-1": "nowhere",
  });
  assert.equal(wrong.status, 422);
  assert.ok((await wrong.text()).includes('value="Ewa Example"'));
  const named = await world.gateway.post(link(location, "/members/3"), {
    ...person, "name-1": "Ewa Example", "email-1": "ewa@example.org",
  });
  assert.equal(named.status, 303);
  assert.match(await world.gateway.text(location), /Ewa Example/);

  // Its answer did not come, and a letter was corrected meanwhile.
  const corrected = { "name-1": "Ewa Przykład", "email-1": "ewa@example.org" };
  const reused = await world.gateway.post(member, { ...person, ...corrected });
  assert.equal(reused.status, 422);
  const anew = await reused.text();
  assert.ok(anew.includes('value="Ewa Przykład"'));
  assert.notEqual(hidden(anew)["request_id"], person["request_id"]);
  const sentAnew = await world.gateway.post(member, { ...hidden(anew), ...corrected });
  assert.equal(sentAnew.status, 303);
  assert.match(await world.gateway.text(location), /Ewa Przykład/);

  // The server is away.
  const away = await Gateway.start("127.0.0.1:1", world.keyFile);
  try {
    const kept = await away.post(member, { ...person, ...corrected });
    assert.equal(kept.status, 503);
    assert.deepEqual(hidden(await kept.text(), member), { ...person, ...corrected });
  } finally {
    await away.stop();
  }
});

test("ChangesTheLanguageAndKeepsWhatWasTyped", async () => {
  await openVisit(world, "spoken", 10);
  const form = await world.gateway.text("/en/visits/spoken/sign-up?people=2");
  const [, button] = /<button class="link" lang="ka"([^>]*)>/.exec(form) ?? [];
  const path = "/ka/visits/spoken/sign-up?people=2";
  for (const attribute of ['form="sign-up"', `formaction="${path}"`, "formnovalidate"]) {
    assert.ok(button?.toLowerCase().includes(attribute), `${attribute} in ${button}`);
  }
  const typed = filled(form, "Nino", { "email-1": "nowhere", "name-2": "Ana Example" });
  const [, name, value] = /name="(\w+)" value="(\w+)"/.exec(button as string) ?? [];
  const other = await world.gateway.post(path, { ...typed, [name as string]: value as string });
  assert.equal(other.status, 200);
  const page = await other.text();
  assert.match(page, /<html lang="ka">/);
  for (const text of ["Nino Example", "nowhere", "Ana Example"]) {
    assert.ok(page.includes(`value="${text}"`), text);
  }
  assert.equal(hidden(page)["people"], "2");
  assert.equal(hidden(page)["request_id"], typed["request_id"]);
  assert.deepEqual(await signUps("spoken"), []);
});

test("OffersASeatThatCanBeTakenOrLeft", async () => {
  await openVisit(world, "offers", 1, { offerHours: 48 });
  const first = await signUp("offers", "Ana");
  const second = await signUp("offers", "Levan");
  const third = await signUp("offers", "Nino");
  await press(first, "/withdraw");
  const offered = await world.gateway.text(second);
  assert.match(offered, /გთავაზობთ ადგილს/);
  assert.match(offered, /პასუხის ბოლო ვადა: /);
  // What is asked of people stands before why.
  assert.ok(offered.indexOf("/accept") < offered.indexOf("პასუხის ბოლო ვადა"));
  assert.match(await press(second, "/decline"), /უარი თქვით/);
  assert.match(await press(third, "/accept"), /თქვენ გაქვთ ადგილი\./);
  // What is no longer possible is said, with how it is now.
  const again = await world.gateway.post(link(second, "/accept"), {
    request_id: "0b5a4c9e-6a0f-4f0e-9f57-0d1c7f0a1b2c",
  });
  assert.equal(again.status, 409);
  assert.match(await again.text(), /This is not possible any more/);
});

test("AsksOnlyWhatTheRulesNeed", async () => {
  const plain = await world.gateway.text("/en/visits/slaskie-opolskie/sign-up");
  for (const field of ["age-1", "speaks-1", "territory-1", "first-1", "staff-1", "choice"]) {
    assert.ok(!plain.includes(`name="${field}"`), field);
  }
  await openVisit(world, "asks", 10, {
    policy: Policy.DRAW,
    whoMayCome: { territories: ["GE-MM", "GE-KA"] },
    shares: [
      { group: { ageBand: 2 }, min: 2 },
      { group: { language: "pl" }, min: 1 },
      { group: { firstTimers: true }, min: 1 },
      { group: { staff: true }, max: 5 },
    ],
  });
  const page = await world.gateway.text("/pl/visits/asks/sign-up");
  for (const field of ["age-1", "speaks-1", "territory-1", "first-1", "staff-1"]) {
    assert.ok(page.includes(`name="${field}"`), field);
  }
  assert.match(page, /<option value="GE-MM">[^<]*[Mm]ccheta[^<]*</, "the name of a territory");
  assert.match(
    await world.gateway.text("/pl/visits/asks"), /Miejsca zostaną rozlosowane/, "the draw",
  );
  await signUp("asks", "Nino", {
    "age-1": "FROM_18_TO_24", "speaks-1": "pl", "territory-1": "GE-MM", "first-1": "1",
  });
  const [party] = await signUps("asks");
  const member = party?.members[0];
  assert.deepEqual(
    [member?.ageBand, member?.languages, member?.territory, member?.firstTimer, member?.staff],
    [2, ["pl"], "GE-MM", true, false],
  );
});

test("NamesTheTerritoriesOfTheRulesInTheLanguageOfTheReader", async () => {
  const named = {
    "GE-MM": "მცხეთა-მთიანეთი", "GE-MM-DUSHETI": "დუშეთი", PL: "პოლონეთი", PL81: "ლუბლინის",
    588024: "Telč", CZ0722: "okres Uherské Hradiště", "0201": "powiat bolesławiecki",
    "020101": "Bolesławiec", "0020000": "Aizkraukles novads", 69: "Prienų rajono savivaldybė",
    LV008: "ვიძემე",
  };
  await openVisit(world, "named", 10, { whoMayCome: { territories: Object.keys(named) } });
  const page = await world.gateway.text("/ka/visits/named/sign-up");
  const options = Object.fromEntries(
    [...page.matchAll(/<option value="([^"]+)"( lang="..")?>([^<]*)</g)]
      .map(([, code, , text]) => [code, text]),
  );
  for (const [code, name] of Object.entries(named)) {
    assert.ok(options[code]?.startsWith(name), `${code}: ${options[code]}`);
  }
  assert.match(page, /<option value="588024" lang="cs">Telč</);
});

test("ShowsWhatATrapCaughtAgain", async () => {
  await openVisit(world, "trap", 5);
  const path = "/en/visits/trap/sign-up";
  const form = filled(await world.gateway.text(path), "Nino");
  for (const [caught, sentence] of [
    [{ at: String(Date.now()) }, /That was very quick/],
    [{ at: "" }, /That was very quick/],
    [{ homepage: "https://example.org" }, /A field that should stay empty/],
  ] as const) {
    const response = await world.gateway.post(path, { ...form, ...caught });
    assert.equal(response.status, 422);
    const page = await response.text();
    assert.match(page, sentence);
    assert.ok(page.includes('value="Nino Example"'));
  }
  assert.equal((await signUps("trap")).length, 0);
  assert.equal((await world.gateway.post(path, form)).status, 303, "as a person sends it");
});

test("ChangesNothingByGet", async () => {
  await openVisit(world, "links", 5);
  const location = await signUp("links", "Nino");
  const before = (await signUps("links"))[0]?.etag;
  for (let i = 0; i < 10; ++i) {
    for (const path of [
      "", "/withdraw", "/erase", "/members/1", "/data.json", "/accept", "/verify",
    ]) {
      await world.gateway.get(link(location, path));
    }
  }
  const [now] = await signUps("links");
  assert.equal(now?.etag, before);
  assert.equal(now?.state, State.CONFIRMED);
});

test("GivesPeopleTheirDataAsAFile", async () => {
  await openVisit(world, "data", 5);
  const location = await signUp("data", "Nino");
  const response = await world.gateway.get(link(location, "/data.json"));
  assert.equal(response.headers.get("content-disposition"),
    'attachment; filename="my-sign-up.json"');
  assert.equal(response.headers.get("cache-control"), "no-store");
  const data = (await response.json()) as { members: { email: string }[] };
  assert.equal(data.members[0]?.email, "nino@example.org");
});

test("ForgetsPeopleWhoAskForIt", async () => {
  await openVisit(world, "forgotten", 1);
  const location = await signUp("forgotten", "Nino");
  const next = await signUp("forgotten", "Levan");
  const page = await world.gateway.text(link(location, "/erase?lang=en"));
  assert.match(page, /will be deleted for ever/);
  assert.equal((await signUps("forgotten"))[0]?.erased, false, "a page changes nothing");
  const sent = await world.gateway.post(link(location, "/erase"), hidden(page));
  assert.equal(sent.status, 303);
  const after = await world.gateway.text(sent.headers.get("location") as string);
  assert.match(after, /<h1>Your data are deleted<\/h1>/);
  assert.doesNotMatch(after, /Nino|nino@example\.org/);
  const kept = (await signUps("forgotten")).find(({ erased }) => erased);
  assert.ok(kept);
  assert.ok(kept.members.every(({ fullName, email }) => fullName + email === ""));
  assert.match(await world.gateway.text(link(next, "?lang=en")), /You have a seat\./);
});

test("HandsALinkOverWithTheHead", async () => {
  await openVisit(world, "handed-over", 1);
  const location = await signUp("handed-over", "Nino");
  const path = link(location, "/members/1");
  const form = {
    ...hidden(await world.gateway.text(link(location, "/members/1?lang=en"))),
    "name-1": "Levan Example", "email-1": "levan@example.org",
  };
  const unfinished = { ...form, "name-1": "Levan <b>Example</b>", "email-1": "no address" };
  const refused = await world.gateway.post(path, unfinished);
  assert.equal(refused.status, 422);
  assert.match(await refused.text(), /value="Levan &lt;b>Example&lt;\/b>"/);

  // A double click, and once more when the link has ended.
  const sent = await Promise.all([1, 2].map(() => world.gateway.post(path, form)));
  sent.push(await world.gateway.post(path, form));
  const pages = await Promise.all(sent.map((answer) => answer.text()));
  assert.deepEqual(sent.map(({ status }) => status), [200, 200, 200], pages[0]);
  assert.match(pages[0] as string, /<h1>Handed over<\/h1>/);
  assert.match(pages[0] as string, /Somebody else comes in your place/);
  assert.doesNotMatch(pages[0] as string, /\/my\/lagl_/, "nobody is led to a link that is dead");
  assert.equal(new Set(pages).size, 1, "the same answer each time");

  assert.equal((await world.gateway.get(location)).status, 404);
  assert.equal((await world.gateway.post(link(location, "/members/2"), form)).status, 404);
  const forged = path.replace(
    /(.)(.=*\/members)/, (_, one: string, end: string) => (one === "x" ? "y" : "x") + end,
  );
  assert.equal((await world.gateway.post(forged, form)).status, 404);
  const [party] = await signUps("handed-over");
  assert.equal(party?.members[0]?.email, "levan@example.org");
  assert.equal(party?.state, State.CONFIRMED);
});

test("KeepsWhichNoticeWasShown", async () => {
  await openVisit(world, "notice", 5);
  const shown = hidden(await world.gateway.text("/ka/visits/notice/sign-up"))["notice"] as string;
  assert.match(shown, /^\d{4}-/);
  await signUp("notice", "Nino");
  await signUp("notice", "Levan", { notice: "an older one, ".repeat(9) });
  await signUp("notice", "Ana", { people: "2", "name-2": "Eka Example", "email-2": "eka@example.org" });
  const versions = new Map((await signUps("notice")).map(({ members, noticeVersion }) =>
    [members[0]?.fullName, noticeVersion]));
  assert.equal(versions.get("Nino Example"), shown);
  assert.equal(versions.get("Levan Example")?.length, 40);
  assert.equal(versions.get("Ana Example"), shown);
});

test("SaysWhomToAskAboutOnesData", async () => {
  await openVisit(world, "asked", 5);
  const page = await world.gateway.text("/en/visits/asked/sign-up");
  assert.match(page, /Questions about your data: <a href="mailto:visits@example\.org">/);
  const { lagnet } = world;
  const name = "studyVisits/unasked";
  await lagnet.visits.createStudyVisit({
    studyVisitId: "unasked",
    studyVisit: {
      network: "networks/grdn", hosts: ["organizations/lag-kazbegi"],
      title: { texts: { en: { text: "Visit" } } }, timeZone: "Asia/Tbilisi",
      start: "2036-05-01T09:00", end: "2036-05-02T16:00", seats: 5,
    },
  });
  await lagnet.visits.publishStudyVisit({ name });
  const { email } = await lagnet.organizations.getOrganization({
    name: "organizations/lag-kazbegi",
  });
  assert.ok(email);
  const form = await world.gateway.text("/en/visits/unasked/sign-up");
  assert.ok(form.includes(`mailto:${email}`));
});

test("SaysWhereALinkThatIsNoneLeads", async () => {
  const location = await signUp("data", "Ana");
  const forged = location.replace(/\?.*/, "").replace(
    /(.)(.)$/, (_, one: string, last: string) => (one === "x" ? "y" : "x") + last,
  );
  for (const path of ["/my/x", "/my/lagl_abc.def", forged]) {
    const response = await world.gateway.get(path, { "accept-language": "pl" });
    assert.equal(response.status, 404, path);
    assert.match(await response.text(), /Nie ma takiej strony/);
  }
});

test("HasNoFormForAVisitThatThereIsNot", async () => {
  await openVisit(world, "there-is-one", 5);
  const form = filled(await world.gateway.text("/pl/visits/there-is-one/sign-up"), "Nino");
  for (const change of ["", "email-1=", "size=more", "at="]) {
    const path = "/pl/visits/there-is-none/sign-up";
    const response = await world.gateway.post(path, {
      ...form, ...Object.fromEntries(new URLSearchParams(change)),
    });
    assert.equal(response.status, 404);
    assert.match(await response.text(), /Nie ma takiej strony/);
  }
  assert.doesNotMatch(world.gateway.log.join("\n"), /GatewayHasNoRole/);
});

test("LooksForAnOrganisationWhereThereAreManyOfThem", async () => {
  await openVisit(world, "crowd", 5);
  await Promise.all(Array.from({ length: 90 }, (_, i) =>
    world.lagnet.organizations.createOrganization({
      organizationId: `lag-crowd-${i}`,
      initialState: 3,
      allowLikelyDoubles: true,
      organization: {
        network: "networks/ksow",
        kind: 1,
        displayName: { texts: { pl: { text: `LGD Przykład ${i}` } } },
        country: "PL",
      },
    })));
  const gateway = await Gateway.start(world.lagnetd.address, world.keyFile);
  try {
    const path = "/pl/visits/crowd/sign-up";
    assert.match(await gateway.text(path), /name="find"/);
    const found = await gateway.text(`${path}?find=kazbegi&people=2`);
    const chosen = `${path}?organization=lag-kazbegi&people=2`;
    assert.ok(found.includes(chosen.replace("&", "&amp;")), found);
    const page = await gateway.text(chosen);
    assert.equal(hidden(page)["organization"], "lag-kazbegi");
    assert.match(page, /Kazbegi/);
    const sent = await gateway.post(path, filled(page, "Nino"));
    assert.equal(sent.status, 303);
  } finally {
    await gateway.stop();
  }
});

test("HasEveryLanguageOnThePageOfALink", async () => {
  const location = await signUp("data", "Levan");
  for (const language of LANGUAGES) {
    for (const path of ["", "/withdraw", "/erase", "/members/1"]) {
      const page = await world.gateway.text(link(location, `${path}?lang=${language}`));
      assert.match(page, new RegExp(`<html lang="${language}">`));
      for (const other of LANGUAGES.filter((one) => one !== language)) {
        assert.ok(page.includes(`href="${link(location, `${path}?lang=${other}`)}"`), other);
      }
    }
  }
});
