import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { connect } from "@lagnet/client";

test("HasEveryMethodOfEveryService", () => {
  const lagnet = connect({ address: "127.0.0.1:7300" });
  const methods = Object.values(lagnet).flatMap((client) => Object.keys(client));
  const protos = `${process.env["LAGNET_ROOT"]}/protos/lagnet`;
  const files = readdirSync(protos).flatMap((capability) =>
    readdirSync(`${protos}/${capability}/v1`).map((file) => `${protos}/${capability}/v1/${file}`),
  );
  const declared = files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/^ {2}rpc (\w)(\w+)\(/gm)].map(
      ([, first, rest]) => (first as string).toLowerCase() + rest,
    ),
  );
  assert.ok(declared.length > 50);
  assert.deepEqual(methods.sort(), declared.sort());
});

test("RefusesOptionsThatContradictEachOther", () => {
  for (const options of [
    { address: "https://lagnet.example.org" },
    { address: "lagnet.example.org" },
    { address: "127.0.0.1:7300", insecure: true, tls: {} },
    { address: "127.0.0.1:7300", tls: { cert: "a certificate without a key" } },
    { address: "127.0.0.1:7300", key: "two\nlines" },
    { address: "127.0.0.1:7300", key: "" },
  ]) {
    assert.throws(() => connect(options), TypeError, JSON.stringify(options));
  }
});
