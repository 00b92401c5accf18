import {
  type DescEnum, type DescField, type DescMessage, type DescMethod, getOption,
} from "@bufbuild/protobuf";
import { rules, type Rules } from "@lagnet/client/options/v1/options_pb.js";
import type { Comments } from "./comments.js";
import { formOf, notesOf, type Part, sizeOf } from "./fields.js";
import type { Schema } from "./shape.js";

/** The schemas of messages and enums, by their full names, each with all that
 * it refers to. */
export class Schemas {
  readonly #found = new Map<string, Schema>();

  /** What callers send: only there do rules hold. */
  readonly #sent = new Set<DescMessage>();

  /** What callers get: it may come without what is required. An answer has
   * nothing that was erased, and an update only what its mask names. */
  readonly #answered = new Set<DescMessage>();

  constructor(methods: readonly DescMethod[], private readonly comments: Comments) {
    for (const { input } of methods) this.#send(input);
    for (const { output } of methods) this.#answer(output);
  }

  /** All that were referred to so far, sorted by name. */
  all(): Record<string, Schema> {
    return Object.fromEntries([...this.#found].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  refer(desc: DescMessage | DescEnum): Schema {
    if (!this.#found.has(desc.typeName)) {
      const schema: Schema = {};
      this.#found.set(desc.typeName, schema); // Before its fields: it may hold itself.
      Object.assign(schema, desc.kind === "message" ? this.#message(desc) : this.#enum(desc));
    }
    return { $ref: `#/components/schemas/${desc.typeName}` };
  }

  #send(message: DescMessage): void {
    if (this.#sent.has(message)) return;
    this.#sent.add(message);
    for (const field of message.fields) {
      const { outputOnly, checkedByMethod } = getOption(field, rules);
      if (!field.message || outputOnly || checkedByMethod) continue;
      this.#send(field.message);
    }
  }

  #answer(message: DescMessage): void {
    if (this.#answered.has(message)) return;
    this.#answered.add(message);
    for (const field of message.fields) if (field.message) this.#answer(field.message);
  }

  #message(message: DescMessage): Schema {
    const required = this.#answered.has(message) ? [] : message.fields.filter((field) =>
      this.#sent.has(message) && getOption(field, rules).required);
    return {
      type: "object",
      description: this.comments.of(message),
      properties: Object.fromEntries(message.fields.map((field) =>
        [field.jsonName, this.#field(field)])),
      ...(required.length > 0 && { required: required.map(({ jsonName }) => jsonName) }),
    };
  }

  #enum(desc: DescEnum): Schema {
    const meanings = desc.values.map((value) => `* \`${value.name}\`: ${this.comments.of(value)}`);
    return {
      type: "string",
      description: `${this.comments.of(desc)}\n\n${meanings.join("\n")}`,
      enum: desc.values.map(({ name }) => name),
    };
  }

  #field(field: DescField): Schema {
    const its = getOption(field, rules);
    const holds = this.#sent.has(field.parent) && !its.outputOnly;
    const notes = notesOf(field, its, holds && this.#answered.has(field.parent));
    return {
      ...this.#value(field, holds ? its : undefined),
      description: [this.comments.of(field), ...notes].join("\n\n"),
      ...(its.outputOnly && { readOnly: true }),
    };
  }

  // Without rules, where none hold.
  #value(field: DescField, its: Rules | undefined): Schema {
    const each = its?.checkedByMethod ? undefined : its;
    switch (field.fieldKind) {
      case "list":
        return { type: "array", items: this.#one(field, each), ...sizeOf(its, "Items") };
      case "map":
        return {
          type: "object",
          propertyNames: formOf(field.mapKey, each),
          additionalProperties: this.#one(field, field.message ? undefined : each),
          ...sizeOf(its, "Properties"),
        };
      default:
        return this.#one(field, each);
    }
  }

  #one(field: Part, its: Rules | undefined): Schema {
    if (field.enum) return this.refer(field.enum);
    if (field.message) return WELL_KNOWN[field.message.typeName] ?? this.refer(field.message);
    return formOf(field.scalar, its);
  }
}

// These are written otherwise in JSON than their fields say.
const WELL_KNOWN: Readonly<Record<string, Schema>> = {
  "google.protobuf.Timestamp": { type: "string", format: "date-time" },
  "google.protobuf.Duration": { type: "string", pattern: "^-?[0-9]+(\\.[0-9]{1,9})?s$" },
  "google.protobuf.FieldMask": { type: "string" },
  "google.protobuf.Any": { type: "object", additionalProperties: true },
};
