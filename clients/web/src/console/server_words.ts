import type { Key } from "../reading/messages.js";
import type { Reader } from "../reading/reader.js";

// What the server says of wrong fields most, in English only: its parts are what
// our sentence is filled with.
const WORDS: readonly (readonly [RegExp, Key])[] = [
  [/^is required$/, "field.missing"],
  [/^is longer than \d+ characters$/, "field.long"],
  [/^is not an e-mail address$/, "field.email"],
  [/^is not an http or https address$/, "entry.problem.website"],
  [/^is more than (?<most>\d+)$/, "wrong.most"],
  [/^is less than (?<least>\d+)$/, "wrong.least"],
  [/^is named twice$/, "wrong.twice"],
  [/^is not a date and time\b/, "wrong.time"],
  [/^must be later than start$/, "wrong.before_beginning"],
  [/^must not be later than (?:the visit's )?start$/, "wrong.after_beginning"],
  [/^must be later than sign_up_start$/, "wrong.before_opening"],
  [/^is more than the seats$/, "wrong.over_seats"],
  [/^and largest_held_group go together\b/, "wrong.hold"],
  [/^and new_organizations give nobody a weight\b/, "wrong.weights"],
  [/^says of nobody whom the share is for$/, "wrong.share_nobody"],
  [/^has neither a minimum nor a maximum$/, "wrong.share_empty"],
  [/^keeps seats for people who may not come$/, "wrong.share_barred"],
  [/^asks for at least (?<asked>\d+) of (?<seats>\d+) seats$/, "wrong.share_seats"],
  [/^asks for at least (?<least>\d+) and at most (?<most>\d+) seats$/, "wrong.share_bounds"],
  [/^asks for at least (?<asked>\d+) seats and lies within .* (?<most>\d+)$/, "wrong.share_within"],
  [/^asks together with .* for (?<asked>\d+) of (?<seats>\d+) seats$/, "wrong.share_sum"],
  [/^keeps (?<asked>\d+) seats for an organisation, .* (?<most>\d+)$/, "wrong.share_organization"],
];

/** What the server says of a field, in the reader's language; undefined if it is
 * told in English alone. */
export function inWords(description: string, reader: Reader): string | undefined {
  for (const [pattern, key] of WORDS) {
    const found = pattern.exec(description);
    if (found) return reader.t(key, { ...found.groups });
  }
  return undefined;
}
