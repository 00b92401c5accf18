// What people who mean harm type, and how a page has to take it.
import assert from "node:assert/strict";

export const HOSTILE = [
  "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'><svg/onload=alert(1)>",
  "</textarea><script>alert(1)</script>", "javascript:alert(1)", "{{7*7}}", "${7*7}",
  "<a href=javascript:alert(1)>x</a>", "&lt;script&gt;", "\u202eevil", "]]><script>",
  '" autofocus onfocus="alert(1)',
];

/** As a browser would read it: no tag or attribute that is not ours. */
export function assertHarmless(page: string, what: string): void {
  if (page === "") return; // It leads to another page.
  assert.ok(page.startsWith("<!doctype html>"), what);
  for (const [tag, name] of page.matchAll(/<([a-z]+)(?:[^>"]|"[^"]*")*>/g)) {
    assert.ok(!["img", "iframe", "object", "embed", "base"].includes(name as string),
      `${what}: ${tag}`);
    const attributes = (tag as string).replace(/"[^"]*"/g, '""');
    assert.doesNotMatch(attributes, /\son[a-z]+=/, `${what}: ${tag}`);
    assert.doesNotMatch(tag as string, /(href|src|action)="\s*javascript:/i, `${what}: ${tag}`);
    if (name === "script") assert.match(tag as string, /^<script src="\/static\//, what);
  }
}
