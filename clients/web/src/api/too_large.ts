import { createContextKey } from "@connectrpc/connect";
import {
  createAsyncIterable, type UniversalHandler, type UniversalServerRequest,
} from "@connectrpc/connect/protocol";
import { REFUSALS } from "./failures.js";

/** Whether the message of a call could be read. */
export const IS_READ = createContextKey(false);

/** Answers 413 to a message that turns out to be too large as it is read: it did
 * not say how long it is, or is larger than it was compressed. Connect has 429
 * for it, which asks to be tried again. */
export function saysTooLarge(handler: UniversalHandler): UniversalHandler {
  return Object.assign(async (request: UniversalServerRequest) => {
    const response = await handler(request);
    if (response.status !== 429 || request.contextValues?.get(IS_READ)) return response;
    const [code, message] = REFUSALS[413];
    const body = new TextEncoder().encode(JSON.stringify({ code, message }));
    const header = new Headers({
      "content-type": "application/json", "content-length": String(body.byteLength),
    });
    return { status: 413, header, body: createAsyncIterable([body]) };
  }, handler);
}
