import {
  createFileRegistry, type DescMethod, type DescService, type FileRegistry, fromBinary,
} from "@bufbuild/protobuf";
import {
  FileDescriptorSetSchema, MethodOptions_IdempotencyLevel as Idempotency,
} from "@bufbuild/protobuf/wkt";
import { isPublic, whoMayCall } from "./access.js";
import { Comments } from "./comments.js";
import { errorSchemas, FAILED } from "./errors.js";
import { Schemas } from "./schemas.js";
import type { Content, Document, Operation, PathItem, Schema } from "./shape.js";

const ABOUT = `
Everything that lagnet does, over plain HTTP: every method is a POST with a JSON body, and those
that change nothing are a GET as well. It is the [Connect](https://connectrpc.com/docs/protocol)
protocol; Connect and gRPC-Web clients work at the same address.

Fields that are empty, zero or false are left out of answers. Fields that nobody knows are refused.
Texts call fields as the protos do: \`request_id\` is \`requestId\` in JSON; both are taken.

A \`requestId\` is a UUID that you make: send the same one again if no answer comes, and it is done
once.
`.trim();

const KEY = "key";

/** OpenAPI for all services of a descriptor set with comments. The same bytes
 * give the same document. */
export function makeDocument(descriptors: Uint8Array, version: string): Document {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptors));
  const services = servicesOf(registry);
  const methods = services.flatMap((service) => service.methods);
  const comments = new Comments(registry);
  const schemas = new Schemas(methods, comments);
  const paths = methods.map((method) =>
    [`/${method.parent.typeName}/${method.name}`, pathOf(method, schemas, comments)] as const);
  const errors = errorSchemas(registry, schemas);
  return {
    openapi: "3.1.1",
    info: { title: "lagnet", version, description: ABOUT },
    servers: [{ url: "/api" }],
    tags: services.map((service) =>
      ({ name: service.name, description: comments.of(service) })),
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: {
        [KEY]: {
          type: "http",
          scheme: "bearer",
          description: "An API key, or the token of a link to a sign-up. Never a cookie.",
        },
      },
      responses: { Failed: FAILED },
      schemas: { ...schemas.all(), ...errors },
    },
  };
}

/** Every service of the descriptor set, by name. */
function servicesOf(registry: FileRegistry): DescService[] {
  return [...registry]
    .filter((desc) => desc.kind === "service")
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function pathOf(method: DescMethod, schemas: Schemas, comments: Comments): PathItem {
  const post = postOf(method, schemas, comments);
  if (method.methodKind !== "unary" || method.idempotency !== Idempotency.NO_SIDE_EFFECTS) {
    return { post };
  }
  const { requestBody, ...shared } = post;
  const parameters = query(requestBody.content);
  return { get: { ...shared, operationId: `${post.operationId}_get`, parameters }, post };
}

function postOf(
  method: DescMethod, schemas: Schemas, comments: Comments,
): Operation & Required<Pick<Operation, "requestBody">> {
  const comment = comments.of(method);
  const isStream = method.methodKind !== "unary";
  const type = isStream ? "application/connect+json" : "application/json";
  const content = (schema: Schema): Content => ({ [type]: { schema } });
  return {
    operationId: `${method.parent.name}_${method.name}`,
    tags: [method.parent.name],
    summary: /^.*?\.(?=\s|$)/.exec(comment)?.[0] ?? method.name,
    description: [comment, whoMayCall(method), ...(isStream ? [FRAMES] : [])].join("\n\n"),
    security: [...(isPublic(method) ? [{}] : []), { [KEY]: [] }],
    requestBody: { required: true, content: content(schemas.refer(method.input)) },
    responses: {
      200: {
        description: isStream ? "The stream." : "The answer.",
        content: content(schemas.refer(method.output)),
      },
      default: { $ref: "#/components/responses/Failed" },
    },
  };
}

const FRAMES = `
This is a stream. Before each JSON there are five bytes: one of flags, and four with its length, the
highest first. The last JSON has the flag 2, and says in \`error\` if the stream broke off. Connect
clients do this by themselves.
`.trim();

function query(content: Content): object[] {
  return [
    { name: "encoding", in: "query", required: true, schema: { const: "json" } },
    { name: "message", in: "query", required: true, description: "The request.", content },
  ];
}
