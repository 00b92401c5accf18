import type { Operation, PathItem } from "../openapi/shape.js";
import type { Reader } from "../reading/reader.js";
import { Fields, nameOf, schemaOf, TypeLink } from "./fields.js";
import { Prose } from "./prose.js";

/** A method: what it does, what it takes and what it answers. */
export function Method({ reader, path, item }: { reader: Reader; path: string; item: PathItem }) {
  const { post, get } = item;
  const name = methodName(path);
  return (
    <section lang="en" aria-labelledby={name}>
      <h2 id={name}>{name}</h2>
      <p><code>{get ? "GET, POST" : "POST"} /api{path}</code></p>
      <Prose text={post.description} />
      <h3 lang={reader.language}>{reader.t("api.request")}</h3>
      <Message reader={reader} name={typeOf(post.requestBody)} />
      <h3 lang={reader.language}>{reader.t("api.answer")}</h3>
      <Message reader={reader} name={typeOf(post.responses["200"])} />
    </section>
  );
}

/** `GetSignUp` of `/lagnet.visits.v1.SignUpService/GetSignUp`. */
export function methodName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

// What belongs to the method alone is shown with it, all else has its page.
function Message({ reader, name }: { reader: Reader; name: string }) {
  if (!/(Request|Response)$/.test(name)) return <p><TypeLink reader={reader} name={name} /></p>;
  const schema = schemaOf(name)!;
  return schema.properties && Object.keys(schema.properties).length > 0
    ? <Fields reader={reader} schema={schema} />
    : <p><code>{"{}"}</code></p>;
}

function typeOf(part: Operation["requestBody"] | Operation["responses"][string]): string {
  const content = part && "content" in part ? part.content : {};
  return nameOf(Object.values(content)[0]?.schema.$ref ?? "");
}
