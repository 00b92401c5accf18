import type { DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Reason } from "@lagnet/client";
import { ErrorInfoSchema } from "@lagnet/client/google/rpc/error_details_pb.js";
import { isPublic } from "../openapi/access.js";

/** The `authorization` that a call is passed on with: the caller's own, and
 * nobody else's. Undefined: none, as the method is for everybody.
 *
 * The server could take a call without a token for the gateway's own, by its
 * certificate. So what is not for everybody, or has a token that the server
 * might not see as one, does not get there. */
export function authorizationOf(method: DescMethod, header: Headers): string | undefined {
  const authorization = header.get("authorization");
  if (authorization === null) {
    if (isPublic(method)) return undefined;
    throw refusal("SIGN_IN_NEEDED", "this call needs an API key or the token of a link");
  }
  if (/^bearer +[!-~]+$/i.test(authorization)) return authorization;
  throw refusal("BAD_CREDENTIALS", "credentials are sent as `Bearer` and a token");
}

function refusal(reason: Reason, message: string): ConnectError {
  const detail = { desc: ErrorInfoSchema, value: { domain: "lagnet", reason } };
  return new ConnectError(message, Code.Unauthenticated, undefined, [detail]);
}
