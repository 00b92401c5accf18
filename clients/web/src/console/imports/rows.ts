import {
  type DescField, type DescMessage, fromJson, type JsonObject, type JsonValue,
} from "@bufbuild/protobuf";
import {
  type Organization, Organization_Kind as Kind, OrganizationSchema,
} from "@lagnet/client/directory/v1/organizations_pb.js";
import { parse } from "csv-parse/sync";
import type { Reader } from "../../reading/reader.js";

/** A longer list is for the command line. */
export const MOST_ROWS = 2_000;

const KINDS = Object.values(Kind).filter((name) =>
  typeof name === "string" && name !== "KIND_UNSPECIFIED");

/** A list of one made-up entry, to be filled in. */
export const TEMPLATE = `\uFEFF\
name,kind,country,display_name.en,email,website,territories,languages
lag-example,LAG,GE,Example LAG,office@example.org,https://example.org,ISO_3166_2:GE-MM,ka;en
`;

/** A row of a list, and what it knows of an entry. */
export interface Row {
  /** As a spreadsheet counts them, where the headers are row 1; of JSON, its
   * place. */
  readonly number: number;
  readonly organization: Organization;
  readonly mask: readonly string[];
}

/** A list as it was read. */
export interface List {
  readonly rows: readonly Row[];

  /** What could not be read, in the reader's words. */
  readonly problems: readonly string[];
}

// A column: how it is called, where it leads to, and what an update names.
interface Column {
  readonly header: string;
  readonly path: readonly string[];
  readonly mask: string;
  readonly isList: boolean;
}

/** Reads a CSV whose headers are fields of an entry, as docs/guide/import.md
 * names them. An empty cell says nothing. */
export function readCsv(text: string, reader: Reader): List {
  let lines: string[][];
  try {
    lines = parse(text, {
      bom: true, delimiter: separatorOf(text), skip_empty_lines: true, trim: true,
    });
  } catch {
    return { rows: [], problems: [reader.t("console.import.empty")] };
  }
  const [headers, ...cells] = lines;
  // What is not UTF-8 is never guessed: a wrong guess spoils every name.
  if (!headers || cells.length === 0 || text.includes("\uFFFD")) {
    return { rows: [], problems: [reader.t("console.import.empty")] };
  }
  if (cells.length > MOST_ROWS) {
    return { rows: [], problems: [reader.t("console.import.long", { rows: MOST_ROWS })] };
  }
  const columns = headers.map(columnOf);
  const unknown = headers.filter((_, i) => !columns[i]);
  if (unknown.length) {
    const problems = unknown.map((header) => reader.t("console.import.field", { header }));
    return { rows: [], problems };
  }
  const problems: string[] = [];
  const rows = cells.flatMap((line, i) => {
    const number = i + 2;
    const row = rowOf(columns as Column[], line, number);
    if (typeof row !== "string") return [row];
    problems.push(reader.t("console.import.line", { row: number, text: row }));
    return [];
  });
  return { rows, problems };

  function rowOf(columns: readonly Column[], line: readonly string[], number: number) {
    const json: JsonObject = {};
    const mask = new Set<string>();
    for (const [i, column] of columns.entries()) {
      const value = plain(line[i] ?? "");
      if (value === "") continue;
      const one = { header: column.header, value: value.slice(0, 60) };
      try {
        const typed: JsonObject = {};
        put(typed, column.path, valueOf(column, value));
        fromJson(OrganizationSchema, typed);
        put(json, column.path, valueOf(column, value));
      } catch {
        if (column.header === "kind") {
          return reader.t("console.import.kind", { ...one, kinds: KINDS.join(", ") });
        }
        return reader.t("console.import.value", one);
      }
      mask.add(column.mask);
    }
    return { number, organization: fromJson(OrganizationSchema, json), mask: [...mask] };
  }
}

function separatorOf(text: string): string {
  const [first = ""] = text.split("\n", 1);
  const count = (separator: string) => first.split(separator).length;
  return [",", ";", "\t"].reduce((a, b) => (count(b) > count(a) ? b : a));
}

// An apostrophe that keeps a spreadsheet from running the cell.
function plain(cell: string): string {
  return cell.replace(/^'(?=[=+\-@])/, "");
}

// Undefined if an entry has no such field.
function columnOf(header: string): Column | undefined {
  const text = /^(display_name|description|strategy\.title)\.([\w-]+)$/.exec(header);
  if (text) {
    const path = [...(text[1] as string).split("."), "texts", text[2] as string, "text"];
    return { header, path, mask: path.join("."), isList: false };
  }
  const path = header.split(".");
  const mask: string[] = [];
  let desc: DescMessage = OrganizationSchema;
  let field: DescField | undefined;
  let isWhole = false;
  for (const part of path) {
    if (field?.fieldKind === "list" && field.listKind === "message" && /^[1-9]\d?$/.test(part)) {
      desc = field.message;
      field = undefined;
      isWhole = true; // Several are replaced together.
      continue;
    }
    if (field) {
      if (field.fieldKind !== "message") return undefined;
      desc = field.message;
    }
    field = desc.fields.find(({ name }) => name === part);
    if (!field) return undefined;
    if (!isWhole) mask.push(part);
  }
  if (!field || field.fieldKind === "message" || field.fieldKind === "map") return undefined;
  return { header, path, mask: mask.join("."), isList: field.fieldKind === "list" };
}

function valueOf({ header, path, isList }: Column, value: string): JsonValue {
  if (header === "name") return value.includes("/") ? value : `organizations/${value}`;
  if (!isList) return value;
  const items = value.split(";").map((item) => item.trim()).filter(Boolean);
  switch (path.join(".")) {
    case "territories":
      return items.map((item) => {
        const [, scheme = "", code = "", version = ""] =
          /^(\w+):([^@]+)(?:@(\w+))?$/.exec(item) ?? [];
        return { scheme, code, version };
      });
    case "external_ids":
      return items.map((item) => {
        const at = item.indexOf(":");
        return { source: item.slice(0, Math.max(at, 0)), id: item.slice(at + 1) };
      });
    default:
      return items;
  }
}

// `funds.2.fund`: of the second of several.
function put(json: JsonObject, path: readonly string[], value: JsonValue): void {
  const [first = "", second, ...rest] = path;
  if (second === undefined) {
    json[first] = value;
  } else if (/^\d+$/.test(second)) {
    const several = (json[first] ??= []) as JsonObject[];
    while (several.length < Number(second)) several.push({});
    put(several[Number(second) - 1] as JsonObject, rest, value);
  } else {
    put((json[first] ??= {}) as JsonObject, [second, ...rest], value);
  }
}
