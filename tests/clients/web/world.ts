// A lagnetd with the demo network, and a web gateway before it.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import type { Lagnet } from "@lagnet/client";
import { Account_Kind } from "@lagnet/client/access/v1/accounts_pb.js";
import { Role } from "@lagnet/client/options/v1/options_pb.js";
import { Lagnetd } from "./lagnetd.js";
import type { MailServer } from "./mail_server.js";

export const ROOT = process.env["LAGNET_ROOT"] as string;
export const LANGUAGES = ["en", "ka", "pl", "cs"] as const;

const NETWORKS = ["ksow", "grdn", "nsmascr", "transnational-demo"];

/** A gateway process. */
export class Gateway {
  readonly log: string[] = [];
  #process: ChildProcess | undefined;

  private constructor(readonly url: string) {}

  /** `more` are variables beside the usual ones. */
  static async start(
    server: string, keyFile: string, at?: number, more: Record<string, string> = {},
  ): Promise<Gateway> {
    const port = at ?? await freePort();
    const gateway = new Gateway(`http://127.0.0.1:${port}`);
    const program = join(ROOT, "clients/web/dist/src/main.js");
    const child = spawn(process.execPath, [program], {
      env: {
        LAGNET_SERVER: server,
        LAGNET_KEY_FILE: keyFile,
        LAGNET_WEB_LISTEN: `127.0.0.1:${port}`,
        ...more,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    gateway.#process = child;
    child.stderr?.on("data", (text) => gateway.log.push(String(text)));
    const lines = createInterface({ input: child.stdout! });
    await new Promise<void>((resolve, reject) => {
      child.once("exit", () => reject(new Error(`no gateway:\n${gateway.log.join("")}`)));
      lines.on("line", (line) => {
        gateway.log.push(line);
        if (line.startsWith("lagnet web is ready: ")) resolve();
      });
    });
    return gateway;
  }

  async stop(): Promise<number | null> {
    const child = this.#process!;
    if (child.exitCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }
    return child.exitCode;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.url + path, { redirect: "manual", headers });
  }

  async text(path: string, headers: Record<string, string> = {}): Promise<string> {
    return (await this.get(path, headers)).text();
  }

  /** Sends a form as a browser does from a page of ours. */
  post(
    path: string,
    fields: Record<string, string>,
    headers: Record<string, string> = { origin: this.url },
  ): Promise<Response> {
    const body = new URLSearchParams(fields);
    return fetch(this.url + path, { method: "POST", redirect: "manual", body, headers });
  }
}

export class World {
  readonly lagnetd = new Lagnetd();
  lagnet!: Lagnet;
  gateway!: Gateway;
  keyFile = "";

  /** With a mail server, lagnetd sends people their links. */
  constructor(readonly mail?: MailServer) {}

  async start(): Promise<void> {
    const port = await freePort();
    if (this.mail) {
      this.lagnetd.flags.push(
        "--mail-server", await this.mail.start(),
        "--mail-from", "lagnet <lagnet@example.org>",
        "--web-url", `http://127.0.0.1:${port}`,
      );
    }
    await this.lagnetd.start();
    this.lagnet = this.lagnetd.operator();
    await promisify(execFile)(
      join(dirname(process.env["LAGNET_LAGNETD"] as string), "lagnet"),
      ["--server", this.lagnetd.address, "--key-file", this.lagnetd.keyFile, "import",
        join(ROOT, "deploy/demo")],
    );
    this.keyFile = join(this.lagnetd.folder, "web.key");
    writeFileSync(this.keyFile, await this.#makeKey());
    this.gateway = await Gateway.start(this.lagnetd.address, this.keyFile, port);
  }

  async remove(): Promise<void> {
    await this.gateway?.stop();
    this.lagnet?.close();
    await this.lagnetd.remove();
    await this.mail?.remove();
  }

  async #makeKey(): Promise<string> {
    const { name } = await this.lagnet.accounts.createAccount({
      accountId: "web-gateway",
      account: {
        network: "networks/ksow", kind: Account_Kind.SYSTEM, displayName: "Web gateway",
      },
    });
    for (const network of NETWORKS) {
      await this.lagnet.accounts.createGrant({
        parent: name, grant: { role: Role.GATEWAY, network: `networks/${network}` },
      });
    }
    return (await this.lagnet.apiKeys.createApiKey({ parent: name })).secret;
  }
}

/** Makes a visit of Kazbegi's LAG and publishes it. */
export async function openVisit(
  lagnet: Lagnet, id: string, seats: number, seatRules: object = {},
): Promise<string> {
  const { name } = await lagnet.visits.createStudyVisit({
    studyVisitId: id,
    studyVisit: {
      network: "networks/grdn",
      hosts: ["organizations/lag-kazbegi"],
      title: { texts: { en: { text: "Visit" }, ka: { text: "ვიზიტი" } } },
      timeZone: "Asia/Tbilisi",
      start: "2036-05-01T09:00",
      end: "2036-05-02T16:00",
      contactEmail: "visits@example.org",
      seats,
      seatRules,
    },
  });
  await lagnet.visits.publishStudyVisit({ name });
  return name;
}

/** The hidden fields of the first form of a page that is sent by POST. */
export function hidden(page: string): Record<string, string> {
  const form = /<form method="post".*?<\/form>/s.exec(page)?.[0] ?? "";
  const fields: Record<string, string> = {};
  for (const [, name, value] of form.matchAll(
    /<input type="hidden" name="([^"]*)" value="([^"]*)"/g,
  )) {
    fields[name as string] = value as string;
  }
  // Nobody waits for a test.
  if (fields["at"]) fields["at"] = String(Number(fields["at"]) - 60_000);
  return fields;
}

/** What somebody fills in. */
export function filled(
  page: string, person: string, more: Record<string, string> = {},
): Record<string, string> {
  return {
    ...hidden(page),
    organization: "lag-kazbegi",
    standing: "REPRESENTATIVE",
    sector: "CIVIC",
    "name-1": `${person} Example`,
    "email-1": `${person.toLowerCase()}@example.org`,
    ...more,
  };
}

/** A port that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
