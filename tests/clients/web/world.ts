// A lagnetd with the demo network, and a web gateway before it.
import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import type { Lagnet } from "@lagnet/client";
import { Account_Kind } from "@lagnet/client/access/v1/accounts_pb.js";
import { Role } from "@lagnet/client/options/v1/options_pb.js";
import { SeatRules_Policy as Policy } from "@lagnet/client/visits/v1/seat_rules_pb.js";
import { ending, Lagnetd } from "./lagnetd.js";
import type { MailServer } from "./mail_server.js";

export const ROOT = process.env["LAGNET_ROOT"] as string;
export const LANGUAGES = ["en", "ka", "pl", "cs"] as const;

const NETWORKS = ["ksow", "grdn", "nsmascr", "transnational-demo"];

/** A gateway process. */
export class Gateway {
  readonly log: string[] = [];
  #process: ChildProcess | undefined;

  private constructor(readonly url: string) {}

  /** `env` are variables beside the usual ones. */
  static async start(
    server: string,
    keyFile: string,
    { at, env = {} }: { at?: number; env?: Record<string, string> } = {},
  ): Promise<Gateway> {
    const port = at ?? await freePort();
    const gateway = new Gateway(`http://127.0.0.1:${port}`);
    const program = join(ROOT, "clients/web/dist/src/main.js");
    const child = spawn(process.execPath, [program], {
      env: {
        LAGNET_SERVER: server,
        LAGNET_KEY_FILE: keyFile,
        LAGNET_WEB_LISTEN: `127.0.0.1:${port}`,
        ...env,
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
    await ending(child, () => child.kill("SIGTERM"));
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
    fields: Fields,
    headers: Record<string, string> = { origin: this.url },
  ): Promise<Response> {
    const body = new URLSearchParams(Object.entries(fields).flatMap(([name, value]) =>
      [value].flat().map((one): [string, string] => [name, one])));
    return fetch(this.url + path, { method: "POST", redirect: "manual", body, headers });
  }
}

export class World {
  readonly lagnetd = new Lagnetd();
  lagnet!: Lagnet;
  /** A client that has written nothing: like the gateway, it may read a moment
   * behind what `lagnet` wrote. */
  reader!: Lagnet;
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
    this.reader = this.lagnetd.operator();
    await promisify(execFile)(
      join(dirname(process.env["LAGNET_LAGNETD"] as string), "lagnet"),
      ["--server", this.lagnetd.address, "--key-file", this.lagnetd.keyFile, "import",
        join(ROOT, "deploy/demo")],
    );
    this.keyFile = join(this.lagnetd.folder, "web.key");
    writeFileSync(this.keyFile, await this.#makeKey());
    this.gateway = await Gateway.start(this.lagnetd.address, this.keyFile, { at: port });
  }

  async remove(): Promise<void> {
    await this.gateway?.stop();
    this.lagnet?.close();
    this.reader?.close();
    await this.lagnetd.remove();
    await this.mail?.remove();
  }

  /** The browser of a person with this role, who is signed in. */
  async personWith(id: string, grant: { role: Role; organization?: string; network?: string }) {
    const { name } = await this.lagnet.accounts.createAccount({
      accountId: id,
      account: {
        network: "networks/grdn", kind: Account_Kind.PERSON, displayName: `${id} Example`,
        email: `${id}@example.org`,
      },
    });
    await this.lagnet.accounts.createGrant({ parent: name, grant });
    const browser = new Browser(this.gateway);
    // A key proves the same as a session.
    const { secret } = await this.lagnet.apiKeys.createApiKey({ parent: name });
    browser.cookies.set("lagnet_session", secret);
    return browser;
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

/** Makes a visit of Kazbegi's LAG and publishes it, so that everybody sees it.
 * `more` are fields beside the usual ones. */
export async function openVisit(
  { lagnet, reader }: World, id: string, seats: number, seatRules: object = {}, more: object = {},
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
      ...more,
    },
  });
  if ((seatRules as { policy?: Policy }).policy === Policy.DRAW) {
    // Sign-up begins at once.
    await lagnet.draws.commitDrawSeed({
      name, host: "organizations/lag-kazbegi", commitment: "0".repeat(64),
    });
  }
  const { state } = await lagnet.visits.publishStudyVisit({ name });
  while ((await reader.visits.getStudyVisit({ name })).state !== state) await setTimeout(10);
  return name;
}

/** Somebody's browser, without scripts: keeps cookies, and sends the forms that
 * it was shown. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(readonly gateway: Gateway) {}

  #headers(): Record<string, string> {
    return { cookie: [...this.cookies].map((pair) => pair.join("=")).join("; ") };
  }

  #keep(response: Response): Response {
    for (const cookie of response.headers.getSetCookie()) {
      const [name, value] = (cookie.split(";")[0] as string).split("=") as [string, string];
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    return response;
  }

  async get(path: string): Promise<Response> {
    return this.#keep(await this.gateway.get(path, this.#headers()));
  }

  async text(path: string): Promise<string> {
    const response = await this.get(path);
    assert.equal(response.status, 200, `${path}: ${response.headers.get("location")}`);
    return response.text();
  }

  async post(
    path: string, fields: Fields, headers: Record<string, string> = {},
  ): Promise<Response> {
    const sent = { origin: this.gateway.url, ...this.#headers(), ...headers };
    return this.#keep(await this.gateway.post(path, fields, sent));
  }

  /** Sends the form of a page that has this action. */
  async submit(page: string, action: string, fields: Fields = {}): Promise<Response> {
    return this.post(action, { ...hidden(page, action), ...fields });
  }

  /** The same where it is to be done: the page that follows. */
  async done(page: string, action: string, fields: Fields = {}): Promise<string> {
    const response = await this.submit(page, action, fields);
    const said = /role="alert".*?<\/(?:p|div)>/s.exec(await response.text())?.[0];
    assert.equal(response.status, 303, `${action}: ${said}`);
    return this.text(response.headers.get("location") as string);
  }
}

/** What a form holds; of several values with one name, a list. */
export type Fields = Readonly<Record<string, string | readonly string[]>>;

/** The hidden fields of a page's form that is sent by POST: of the first one,
 * or of that with this action. */
export function hidden(page: string, action?: string): Record<string, string> {
  const forms = page.match(/<form method="post".*?<\/form>/gs) ?? [];
  const form = forms.find((one) => !action || one.includes(` action="${action}"`)) ?? "";
  const fields: Record<string, string> = {};
  for (const [, name, value = ""] of form.matchAll(
    /<input type="hidden" name="([^"]*)" value(?:="([^"]*)")?/g,
  )) {
    fields[name as string] = unescaped(value);
  }
  // Nobody waits for a test.
  if (fields["at"]) fields["at"] = String(Number(fields["at"]) - 60_000);
  return fields;
}

/** A text as it is read that stands in a page. */
export function unescaped(text: string): string {
  return text.replace(/&quot;/g, '"').replace(/&lt;/g, "<").replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");
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
