import type { CallOptions } from "@connectrpc/connect";
import type { SignUp } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import type { Reader } from "../reading/reader.js";
import type { Upstream } from "../serving/upstream.js";

/** Why somebody waits, in paragraphs; nothing for who does not. A help and no
 * more: the page goes without it if it fails. The server reads all that was
 * decided on the visit for it, so only what shows it asks for it. */
export async function whyWaiting(
  { lagnet }: Upstream, reader: Reader, signUp: SignUp, call: CallOptions,
): Promise<string[]> {
  if (signUp.waitPosition === 0) return [];
  const { text } = await lagnet.signUps
    .explainSignUp({ name: signUp.name, language: reader.language }, call)
    .catch(() => ({ text: "" }));
  return text.split("\n").filter(Boolean);
}
