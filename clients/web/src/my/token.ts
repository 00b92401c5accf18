import type { Linked } from "../serving/linked.js";

/** The link to one sign-up: what proves its holder, and which one it is. */
export interface Link extends Linked {
  /** `studyVisits/…/signUps/…`. */
  readonly signUp: string;
  readonly visit: string;
}

/** Reads `lagl_NAME.MAC`, or undefined if it is none. Whether it is true, the
 * server says. */
export function readLink(token: string): Link | undefined {
  const parts = /^lagl_([A-Za-z0-9_-]{1,400})\.[A-Za-z0-9_-]{20,200}=*$/.exec(token);
  if (!parts) return undefined;
  const text = Buffer.from(parts[1] as string, "base64url").toString("utf8");
  // Behind the `#`: since when the head is another, whose link is another, too.
  const names = /^((studyVisits\/[a-z0-9-]{1,63})\/signUps\/[a-z0-9]{1,63})(?:#\d{1,19})?$/
    .exec(text);
  if (!names) return undefined;
  return {
    token, address: `/my/${token}`, signUp: names[1] as string, visit: names[2] as string,
  };
}

/** What a call is made with in the holder's name. */
export function asHolder({ token }: Pick<Link, "token">): { headers: { authorization: string } } {
  return { headers: { authorization: `Bearer ${token}` } };
}
