// What a spreadsheet would run as a formula (OWASP, CSV injection).
const FORMULA = /^[=+\-@\t\r]/;

/** Rows as CSV (RFC 4180), with the mark by which Excel knows UTF-8. A cell that
 * a spreadsheet would run gets an apostrophe before it. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map((cells) => `${cells.map(cellOf).join(",")}\r\n`).join("")}`;
}

function cellOf(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
