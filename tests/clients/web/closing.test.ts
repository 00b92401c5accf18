// How a gateway stops.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { filled, Gateway, openVisit, World } from "./world.js";

const world = new World();
before(async () => {
  await world.start();
  await openVisit(world, "closing", 5);
});
after(() => world.remove());

// A gateway that has read what it keeps, so that a call is all that is missing.
async function warmed(): Promise<Gateway> {
  const gateway = await Gateway.start(world.lagnetd.address, world.keyFile);
  await gateway.text("/en/visits/closing/sign-up");
  return gateway;
}

test("AnswersTheFormsThatItHas", async () => {
  const gateway = await warmed();
  const path = "/en/visits/closing/sign-up";
  const form = filled(await gateway.text(path), "Nino");
  world.lagnetd.freeze();
  const answer = gateway.post(path, form);
  await setTimeout(300);
  const stopped = gateway.stop();
  await setTimeout(300);
  world.lagnetd.goOn();
  assert.equal((await answer).status, 303);
  assert.equal(await stopped, 0);
});

test("DoesNotWaitForPagesThatShowFreeSeats", async () => {
  const gateway = await warmed();
  const seats = await gateway.get("/en/visits/closing/seats");
  assert.equal(seats.headers.get("content-type"), "text/event-stream");
  const [stopped] = await Promise.all([gateway.stop(), seats.text().catch(() => "cut")]);
  assert.equal(stopped, 0);
});

test("KeepsNothingOfAPageThatLeftBeforeItsSeatsWereKnown", async () => {
  const gateway = await warmed();
  world.lagnetd.freeze();
  const leaving = new AbortController();
  const asked = fetch(`${gateway.url}/en/visits/closing/seats`, { signal: leaving.signal });
  await setTimeout(300);
  leaving.abort();
  await assert.rejects(asked);
  await setTimeout(300); // The gateway hears of it.
  world.lagnetd.goOn();
  await gateway.text("/en/visits/closing/sign-up"); // The answer has come by now.
  assert.equal(await gateway.stop(), 0);
});

test("AnswersNoHeadOfSeats", async () => {
  const gateway = await warmed();
  const path = `${gateway.url}/en/visits/closing/seats`;
  assert.equal((await fetch(path, { method: "HEAD" })).status, 404);
  assert.equal(await gateway.stop(), 0);
});
