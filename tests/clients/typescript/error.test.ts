import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { LagnetError, type Reason, REASONS, reasonOf } from "@lagnet/client";
import { statusOf } from "./peer.js";

test("KnowsTheReasonsOfTheDocumentation", () => {
  const file = readFileSync(`${process.env["LAGNET_ROOT"]}/docs/api/errors.md`, "utf8");
  const rows = file.split("\n").filter((line) => line.startsWith("| `"));
  const reasons = rows.map((row) => row.split("`")[1]);
  assert.ok(reasons.length > 40);
  assert.deepEqual([...REASONS], reasons);
});

test("TypesReasons", () => {
  const reason: Reason = "SIGN_UP_CLOSED";
  // @ts-expect-error There is no such reason.
  const none: Reason = "SIGNUP_CLOSED";
  assert.notEqual(reason, none);
});

test("DecodesWhatLagnetSays", () => {
  const error = LagnetError.ofStatus(
    statusOf(Code.Aborted, "TRANSACTION_CONFLICT", { retryMs: 1500, field: "sign_up.sector", locale: "pl" }),
  );
  assert.equal(error.code, Code.Aborted);
  assert.equal(error.reason, "TRANSACTION_CONFLICT");
  assert.deepEqual(error.info, { state: "DRAFT" });
  assert.deepEqual(error.fields, [{ field: "sign_up.sector", description: "is wrong" }]);
  assert.deepEqual(error.localized, { locale: "pl", message: "jest tak" });
  assert.equal(error.retryDelayMs, 1500);
  assert.equal(error.rawMessage, "it is so");
});

test("TellsItsOwnFromOthers", () => {
  const plain = new ConnectError("no", Code.NotFound);
  assert.ok(!(plain instanceof LagnetError));
  assert.ok(LagnetError.decode(plain) instanceof LagnetError);
  assert.ok(LagnetError.decode(plain) instanceof ConnectError);
  assert.equal(reasonOf(plain), undefined);
  assert.equal(reasonOf(new Error("no")), undefined);
  assert.equal(reasonOf(undefined), undefined);
});

test("CallsACutConnectionUnavailable", () => {
  const node = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
  for (const thrown of [
    new ConnectError("connect ECONNREFUSED 127.0.0.1:7300", Code.Unavailable),
    new ConnectError("read ECONNRESET", Code.Aborted),
    new ConnectError("stream closed with error code CANCEL", Code.Canceled),
    new ConnectError("protocol error: missing status", Code.Internal),
    new ConnectError("read ECONNRESET", Code.Internal, undefined, undefined, node),
  ]) {
    const error = LagnetError.decode(thrown);
    assert.equal(error.code, Code.Unavailable, thrown.message);
    assert.equal(error.rawMessage, "the server cannot be reached");
    assert.equal(error.answered, false);
  }
});

test("LeavesOtherFailuresAsTheyAre", () => {
  const certificate = Object.assign(new Error("expired"), { code: "CERT_HAS_EXPIRED" });
  for (const thrown of [
    new ConnectError("cannot encode message", Code.Internal),
    new ConnectError("expired", Code.Internal, undefined, undefined, certificate),
    new ConnectError("the operation timed out", Code.DeadlineExceeded),
    new ConnectError("conflict", Code.Aborted, { "grpc-status": "10" }),
  ]) {
    assert.equal(LagnetError.decode(thrown).code, thrown.code, thrown.message);
  }
  const aborted = new DOMException("the caller did", "AbortError");
  assert.equal(LagnetError.decode(aborted).code, Code.Canceled);
});
