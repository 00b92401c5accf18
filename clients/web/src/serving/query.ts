/** The query of an address, of which what is given twice counts once. */
export function only<T extends object>(query: T): T {
  return Object.fromEntries(
    Object.entries(query).map(([key, value]) => [key, Array.isArray(value) ? value[0] : value]),
  ) as T;
}

// What has no place in a text, as the server judges it: it comes along unseen
// when people copy from other documents.
const UNSEEN = /[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+/g;

/** What can be searched for of what was typed. */
export function searchable(typed: string): string {
  return typed.replace(UNSEEN, " ").slice(0, 500).trim();
}
