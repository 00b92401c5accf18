import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { reasonOf, watch } from "@lagnet/client";
import type { SignUp_State } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import { fillDirectory, Lagnetd, openVisit, signUpOf } from "./lagnetd.js";

const server = new Lagnetd();
let lagnet: ReturnType<Lagnetd["operator"]>;

before(async () => {
  await server.start();
  // It shares a machine that builds.
  lagnet = server.operator({ timeoutMs: 60_000, reconnectMs: 50_000 });
  await fillDirectory(lagnet);
});
after(async () => {
  for (const follower of followers) await follower.stop();
  lagnet.close();
  await server.remove();
});

const followers: Follower[] = [];

/** Follows the sign-ups of a visit: what it heard, and a way to wait for more. */
class Follower {
  readonly states = new Map<string, SignUp_State>();
  readonly versions: bigint[] = [];
  cuts = 0;
  restarts = 0;
  readonly #controller = new AbortController();
  readonly done: Promise<void>;
  #wake = () => {};

  constructor(parent: string) {
    followers.push(this);
    this.done = this.#follow(parent);
    this.done.catch(() => {});
  }

  async #follow(parent: string): Promise<void> {
    const stream = watch(
      lagnet.signUps.watchSignUps,
      { parent, heartbeatInterval: { seconds: 1n } },
      {
        signal: this.#controller.signal,
        onInterruption: () => (++this.cuts, true),
        onRestart: () => (++this.restarts, this.states.clear(), (this.versions.length = 0)),
      },
    );
    for await (const { signUps, version } of stream) {
      if (version !== this.versions.at(-1)) this.versions.push(version);
      for (const { name, state } of signUps) this.states.set(name, state);
      this.#wake();
    }
  }

  /** Waits until it has heard of so many sign-ups. */
  async heard(count: number): Promise<void> {
    while (this.versions.length === 0 || this.states.size < count) {
      await Promise.race([this.done, new Promise<void>((wake) => (this.#wake = wake))]);
    }
  }

  async stop(): Promise<void> {
    this.#controller.abort();
    await this.done;
  }
}

test("MissesNothingWhenTheServerIsRestarted", { timeout: 120_000 }, async () => {
  const parent = await openVisit(lagnet, "watched", 100);
  const follower = new Follower(parent);
  for (let round = 0; round < 3; ++round) {
    await follower.heard(10 * round);
    const guests = Array.from({ length: 10 }, (_, i) => signUpOf(parent, `guest${round}-${i}`));
    const calls = Promise.all(guests.map((guest) => lagnet.signUps.createSignUp(guest)));
    await server.stop(round % 2 === 0 ? "SIGKILL" : "SIGTERM");
    await server.start();
    await calls;
  }
  await follower.heard(30);
  await follower.stop();
  // Each decision once, in order.
  const first = follower.versions[0] as bigint;
  assert.deepEqual(follower.versions, follower.versions.map((_, i) => first + BigInt(i)));
  const { signUps } = await lagnet.signUps.listSignUps({ parent, pageSize: 200 });
  assert.deepEqual(new Map(signUps.map(({ name, state }) => [name, state])), follower.states);
  assert.equal(follower.versions.length, 31);
  assert.equal(follower.restarts, 0);
  assert.ok(follower.cuts >= 3, String(follower.cuts));
  console.log(`${follower.versions.length - 1} decisions heard through ${follower.cuts} cuts`);
});

test("SaysThatItBeginsAnewInANewHistory", { timeout: 120_000 }, async () => {
  const parent = await openVisit(lagnet, "restored", 10);
  await lagnet.signUps.createSignUp(signUpOf(parent, "first"));
  const follower = new Follower(parent);
  await follower.heard(1);
  const ofVisits = watch(lagnet.visits.watchStudyVisits, { studyVisit: parent });
  const { value } = await ofVisits.next();
  assert.equal(value?.studyVisits[0]?.name, parent);
  // As after a restore of the database.
  const lagnetd = process.env["LAGNET_LAGNETD"] as string;
  execFileSync(lagnetd, ["new-history", "--data", join(server.folder, "data")]);
  await server.stop("SIGTERM");
  await server.start();
  await lagnet.signUps.createSignUp(signUpOf(parent, "second"));
  await follower.heard(2);
  await follower.stop();
  assert.equal(follower.restarts, 1);
  await ofVisits.return();
});

test("ThrowsWhatTheServerRefuses", async () => {
  const stream = watch(lagnet.signUps.watchSignUps, { parent: "studyVisits/there-is-none" });
  await assert.rejects(stream.next(), (error) => reasonOf(error) === "NOT_FOUND");
});
