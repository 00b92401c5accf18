import type { ComponentChildren } from "preact";
import { OPENAPI } from "../openapi/file.js";
import type { Schema } from "../openapi/shape.js";
import type { Reader } from "../reading/reader.js";
import { Prose } from "./prose.js";

/** What a reference refers to: `lagnet.visits.v1.SignUp`. */
export function nameOf($ref: string): string {
  return $ref.slice($ref.lastIndexOf("/") + 1);
}

/** The schema of this name, or undefined if there is none. */
export function schemaOf(name: string): Schema | undefined {
  const { schemas } = OPENAPI.components;
  return Object.hasOwn(schemas, name) ? schemas[name] : undefined;
}

/** The fields of a message, each with what it takes. */
export function Fields({ reader, schema }: { reader: Reader; schema: Schema }) {
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0) return null;
  return (
    <dl>
      {fields.map(([name, field]) => (
        <>
          <dt><code>{name}</code></dt>
          <dd>
            <span class="quiet">
              <Kind reader={reader} schema={field} />
              {schema.required?.includes(name) ? ", required" : null}
              {field.readOnly ? ", set by the server" : null}
            </span>
            <Prose text={field.description ?? ""} />
          </dd>
        </>
      ))}
    </dl>
  );
}

/** What a value is, in a few words. */
function Kind({ reader, schema }: { reader: Reader; schema: Schema }): ComponentChildren {
  if (schema.$ref) return <TypeLink reader={reader} name={nameOf(schema.$ref)} />;
  if (schema.items) {
    return <>list of <Kind reader={reader} schema={schema.items} />{atMost(schema.maxItems)}</>;
  }
  if (typeof schema.additionalProperties === "object") {
    return (
      <>
        map of texts to <Kind reader={reader} schema={schema.additionalProperties} />
        {atMost(schema.maxProperties)}
      </>
    );
  }
  return [
    schema.format ?? (schema.contentEncoding ? "bytes in base 64" : schema.type),
    ...(schema.maxLength ? [`at most ${schema.maxLength} characters`] : []),
    ...(schema.minimum === undefined ? [] : [`at least ${schema.minimum}`]),
    ...(schema.maximum === undefined ? [] : [`at most ${schema.maximum}`]),
    ...(schema.pattern ? [schema.pattern] : []),
  ].join(", ");
}

function atMost(most: number | undefined): string | null {
  return most === undefined ? null : `, at most ${most}`;
}

/** Leads to the page of a type, by its short name. */
export function TypeLink({ reader, name }: { reader: Reader; name: string }) {
  return <a href={reader.to(`/api/${name}`)}>{shortName(name)}</a>;
}

/** `SignUp.Member` of `lagnet.visits.v1.SignUp.Member`. */
export function shortName(name: string): string {
  return name.replace(/^([a-z][a-z0-9_]*\.)+/, "");
}
