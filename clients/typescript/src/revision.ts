import type { Interceptor } from "@connectrpc/connect";

const REVISION = "lagnet-revision";

/** Lets a read see what this client wrote before, from whichever server it is
 * answered: the revision that a write returns is sent with every later call,
 * unless the call itself has a later one. */
export function readingOwnWrites(): Interceptor {
  let latest: string | undefined;
  return (next) => async (request) => {
    const own = request.header.get(REVISION);
    if (latest !== undefined && (own === null || isLater(latest, own))) {
      request.header.set(REVISION, latest);
    }
    const response = await next(request);
    if (response.stream) return response;
    const revision = response.trailer.get(REVISION) ?? response.header.get(REVISION);
    if (revision !== null && (latest === undefined || isLater(revision, latest))) latest = revision;
    return response;
  };
}

/** Whether revision `a` is later than `b`. Revisions are numbers; whatever else
 * a newer server sends is taken as it comes. */
export function isLater(a: string, b: string): boolean {
  const numbers = /^\d+$/;
  return !numbers.test(a) || !numbers.test(b) || BigInt(a) > BigInt(b);
}
