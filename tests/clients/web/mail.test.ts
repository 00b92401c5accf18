// Before a server that sends mail: the link goes to the person and not to the
// gateway, and proves the mailbox.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { connect } from "@lagnet/client";
import { SignUp_State as State } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import { linkIn, MailServer } from "./mail_server.js";
import { filled, hidden, openVisit, World } from "./world.js";

const KA = { "accept-language": "ka-GE,ka;q=0.9" };
// Subjects of mails.
const CONFIRM = "გთხოვთ, დაადასტუროთ";
const SEAT = "თქვენ გაქვთ ადგილი";
const WAITING = "თქვენ მოლოდინის სიაში ხართ";
const WITHDRAWN = "თქვენ უარი თქვით ადგილზე";

const mail = new MailServer();
const world = new World(mail);
before(() => world.start());
after(() => world.remove());

async function signUpOf(visit: string, head: string) {
  const { signUps } = await world.lagnet.signUps.listSignUps({ parent: `studyVisits/${visit}` });
  const found = signUps.find(({ members }) => members[0]?.email === addressOf(head));
  assert.ok(found, `${head} has signed up`);
  return found;
}

function addressOf(person: string): string {
  return `${person.toLowerCase()}@example.org`;
}

// Signs a head and as many more up as there are names, and gives the path in
// the mail that comes.
async function signUp(visit: string, head: string, ...more: string[]): Promise<string> {
  const path = `/ka/visits/${visit}/sign-up`;
  const form = filled(await world.gateway.text(`${path}?people=${more.length + 1}`), head);
  for (const [i, person] of more.entries()) {
    form[`name-${i + 2}`] = `${person} Example`;
    form[`email-${i + 2}`] = addressOf(person);
  }
  const sent = await world.gateway.post(path, form);
  assert.equal(sent.status, 303, await sent.text());
  const location = sent.headers.get("location") as string;
  const { dueTime } = await signUpOf(visit, head);
  assert.equal(location, `${path}/sent?until=${dueTime?.seconds}`);
  const page = await world.gateway.text(location);
  assert.match(page, /შეამოწმეთ ელფოსტა/);
  for (const text of [location, page]) {
    assert.doesNotMatch(text, /lagl_/, "the link is for the mailbox only");
  }
  assert.equal((await world.gateway.post(path, form)).headers.get("location"), location);

  const message = await mail.waitFor(addressOf(head), CONFIRM);
  assert.equal(message.headers["from"], "lagnet <lagnet@example.org>");
  const text = message.parts["text/plain"] as string;
  assert.match(text, new RegExp(`^გამარჯობა, ${head} Example,`));
  assert.match(text, /რეგისტრაციის დადასტურება:\nhttp/);
  const link = linkIn(message);
  assert.equal(link.origin, world.gateway.url);
  assert.match(link.pathname, /^\/my\/lagl_[\w.=-]+$/);
  assert.ok(message.parts["text/html"]?.includes(`href="${link.href}"`));
  return link.pathname;
}

// Presses the first button of a page, and gives the page after it.
async function press(link: string, path: string, page: string): Promise<string> {
  const pressed = await world.gateway.post(`${link}${path}?lang=ka`, hidden(page));
  assert.equal(pressed.status, 303);
  assert.equal(pressed.headers.get("location"), `${link}?lang=ka`);
  return world.gateway.text(`${link}?lang=ka`);
}

async function confirm(link: string): Promise<string> {
  const page = await world.gateway.text(link, KA);
  assert.match(page, /გთხოვთ, დაადასტუროთ თქვენი მისამართი/);
  assert.match(page, /დიახ, ეს ჩემი მისამართია/);
  const confirmed = await press(link, "/verify", page);
  assert.doesNotMatch(confirmed, /დიახ, ეს ჩემი მისამართია/);
  return confirmed;
}

