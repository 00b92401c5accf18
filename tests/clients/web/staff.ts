// Somebody who is signed in, as a browser without JavaScript.
import assert from "node:assert/strict";
import type { Gateway } from "./world.js";

export type Fields = Record<string, string | string[]>;

const ENTITIES: Readonly<Record<string, string>> = {
  "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&",
};

function plain(text: string): string {
  return text.replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity] as string);
}

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}(?:="([^"]*)")?(?=[\\s/>])`).exec(tag);
  return found ? plain(found[1] ?? "") : undefined;
}

/** What a browser would send of a form that nobody typed into. */
export function formOf(page: string, action: string): Fields {
  const form = [...page.matchAll(/<form\s[^>]*>.*?<\/form>/gs)]
    .map(([text]) => text)
    .find((text) => attribute(text, "action") === action);
  assert.ok(form, `no form leads to ${action}`);
  const fields: Fields = {};
  const add = (name: string | undefined, value: string) => {
    if (!name) return;
    const old = fields[name];
    fields[name] = old === undefined ? value : [old, value].flat();
  };
  for (const [tag] of form.matchAll(/<input\s[^>]*>/g)) {
    const type = attribute(tag, "type");
    if (type === "file") continue;
    const isTicked = attribute(tag, "checked") !== undefined;
    if ((type === "checkbox" || type === "radio") && !isTicked) continue;
    add(attribute(tag, "name"), attribute(tag, "value") ?? "");
  }
  for (const [, tag, text] of form.matchAll(/(<textarea\s[^>]*>)(.*?)<\/textarea>/gs)) {
    add(attribute(tag as string, "name"), plain(text as string));
  }
  for (const [, tag, text] of form.matchAll(/(<select\s[^>]*>)(.*?)<\/select>/gs)) {
    const options = [...(text as string).matchAll(/(<option[^>]*>)([^<]*)/g)];
    const chosen = options.find(([, option]) =>
      attribute(option as string, "selected") !== undefined) ?? options[0];
    if (chosen) {
      add(attribute(tag as string, "name"),
        attribute(chosen[1] as string, "value") ?? plain(chosen[2] as string));
    }
  }
  return fields;
}

/** The words of a page. */
export function wordsOf(page: string): string {
  return plain(page.replace(/<[^>]*>/g, " ")).replace(/\s+/g, " ");
}

/** What a page says is wrong with what was sent. */
export function problemsIn(page: string): string {
  return wordsOf(/<div class="problems".*?<\/div>/s.exec(page)?.[0] ?? "");
}

export class Staff {
  constructor(readonly gateway: Gateway, readonly session: string) {}

  get(path: string): Promise<Response> {
    return this.gateway.get(path, { cookie: `lagnet_session=${this.session}` });
  }

  async page(path: string): Promise<string> {
    const response = await this.get(path);
    assert.equal(response.status, 200, path);
    return response.text();
  }

  send(path: string, fields: Fields): Promise<Response> {
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) {
      for (const one of [value].flat()) body.append(name, one);
    }
    return fetch(this.gateway.url + path, {
      method: "POST",
      redirect: "manual",
      body,
      headers: { origin: this.gateway.url, cookie: `lagnet_session=${this.session}` },
    });
  }

  /** Opens a page, fills in a form of it and sends that: where it leads to, or
   * the page that says why not. */
  async fill(path: string, filled: Fields, action = path): Promise<{ to: string; page: string }> {
    const fields = formOf(await this.page(path), action.split("?")[0] as string);
    const response = await this.send(action, { ...fields, ...filled });
    const to = response.headers.get("location") ?? "";
    return { to, page: to ? "" : await response.text() };
  }
}
