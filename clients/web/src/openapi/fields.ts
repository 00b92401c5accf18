import { type DescField, getOption, hasOption, ScalarType } from "@bufbuild/protobuf";
import { Format, personal, type Rules } from "@lagnet/client/options/v1/options_pb.js";
import type { Schema } from "./shape.js";

/** A field, or the items of one. */
export type Part = Pick<DescField, "enum" | "message" | "scalar">;

// Where a rule gives none: see the proto of the rules.
const LONGEST_TEXT = 200;

const FORMATS: Readonly<Record<Format, Schema>> = {
  [Format.FORMAT_UNSPECIFIED]: {},
  [Format.SLUG]: { pattern: "^[a-z][a-z0-9-]{2,61}[a-z0-9]$" },
  [Format.UUID]: { format: "uuid" },
  [Format.EMAIL]: { format: "idn-email" },
  [Format.LANGUAGE]: { pattern: "^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$" },
  [Format.TIME_ZONE]: {},
  [Format.CURRENCY]: { pattern: "^[A-Z]{3}$" },
  [Format.LOCAL_DATE_TIME]: {
    pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?$",
  },
  [Format.LOCAL_DATE]: { format: "date" },
  [Format.COUNTRY]: { pattern: "^[A-Z]{2}$" },
  [Format.URL]: { format: "iri" },
};

/** A scalar, as its rules want it; the rules are left out where none hold. */
export function formOf(scalar: ScalarType | undefined, rules: Rules | undefined): Schema {
  switch (scalar) {
    case ScalarType.STRING:
      return { type: "string", ...(rules && textOf(rules)) };
    case ScalarType.BYTES:
      return { type: "string", contentEncoding: "base64" };
    case ScalarType.BOOL:
      return { type: "boolean" };
    case ScalarType.INT32:
    case ScalarType.SINT32:
      return { type: "integer", format: "int32", ...range(rules) };
    case ScalarType.UINT32:
      return { type: "integer", format: "uint32", minimum: 0, ...range(rules) };
    case ScalarType.DOUBLE:
      return { type: "number", format: "double", ...range(rules) };
    case ScalarType.INT64:
      // Numbers in JSON are not exact beyond 2^53.
      return { type: "string", pattern: "^-?[0-9]+$" };
    default:
      throw new TypeError(`fields of the type ${scalar} have no form in OpenAPI yet`);
  }
}

function textOf({ required, maxLength, format }: Rules): Schema {
  return {
    ...(required && { minLength: 1 }),
    maxLength: maxLength || LONGEST_TEXT,
    ...FORMATS[format],
  };
}

function range(rules: Rules | undefined): Schema {
  return {
    ...(rules?.gte !== undefined && { minimum: Number(rules.gte) }),
    ...(rules?.lte !== undefined && { maximum: Number(rules.lte) }),
  };
}

/** How many items a list or a map takes. */
export function sizeOf(rules: Rules | undefined, of: "Items" | "Properties"): Schema {
  return {
    ...(rules?.required && { [`min${of}`]: 1 }),
    ...(rules?.maxItems && { [`max${of}`]: rules.maxItems }),
  };
}

/** What JSON Schema has no word for. `isAnswered`: its message is answered as
 * well, and may then come without what is required. */
export function notesOf(field: DescField, rules: Rules, isAnswered: boolean): string[] {
  const notes: string[] = [];
  if (isAnswered && rules.required) {
    notes.push("Required when it is sent, but for updates that do not name it.");
  }
  if (rules.immutable) notes.push("Set at creation, for good.");
  if (rules.refersTo !== "") notes.push(`Names a \`${rules.refersTo}\`.`);
  if (field.message?.typeName === "lagnet.types.v1.LocalizedText" && rules.maxLength > 0) {
    notes.push(`At most ${rules.maxLength} characters in each language.`);
  }
  if (field.scalar === ScalarType.BYTES && rules.maxLength > 0) {
    notes.push(`At most ${rules.maxLength} bytes.`);
  }
  if (field.scalar === ScalarType.INT64) notes.push(...between(rules));
  if (field.oneof) {
    const names = field.oneof.fields.map(({ jsonName }) => `\`${jsonName}\``);
    notes.push(`Only one of ${names.join(", ")} is set.`);
  }
  if (hasOption(field, personal)) {
    const { purpose, retention } = getOption(field, personal);
    notes.push(`Personal data. For: ${purpose}. Kept: ${retention}.`);
  }
  return notes;
}

function between({ gte, lte }: Rules): string[] {
  return [
    ...(gte === undefined ? [] : [`At least ${gte}.`]),
    ...(lte === undefined ? [] : [`At most ${lte}.`]),
  ];
}
