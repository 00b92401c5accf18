import { deflateRawSync, inflateRawSync } from "node:zlib";
import { Readable } from "node:stream";
import multipart from "@fastify/multipart";
import {
  type ImportRowResult, ImportRowResult_Outcome as Outcome,
} from "@lagnet/client/directory/v1/imports_pb.js";
import type { FastifyInstance } from "fastify";
import { render } from "preact-render-to-string";
import type { Reader } from "../../reading/reader.js";
import { NoSuchPage } from "../../serving/failures.js";
import { idOf } from "../../serving/names.js";
import { only } from "../../serving/query.js";
import { privatePage, type Site } from "../../serving/site.js";
import { type Body, one } from "../../sign_up/draft.js";
import { tried } from "../refusals.js";
import { networkOf, type Staff, staffOf } from "../staff.js";
import { looksLikeJson, readJson } from "./json.js";
import { importPage, reportPage, Results, runningPage } from "./page.js";
import { type List, readCsv, TEMPLATE } from "./rows.js";
import { checked, imported, type Sending } from "./send.js";

// Two thousand rows with all that can be said of an entry are shorter.
const LONGEST_FILE = 2 * 1024 * 1024;

interface ByNetwork {
  Querystring: { network?: string };
}

/** /xx/console/entries/import: a list is read, checked, and taken over. */
export function importPages(pages: FastifyInstance, site: Site): void {
  const { reader } = site;

  pages.get<ByNetwork>(
    "/console/entries/import",
    async (request, reply) => {
      const staff = await staffOf(request, site);
      return privatePage(
        reply, importPage(site, { staff, network: networkOf(staff, only(request.query)) }),
      );
    },
  );

  pages.get("/console/entries/import/template.csv", async (request, reply) => {
    await staffOf(request, site);
    reply
      .header("content-disposition", 'attachment; filename="entries.csv"')
      .type("text/csv; charset=utf-8");
    return TEMPLATE;
  });

  void pages.register(async (uploads) => {
    await uploads.register(multipart, {
      attachFieldsToBody: "keyValues",
      limits: { fileSize: LONGEST_FILE, files: 1, fields: 10, fieldSize: 2_000 },
    });
    uploads.post<ByNetwork & { Body: Body }>(
      "/console/entries/import",
      { bodyLimit: LONGEST_FILE + 16_384 },
      async (request, reply) => {
        const staff = await staffOf(request, site);
        const { body } = request;
        const network = networkOf(staff, only(request.query));
        const text = textOf(request.body as Record<string, unknown>);
        const { rows, problems } = readList(text, reader);
        const wrong = problems.map((text) => ({ field: "file", text }));
        if (wrong.length) {
          const page = importPage(site, { staff, network, body, problems: wrong });
          return privatePage(reply, page, 422);
        }
        let results: ImportRowResult[] = [];
        const refused = await tried(reader, async () => {
          results = await checked(site, staff, sendingOf(body, network.name, rows));
        });
        return refused
          ? privatePage(reply, importPage(site, { staff, network, body, problems: refused }), 422)
          : privatePage(
            reply, reportPage(site, { staff, network, body, results, packed: packed(text) }),
          );
      },
    );
  });

  pages.post<ByNetwork & { Body: Body }>(
    "/console/entries/import/run",
    { bodyLimit: LONGEST_FILE },
    async (request, reply) => {
      const staff = await staffOf(request, site);
      const { body } = request;
      const network = networkOf(staff, only(request.query));
      const { rows } = readList(unpacked(one(body, "list")), reader);
      if (rows.length === 0) throw new NoSuchPage();
      const { before, after } = runningPage(site, { staff, network });
      const progress = progressOf(site, staff, sendingOf(body, network.name, rows));
      return reply
        .header("cache-control", "no-store")
        // Compressed, it would reach the reader all at once.
        .header("content-encoding", "identity")
        .type("text/html; charset=utf-8")
        .send(Readable.from(inOrder(before, progress, after)));
    },
  );
}

async function* inOrder(before: string, progress: AsyncIterable<string>, after: string) {
  yield before;
  yield* progress;
  yield after;
}

// The page grows as the import goes on: that needs no script, and nothing to be
// kept between two calls.
async function* progressOf(site: Site, staff: Staff, sending: Sending): AsyncGenerator<string> {
  const { reader } = site;
  const count = new Map<Outcome, number>();
  let done = 0;
  try {
    for await (const results of imported(site, staff, sending)) {
      for (const { outcome } of results) count.set(outcome, (count.get(outcome) ?? 0) + 1);
      done += results.length;
      const told = results.filter(({ problems }) => problems.length > 0);
      yield render(
        <>
          <p>{reader.t("console.import.progress", { done, rows: sending.rows.length })}</p>
          {told.length ? <Results reader={reader} results={told} /> : null}
        </>,
      );
    }
  } catch {
    yield render(<p class="problems" role="alert">{reader.t("console.import.cut")}</p>);
    return;
  }
  yield render(
    <>
      <p class="state" role="status">
        {reader.t("console.import.done", {
          created: count.get(Outcome.CREATED) ?? 0,
          updated: count.get(Outcome.UPDATED) ?? 0,
          unchanged: count.get(Outcome.UNCHANGED) ?? 0,
          refused: count.get(Outcome.REFUSED) ?? 0,
        })}
      </p>
      <p>
        <a href={reader.to(`/console/entries?network=${idOf(sending.network)}`)}>
          {reader.t("console.entries.title")}
        </a>
      </p>
    </>,
  );
}

// A workbook is a ZIP: nothing in it can be read as text.
function readList(text: string, reader: Reader): List {
  if (text.startsWith("PK\x03\x04")) {
    return { rows: [], problems: [reader.t("console.import.workbook")] };
  }
  return looksLikeJson(text) ? readJson(text, reader) : readCsv(text, reader);
}

function sendingOf(body: Body, network: string, rows: Sending["rows"]): Sending {
  return {
    network,
    rows,
    source: one(body, "source").trim(),
    asOf: one(body, "as_of"),
    requestId: one(body, "request_id"),
  };
}

function textOf({ file }: Record<string, unknown>): string {
  return Buffer.isBuffer(file) ? file.toString("utf8") : String(file ?? "");
}

function packed(text: string): string {
  return deflateRawSync(Buffer.from(text, "utf8")).toString("base64url");
}

function unpacked(text: string): string {
  try {
    const bytes = inflateRawSync(
      Buffer.from(text, "base64url"), { maxOutputLength: LONGEST_FILE },
    );
    return bytes.toString("utf8");
  } catch {
    throw new NoSuchPage();
  }
}
