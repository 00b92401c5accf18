import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { create, fromBinary } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { connect, type ConnectOptions, LagnetError, watch } from "@lagnet/client";
import {
  BatchCreateSignUpsRequestSchema,
  BatchCreateSignUpsResponseSchema,
  CreateSignUpRequestSchema,
  SignUpSchema,
  WatchSignUpsResponseSchema,
} from "@lagnet/client/visits/v1/sign_ups_pb.js";
import { ListStudyVisitsResponseSchema } from "@lagnet/client/visits/v1/study_visits_pb.js";
import { type Answer, type Arrival, begin, cut, ok, Peer, refuse, statusOf } from "./peer.js";

const signedUp = ok(SignUpSchema, create(SignUpSchema, { name: "studyVisits/v/signUps/1" }));
const listed = ok(ListStudyVisitsResponseSchema, create(ListStudyVisitsResponseSchema));
const unavailable = refuse(statusOf(Code.Unavailable, ""));
const overloaded = refuse(statusOf(Code.Unavailable, "OVERLOADED", { retryMs: 10 }));
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function withPeer(
  answers: Answer[],
  body: (lagnet: ReturnType<typeof connect>, peer: Peer) => Promise<void>,
  options: Partial<ConnectOptions> = {},
): Promise<void> {
  const peer = await Peer.start(...answers);
  const lagnet = connect({ address: peer.address, key: "k1\n", ...options });
  try {
    await body(lagnet, peer);
  } finally {
    lagnet.close();
    peer.stop();
  }
}

const idOf = ({ body }: Arrival) => fromBinary(CreateSignUpRequestSchema, body).requestId;

const failure = async (call: Promise<unknown>): Promise<LagnetError> => {
  const error = await call.then(() => assert.fail("it did not fail"), (thrown: unknown) => thrown);
  assert.ok(error instanceof LagnetError);
  return error;
};

test("RepeatsWithTheSameRequestId", () =>
  withPeer([unavailable, cut, refuse(statusOf(Code.Canceled, "")), signedUp], async (lagnet, peer) => {
    const request = create(CreateSignUpRequestSchema, { parent: "studyVisits/v" });
    assert.equal((await lagnet.signUps.createSignUp(request)).name, "studyVisits/v/signUps/1");
    const ids = peer.arrivals.map(idOf);
    assert.equal(ids.length, 4);
    assert.match(ids[0] as string, UUID);
    assert.equal(new Set(ids).size, 1);
    // The same message again is another call.
    assert.equal(request.requestId, "");
    await lagnet.signUps.createSignUp(request);
    assert.notEqual(idOf(peer.arrivals[4] as Arrival), ids[0]);
    assert.equal(peer.arrivals[4]?.headers["authorization"], "Bearer k1");
  }));

test("KeepsTheRequestIdThatTheCallerGave", () =>
  withPeer([refuse(statusOf(Code.FailedPrecondition, "SIGN_UP_CLOSED"))], async (lagnet, peer) => {
    const requestId = "6f1a3c52-1b7a-4b39-9c5e-3f0b9a4f6d10";
    const error = await failure(lagnet.signUps.createSignUp({ parent: "studyVisits/v", requestId }));
    assert.equal(idOf(peer.arrivals[0] as Arrival), requestId);
    assert.equal(error.requestId, requestId);
    assert.equal(error.reason, "SIGN_UP_CLOSED");
    assert.equal(peer.arrivals.length, 1);
  }));

test("GivesTheItemsOfABatchIds", () =>
  withPeer([ok(BatchCreateSignUpsResponseSchema, create(BatchCreateSignUpsResponseSchema))], async (lagnet, peer) => {
    await lagnet.signUps.batchCreateSignUps({ requests: [{ parent: "a" }, { parent: "b" }] });
    const sent = fromBinary(BatchCreateSignUpsRequestSchema, (peer.arrivals[0] as Arrival).body);
    const ids = [sent.requestId, ...sent.requests.map((item) => item.requestId)];
    for (const id of ids) assert.match(id, UUID);
    assert.equal(new Set(ids).size, 3);
  }));

test("LeavesIdsOutWhereItPassesOnWhatOthersSend", () =>
  withPeer([signedUp], async (lagnet, peer) => {
    await lagnet.signUps.createSignUp({ parent: "studyVisits/v" });
    assert.equal(idOf(peer.arrivals[0] as Arrival), "");
  }, { fillRequestIds: false }));

test("TriesFourTimesInAll", () =>
  withPeer([unavailable], async (lagnet, peer) => {
    assert.equal((await failure(lagnet.visits.listStudyVisits({}))).code, Code.Unavailable);
    assert.equal(peer.arrivals.length, 4);
  }));

test("WaitsAsLongAsTheServerSays", () =>
  withPeer(
    [
      refuse(statusOf(Code.ResourceExhausted, "RATE_LIMITED", { retryMs: 400 })),
      refuse(statusOf(Code.Unavailable, ""), { "grpc-retry-pushback-ms": "400" }),
      listed,
    ],
    async (lagnet, peer) => {
      const start = Date.now();
      await lagnet.visits.listStudyVisits({});
      assert.ok(Date.now() - start >= 800);
      const left = peer.arrivals.map(({ headers }) => parseInt(headers["grpc-timeout"] as string, 10));
      assert.ok((left[1] as number) <= 29_600 && (left[2] as number) <= 29_200, String(left));
    },
  ));

