import { createHmac, timingSafeEqual } from "node:crypto";
import type { Person } from "./person.js";

/** The field of a form that holds its token. */
export const FORM_TOKEN = "form_token";

/** What a form of a signed-in page carries, and no other site can know. It
 * follows from the session, so that every gateway knows it. */
export function formToken({ session }: Pick<Person, "session">): string {
  return createHmac("sha256", session).update("lagnet form").digest("base64url");
}

export function isFormToken(person: Pick<Person, "session">, text: string): boolean {
  const given = Buffer.from(text);
  const right = Buffer.from(formToken(person));
  return given.length === right.length && timingSafeEqual(given, right);
}
