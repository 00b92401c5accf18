import type { Interceptor } from "@connectrpc/connect";

/** Starts one call to the server in each turn of Node's loop, in the order in
 * which they came. A turn takes as long as all that is done in it, and lets in
 * one new connection (libuv/libuv#3696): without this, where hundreds sign up
 * at once, the last of them waits for seconds before anybody reads its form. */
export function inTurns(): Interceptor {
  const waiting: (() => void)[] = [];
  function turn(): void {
    waiting.shift()?.();
    if (waiting.length > 0) setImmediate(turn);
  }
  return (next) => async (request) => {
    await new Promise<void>((resolve) => {
      if (waiting.push(resolve) === 1) setImmediate(turn);
    });
    return next(request);
  };
}
