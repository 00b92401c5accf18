// Real lagnetd processes, as tests/e2e/lagnetd.h has them.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { connect, type ConnectOptions, type Lagnet } from "@lagnet/client";
import { Network_Kind } from "@lagnet/client/directory/v1/networks_pb.js";
import { Organization_Kind, Organization_State } from "@lagnet/client/directory/v1/organizations_pb.js";
import { SignUp_Sector, SignUp_Standing } from "@lagnet/client/visits/v1/sign_ups_pb.js";

/** Ends a process, if it has not ended. One that does not end by itself within a
 * minute is killed, and what went wrong is said: nobody waits for ever. */
export async function ending(child: ChildProcess, end: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  end();
  let isStuck = false;
  const patience = setTimeout(() => {
    isStuck = true;
    child.kill("SIGKILL");
  }, 60_000);
  await ended;
  clearTimeout(patience);
  if (isStuck) throw new Error(`${child.spawnfile} did not end`);
}

/** A lagnetd on a new data folder, which can be ended and started again on the
 * same data and the same port. */
export class Lagnetd {
  readonly folder = mkdtempSync(join(tmpdir(), "lagnet-typescript-"));
  readonly keyFile = join(this.folder, "data/admin.key");
  readonly flags: string[] = []; // More than the usual ones.
  address = "127.0.0.1:0";
  #process: ChildProcess | undefined;

  constructor() {
    chmodSync(this.folder, 0o711); // As root, lagnetd becomes another user.
  }

  async start(): Promise<void> {
    const data = join(this.folder, "data");
    this.#process = spawn(
      process.env["LAGNET_LAGNETD"] as string,
      ["serve", "--data", data, "--listen", this.address, "--metrics", "off", "--rate-limit", "0",
        "--log-level", "warning", ...this.flags],
      { env: { PATH: "/usr/bin:/bin" }, stdio: ["ignore", "pipe", "pipe"] },
    );
    const log: string[] = [];
    this.#process.stderr?.on("data", (text) => log.push(String(text)));
    for await (const line of createInterface({ input: this.#process.stdout! })) {
      const ready = /^lagnet is ready: grpc (\S+)/.exec(line);
      if (ready) {
        this.address = ready[1] as string;
        return;
      }
    }
    throw new Error(`lagnetd did not become ready:\n${log.join("")}`);
  }

  /** SIGKILL is as if its machine had lost power; SIGTERM lets calls end. */
  async stop(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    await ending(this.#process!, () => this.#process!.kill(signal));
  }

  /** Lets it answer nobody until it is to go on. */
  freeze(): void {
    this.#process!.kill("SIGSTOP");
  }

  goOn(): void {
    this.#process!.kill("SIGCONT");
  }

  /** A client that may do everything. */
  operator(options: Partial<ConnectOptions> = {}): Lagnet {
    return connect({ address: this.address, key: readFileSync(this.keyFile, "utf8"), ...options });
  }

  /** Ends it, and the PostgreSQL that a killed one leaves behind. */
  async remove(): Promise<void> {
    if (this.#process) await this.stop("SIGTERM");
    const note = join(this.folder, "data/pg/postmaster.pid");
    if (existsSync(note)) {
      process.kill(Number(readFileSync(note, "utf8").split("\n")[0]), "SIGQUIT");
      for (let i = 0; i < 200 && existsSync(note); ++i) await sleep(50);
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const text = (english: string) => ({ texts: { en: { text: english } } });

/** Fills a new server: a network with one LAG. */
export async function fillDirectory(lagnet: Lagnet): Promise<void> {
  await lagnet.networks.createNetwork({
    networkId: "ksow",
    network: {
      kind: Network_Kind.NATIONAL,
      displayName: text("KSOW"),
      countries: ["PL"],
      languages: ["pl"],
      currency: "PLN",
      timeZone: "Europe/Warsaw",
    },
  });
  await lagnet.organizations.createOrganization({
    organizationId: "lag-kozienice",
    initialState: Organization_State.VERIFIED,
    organization: {
      network: "networks/ksow",
      kind: Organization_Kind.LAG,
      displayName: text("LAG Puszcza Kozienicka"),
      country: "PL",
    },
  });
}

/** Makes a visit and publishes it. */
export async function openVisit(lagnet: Lagnet, id: string, seats: number): Promise<string> {
  const { name } = await lagnet.visits.createStudyVisit({
    studyVisitId: id,
    studyVisit: {
      network: "networks/ksow",
      hosts: ["organizations/lag-kozienice"],
      title: text("Visit"),
      timeZone: "Europe/Warsaw",
      start: "2036-05-01T09:00",
      end: "2036-05-02T16:00",
      seats,
    },
  });
  await lagnet.visits.publishStudyVisit({ name });
  return name;
}

/** A request to sign somebody up. */
export function signUpOf(parent: string, person: string) {
  return {
    parent,
    signUp: {
      organization: "organizations/lag-kozienice",
      standing: SignUp_Standing.REPRESENTATIVE,
      sector: SignUp_Sector.CIVIC,
      members: [{ fullName: `${person} Example`, email: `${person}@example.org` }],
    },
  };
}
