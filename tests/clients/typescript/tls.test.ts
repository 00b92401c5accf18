import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Code } from "@connectrpc/connect";
import { connect, type ConnectOptions, LagnetError, reasonOf } from "@lagnet/client";
import { Account_Kind } from "@lagnet/client/access/v1/accounts_pb.js";
import { fillDirectory, Lagnetd } from "./lagnetd.js";

const server = new Lagnetd();
const file = (name: string) => join(server.folder, name);
const pem = (name: string) => readFileSync(file(name), "utf8");

/** Makes NAME.key and NAME.crt, signed by the authority or by itself. */
function certify(name: string, extension: string, by?: string): void {
  writeFileSync(file("extension"), extension);
  const openssl = (...words: string[]) => execFileSync("openssl", words, { stdio: "pipe" });
  const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", ...ec, "-subj", `/CN=${name}`, "-keyout", file(`${name}.key`), "-out", file(`${name}.csr`));
  const signer = by
    ? ["-CA", file(`${by}.crt`), "-CAkey", file(`${by}.key`), "-CAcreateserial"]
    : ["-signkey", file(`${name}.key`)];
  openssl("x509", "-req", "-days", "2", "-in", file(`${name}.csr`), "-extfile", file("extension"), ...signer,
    "-out", file(`${name}.crt`));
  chmodSync(file(`${name}.key`), 0o644); // As root, lagnetd becomes another user.
}

before(async () => {
  certify("authority", "basicConstraints=critical,CA:true");
  certify("server", "subjectAltName=DNS:localhost,IP:127.0.0.1", "authority");
  certify("gateway", "subjectAltName=DNS:gateway.example.org\nextendedKeyUsage=clientAuth", "authority");
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
