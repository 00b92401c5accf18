import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import * as http2 from "node:http2";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { connectNodeAdapter, createConnectTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { LagnetError, reasonOf } from "@lagnet/client";
import { SignUp_State } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import { StudyVisitService } from "@lagnet/client/visits/v1/study_visits_pb.js";
import { fillDirectory, Lagnetd, openVisit, signUpOf } from "./lagnetd.js";

// The tests share a machine that builds.
const PATIENT = { timeoutMs: 60_000, reconnectMs: 50_000 };
const server = new Lagnetd();
let lagnet: ReturnType<Lagnetd["operator"]>;

before(async () => {
  await server.start();
  lagnet = server.operator(PATIENT);
  await fillDirectory(lagnet);
});
after(async () => {
  lagnet.close();
  await server.remove();
});

test("RunsTheExample", async () => {
  await openVisit(lagnet, "example-visit", 40);
  const output = execFileSync(
    process.execPath,
    [join("node_modules/@lagnet/client/examples/sign_up.js"), "organizations/lag-kozienice", "Nino Example",
      "nino@example.org"],
    { env: { ...process.env, LAGNET_SERVER: server.address, LAGNET_KEY_FILE: server.keyFile }, encoding: "utf8" },
  );
  assert.match(
    output,
    /^studyVisits\/example-visit {2}0 of 40 seats\nCONFIRMED studyVisits\/example-visit\/signUps\/\w+\n$/,
  );
  // What was written is read, by this client too.
  const visit = await lagnet.visits.getStudyVisit({ name: "studyVisits/example-visit" });
  assert.equal(visit.seats, 40);
});

test("ReadsItsOwnWrites", async () => {
  const parent = await openVisit(lagnet, "own-writes", 60);
  for (let i = 1; i <= 50; ++i) {
    await lagnet.signUps.createSignUp(signUpOf(parent, `writer${i}`));
    assert.equal((await lagnet.visits.getStudyVisit({ name: parent })).confirmedCount, i);
  }
});

test("SaysWhatIsWrongWithARequest", async () => {
  const bad = signUpOf("studyVisits/example-visit", "nobody");
  bad.signUp.members = [];
  await assert.rejects(lagnet.signUps.createSignUp(bad), (error) => {
    assert.ok(error instanceof LagnetError);
    assert.equal(error.code, Code.InvalidArgument);
    assert.equal(error.reason, "INVALID_FIELDS");
    assert.deepEqual(error.fields.map(({ field }) => field), ["sign_up.members"]);
    assert.match(error.callId as string, /^\w+$/);
    assert.equal(error.answered, true);
    return true;
  });
  const closed = lagnet.signUps.getSignUp({ name: "studyVisits/example-visit/signUps/none" });
  await assert.rejects(closed, (error) => reasonOf(error) === "NOT_FOUND");
  const stranger = server.operator({ key: "not-a-key" });
  await assert.rejects(
    stranger.signUps.createSignUp(signUpOf("studyVisits/example-visit", "x")),
    (error) => reasonOf(error) === "BAD_CREDENTIALS",
  );
});

test("LetsAGatewayThrowErrorsOn", async () => {
  const gateway = http2.createServer(
    connectNodeAdapter({
      routes: (router) =>
        router.service(StudyVisitService, { getStudyVisit: (request) => lagnet.visits.getStudyVisit(request) }),
    }),
  );
  gateway.listen(0, "127.0.0.1");
  await once(gateway, "listening");
  const baseUrl = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
  const sessionManager = new Http2SessionManager(baseUrl);
  const browser = createClient(
    StudyVisitService,
    createConnectTransport({ baseUrl, httpVersion: "2", sessionManager }),
  );
  await assert.rejects(browser.getStudyVisit({ name: "studyVisits/there-is-none" }), (error) => {
    assert.equal(ConnectError.from(error).code, Code.NotFound);
    assert.equal(reasonOf(error), "NOT_FOUND");
    return true;
  });
  sessionManager.abort();
  gateway.close();
});

// The server goes away in the middle of calls and comes back.
for (const signal of ["SIGKILL", "SIGTERM"] as const) {
  test(`AnswersEachCallOnceThrough${signal}`, async () => {
    const people = 300;
    const parent = await openVisit(lagnet, `through-${signal.toLowerCase()}`, people);
    let answered = 0;
    const calls = Promise.all(Array.from({ length: people }, async (_, i) => {
      await sleep(i * 5);
      const signUp = await lagnet.signUps.createSignUp(signUpOf(parent, `guest${i}`));
      ++answered;
      return signUp;
    }));
    await sleep(500);
    const before = answered;
    const away = Date.now();
    await server.stop(signal);
    await server.start();
    console.log(`${before} of ${people} answered before ${signal}, away for ${Date.now() - away} ms`);
    const signUps = await calls;
    assert.ok(before > 0 && before < people, String(before));
    assert.ok(signUps.every(({ state }) => state === SignUp_State.CONFIRMED));
    assert.equal(new Set(signUps.map(({ name }) => name)).size, people);
    // Nobody twice: a call done twice would have failed as ALREADY_SIGNED_UP.
    const visit = await lagnet.visits.getStudyVisit({ name: parent });
    assert.equal(visit.confirmedCount, people);
  });
}
