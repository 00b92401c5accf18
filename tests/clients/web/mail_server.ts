// A real SMTP server, tests/support/mail_server.py, as the C++ tests have it.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { ending } from "./lagnetd.js";

/** A message that it took. */
export interface Mail {
  readonly to: readonly string[];
  readonly headers: Readonly<Record<string, string>>;

  /** What it says, by type: text/plain, text/html, text/calendar. */
  readonly parts: Readonly<Record<string, string>>;
}

export class MailServer {
  readonly #folder = mkdtempSync(join(tmpdir(), "lagnet-mail-"));
  #process: ChildProcess | undefined;

  /** Starts it and says where it is. */
  async start(): Promise<string> {
    const program = join(process.env["LAGNET_ROOT"] as string, "tests/support/mail_server.py");
    this.#process = spawn("/usr/bin/python3", [program, "--folder", this.#folder], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    for await (const line of createInterface({ input: this.#process.stdout! })) {
      const ready = /^ready (\d+)$/.exec(line);
      if (ready) return `smtp://127.0.0.1:${ready[1]}`;
    }
    throw new Error("no mail server; is python3-aiosmtpd installed? deploy/packages.sh test");
  }

  async remove(): Promise<void> {
    if (this.#process) await ending(this.#process, () => this.#process!.stdin!.end());
    rmSync(this.#folder, { recursive: true });
  }

  /** What somebody was sent so far, in the order of arrival. */
  sentTo(address: string): Mail[] {
    return readdirSync(this.#folder)
      .filter((file) => file.endsWith(".json"))
      .sort()
      .map((file) => JSON.parse(readFileSync(join(this.#folder, file), "utf8")) as Mail)
      .filter(({ to }) => to.includes(address));
  }

  /** Waits for the message to somebody that has this in its subject, after so
   * many that came before. */
  async waitFor(address: string, subject: string, after = 0): Promise<Mail> {
    const giveUp = Date.now() + 20_000;
    while (Date.now() < giveUp) {
      const found = this.sentTo(address).slice(after).find(({ headers }) =>
        headers["subject"]?.includes(subject));
      if (found) return found;
      await sleep(100);
    }
    const subjects = this.sentTo(address).map(({ headers }) => headers["subject"]);
    throw new Error(`no "${subject}" to ${address}, but: ${subjects.join("; ")}`);
  }
}

/** The address that a message leads to. */
export function linkIn({ parts }: Mail): URL {
  const [link] = /^https?:\S+$/m.exec(parts["text/plain"] as string) ?? [];
  return new URL(link as string);
}
