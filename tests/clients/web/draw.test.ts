// The page of a draw while its list is being closed, by a solver that waits.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync, copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync,
} from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { Role } from "@lagnet/client/options/v1/options_pb.js";
import { SeatDraw_State as State } from "@lagnet/client/visits/v1/draws_pb.js";
import { SeatRules_Policy as Policy } from "@lagnet/client/visits/v1/seat_rules_pb.js";
import { SignUp_Sector, SignUp_Standing } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import { formOf } from "./forms.js";
import { type Browser, World } from "./world.js";

const folder = mkdtempSync(join(tmpdir(), "lagnet-draw-"));
const gate = join(folder, "gate");
const world = new World();
let staff: Browser;

// lagnetd runs the solver that lies beside it: here it says how far it is, and
// waits until somebody writes into the gate.
before(async () => {
  const lagnetd = process.env["LAGNET_LAGNETD"] as string;
  const beside = dirname(lagnetd);
  chmodSync(folder, 0o755); // As root, lagnetd becomes another user.
  copyFileSync(lagnetd, join(folder, "lagnetd"));
  symlinkSync(join(beside, "lagnet"), join(folder, "lagnet"));
  copyFileSync(join(beside, "lagnet-solver"), join(folder, "solver"));
  writeFileSync(join(folder, "lagnet-solver"), [
    "#!/bin/sh", "echo 'panels 42 137' >&2", `read go <${gate}`, `exec ${join(folder, "solver")}`,
    "",
  ].join("\n"));
  chmodSync(join(folder, "lagnet-solver"), 0o755);
  execFileSync("mkfifo", ["-m", "666", gate]);
  process.env["LAGNET_LAGNETD"] = join(folder, "lagnetd");
  await world.start();
  staff = await world.personWith("marika", { role: Role.NETWORK_ADMIN, network: "networks/grdn" });
});
after(async () => {
  await world.remove();
  rmSync(folder, { recursive: true });
});

// A moment of the visit's place, which is four hours ahead of UTC all year.
function minutesAgo(minutes: number): string {
  return new Date(Date.now() + (4 * 60 - minutes) * 60_000).toISOString().slice(0, 16);
}

async function readyToClose(id: string): Promise<string> {
  const { visits, signUps, draws } = world.lagnet;
  const { name } = await visits.createStudyVisit({
    studyVisitId: id,
    studyVisit: {
      network: "networks/grdn",
      hosts: ["organizations/lag-kazbegi"],
      title: { texts: { en: { text: "Lots" } } },
      timeZone: "Asia/Tbilisi",
      start: "2036-05-01T09:00",
      end: "2036-05-02T16:00",
      signUpEnd: "2036-04-01T09:00",
      contactEmail: "visits@example.org",
      seats: 2,
      seatRules: { policy: Policy.DRAW },
    },
  });
  await draws.commitDrawSeed({
    name, host: "organizations/lag-kazbegi", commitment: "7".repeat(64),
  });
  await visits.publishStudyVisit({ name });
  for (const person of ["nino", "ana", "levan"]) {
    await signUps.createSignUp({
      parent: name,
      signUp: {
        organization: "organizations/lag-kazbegi",
        standing: SignUp_Standing.REPRESENTATIVE,
        sector: SignUp_Sector.CIVIC,
        members: [{ fullName: `${person} Example`, email: `${person}@example.org` }],
      },
    });
  }
  await visits.updateStudyVisit({
    studyVisit: { name, signUpStart: minutesAgo(60), signUpEnd: minutesAgo(1) },
    updateMask: { paths: ["sign_up_start", "sign_up_end"] },
    rulesChangeReason: "All have signed up",
  });
  return name;
}

// The page as soon as it says so, for somebody who looks again and again.
async function pageThatSays(path: string, wanted: RegExp): Promise<string> {
  for (let tries = 0; ; ++tries) {
    const page = await (await staff.get(path)).text();
    if (wanted.test(page) || tries === 200) return page;
    await setTimeout(50);
  }
}

test("ShowsHowFarTheClosingOfAListIs", async () => {
  const name = await readyToClose("lots");
  const at = "/en/console/visits/lots/draw";
  const open = await pageThatSays(at, /\/draw\/close"/);
  const sent = await staff.post(`${at}/close`, formOf(open, `${at}/close`));
  assert.equal(sent.status, 303);
  const to = sent.headers.get("location") as string;
  assert.equal(to, `${at}?closing=1`);

  const shown = await staff.get(to);
  assert.equal(shown.headers.get("refresh"), "2");
  const page = await shown.text();
  assert.match(page, /About 42 % is done, 137 panels are found/);
  assert.match(page, /Now: panels that give these chances/);
  assert.doesNotMatch(page, /\/draw\/close"/, "once is enough");
  assert.doesNotMatch(page, /role="alert"/);
  for (const language of ["ka", "pl", "cs"]) {
    assert.match(await staff.text(at.replace("en", language)), /42 %.*137/s);
  }

  await writeFile(gate, "go\n");
  const closed = await pageThatSays(to, /\/draw\/open"/);
  assert.doesNotMatch(closed, /<progress/);
  assert.doesNotMatch(closed, /role="alert"/);
  assert.equal((await staff.get(to)).headers.get("refresh"), null);
  assert.equal((await world.lagnet.draws.getDraw({ name })).state, State.CLOSED);
});

test("SaysThatTheListIsNotClosed", async () => {
  await readyToClose("unlucky");
  const at = "/en/console/visits/unlucky/draw";
  const page = await pageThatSays(`${at}?closing=1`, /\/draw\/close"/);
  assert.match(page, /role="alert".*The list is not closed.*close it again/s);
  assert.doesNotMatch(await staff.text(at), /The list is not closed/);
});
