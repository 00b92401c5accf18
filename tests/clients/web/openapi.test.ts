// The description of the API: that it is OpenAPI, complete and true; and the
// pages to read it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { MethodOptions_IdempotencyLevel as Idempotency } from "@bufbuild/protobuf/wkt";
import { REASONS, SERVICES } from "@lagnet/client";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import { LANGUAGES, openVisit, ROOT, World } from "./world.js";

interface Schema {
  properties?: Record<string, Record<string, unknown>>;
  required?: string[];
  description?: string;
}
interface Operation {
  operationId: string;
  description: string;
  security: object[];
  responses: { 200: { content: { "application/json": { schema: { $ref: string } } } } };
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const world = new World();
let bytes = "";
let document: Document;
before(async () => {
  await world.start();
  const response = await world.gateway.get("/api/openapi.json");
  assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
  bytes = await response.text();
  document = JSON.parse(bytes) as Document;
});
after(() => world.remove());

const schema = (name: string) => document.components.schemas[name] as Schema;
const field = (name: string, of: string) => schema(of).properties?.[name];

test("IsOpenApi", async () => {
  const result = await new Validator().validate(JSON.parse(bytes));
  assert.deepEqual(result, { valid: true });
  const ids = Object.values(document.paths).flatMap((item) =>
    Object.values(item).map(({ operationId }) => operationId));
  assert.equal(new Set(ids).size, ids.length);
});

test("HasEveryMethodOfEveryService", () => {
  const methods = Object.values(SERVICES).flatMap((service) => service.methods);
  const expected = methods.map((method) => {
    const isRead = method.idempotency === Idempotency.NO_SIDE_EFFECTS;
    const verbs = isRead && method.methodKind === "unary" ? ["get", "post"] : ["post"];
    return [`/${method.parent.typeName}/${method.name}`, verbs] as const;
  });
  const found = Object.entries(document.paths).map(([path, item]) =>
    [path, Object.keys(item).sort()] as const);
  assert.ok(found.length > 80);
  assert.deepEqual(Object.fromEntries(found), Object.fromEntries(expected));
});

test("IsTheSameEachTime", () => {
  const program = join(ROOT, "clients/web/dist/src/openapi/main.js");
  execFileSync(process.execPath, [program], { env: { TZ: "Asia/Tbilisi", LC_ALL: "C" } });
  assert.equal(readFileSync(join(ROOT, "clients/web/dist/openapi.json"), "utf8"), bytes);
});

test("SaysWhatTheProtosSay", () => {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const { description } of Object.values(item)) {
      assert.match(description, /^\w.*\.\n\n.*may call this/s, path);
    }
  }
  const { schemas } = document.components;
  for (const [name, { description, properties = {} }] of Object.entries(schemas)) {
    assert.ok(description, name);
    if (!name.startsWith("lagnet.")) continue;
    for (const [key, { description }] of Object.entries(properties)) {
      assert.ok(description, `${name}.${key}`);
    }
  }
  const create = document.paths["/lagnet.visits.v1.SignUpService/CreateSignUp"]?.["post"];
  assert.match(create?.description ?? "", /`NETWORK_ADMIN`.*`GATEWAY` over what `parent` names; or/);
  assert.deepEqual(create?.security, [{ key: [] }]);
  const list = document.paths["/lagnet.visits.v1.StudyVisitService/ListStudyVisits"]?.["get"];
  assert.deepEqual(list?.security, [{}, { key: [] }]);

  const request = "lagnet.visits.v1.CreateSignUpRequest";
  assert.deepEqual(schema(request).required, ["parent", "signUp", "requestId"]);
  assert.equal(field("requestId", request)?.["format"], "uuid");
  const members = field("members", "lagnet.visits.v1.SignUp");
  assert.deepEqual([members?.["minItems"], members?.["maxItems"]], [1, 50]);
  const member = "lagnet.visits.v1.SignUp.Member";
  assert.match(String(field("fullName", member)?.["description"]), /Personal data\. For: /);
  assert.equal(field("state", "lagnet.visits.v1.SignUp")?.["readOnly"], true);
  const visit = "lagnet.visits.v1.StudyVisit";
  assert.equal(schema(visit).required, undefined, "an update names what it changes");
  assert.match(String(field("hosts", visit)?.["description"]), /^[^]*Required when it is sent/);
  const languages = field("texts", "lagnet.types.v1.LocalizedText");
  assert.equal(languages?.["maxProperties"], 40);
  const reasons = (schema("Reason") as { anyOf: { enum: string[] }[] }).anyOf[0]?.enum;
  assert.deepEqual(reasons, [...REASONS]);
});

