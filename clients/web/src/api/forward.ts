import type { DescMethod, DescService, Message } from "@bufbuild/protobuf";
import type { CallOptions, Client, HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { LagnetError } from "@lagnet/client";
import { SHORTLY } from "../serving/public_pages.js";
import { authorizationOf } from "./credentials.js";
import { forCallers } from "./failures.js";
import { IS_READ } from "./too_large.js";

// What of a call the server reads, beside who calls.
const PASSED_ON = ["traceparent", "lagnet-revision"];

type Unary = (request: Message, options: CallOptions) => Promise<Message>;
type Stream = (request: Message, options: CallOptions) => AsyncIterable<Message>;

/** Answers every method of a service by calling `client`, in the caller's name
 * and within the caller's time. */
export function forwarding<Service extends DescService>(
  service: Service, client: Client<Service>,
): Partial<ServiceImpl<Service>> {
  const methods = client as Readonly<Record<string, unknown>>;
  return Object.fromEntries(service.methods.map((method) => {
    const send = methods[method.localName];
    const forward = method.methodKind === "unary"
      ? (request: Message, context: HandlerContext) => once(method, send as Unary, request, context)
      : (request: Message, context: HandlerContext) => on(method, send as Stream, request, context);
    return [method.localName, forward];
  })) as Partial<ServiceImpl<Service>>;
}

async function once(
  method: DescMethod, send: Unary, request: Message, context: HandlerContext,
): Promise<Message> {
  context.values.set(IS_READ, true);
  const headers = headersOf(method, context);
  try {
    const response = await send(request, optionsOf(headers, context, context.responseHeader));
    if (context.requestMethod === "GET" && !headers.has("authorization")) {
      context.responseHeader.set("cache-control", SHORTLY);
    }
    return response;
  } catch (error) {
    throw forCallers(LagnetError.decode(error));
  }
}

async function* on(
  method: DescMethod, send: Stream, request: Message, context: HandlerContext,
): AsyncIterable<Message> {
  const headers = headersOf(method, context);
  try {
    yield* send(request, optionsOf(headers, context, context.responseTrailer));
  } catch (error) {
    throw forCallers(LagnetError.decode(error));
  }
}

function headersOf(method: DescMethod, { requestHeader }: HandlerContext): Headers {
  const headers = new Headers();
  const authorization = authorizationOf(method, requestHeader);
  if (authorization !== undefined) headers.set("authorization", authorization);
  for (const name of PASSED_ON) {
    const value = requestHeader.get(name);
    if (value !== null) headers.set(name, value);
  }
  return headers;
}

// What lagnet says beside its answer goes into `answer`.
function optionsOf(headers: Headers, context: HandlerContext, answer: Headers): CallOptions {
  const timeoutMs = context.timeoutMs();
  return {
    headers,
    signal: context.signal,
    ...(timeoutMs !== undefined && { timeoutMs }),
    onTrailer: (trailer) => trailer.forEach((value, name) => {
      if (name.startsWith("lagnet-")) answer.set(name, value);
    }),
  };
}
