// A gRPC server that answers as it is told: for what a real lagnetd cannot be
// brought to say at will.
import { create, type DescMessage, type Message, toBinary } from "@bufbuild/protobuf";
import { anyPack, durationFromMs } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { once } from "node:events";
import * as http2 from "node:http2";
import type { AddressInfo } from "node:net";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  LocalizedMessageSchema,
  RetryInfoSchema,
} from "@lagnet/client/google/rpc/error_details_pb.js";
import { type Status, StatusSchema } from "@lagnet/client/google/rpc/status_pb.js";

/** A call that arrived. */
export interface Arrival {
  headers: http2.IncomingHttpHeaders;
  /** The request's bytes. */
  body: Buffer;
  stream: http2.ServerHttp2Stream;
}

/** What an answer does with a call. */
export type Answer = (arrival: Arrival) => void;

export class Peer {
  readonly arrivals: Arrival[] = [];
  readonly #server = http2.createServer();
  readonly #sessions = new Set<http2.ServerHttp2Session>();
  #answers: Answer[];

  /** Gives one answer to each call, the last one to all that follow. */
  private constructor(answers: Answer[]) {
    this.#answers = answers;
    this.#server.on("session", (session) => this.#sessions.add(session));
    this.#server.on("stream", async (stream, headers) => {
      stream.on("error", () => {});
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      const arrival = { headers, body: Buffer.concat(chunks).subarray(5), stream };
      this.arrivals.push(arrival);
      const next = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0];
      (next as Answer)(arrival);
    });
  }

  static async start(...answers: Answer[]): Promise<Peer> {
    const peer = new Peer(answers);
    peer.#server.listen(0, "127.0.0.1");
    await once(peer.#server, "listening");
    return peer;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    for (const session of this.#sessions) session.destroy();
    this.#server.close();
  }
}

/** Begins an answer with a message and leaves it open. */
export function begin<Desc extends DescMessage>(schema: Desc, message: Message): Answer {
  return ({ stream }) => {
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    const bytes = toBinary(schema, message as never);
    const head = Buffer.alloc(5);
    head.writeUInt32BE(bytes.length, 1);
    stream.write(Buffer.concat([head, bytes]));
  };
}

export function ok<Desc extends DescMessage>(
  schema: Desc,
  message: Message,
  trailers: Record<string, string> = {},
): Answer {
  return (arrival) => {
    arrival.stream.on("wantTrailers", () => {
      arrival.stream.sendTrailers({ "grpc-status": "0", ...trailers });
    });
    begin(schema, message)(arrival);
    arrival.stream.end();
  };
}

export function refuse(status: Status, trailers: Record<string, string> = {}): Answer {
  return ({ stream }) => {
    stream.respond(
      {
        ":status": 200,
        "content-type": "application/grpc",
        "grpc-status": String(status.code),
        "grpc-message": encodeURIComponent(status.message),
        "grpc-status-details-bin": Buffer.from(toBinary(StatusSchema, status)).toString("base64"),
        ...trailers,
      },
      { endStream: true },
    );
  };
}

/** Cuts the connection, without a word. */
export const cut: Answer = ({ stream }) => stream.session?.destroy();

/** A google.rpc.Status as lagnet makes it. */
export function statusOf(
  code: Code,
  reason: string,
  { retryMs, field, locale }: { retryMs?: number; field?: string; locale?: string } = {},
): Status {
  const status = create(StatusSchema, { code, message: "it is so" });
  const add = (schema: DescMessage, message: Message) => status.details.push(anyPack(schema, message));
  if (reason !== "") {
    add(ErrorInfoSchema, create(ErrorInfoSchema, { reason, domain: "lagnet", metadata: { state: "DRAFT" } }));
  }
  if (retryMs !== undefined) {
    add(RetryInfoSchema, create(RetryInfoSchema, { retryDelay: durationFromMs(retryMs) }));
  }
  if (field !== undefined) {
    add(BadRequestSchema, create(BadRequestSchema, { fieldViolations: [{ field, description: "is wrong" }] }));
  }
  if (locale !== undefined) {
    add(LocalizedMessageSchema, create(LocalizedMessageSchema, { locale, message: "jest tak" }));
  }
  return status;
}
