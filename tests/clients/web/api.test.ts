// The API of the gateway, as programs and other sites' pages call it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { create, fromJson, getOption } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { LagnetError, reasonOf, SERVICES } from "@lagnet/client";
import { Account_Kind } from "@lagnet/client/access/v1/accounts_pb.js";
import { access } from "@lagnet/client/options/v1/options_pb.js";
import { CreateSignUpRequestSchema } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import { WatchStudyVisitsResponseSchema } from "@lagnet/client/visits/v1/study_visits_pb.js";
import { Certificates } from "./certificates.js";
import { Lagnetd } from "./lagnetd.js";
import { begin, Peer, refuse, statusOf } from "./peer.js";
import { Gateway, openVisit, ROOT, World } from "./world.js";

const VISITS = "lagnet.visits.v1.StudyVisitService";
const SIGN_UPS = "lagnet.visits.v1.SignUpService";
const FRIEND = "https://lag.example.org";

const world = new World();
let key = "";
let visit = "";
before(async () => {
  await world.start();
  key = `Bearer ${readFileSync(world.lagnetd.keyFile, "utf8").trim()}`;
  visit = await openVisit(world, "called", 50);
});
after(() => world.remove());

type Fields = Record<string, string>;

function post(
  method: string, body: unknown, headers: Fields = {}, gateway = world.gateway,
): Promise<Response> {
  return fetch(`${gateway.url}/api/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

function get(method: string, message: object, headers: Fields = {}): Promise<Response> {
  const query = new URLSearchParams({ encoding: "json", message: JSON.stringify(message) });
  return fetch(`${world.gateway.url}/api/${method}?${query}`, { headers });
}

interface Failure {
  code: string;
  details?: { type: string; value: string; debug: Record<string, unknown> }[];
}

async function failure(response: Promise<Response>): Promise<[number, string, unknown]> {
  const answer = await response;
  const body = await answer.json() as Failure;
  const info = body.details?.find(({ type }) => type === "google.rpc.ErrorInfo");
  return [answer.status, body.code, info?.debug["reason"]];
}

// As a program with a Connect client makes them.
function transports(gateway: Gateway = world.gateway): [string, Transport][] {
  const baseUrl = `${gateway.url}/api`;
  return [true, false].flatMap((useBinaryFormat) => {
    const options = { baseUrl, httpVersion: "1.1", useBinaryFormat } as const;
    const format = useBinaryFormat ? "binary" : "JSON";
    return [
      [`Connect, ${format}`, createConnectTransport(options)],
      [`gRPC-Web, ${format}`, createGrpcWebTransport(options)],
    ] as [string, Transport][];
  });
}

function signUp(person: string) {
  return {
    parent: visit,
    requestId: randomUUID(),
    signUp: {
      organization: "organizations/lag-kazbegi", standing: "REPRESENTATIVE", sector: "CIVIC",
      members: [{ fullName: `${person} Example`, email: `${person.toLowerCase()}@example.org` }],
    },
  };
}

test("AnswersJson", async () => {
  const response = await post(`${VISITS}/GetStudyVisit`, { name: visit });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "application/json");
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.match(response.headers.get("lagnet-call-id") ?? "", /./);
  const { name, state, seats } = await response.json() as Record<string, unknown>;
  assert.deepEqual({ name, state, seats }, { name: visit, state: "PUBLISHED", seats: 50 });
});

test("AnswersConnectAndGrpcWeb", async () => {
  for (const [what, transport] of transports()) {
    const visits = createClient(SERVICES.visits, transport);
    assert.equal((await visits.getStudyVisit({ name: visit })).seats, 50, what);
    const { studyVisits } = await visits.listStudyVisits({ pageSize: 3 });
    assert.equal(studyVisits.length, 3, what);
  }
});

test("AnswersAGetThatMayBeKept", async () => {
  const open = await get(`${VISITS}/GetStudyVisit`, { name: visit });
  assert.equal(((await open.json()) as { name: string }).name, visit);
  assert.match(open.headers.get("cache-control") ?? "", /^public, max-age=20/);
  assert.match(open.headers.get("vary") ?? "", /authorization/i);
  const own = await get(`${VISITS}/GetStudyVisit`, { name: visit }, { authorization: key });
  assert.equal(own.status, 200);
  assert.equal(own.headers.get("cache-control"), "no-store");
  const gone = await get(`${VISITS}/GetStudyVisit`, { name: "studyVisits/there-is-none" });
  assert.equal(gone.status, 404);
  assert.equal(gone.headers.get("cache-control"), "no-store");
  const change = await get(`${VISITS}/DeleteStudyVisit`, { name: visit }, { authorization: key });
  assert.equal(change.status, 405);
});

test("SignsUpOnceWithTheCallersKey", async () => {
  const request = signUp("Nino");
  const first = await post(`${SIGN_UPS}/CreateSignUp`, request, { authorization: key });
  assert.equal(first.status, 200);
  assert.match(first.headers.get("lagnet-revision") ?? "", /^\d+$/);
  const { name, state } = await first.json() as Record<string, unknown>;
  assert.equal(state, "CONFIRMED");
  const again = await post(`${SIGN_UPS}/CreateSignUp`, request, { authorization: key });
  assert.equal((await again.json() as Record<string, unknown>)["name"], name);
  // An id that nobody made would be another one at each try.
  const { requestId: _, ...without } = signUp("Levan");
  assert.deepEqual(await failure(post(`${SIGN_UPS}/CreateSignUp`, without, { authorization: key })),
    [400, "invalid_argument", "INVALID_FIELDS"]);
});

test("TellsWhatHappenedToEachItemOfABatch", async () => {
  const item = signUp("Ana");
  const request = {
    organization: "organizations/lag-kazbegi",
    requestId: randomUUID(),
    requests: [item, { ...item, requestId: randomUUID() }],
  };
  const response = await post(`${SIGN_UPS}/BatchCreateSignUps`, request, { authorization: key });
  const { results } = await response.json() as {
    results: { signUp?: object; error?: { details: Record<string, unknown>[] } }[];
  };
  assert.ok(results[0]?.signUp);
  assert.equal(results[1]?.error?.details[0]?.["@type"],
    "type.googleapis.com/google.rpc.ErrorInfo");
  assert.equal(results[1]?.error?.details[0]?.["reason"], "ALREADY_SIGNED_UP");
});

test("ActsForTheHolderOfALink", async () => {
  const created = await post(`${SIGN_UPS}/CreateSignUp`, signUp("Maka"), { authorization: key });
  const { name, holderToken } = await created.json() as { name: string; holderToken: string };
  const authorization = `Bearer ${holderToken}`;
  assert.equal((await get(`${SIGN_UPS}/GetSignUp`, { name }, { authorization })).status, 200);
  const others = post(`${SIGN_UPS}/ListSignUps`, { parent: visit }, { authorization });
  assert.deepEqual(await failure(others), [403, "permission_denied", "PERMISSION_DENIED"]);
});

test("WatchesUntilTheCallerLeaves", async () => {
  for (const [what, transport] of transports()) {
    const visits = createClient(SERVICES.visits, transport);
    const leave = new AbortController();
    const taken: number[] = [];
    let caughtUp = false;
    try {
      for await (const response of visits.watchStudyVisits({}, { signal: leave.signal })) {
        const { studyVisits } = response;
        const seen = studyVisits.find(({ name }) => name === visit);
        if (seen) taken.push(seen.confirmedCount);
        if (response.caughtUp && !caughtUp) {
          caughtUp = true;
          const request = signUp(what.replace(/\W/g, ""));
          await world.lagnet.signUps.createSignUp(fromJson(CreateSignUpRequestSchema, request));
        }
        if (taken.length > 1) leave.abort();
      }
    } catch (error) {
      assert.equal(ConnectError.from(error).code, Code.Canceled, what);
    }
    assert.equal(taken[1], taken[0]! + 1, what);
  }
});

test("KeepsWhatAnErrorSays", async () => {
  const wrong = { ...signUp("Nino"), signUp: { ...signUp("Nino").signUp, organization: "" } };
  const response = await post(`${SIGN_UPS}/CreateSignUp`, wrong, { authorization: key });
  assert.equal(response.status, 400);
  assert.match(response.headers.get("lagnet-call-id") ?? "", /./);
  const { details } = await response.json() as Failure;
  const fields = details?.find(({ type }) => type === "google.rpc.BadRequest")?.debug;
  assert.deepEqual(fields?.["fieldViolations"],
    [{ field: "sign_up.organization", description: "is required" }]);
  for (const [what, transport] of transports()) {
    const signUps = createClient(SERVICES.signUps, transport);
    const headers = { authorization: key };
    const request = fromJson(CreateSignUpRequestSchema, wrong);
    await assert.rejects(signUps.createSignUp(request, { headers }), (error) => {
      const decoded = LagnetError.decode(error);
      assert.equal(decoded.code, Code.InvalidArgument, what);
      assert.equal(decoded.reason, "INVALID_FIELDS", what);
      assert.equal(decoded.fields[0]?.field, "sign_up.organization", what);
      assert.match(decoded.callId ?? "", /./, what);
      return true;
    });
    const watching = signUps.watchSignUps({ parent: "studyVisits/there-is-none" }, { headers });
    await assert.rejects(watching[Symbol.asyncIterator]().next(), (error) => {
      assert.equal(reasonOf(error), "NOT_FOUND", what);
      return true;
    });
  }
});

// What is not for everybody is refused to who sends nothing, whatever the
// gateway itself may do.
async function lendsNothing(gateway: Gateway): Promise<void> {
  let refused = 0;
  for (const { typeName, methods } of Object.values(SERVICES)) {
    for (const method of methods) {
      if (getOption(method, access).public || method.methodKind !== "unary") continue;
      const response = post(`${typeName}/${method.name}`, {}, { cookie: `key=${key}` }, gateway);
      const expected = [401, "unauthenticated", "SIGN_IN_NEEDED"];
      assert.deepEqual(await failure(response), expected, method.name);
      ++refused;
    }
  }
  assert.ok(refused > 40, `${refused}`);
  for (const [what, transport] of transports(gateway)) {
    const watching = createClient(SERVICES.signUps, transport).watchSignUps({ parent: visit });
    await assert.rejects(watching[Symbol.asyncIterator]().next(), (error) => {
      assert.equal(reasonOf(error), "SIGN_IN_NEEDED", what);
      return true;
    });
  }
  for (const authorization of [
    "Bearer", "Bearer \t", "Bearer a b", "Basic eDp5", "x", "Bearer lagl_x",
  ]) {
    const response = post(`${SIGN_UPS}/CreateSignUp`, signUp("Canary"), { authorization }, gateway);
    const expected = [401, "unauthenticated", "BAD_CREDENTIALS"];
    assert.deepEqual(await failure(response), expected, authorization);
  }
}

test("LendsNobodyItsKey", () => lendsNothing(world.gateway));

test("LendsNobodyItsCertificate", async () => {
  const server = new Lagnetd();
  const certificates = new Certificates(server.folder);
  certificates.makeUsual();
  const file = (name: string) => certificates.file(name);
  server.flags.push("--tls-cert", file("server.crt"), "--tls-key", file("server.key"),
    "--tls-client-ca", file("authority.crt"), "--tls-require-client");
  let gateway: Gateway | undefined;
  try {
    await server.start();
    const tls = {
      ca: certificates.pem("authority.crt"),
      cert: certificates.pem("gateway.crt"),
      key: certificates.pem("gateway.key"),
    };
    const operator = server.operator({ tls });
    await operator.networks.createNetwork({
      networkId: "grdn",
      network: {
        kind: 1, displayName: { texts: { en: { text: "GRDN" } } }, countries: ["GE"],
        languages: ["ka"], currency: "GEL", timeZone: "Asia/Tbilisi",
      },
    });
    // With this certificate one may do everything.
    const { name } = await operator.accounts.createAccount({
      accountId: "web-gateway",
      account: {
        network: "networks/grdn", kind: Account_Kind.SYSTEM, displayName: "Web gateway",
        certificateNames: ["gateway.example.org"],
      },
    });
    await operator.accounts.createGrant({
      parent: name, grant: { role: 1, network: "networks/grdn" },
    });
    operator.close();
    gateway = await Gateway.start(server.address, "", {
      env: {
        LAGNET_TLS_CA: file("authority.crt"),
        LAGNET_TLS_CERT: file("gateway.crt"),
        LAGNET_TLS_KEY: file("gateway.key"),
      },
    });
    await lendsNothing(gateway);
    const open = await post(`${VISITS}/ListStudyVisits`, {}, {}, gateway);
    assert.equal(open.status, 200);
    const authorization = `Bearer ${readFileSync(server.keyFile, "utf8").trim()}`;
    const who = "lagnet.access.v1.AccountService/GetCaller";
    assert.equal((await post(who, {}, { authorization }, gateway)).status, 200);
  } finally {
    await gateway?.stop();
    await server.remove();
  }
});

test("PassesOnWhoCallsAndForHowLong", async () => {
  const response = create(WatchStudyVisitsResponseSchema, { caughtUp: true });
  const peer = await Peer.start(
    refuse(statusOf(Code.ResourceExhausted, "RATE_LIMITED", { retryMs: 1_200 })),
    begin(WatchStudyVisitsResponseSchema, response),
  );
  const gateway = await Gateway.start(peer.address, world.keyFile);
  try {
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const refused = await post(`${VISITS}/GetStudyVisit`, { name: visit }, {
      authorization: "Bearer mine", traceparent, "connect-timeout-ms": "1100",
      "lagnet-revision": "7", cookie: "a=b", "x-other": "c",
    }, gateway);
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get("retry-after"), "2");
    const { headers } = peer.arrivals[0]!;
    assert.equal(headers["authorization"], "Bearer mine");
    assert.equal(headers["traceparent"], traceparent);
    assert.equal(headers["lagnet-revision"], "7");
    assert.equal(headers["cookie"], undefined);
    assert.equal(headers["x-other"], undefined);
    const timeout = Number(/^(\d+)m$/.exec(String(headers["grpc-timeout"]))?.[1]);
    assert.ok(timeout > 0 && timeout <= 1100, `${timeout}`);

    for (const [what, transport] of transports(gateway)) {
      const leave = new AbortController();
      const watching: AsyncIterable<unknown> = createClient(SERVICES.visits, transport)
        .watchStudyVisits({}, { signal: leave.signal });
      await watching[Symbol.asyncIterator]().next();
      const { headers, stream } = peer.arrivals.at(-1)!;
      assert.equal(headers["authorization"], undefined, what);
      assert.equal(headers["grpc-timeout"], undefined, what);
      assert.equal(stream.closed, false, what);
      const closed = new Promise((resolve) => stream.once("close", resolve));
      leave.abort();
      await closed;
    }
    // Nothing of it is worth a word in the log.
    const usual = /^(\{.*"level":"info"|lagnet web is)/;
    assert.deepEqual(gateway.log.filter((line) => !usual.test(line)), []);
  } finally {
    await gateway.stop();
    peer.stop();
  }
});

test("RefusesWhatIsNoCall", async () => {
  const path = `${VISITS}/GetStudyVisit`;
  const code = async (response: Promise<Response>) => (await failure(response)).slice(0, 2);
  assert.deepEqual(await code(post(path, "{")), [400, "invalid_argument"]);
  assert.deepEqual(await code(post(path, { nmae: visit })), [400, "invalid_argument"]);
  assert.deepEqual(await code(post(path, { name: 7 })), [400, "invalid_argument"]);
  assert.deepEqual(await code(post(path, { name: "x".repeat(1_100_000) })),
    [413, "resource_exhausted"]);
  // One that does not say how long it is, and one that is longer than it seems.
  const longest = JSON.stringify({ name: "x".repeat(1_100_000) });
  assert.deepEqual(await code(fetch(`${world.gateway.url}/api/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: new Blob([longest]).stream(),
    duplex: "half",
  } as RequestInit)), [413, "resource_exhausted"]);
  assert.deepEqual(await code(fetch(`${world.gateway.url}/api/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", "content-encoding": "gzip" },
    body: new Uint8Array(gzipSync(longest)),
  })), [413, "resource_exhausted"]);
  assert.deepEqual(await code(post(`${VISITS}/NoSuchMethod`, {})), [404, "unimplemented"]);
  assert.deepEqual(await code(post("lagnet.internal.v1.Tokens/Get", {})), [404, "unimplemented"]);
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
    assert.equal((await post(path, "{}", { "content-type": type })).status, 415, type);
  }
  assert.equal((await post(path, "{}", { "content-type": "x" })).status, 415);
  for (const host of ["a b", "x:y"]) {
    const call = request(`${world.gateway.url}/api/${path}?message=x`, { headers: { host } }).end();
    const [response] = await once(call, "response") as [IncomingMessage];
    response.resume();
    assert.equal(response.statusCode, 400, host);
  }
  // Of pages, not of calls: nobody's form gets through this way.
  for (const way of ["/api/../en/visits/called/sign-up", "/API/x", "/en/api", "/api"]) {
    const response = await fetch(world.gateway.url + way, { method: "POST", body: "{}" });
    assert.equal(response.status, 403, way);
  }
});

test("LetsOtherSitesCallThatAreNamed", async () => {
  const gateway = await Gateway.start(world.lagnetd.address, world.keyFile, {
    env: { LAGNET_WEB_CORS_ORIGINS: `https://other.example.org, ${FRIEND}/` },
  });
  try {
    const url = `${gateway.url}/api/${SIGN_UPS}/CreateSignUp`;
    const preflight = (origin: string, at = url) => fetch(at, {
      method: "OPTIONS",
      headers: {
        origin, "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,connect-protocol-version",
      },
    });
    const allowed = await preflight(FRIEND);
    assert.equal(allowed.status, 204);
    assert.equal(allowed.headers.get("access-control-allow-origin"), FRIEND);
    assert.equal(allowed.headers.get("access-control-allow-credentials"), null);
    const headers = (allowed.headers.get("access-control-allow-headers") ?? "").toLowerCase();
    for (const header of ["authorization", "connect-protocol-version", "x-grpc-web"]) {
      assert.ok(headers.includes(header), header);
    }
    const call = (origin: string) =>
      post(`${VISITS}/GetStudyVisit`, { name: visit }, { origin }, gateway);
    const answered = await call(FRIEND);
    assert.equal(answered.headers.get("access-control-allow-origin"), FRIEND);
    assert.match(answered.headers.get("access-control-expose-headers") ?? "", /lagnet-call-id/);
    assert.match(answered.headers.get("vary") ?? "", /origin/i);
    const others = ["https://example.org", `${FRIEND}.example.com`, "http://lag.example.org", "null"];
    for (const origin of others) {
      for (const response of [await preflight(origin), await call(origin)]) {
        assert.equal(response.headers.get("access-control-allow-origin"), null, origin);
      }
    }
    // Pages are for nobody else.
    const page = await fetch(`${gateway.url}/en/visits`, { headers: { origin: FRIEND } });
    assert.equal(page.headers.get("access-control-allow-origin"), null);
    // Without the setting nobody is let in.
    const closed = await preflight(FRIEND, url.replace(gateway.url, world.gateway.url));
    assert.equal(closed.headers.get("access-control-allow-origin"), null);
  } finally {
    await gateway.stop();
  }
  await assert.rejects(Gateway.start(world.lagnetd.address, world.keyFile, {
    env: { LAGNET_WEB_CORS_ORIGINS: "*" },
  }), /LAGNET_WEB_CORS_ORIGINS are addresses without a path, and not \*/);
});

test("IsPlayedThroughByTheGuide", async () => {
  await openVisit(world, "guide", 5);
  const script = join(ROOT, "docs/guide/http-api.sh");
  const { stdout } = await promisify(execFile)(script, ["guide", "lag-kazbegi"], {
    env: {
      PATH: "/usr/bin:/bin",
      LAGNET_API: `${world.gateway.url}/api`,
      LAGNET_KEY_FILE: world.lagnetd.keyFile,
    },
  });
  assert.match(stdout, /"state":"WITHDRAWN"/);
});

test("KeepsCallersOutOfItsLog", async () => {
  const name = "studyVisits/canary";
  await get(`${VISITS}/GetStudyVisit`, { name }, { authorization: "Bearer canary" });
  const log = world.gateway.log.join("\n");
  assert.match(log, /"route":"\/api\/lagnet\.visits\.v1\.StudyVisitService\/GetStudyVisit"/);
  for (const secret of ["anary", "lagl_", "example.org", key.slice(7)]) {
    assert.ok(!log.includes(secret), secret);
  }
});
