// The pages that people type into, and those that show what was typed.
import { Organization_State as EntryState } from
  "@lagnet/client/directory/v1/organizations_pb.js";
import { LagnetError } from "@lagnet/client";
import { ADDRESSES, HOSTILE } from "./hostile.js";
import { linkIn, type MailServer } from "./mail_server.js";
import { Browser, filled, openVisit, type World } from "./world.js";

const KAZBEGI = "organizations/lag-kazbegi";

/** Who looks at a page, and where it is. */
export type Address = readonly [Browser, string];

/** Somebody, an organisation's person, and a network's. */
export type People = Readonly<Record<"anybody" | "nino" | "marika", Browser>>;

// Signs somebody up, and says where the sign-up is and what opens it.
async function signUp(world: World, visit: string, person: string) {
  const { name, holderToken } = await world.lagnet.signUps.createSignUp({
    parent: `studyVisits/${visit}`,
    signUp: {
      organization: KAZBEGI, standing: 1, sector: 3,
      members: [{ fullName: `${person} Example`, email: `${person.toLowerCase()}@example.org` }],
    },
  });
  return { name, id: name.split("/")[3] as string, link: `/my/${holderToken}` };
}

async function entry(world: World, id: string, name: string, initialState: EntryState): Promise<void> {
  await world.lagnet.organizations.createOrganization({
    organizationId: id,
    initialState,
    allowLikelyDoubles: true,
    organization: {
      network: "networks/grdn", kind: 1, country: "GE",
      displayName: { texts: { en: { text: name } } },
    },
  });
}

/** Every page with a form, and whose it is. */
export async function pagesWithForms(
  world: World, mail: MailServer, { anybody, nino, marika }: People,
): Promise<Address[]> {
  const { lagnet, gateway } = world;
  await openVisit(world, "asked", 2, { confirmHours: 48 });
  await openVisit(world, "offered", 1, { offerHours: 48 });
  await openVisit(world, "mailed", 5);
  await openVisit(world, "ended", 5);
  await openVisit(world, "lots", 2, { policy: 3 });
  const rules = { draft: { whoMayCome: { territories: ["GE-MM"] } }, numbers: { policy: 3 } };
  for (const [studyVisitId, seatRules] of Object.entries(rules)) {
    await lagnet.visits.createStudyVisit({
      studyVisitId,
      studyVisit: {
        network: "networks/grdn", hosts: [KAZBEGI], title: { texts: { en: { text: "Draft" } } },
        timeZone: "Asia/Tbilisi", start: "2036-05-01T09:00", end: "2036-05-02T16:00", seats: 10,
        contactEmail: "visits@example.org", signUpStart: "2036-01-01T09:00", seatRules,
      },
    });
  }
  const held = await signUp(world, "asked", "Ana");
  await signUp(world, "asked", "Levan");
  const waiting = await signUp(world, "asked", "Maka");
  const first = await signUp(world, "offered", "Ana");
  const offered = await signUp(world, "offered", "Levan");
  await lagnet.signUps.withdrawSignUp({ name: first.name });
  const form = filled(await gateway.text("/en/visits/mailed/sign-up"), "Eka");
  await gateway.post("/en/visits/mailed/sign-up", form);
  const unverified = linkIn(await mail.waitFor("eka@example.org", "confirm")).pathname;
  await entry(world, "lag-submitted", "LAG Submitted", EntryState.SUBMITTED);
  await entry(world, "lag-twin", "LAG Twin", EntryState.VERIFIED);
  await entry(world, "twin-lag", "Twin LAG", EntryState.VERIFIED);
  const started = new Browser(gateway);
  await started.submit(await started.text("/en/sign-in"), "/en/sign-in", {
    email: "somebody@example.org",
  });
  const desk = "/en/desk/lag-kazbegi";
  const at = "/en/console";
  const of = (browser: Browser, ...paths: string[]) =>
    paths.map((path): Address => [browser, path]);
  return [
    ...of(anybody,
      "/en/directory", "/en/visits/mailed/sign-up?people=3", "/en/sign-in",
      "/en/organizations/lag-kazbegi/claim", "/en/claim/token",
      offered.link, unverified, `${held.link}/members/1`, `${held.link}/withdraw`,
      `${held.link}/erase`),
    ...of(started, "/en/sign-in/sent", "/en/sign-in/secret"),
    ...of(nino,
      "/en/claim/token", desk, `${desk}/edit`, `${desk}/colleagues`, `${desk}/visits/asked`,
      `${desk}/visits/asked/sign-up?people=2`, `${desk}/visits/asked/sign-ups/${held.id}/refuse`,
      `${desk}/visits/asked/sign-ups/${held.id}/members/1`),
    ...of(marika,
      `${at}/visits`, `${at}/visits/new`, `${at}/visits/draft/what`,
      `${at}/visits/draft/programme/2036-05-01`, `${at}/visits/draft/costs`,
      `${at}/visits/draft/seats`, `${at}/visits/draft/preview`, `${at}/visits/draft/delete`,
      `${at}/visits/asked`, `${at}/visits/asked/seats`, `${at}/visits/lots/draw`,
      `${at}/visits/numbers/draw`,
      `${at}/visits/asked/sign-ups`, `${at}/visits/asked/sign-ups/new?people=2`,
      `${at}/visits/asked/sign-ups/${held.id}`, `${at}/visits/asked/sign-ups/${waiting.id}`,
      `${at}/visits/offered/sign-ups/${offered.id}`,
      `${at}/visits/asked/sign-ups/${held.id}/members/1`,
      `${at}/entries`, `${at}/entries/lag-submitted`, `${at}/entries/lag-twin`,
      `${at}/entries/doubles?network=grdn`, `${at}/entries/merge?name=lag-twin&into=twin-lag`,
      `${at}/entries/import?network=grdn`, `${at}/accounts?network=grdn`, `${at}/accounts/nino`),
  ];
}

