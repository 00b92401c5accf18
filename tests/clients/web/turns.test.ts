// Many calls at once leave new browsers their turn.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "./world.js";

test("StartsOneCallInEachTurnInTheirOrder", async () => {
  const { inTurns } = await import(join(ROOT, "clients/web/dist/src/serving/turns.js"));
  let turn = 0;
  let counting = setImmediate(function count() {
    ++turn;
    counting = setImmediate(count);
  });
  const started: { call: number; turn: number }[] = [];
  const send = inTurns()(async (call: number) => {
    started.push({ call, turn });
    return call;
  });
  const first = [1, 2, 3].map(send);
  await first[0];
  const answers = await Promise.all([...first, send(4)]);
  clearImmediate(counting);
  assert.deepEqual(answers, [1, 2, 3, 4]);
  assert.deepEqual(started.map(({ call }) => call), [1, 2, 3, 4]);
  assert.equal(new Set(started.map((start) => start.turn)).size, 4);
});