test("IsTrue", async () => {
  const ajv = new Ajv2020({ strict: false, logger: false });
  ajv.addSchema(JSON.parse(bytes), "api");
  const validator = (name: string) => ajv.compile({ $ref: `api#/components/schemas/${name}` });
  // Every reference leads somewhere.
  for (const name of Object.keys(document.components.schemas)) validator(name);

  const authorization = `Bearer ${readFileSync(world.lagnetd.keyFile, "utf8").trim()}`;
  const call = async (method: string, body: object) => {
    const response = await fetch(`${world.gateway.url}/api/lagnet.${method}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization },
      body: JSON.stringify(body),
    });
    return [response.ok, await response.json()] as const;
  };
  const parent = await openVisit(world, "described", 5);
  const signUp = {
    organization: "organizations/lag-kazbegi", standing: "REPRESENTATIVE", sector: "CIVIC",
    members: [{ fullName: "Nino Example", email: "nino@example.org" }],
  };
  const requestId = randomUUID();
  for (const [method, body] of [
    ["visits.v1.StudyVisitService/ListStudyVisits", { pageSize: 100 }],
    ["visits.v1.SignUpService/CreateSignUp", { parent, signUp, requestId }],
    ["visits.v1.SignUpService/ListSignUps", { parent }],
    ["directory.v1.OrganizationService/ListOrganizations", { pageSize: 100 }],
    ["directory.v1.NetworkService/ListNetworks", {}],
    ["directory.v1.ThemeService/ListThemes", {}],
    ["directory.v1.TerritoryService/ListTerritories", { country: "GE" }],
    ["projects.v1.ProjectService/ListProjects", {}],
    ["search.v1.SearchService/Search", { query: "turystyka" }],
    ["access.v1.AccountService/GetCaller", {}],
  ] as const) {
    const [isOk, json] = await call(method, body);
    assert.ok(isOk, `${method}: ${JSON.stringify(json)}`);
    const { responses } = document.paths[`/lagnet.${method}`]?.["post"] as Operation;
    const { $ref } = responses[200].content["application/json"].schema;
    const isValid = ajv.compile({ $ref: `api${$ref}` });
    assert.ok(isValid(json), `${method}: ${ajv.errorsText(isValid.errors)}`);
  }

  // What the server refuses, the description refuses, and tells how it is told.
  const isRequest = validator("lagnet.visits.v1.CreateSignUpRequest");
  const isError = validator("Error");
  assert.ok(isRequest({ parent, signUp, requestId }), ajv.errorsText(isRequest.errors));
  for (const wrong of [
    { parent, signUp },
    { parent: "", signUp, requestId },
    { parent, signUp: { ...signUp, members: [] }, requestId },
    { parent, signUp: { ...signUp, externalId: "x".repeat(101) }, requestId },
    { parent, signUp: { ...signUp, minMembers: 51 }, requestId },
  ]) {
    const [isOk, json] = await call("visits.v1.SignUpService/CreateSignUp", wrong);
    assert.equal(isOk, false, JSON.stringify(wrong));
    assert.equal(isRequest(wrong), false, JSON.stringify(wrong));
    assert.ok(isError(json), ajv.errorsText(isError.errors));
  }
});

// All that a browser loads for a page, compressed.
async function weight(page: string): Promise<number> {
  const files = [...page.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)];
  const texts = await Promise.all(files.map(([, file]) => world.gateway.text(file as string)));
  return [page, ...texts].reduce((sum, text) => sum + gzipSync(text).length, 0);
}

test("CanBeReadAsPages", async (t) => {
  let heaviest: [number, string] = [0, ""];
  for (const language of LANGUAGES) {
    const seen = new Set<string>();
    const waiting = [`/${language}/api`];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      const response = await world.gateway.get(path);
      assert.equal(response.status, 200, path);
      const page = await response.text();
      assert.equal([...page.matchAll(/<h1>/g)].length, 1, path);
      assert.doesNotMatch(page, /undefined|\[object|`/, path);
      const bytes = await weight(page);
      assert.ok(bytes < 30 * 1024, `${path} weighs ${bytes}`);
      if (bytes > heaviest[0]) heaviest = [bytes, path];
      const links = page.matchAll(new RegExp(`href="(/${language}/api/[^"#]+)"`, "g"));
      waiting.push(...[...links].map(([, link]) => link as string));
    }
    for (const { name, methods } of Object.values(SERVICES)) {
      assert.ok(seen.has(`/${language}/api/${name}`), name);
      const page = await world.gateway.text(`/${language}/api/${name}`);
      for (const method of methods) assert.ok(page.includes(`<h2 id="${method.name}">`), method.name);
    }
    assert.ok(seen.has(`/${language}/api/lagnet.visits.v1.SignUp`));
    assert.equal((await world.gateway.get(`/${language}/api/constructor`)).status, 404);
    assert.match(await world.gateway.text(`/${language}`), new RegExp(`href="/${language}/api"`));
    const asked = await world.gateway.get("/api", { "accept-language": language });
    assert.equal(asked.headers.get("location"), `/${language}/api`);
  }
  t.diagnostic(`${(heaviest[0] / 1024).toFixed(1)} KB  ${heaviest[1]}, the heaviest`);
});
