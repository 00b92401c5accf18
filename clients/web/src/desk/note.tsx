import { LagnetError } from "@lagnet/client";
import type { FastifyReply } from "fastify";
import type { Key } from "../reading/messages.js";
import type { Reader } from "../reading/reader.js";

const DONE = {
  answered: "desk.done.answered",
  claimed: "desk.done.claimed",
  confirmed: "desk.done.confirmed",
  invited: "desk.done.invited",
  refused: "desk.done.refused",
  removed: "desk.done.removed",
  saved: "desk.done.saved",
  signed_up: "desk.done.signed_up",
  submitted: "desk.done.submitted",
} as const satisfies Record<string, Key>;

/** What a page says above all else. */
export interface Note {
  /** What was done: a key of DONE. Of anything else, which an address may hold,
   * nothing is said. */
  readonly done?: string;

  /** Why something was not done. */
  readonly problem?: string | undefined;
}

export function Noted({ reader, note: { done, problem } }: { reader: Reader; note: Note }) {
  if (problem) return <p class="problems" role="alert" tabIndex={-1} autofocus>{problem}</p>;
  const key = Object.entries(DONE).find(([name]) => name === done)?.[1];
  return key ? <p class="notice" role="status">{reader.t(key)}</p> : null;
}

/** Answers a form that was done: with a page of its own, so that to load it
 * again sends no form. */
export function sayDone(
  reply: FastifyReply, reader: Reader, path: string, done: keyof typeof DONE,
): FastifyReply {
  return reply.redirect(reader.to(`${path}?done=${done}`), 303);
}

const CHANGED = ["ETAG_MISMATCH", "WRONG_STATE"];

/** Whether something was not done because it is not as the page showed it. */
export function isChanged(thrown: unknown): boolean {
  return CHANGED.includes(LagnetError.decode(thrown).reason ?? "");
}