test("RepeatsACommitInDoubtOnly", () =>
  withPeer(
    [refuse(statusOf(Code.Unknown, "COMMIT_IN_DOUBT")), signedUp, refuse(statusOf(Code.Unknown, ""))],
    async (lagnet, peer) => {
      await lagnet.signUps.createSignUp({});
      assert.equal(peer.arrivals.length, 2);
      assert.equal((await failure(lagnet.signUps.createSignUp({}))).code, Code.Unknown);
      assert.equal(peer.arrivals.length, 3);
    },
  ));

test("DoesNotTryBeyondTheDeadline", () =>
  withPeer([refuse(statusOf(Code.Unavailable, "OVERLOADED", { retryMs: 5000 }))], async (lagnet, peer) => {
    const start = Date.now();
    const error = await failure(lagnet.visits.listStudyVisits({}, { timeoutMs: 1000 }));
    assert.equal(error.reason, "OVERLOADED");
    assert.ok(Date.now() - start < 900);
    assert.equal(peer.arrivals.length, 1);
  }));

test("EndsAtTheDeadlineAndWhenTheCallerSays", () =>
  withPeer([() => {}], async (lagnet, peer) => {
    const late = await failure(lagnet.signUps.createSignUp({}, { timeoutMs: 100 }));
    assert.equal(late.code, Code.DeadlineExceeded);
    assert.match(late.requestId as string, UUID);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const ended = await failure(lagnet.visits.listStudyVisits({}, { signal: controller.signal }));
    assert.equal(ended.code, Code.Canceled);
    assert.equal(peer.arrivals.length, 2);
  }));

test("DoesNotFloodAServerThatRefuses", () =>
  withPeer([overloaded], async (lagnet, peer) => {
    for (let i = 0; i < 60; ++i) await failure(lagnet.visits.listStudyVisits({}, { timeoutMs: 5000 }));
    // Each of the first calls is sent four times; from half of 100 tokens on, once.
    assert.ok(peer.arrivals.length < 110, String(peer.arrivals.length));
  }));

test("SendsTheRevisionOfWritesWithLaterCalls", () => {
  const written = (revision: string) =>
    ok(SignUpSchema, create(SignUpSchema), { "lagnet-revision": revision });
  return withPeer([written("9"), written("10"), written("8"), listed], async (lagnet, peer) => {
    for (let i = 0; i < 3; ++i) await lagnet.signUps.createSignUp({});
    await lagnet.visits.listStudyVisits({});
    for (const revision of ["9", "11"]) {
      await lagnet.visits.listStudyVisits({}, { headers: { "lagnet-revision": revision } });
    }
    const sent = peer.arrivals.map(({ headers }) => headers["lagnet-revision"]);
    assert.deepEqual(sent, [undefined, "9", "10", "10", "10", "11"]);
  });
});

const state = (resumeToken: string) =>
  begin(WatchSignUpsResponseSchema, create(WatchSignUpsResponseSchema, { caughtUp: true, resumeToken }));

test("TakesUpAWatchThatFellSilent", { timeout: 30_000 }, () =>
  withPeer([state("t1"), state("t2")], async (lagnet, peer) => {
    const tokens: string[] = [];
    const reasons: string[] = [];
    // Two heartbeats and ten seconds are as long as a live server is silent.
    const stream = watch(
      lagnet.signUps.watchSignUps,
      { parent: "studyVisits/v", heartbeatInterval: { seconds: 1n } },
      { onInterruption: (error) => (reasons.push(error.rawMessage), true) },
    );
    const start = Date.now();
    for await (const { resumeToken } of stream) {
      tokens.push(resumeToken);
      if (tokens.length === 2) break;
    }
    assert.deepEqual(tokens, ["t1", "t2"]);
    assert.equal(reasons.length, 1);
    assert.ok(Date.now() - start >= 11_900);
    // To leave the loop ends the call.
    const last = peer.arrivals[1] as Arrival;
    if (!last.stream.closed) await once(last.stream, "close");
  }));

test("EndsAWatchWithoutAnErrorWhenAborted", () =>
  withPeer([state("t1")], async (lagnet, peer) => {
    const controller = new AbortController();
    const { signal } = controller;
    let count = 0;
    for await (const _ of watch(lagnet.signUps.watchSignUps, { parent: "studyVisits/v" }, { signal })) {
      ++count;
      setTimeout(() => controller.abort(), 50);
    }
    assert.equal(count, 1);
    await sleep(50);
    assert.ok((peer.arrivals[0] as Arrival).stream.closed);
  }));

test("EndsCallsAndWatchesWhenTheClientIsClosed", () =>
  withPeer([state("t1"), () => {}], async (lagnet, peer) => {
    const stream = watch(lagnet.signUps.watchSignUps, { parent: "studyVisits/v" });
    await stream.next();
    const next = failure(stream.next());
    const call = failure(lagnet.visits.listStudyVisits({}));
    while (peer.arrivals.length < 2) await sleep(10);
    const start = Date.now();
    lagnet.close();
    assert.equal((await call).code, Code.Unavailable);
    assert.equal((await next).rawMessage, "the client was closed");
    assert.ok(Date.now() - start < 1000);
    assert.equal(peer.arrivals.length, 2);
  }));
