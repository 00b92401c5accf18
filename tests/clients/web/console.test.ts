// The console: a visit from its first word to its list of participants, and a
// directory that is kept in order.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { StudyVisit_State as State } from "@lagnet/client/visits/v1/study_visits_pb.js";
import { problemsIn, Staff } from "./staff.js";
import { World } from "./world.js";

const world = new World();
let staff: Staff;
before(async () => {
  await world.start();
  // The server takes a key in place of a session.
  staff = new Staff(world.gateway, readFileSync(world.lagnetd.keyFile, "utf8").trim());
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
  const { to, page } = await staff.fill("/en/console/visits/new", { ...NEW, ...filled });
  assert.match(to, /^\/en\/console\/visits\/[a-z0-9-]+\/programme$/, problemsIn(page));
  return to.replace("/programme", "");
}

test("WritesAVisitStepByStepAndPublishesIt", async () => {
  const at = await draft();
  const id = at.slice(at.lastIndexOf("/") + 1);
  assert.equal(id, "cheese-b-honey-b-2036");

  const day = await staff.fill(`${at}/programme/2036-05-01`, {
    "day-en": "In the valley", "stop-1-en": "The dairy", "place-1": "Stepantsminda",
    "host-1": "Kazbegi Local Action Group", "stop-2-en": "The meadow", "order-2": "0.5",
  });
  assert.equal(day.to, `${at}/programme`, problemsIn(day.page));
  const costs = await staff.fill(`${at}/costs`, {
    covered: ["MEALS", "LODGING"], languages: ["ka", "en"], contact_email: "visits@example.org",
  });
  assert.equal(costs.to, `${at}/seats`, problemsIn(costs.page));
  const seats = await staff.fill(`${at}/seats`, { seats: "3", offer_hours: "48" });
  assert.equal(seats.to, `${at}/preview`, problemsIn(seats.page));

  const visit = await world.lagnet.visits.getStudyVisit({ name: `studyVisits/${id}` });
  assert.equal(visit.state, State.DRAFT);
  assert.deepEqual(
    visit.days[0]?.stops.map(({ title }) => title?.texts["en"]?.text),
    ["The meadow", "The dairy"],
  );
  assert.equal(visit.days[0]?.stops[1]?.host, "organizations/lag-kazbegi");
  assert.equal((await world.gateway.get(`/en/visits/${id}`)).status, 404);

  const preview = await staff.page(`${at}/preview`);
  const { to } = await staff.fill(`${at}/preview`, {}, `${at}/publish`);
  assert.equal(to, at);
  const article = (page: string) => /<article>.*<\/article>/s.exec(page)?.[0];
  const published = await world.gateway.text(`/en/visits/${id}`);
  assert.equal(article(preview), article(published), "the preview is the page");
  assert.ok(published.includes("Cheese &amp; &lt;b>honey&lt;/b>"));
});
