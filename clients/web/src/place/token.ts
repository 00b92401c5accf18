import { asHolder } from "../my/token.js";
import type { Linked } from "../serving/linked.js";
import type { Upstream } from "../serving/upstream.js";

/** The link to one place in a party: what proves its holder, and which one it
 * is. */
export interface PlaceLink extends Linked {
  /** `studyVisits/…/signUps/…/places/…`. */
  readonly name: string;
  readonly visit: string;
}

const NAME = /^(studyVisits\/[a-z0-9-]{1,63})\/signUps\/[a-z0-9]{1,63}\/places\/[a-z0-9]{1,63}$/;

/** Asks the server which place a token leads to; undefined if to none, such as
 * that of a whole sign-up. */
export async function readPlaceLink(
  { lagnet }: Upstream, token: string,
): Promise<PlaceLink | undefined> {
  if (!/^[\w.=-]+$/.test(token)) return undefined;
  const { grants } = await lagnet.accounts.getCaller({}, asHolder({ token }));
  const found = grants.map(({ signUp }) => NAME.exec(signUp)).find(Boolean);
  if (!found) return undefined;
  return { token, address: `/place/${token}`, name: found[0], visit: found[1] as string };
}