/** A page that shows what was stored, and what of it is to be read there. */
export interface Showing {
  readonly at: Address;
  readonly texts: readonly string[];
}

/** Stores them wherever the server takes them, and says where they are shown. */
export async function pagesThatShow(
  world: World, { anybody, nino, marika }: People,
): Promise<Showing[]> {
  const shown: Showing[] = [];
  const show = (browser: Browser, texts: readonly string[], ...paths: string[]) =>
    shown.push(...paths.map((path) => ({ at: [browser, path] as const, texts })));
  const { titles, names, some } = await inAVisit(world);
  const desk = "/en/desk/lag-kazbegi";
  const visit = "/en/console/visits/harmed";
  show(anybody, titles, "/en/visits/harmed", "/ka/visits/harmed");
  show(marika, titles, `${visit}/preview`);
  show(marika, [], visit, `${visit}/what`, `${visit}/programme`, `${visit}/letters`,
    `${visit}/programme/2036-05-01`);
  for (const { name, holderToken, members } of names) {
    const people = members.map(({ fullName }) => fullName);
    const id = name.split("/")[3] as string;
    show(anybody, people, `/my/${holderToken}`);
    show(marika, people, `${visit}/sign-ups/${id}`);
    show(nino, [], `${desk}/visits/harmed/sign-ups/${id}/refuse`);
  }
  const people = names.flatMap(({ members }) => members.map(({ fullName }) => fullName));
  show(marika, people, `${visit}/participants`);
  show(marika, [], `${visit}/sign-ups`);
  show(nino, [], "/en/desk", desk, `${desk}/visits/harmed`);

  const { reason, history } = await inTheDirectory(world, some);
  show(nino, history, `${desk}/history`);
  show(nino, [], `${desk}/edit`, `${desk}/colleagues`);
  show(anybody, history.slice(-1), "/en/organizations/lag-kazbegi");
  show(anybody, [], "/en/directory?q=alert", "/en/visits", "/en/organizations/lag-kazbegi/claim");
  show(marika, [reason], "/en/console/visits/called-off", "/en/console/entries/lag-returned");
  show(marika, [], "/en/console/entries/lag-kazbegi", "/en/console/accounts?network=grdn");
  return shown;
}

