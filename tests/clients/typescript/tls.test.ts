import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Code } from "@connectrpc/connect";
import { connect, type ConnectOptions, LagnetError, reasonOf } from "@lagnet/client";
import { Account_Kind } from "@lagnet/client/access/v1/accounts_pb.js";
import { Certificates } from "./certificates.js";
import { fillDirectory, Lagnetd } from "./lagnetd.js";

const server = new Lagnetd();
const certificates = new Certificates(server.folder);
const file = (name: string) => certificates.file(name);
const pem = (name: string) => certificates.pem(name);

before(async () => {
  certificates.makeUsual();
  server.flags.push("--tls-cert", file("server.crt"), "--tls-key", file("server.key"),
    "--tls-client-ca", file("authority.crt"), "--tls-require-client");
  await server.start();
});
after(() => server.remove());

async function list(options: Partial<ConnectOptions>): Promise<LagnetError | "answered"> {
  const lagnet = connect({ address: server.address, timeoutMs: 3_000, reconnectMs: 0, ...options });
  try {
    await lagnet.visits.listStudyVisits({});
    return "answered";
  } catch (error) {
    assert.ok(error instanceof LagnetError);
    return error;
  } finally {
    lagnet.close();
  }
}

test("ProvesWhoTheClientIs", async () => {
  const tls = { ca: pem("authority.crt"), cert: pem("gateway.crt"), key: pem("gateway.key") };
  assert.equal(reasonOf(await list({ tls })), "BAD_CREDENTIALS"); // Whose is it?
  const operator = server.operator({ tls });
  await fillDirectory(operator);
  const { name } = await operator.accounts.createAccount({
    accountId: "web-gateway",
    account: {
      network: "networks/ksow",
      kind: Account_Kind.SYSTEM,
      displayName: "Web gateway",
      certificateNames: ["gateway.example.org"],
    },
  });
  operator.close();
  assert.equal(name, "accounts/web-gateway");
  assert.equal(await list({ tls }), "answered");
});

test("IsNotLetInWithoutACertificate", async () => {
  assert.notEqual(await list({ tls: { ca: pem("authority.crt") } }), "answered");
});

test("DoesNotTalkToAServerThatItCannotTrust", async () => {
  const start = Date.now();
  const error = await list({ tls: {} });
  assert.ok(error instanceof LagnetError);
  // Not as if the connection had been cut: to try again does not help.
  assert.equal(error.code, Code.Internal);
  assert.ok(Date.now() - start < 1_000);
});
