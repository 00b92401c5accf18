import { randomUUID } from "node:crypto";
import { clone, type DescField, type DescMessage, type Message } from "@bufbuild/protobuf";
import { reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";

/** Returns a copy of `message` in which every `request_id` that was empty is a
 * new UUID, in the request and in the items of a batch; and the request's own,
 * or undefined if it has none. The caller's message stays as it was, so that
 * it can be sent again as another call. */
export function withRequestIds<T extends Message>(
  schema: DescMessage,
  message: T,
): { message: T; requestId: string | undefined } {
  if (!hasRequestId(schema)) return { message, requestId: undefined };
  const copy = clone(schema, message) as T;
  return { message: copy, requestId: fill(reflect(schema, copy)) };
}

/** Whether a call with such a request takes effect once, however often it is
 * sent. */
export function hasRequestId(schema: DescMessage): boolean {
  return idField(schema) !== undefined;
}

function idField(schema: DescMessage): DescField | undefined {
  return schema.fields.find((field) => field.name === "request_id");
}

function fill(message: ReflectMessage): string {
  for (const field of message.fields) {
    if (field.fieldKind !== "list" || field.listKind !== "message") continue;
    if (!hasRequestId(field.message)) continue;
    for (const item of message.get(field)) fill(item as ReflectMessage);
  }
  const field = idField(message.desc) as DescField;
  if (message.get(field) === "") message.set(field, randomUUID());
  return message.get(field) as string;
}