// As the server takes them: without those that it says are wrong.
async function taken<T, Result>(
  all: readonly T[], indexOf: (field: string) => number,
  store: (some: readonly T[]) => Promise<Result>,
): Promise<{ some: readonly T[]; result: Result }> {
  let some = all;
  for (;;) {
    try {
      return { some, result: await store(some) };
    } catch (thrown) {
      const wrong = LagnetError.decode(thrown).fields.map(({ field }) => indexOf(field));
      const fewer = some.filter((_, i) => !wrong.includes(i));
      if (fewer.length === some.length) throw thrown;
      some = fewer;
    }
  }
}

const A_DAY = 30;

// As stops of its programme, and as people who come.
async function inAVisit(world: World) {
  const { lagnet } = world;
  const visit = await openVisit(world, "harmed", 500);
  const short = HOSTILE.filter((text) => [...text].length <= 200);
  const daysOf = (texts: readonly string[]) => Array.from(
    { length: Math.ceil(texts.length / A_DAY) }, (_, day) => ({
      date: `2036-05-${String(day + 1).padStart(2, "0")}`,
      stops: texts.slice(day * A_DAY, (day + 1) * A_DAY).map((text) => ({
        title: { texts: { en: { text } } }, place: text, funds: [text.slice(0, 100)],
      })),
    }));
  const { some } = await taken(short, (field) => {
    const [, day, stop] = /days\[(\d+)\]\.stops\[(\d+)\]/.exec(field) ?? [];
    return Number(day) * A_DAY + Number(stop);
  }, (texts) => lagnet.visits.updateStudyVisit({
    studyVisit: {
      name: visit, end: "2036-05-20T16:00", days: daysOf(texts),
      title: { texts: { en: { text: texts.slice(-3).join(" ") }, ka: { text: texts[0] as string } } },
      description: { texts: { en: { text: texts.join("\n") }, ka: { text: texts.join(" ") } } },
    },
    updateMask: { paths: ["end", "days", "title", "description"] },
  }));
  const names = [];
  const people = some.filter((text) => [...text].length <= 120);
  for (let i = 0; i < people.length; i += A_DAY) {
    const { result } = await taken(
      people.slice(i, i + A_DAY), (field) => Number(/members\[(\d+)\]/.exec(field)?.[1]),
      (texts) => lagnet.signUps.createSignUp({
        parent: visit,
        signUp: {
          organization: KAZBEGI, standing: 1, sector: 3,
          members: texts.map((fullName, member) =>
            ({ fullName, email: `x${i + member}@example.org`, phone: "+995 555 010203" })),
        },
      }),
    );
    names.push(result);
  }
  return { some, titles: some, names };
}

// In an entry and its history, and as reasons.
async function inTheDirectory(world: World, texts: readonly string[]) {
  const { lagnet } = world;
  const history: string[] = [];
  for (let i = 0; i < texts.length; i += 60) {
    const text = texts.slice(i, i + 60).join(" ").slice(0, 5_000);
    await lagnet.organizations.updateOrganization({
      organization: {
        name: KAZBEGI,
        description: { texts: { en: { text } } },
        displayName: { texts: { en: { text: texts[i] as string } } },
        strategy: { title: { texts: { en: { text: texts[i + 1] ?? "x" } } } },
      },
      updateMask: { paths: ["description", "display_name", "strategy"] },
    });
    history.push(text);
  }
  for (const address of ADDRESSES) {
    for (const field of ["website", "email"] as const) {
      // Most of them are no addresses, and the server says so.
      await lagnet.organizations.updateOrganization({
        organization: { name: KAZBEGI, [field]: address }, updateMask: { paths: [field] },
      }).catch(() => undefined);
    }
  }
  const reason = texts.filter((_, i) => i % 30 === 0).join(" ").slice(0, 1_000);
  const calledOff = await openVisit(world, "called-off", 5);
  await lagnet.visits.cancelStudyVisit({ name: calledOff, reason });
  await entry(world, "lag-returned", "LAG Returned", EntryState.SUBMITTED);
  await lagnet.organizations.returnOrganization({ name: "organizations/lag-returned", reason });
  return { reason, history };
}
