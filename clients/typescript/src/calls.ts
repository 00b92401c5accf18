import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { LagnetError } from "./error.js";
import { withRequestIds } from "./request_id.js";
import type { Link } from "./retry.js";

/** What every call gets, around the transport: a `request_id`, if those are to
 * be filled in, and a LagnetError if it fails. Not an interceptor, as those do
 * not see that the caller or the clock ended a call. */
export function calling(transport: Transport, link: Link, fillsIn: boolean): Transport {
  return {
    async unary(method, signal, timeoutMs, header, input, contextValues) {
      let message = create(method.input, input);
      let requestId: string | undefined;
      if (fillsIn) ({ message, requestId } = withRequestIds(method.input, message));
      try {
        mustBeOpen(link);
        return await transport.unary(method, signal, timeoutMs, header, message, contextValues);
      } catch (thrown) {
        const error = LagnetError.decode(thrown, signal);
        error.requestId = requestId;
        throw error;
      }
    },
    // A stream lasts until somebody ends it; the transport would give it the
    // time of a call.
    async stream(method, signal, timeoutMs, header, input, contextValues) {
      try {
        mustBeOpen(link);
        const response = await transport.stream(
          method, signal, timeoutMs ?? 0, header, input, contextValues,
        );
        return { ...response, message: decoded(response.message, signal) };
      } catch (thrown) {
        throw LagnetError.decode(thrown, signal);
      }
    },
  };
}

async function* decoded<T>(messages: AsyncIterable<T>, signal?: AbortSignal): AsyncIterable<T> {
  try {
    yield* messages;
  } catch (thrown) {
    throw LagnetError.decode(thrown, signal);
  }
}

// A code with which watch() does not go on.
function mustBeOpen(link: Link): void {
  if (link.closed) throw new ConnectError("the client was closed", Code.FailedPrecondition);
}
