// How a page has to take what people mean harm with: read as browsers read it.
import assert from "node:assert/strict";
import { type DefaultTreeAdapterTypes as Tree, parse } from "parse5";

// What our pages are made of.
const TAGS = new Set((
  "a article aside body br button caption circle code datalist dd del details div dl dt em " +
  "fieldset figcaption figure footer form g h1 h2 h3 head header html input ins label legend li " +
  "link main mark meta nav ol optgroup option p path pre q script section select span strong " +
  "summary svg table tbody td textarea th thead time title tr ul"
).split(" "));

// What a browser would run, load by itself, or take for markup.
const RUNS = /^(on.*|style|srcdoc|srcset|background|ping|data|poster|xlink:href)$/;

const LEADS = ["http:", "https:", "mailto:", "tel:"];

/** A page as a browser reads it. */
export class Parsed {
  readonly elements: readonly Tree.Element[];

  constructor(readonly page: string) {
    const elements: Tree.Element[] = [];
    const walk = (node: Tree.Node) => {
      if ("tagName" in node) elements.push(node);
      if ("childNodes" in node) node.childNodes.forEach(walk);
    };
    walk(parse(page));
    this.elements = elements;
  }

  /** Everything that there is to read, in one. */
  get text(): string {
    const body = this.elements.find(({ tagName }) => tagName === "body");
    return body ? textIn(body) : "";
  }
}

export function attribute({ attrs }: Tree.Element, name: string): string | undefined {
  return attrs.find((one) => one.name === name)?.value;
}

function textIn(node: Tree.Node): string {
  if (node.nodeName === "#text") return (node as Tree.TextNode).value;
  return "childNodes" in node ? node.childNodes.map(textIn).join("") : "";
}

/** No element, attribute or address that is not ours. */
export function assertHarmless({ page, elements }: Parsed, what: string): void {
  assert.ok(page.startsWith("<!doctype html>"), `${what}: ${page.slice(0, 80)}`);
  for (const { tagName, attrs } of elements) {
    const shown = `${what}: <${tagName} ${JSON.stringify(attrs)}>`;
    assert.ok(TAGS.has(tagName), shown);
    for (const { name, value } of attrs) {
      assert.match(name, /^[a-z][a-z-]*$/i, shown);
      assert.doesNotMatch(name, RUNS, shown);
      if (name === "href" || name === "action" || name === "src") {
        const { protocol } = new URL(value, "https://pages.example.org/en/");
        assert.ok(LEADS.includes(protocol), shown);
      }
      // To the same page in another language.
      if (name === "formaction") assert.match(value, /^\/[a-z]{2}\/[^/\\]/, shown);
      if (name === "src" || (tagName === "link" && name === "href" && !value.startsWith("/"))) {
        assert.match(value, /^\/static\//, shown);
      }
      if (name === "action") assert.match(value, /^\/(?![/\\])/, shown);
      if (name === "http-equiv") assert.fail(shown);
    }
  }
  const scripts = elements.filter(({ tagName }) => tagName === "script");
  assert.ok(scripts.every((script) => attribute(script, "src")), `${what}: a script in the page`);
}

/** What of a form somebody types into, and what of it is only chosen or sent
 * along. */
export interface Field {
  readonly name: string;
  readonly kind: "typed" | "chosen" | "hidden";
  readonly value: string;
}

export interface Form {
  readonly method: string;
  readonly action: string;
  readonly fields: readonly Field[];
}

/** The forms of a page. */
export function formsIn({ elements }: Parsed): Form[] {
  return elements.filter(({ tagName }) => tagName === "form").map((form) => ({
    method: attribute(form, "method") ?? "get",
    action: attribute(form, "action") ?? "",
    fields: within(form).flatMap(fieldOf),
  }));
}

function within(element: Tree.Element): Tree.Element[] {
  return element.childNodes.flatMap((node) => ("tagName" in node ? [node, ...within(node)] : []));
}

function fieldOf(element: Tree.Element): Field[] {
  const name = attribute(element, "name");
  const value = attribute(element, "value") ?? "";
  if (!name) return [];
  switch (element.tagName) {
    case "textarea":
      return [{ name, kind: "typed", value: textIn(element) }];
    case "select": {
      const options = within(element).filter(({ tagName }) => tagName === "option");
      const chosen = options.find((one) => attribute(one, "selected") !== undefined) ?? options[0];
      return [{ name, kind: "chosen", value: (chosen && attribute(chosen, "value")) ?? "" }];
    }
    case "input":
      switch (attribute(element, "type")) {
        case "file":
          return [];
        case "hidden":
          return [{ name, kind: "hidden", value }];
        case "checkbox":
        case "radio":
          return [{ name, kind: "chosen", value }];
        default:
          return [{ name, kind: "typed", value }];
      }
    default:
      return [];
  }
}