// From the form to the mail about the seat that another party left.
async function goThrough(visit: string, firsts: string[], seconds: string[]): Promise<void> {
  const [first, second] = [firsts[0] as string, seconds[0] as string];
  await openVisit(world, visit, firsts.length);
  const link = await signUp(visit, first, ...firsts.slice(1));
  const { etag, state } = await signUpOf(visit, first);
  for (let i = 0; i < 20; ++i) {
    for (const path of ["", "/verify"]) await world.gateway.get(link + path, KA);
  }
  const followed = await signUpOf(visit, first);
  assert.deepEqual([followed.etag, followed.state], [etag, state], "programs follow links");
  assert.equal(followed.addressUnverified, true);

  assert.match(await confirm(link), /თქვენ გაქვთ ადგილი\./);
  const confirmed = await signUpOf(visit, first);
  assert.equal(confirmed.state, State.CONFIRMED);
  assert.equal(confirmed.seats, firsts.length);
  assert.ok((await mail.waitFor(addressOf(first), SEAT)).parts["text/calendar"]);

  const waiting = await confirm(await signUp(visit, second, ...seconds.slice(1)));
  assert.match(waiting, /თქვენ მოლოდინის სიაში ხართ\./);
  assert.match(waiting, /თქვენი ნომერი რიგში: 1/);
  assert.match(waiting, /ყველა ადგილი დაკავებულია\./, "why");
  await mail.waitFor(addressOf(second), WAITING);

  const sure = await world.gateway.text(`${link}/withdraw`, KA);
  assert.match(await press(link, "/withdraw", sure), /გაუქმებულია/);
  const moved = await mail.waitFor(addressOf(second), SEAT);
  assert.match(moved.parts["text/calendar"] ?? "", /BEGIN:VCALENDAR[^]*DTSTART/);
  assert.match(await world.gateway.text(linkIn(moved).pathname, KA), /თქვენ გაქვთ ადგილი\./);
  await mail.waitFor(addressOf(first), WITHDRAWN);

  // Each once, to the head alone; who comes with them has letters of their own.
  const subjects = (person: string) =>
    mail.sentTo(addressOf(person)).map(({ headers }) => headers["subject"]?.split(":")[0]);
  assert.deepEqual(subjects(first), [CONFIRM, SEAT, WITHDRAWN]);
  assert.deepEqual(subjects(second), [CONFIRM, WAITING, SEAT]);
  for (const person of [...firsts.slice(1), ...seconds.slice(1)]) {
    for (const letter of mail.sentTo(addressOf(person))) {
      assert.match(linkIn(letter).pathname, /^\/place\//, person);
    }
  }
}

test("LeadsOnePersonFromTheMailToASeat", () => goThrough("alone", ["Nino"], ["Levan"]));

test("TellsForWhomAFreeSeatWaitsUntilTheyConfirm", async () => {
  await openVisit(world, "crowded", 20);
  const path = "/ka/visits/crowded/sign-up";
  const sent = async (head: string) => {
    const response = await world.gateway.post(path, filled(await world.gateway.text(path), head));
    assert.equal(response.status, 303, await response.text());
    return response.headers.get("location") as string;
  };
  for (const head of ["Bela", "Dito", "Eldar", "Fiqria", "Guram"]) {
    assert.match(await sent(head), /sent\?until=\d+$/, "a quarter of the seats");
  }
  const location = await sent("Hatia");
  assert.match(location, /sent\?until=\d+&free=1$/);
  const page = await world.gateway.text(location);
  assert.match(page, /თავისუფალი ადგილები არის, მაგრამ თქვენთვის ჯერ არ ინახება/);
  assert.doesNotMatch(page, /თქვენი ადგილი შენახულია/);
  const letter = await mail.waitFor(addressOf("Hatia"), CONFIRM);
  const link = linkIn(letter).pathname;
  assert.match(await world.gateway.text(link, KA), /ვინც მისამართს დაადასტურებს/, "why");
  assert.match(await confirm(link), /თქვენ გაქვთ ადგილი\./);
});

test("LeadsADelegationFromTheMailToItsSeats", () =>
  goThrough("party", ["Ana", "Eka", "Gia"], ["Keti", "Lali", "Zura"]));

test("SaysUntilWhenInTheZoneOfTheVisit", async () => {
  await openVisit(world, "zone", 1);
  const until = Date.parse("2036-01-02T10:00:00Z") / 1000;
  const page = await world.gateway.text(`/ka/visits/zone/sign-up/sent?until=${until}`);
  assert.match(page, /2 იანვარი, 2036, 14:00/);
});

test("SaysThatACutLinkIsNotValid", async () => {
  await openVisit(world, "cut-link", 1);
  const link = await signUp("cut-link", "Maka");
  const other = link.at(-10) === "x" ? "y" : "x";
  const wrong = [
    link.slice(0, -1), link.slice(0, -20), link.slice(0, link.indexOf(".")), link.slice(0, 20),
    link.slice(0, -10) + other + link.slice(-9), `${link}.`, `${link}%3E`, "/my/lagl_", "/my/",
  ];
  for (const path of wrong) {
    const response = await world.gateway.get(path, KA);
    assert.equal(response.status, 404, path);
    const page = await response.text();
    assert.match(page, /<html lang="ka">/, path);
    assert.match(page, /ბმული აღარ მოქმედებს/, path);
    const pressed = await world.gateway.post(`${path}/verify`, {});
    assert.equal(pressed.status, 404, path);
  }
  assert.equal((await signUpOf("cut-link", "Maka")).addressUnverified, true);
});

test("ConfirmsNothingWithTheKeyOfTheGateway", async () => {
  await openVisit(world, "key-alone", 1);
  await signUp("key-alone", "Tika");
  const { name } = await signUpOf("key-alone", "Tika");
  const key = readFileSync(world.keyFile, "utf8");
  const gateway = connect({ address: world.lagnetd.address, key });
  try {
    for (const call of ["getSignUp", "verifySignUp", "withdrawSignUp"] as const) {
      await assert.rejects(
        gateway.signUps[call]({ name }),
        (error) => error instanceof ConnectError && error.code === Code.PermissionDenied, call,
      );
    }
  } finally {
    gateway.close();
  }
});
