import type { FastifyInstance } from "fastify";
import { OPENAPI } from "../openapi/file.js";
import type { Schema, Tag } from "../openapi/shape.js";
import type { Reader } from "../reading/reader.js";
import { NoSuchPage } from "../serving/failures.js";
import { html } from "../serving/layout.js";
import type { Site } from "../serving/site.js";
import { Fields, schemaOf, shortName } from "./fields.js";
import { Method, methodName } from "./method.js";
import { Line, Prose } from "./prose.js";

const EXAMPLE = `/lagnet.visits.v1.StudyVisitService/ListStudyVisits --json '{"pageSize": 3}'`;

/** /xx/api: the API, for people who write programs. It is in English, as the
 * protos are; what stands around it is in the reader's language. */
export function referencePages(pages: FastifyInstance, { publicPages, reader, url }: Site): void {
  pages.get("/api", async (request, reply) =>
    publicPages.send(request, reply, async () => html({
      reader,
      title: reader.t("api.title"),
      path: "/api",
      children: <Overview reader={reader} url={url} />,
    })));
  pages.get<{ Params: { name: string } }>("/api/:name", async (request, reply) =>
    publicPages.send(request, reply, async () => about(reader, request.params.name)));
}

function about(reader: Reader, name: string): string {
  const service = OPENAPI.tags.find((tag) => tag.name === name);
  const schema = schemaOf(name);
  if (!service && !schema) throw new NoSuchPage();
  return html({
    reader,
    title: shortName(name),
    path: `/api/${name}`,
    children: (
      <>
        <p><a href={reader.to("/api")}>{reader.t("api.title")}</a></p>
        {service ? <Service reader={reader} service={service} /> : null}
        {schema ? <Type reader={reader} name={name} schema={schema} /> : null}
      </>
    ),
  });
}

function Overview({ reader, url }: { reader: Reader; url: string }) {
  return (
    <>
      <h1>{reader.t("api.title")}</h1>
      <p class="lead">{reader.t("api.lead")}</p>
      <p>
        <code>curl {url}/api{EXAMPLE}</code>
      </p>
      <p>{reader.t("api.key")} <code>authorization: Bearer …</code></p>
      <p><a href="/api/openapi.json">{reader.t("api.file")}</a></p>
      <h2>{reader.t("api.services")}</h2>
      <ul class="plain" lang="en">
        {OPENAPI.tags.map(({ name, description }) => (
          <li>
            <a href={reader.to(`/api/${name}`)}>{name}</a>
            <p><Line text={description.split("\n\n")[0]!} /></p>
          </li>
        ))}
      </ul>
    </>
  );
}

function Service({ reader, service }: { reader: Reader; service: Tag }) {
  const methods = Object.entries(OPENAPI.paths)
    .filter(([, { post }]) => post.tags.includes(service.name));
  return (
    <>
      <div lang="en">
        <h1>{service.name}</h1>
        <Prose text={service.description} />
      </div>
      <nav aria-label={reader.t("api.methods")}>
        {methods.map(([path]) => <a href={`#${methodName(path)}`}>{methodName(path)}</a>)}
      </nav>
      {methods.map(([path, item]) => <Method reader={reader} path={path} item={item} />)}
    </>
  );
}

function Type({ reader, name, schema }: { reader: Reader; name: string; schema: Schema }) {
  return (
    <div lang="en">
      <h1>{shortName(name)}</h1>
      <p class="quiet"><code>{name}</code></p>
      <Prose text={schema.description ?? ""} />
      <Fields reader={reader} schema={schema} />
    </div>
  );
}
