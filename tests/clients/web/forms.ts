// Forms, as a browser sends them that shows what stands in them already.
import assert from "node:assert/strict";
import { type Browser, type Fields, unescaped } from "./world.js";

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}(?:="([^"]*)")?(?=[\\s/>])`).exec(tag);
  return found ? unescaped(found[1] ?? "") : undefined;
}

/** Where the form with the report of an import leads to. */
export const IMPORT_RUN = "/en/console/entries/import/run?network=grdn";

/** What a browser would send of a form that nobody typed into. */
export function formOf(page: string, action: string): Record<string, string | string[]> {
  const form = [...page.matchAll(/<form\s[^>]*>.*?<\/form>/gs)]
    .map(([text]) => text)
    .find((text) => attribute(text, "action") === action);
  assert.ok(form, `no form leads to ${action}`);
  const fields: Record<string, string | string[]> = {};
  const add = (name: string | undefined, value: string) => {
    if (!name) return;
    const old = fields[name];
    fields[name] = old === undefined ? value : [old, value].flat();
  };
  for (const [tag] of form.matchAll(/<input\s[^>]*>/g)) {
    const type = attribute(tag, "type");
    const isTicked = attribute(tag, "checked") !== undefined;
    if (type === "file" || ((type === "checkbox" || type === "radio") && !isTicked)) continue;
    add(attribute(tag, "name"), attribute(tag, "value") ?? "");
  }
  for (const [, tag, text] of form.matchAll(/(<textarea\s[^>]*>)\n?(.*?)<\/textarea>/gs)) {
    add(attribute(tag as string, "name"), unescaped(text as string));
  }
  for (const [, tag, text] of form.matchAll(/(<select\s[^>]*>)(.*?)<\/select>/gs)) {
    const options = [...(text as string).matchAll(/(<option[^>]*>)([^<]*)/g)];
    const chosen = options.find(([, option]) =>
      attribute(option as string, "selected") !== undefined) ?? options[0];
    if (!chosen) continue;
    const value = attribute(chosen[1] as string, "value") ?? unescaped(chosen[2] as string);
    add(attribute(tag as string, "name"), value);
  }
  return fields;
}

/** What a page says is wrong with what was sent. */
export function problemsIn(page: string): string {
  const problems = /<div class="problems".*?<\/div>/s.exec(page)?.[0] ?? "";
  return unescaped(problems.replace(/<[^>]*>/g, " ")).replace(/\s+/g, " ");
}

/** Opens a page, fills in a form of it and sends that: where it leads to, or the
 * page that says why not. */
export async function fill(
  browser: Browser, path: string, filled: Fields, action = path,
): Promise<{ to: string; page: string }> {
  const fields = formOf(await browser.text(path), action);
  const response = await browser.post(action, { ...fields, ...filled });
  const to = response.headers.get("location") ?? "";
  return { to, page: to ? "" : await response.text() };
}

/** Sends a list to be imported. */
export async function upload(
  browser: Browser, list: string | Uint8Array<ArrayBuffer>, file = "list.csv",
): Promise<Response> {
  const action = "/en/console/entries/import?network=grdn";
  const form = formOf(await browser.text(action), action);
  const body = new FormData();
  for (const [name, value] of Object.entries(form)) body.append(name, String(value));
  body.append("file", new Blob([list]), file);
  const { url } = browser.gateway;
  return fetch(url + action, {
    method: "POST",
    redirect: "manual",
    body,
    headers: {
      origin: url, cookie: [...browser.cookies].map((pair) => pair.join("=")).join("; "),
    },
  });
}
