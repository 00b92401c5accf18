import {
  type DescField, fromJson, getOption, type JsonObject, type JsonValue,
} from "@bufbuild/protobuf";
import { OrganizationSchema } from "@lagnet/client/directory/v1/organizations_pb.js";
import { rules } from "@lagnet/client/options/v1/options_pb.js";
import type { Reader } from "../../reading/reader.js";
import { type List, MOST_ROWS, type Row } from "./rows.js";

const ENDS = ["ARCHIVED", "DISSOLVED"];

/** Whether a text is meant as JSON. */
export function looksLikeJson(text: string): boolean {
  return /^\uFEFF?\s*[[{]/.test(text);
}

/** Reads organisations as the API writes them, in an array or in an object that
 * has one in `organizations`, as docs/guide/import.md tells. A row says something
 * of the fields that it has; an empty value clears. */
export function readJson(text: string, reader: Reader): List {
  const all = organizationsIn(text);
  if (!all?.length) return { rows: [], problems: [reader.t("console.import.no_json")] };
  if (all.length > MOST_ROWS) {
    return { rows: [], problems: [reader.t("console.import.long", { rows: MOST_ROWS })] };
  }
  const problems: string[] = [];
  const rows = all.flatMap((value, i): Row[] => {
    const number = i + 1;
    const { row, mask, wrong } = rowOf(value);
    problems.push(...wrong.map((text) =>
      reader.t("console.import.line", { row: number, text })));
    return wrong.length ? [] : [{ number, organization: fromJson(OrganizationSchema, row), mask }];
  });
  return { rows, problems };

  function rowOf(value: JsonValue) {
    if (!isObject(value)) return { row: {}, mask: [], wrong: [reader.t("console.import.no_json")] };
    const row: JsonObject = {};
    const mask: string[] = [];
    const wrong = ENDS.includes(String(value["state"])) ? [reader.t("console.import.ended")] : [];
    for (const [header, one] of Object.entries(value)) {
      const field = fieldOf(header);
      if (!field) wrong.push(reader.t("console.import.field", { header }));
      if (!field || isKept(field)) continue;
      try {
        fromJson(OrganizationSchema, { [header]: one });
        row[header] = one;
        if (field.name !== "name") mask.push(field.name);
      } catch {
        const value = JSON.stringify(one).slice(0, 60);
        wrong.push(reader.t("console.import.value", { header, value }));
      }
    }
    return { row, mask, wrong };
  }
}

// Undefined if it is no list of anything.
function organizationsIn(text: string): readonly JsonValue[] | undefined {
  let root: JsonValue;
  try {
    root = JSON.parse(text.replace(/^\uFEFF/, "")) as JsonValue;
  } catch {
    return undefined;
  }
  const isWhole = isObject(root) && Object.keys(root).every((key) => key === "organizations");
  const list = isWhole ? (root as JsonObject)["organizations"] : root;
  return Array.isArray(list) && !text.includes("\uFFFD") ? list : undefined;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fieldOf(key: string): DescField | undefined {
  return OrganizationSchema.fields.find(({ name, jsonName }) => key === name || key === jsonName);
}

// What only the server sets: a list that was exported may have it.
function isKept(field: DescField): boolean {
  return field.name === "etag" || field.name === "state" || getOption(field, rules).outputOnly;
}
