// Before a server that sends mail, played by the test: the link goes to the
// person and not to the gateway.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { NetworkService } from "@lagnet/client/directory/v1/networks_pb.js";
import { OrganizationService } from "@lagnet/client/directory/v1/organizations_pb.js";
import { SignUpService, SignUp_State as State } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import { StudyVisitService } from "@lagnet/client/visits/v1/study_visits_pb.js";
import { filled, Gateway, hidden } from "./world.js";

const NAME = "studyVisits/mailed/signUps/abc123";
const TOKEN = `lagl_${Buffer.from(NAME).toString("base64url")}.${"m".repeat(43)}`;
const DUE = timestampFromDate(new Date("2036-01-02T10:00:00Z"));

const folder = mkdtempSync(join(tmpdir(), "lagnet-web-"));
const seen: (string | null)[] = []; // The credentials of the holder's calls.
let isVerified = false;

const signUp = () => ({
  name: NAME,
  organization: "organizations/lag-kazbegi",
  members: [{ fullName: "Nino Example", email: "nino@example.org" }],
  state: isVerified ? State.CONFIRMED : State.HELD,
  addressUnverified: !isVerified,
  ...(!isVerified && { dueTime: DUE }),
});

const server = createServer(connectNodeAdapter({
  routes(router) {
    router.service(StudyVisitService, {
      getStudyVisit: ({ name }) => ({
        name, signUpOpen: true, seats: 5, state: 2, timeZone: "Asia/Tbilisi",
        title: { texts: { ka: { text: "ვიზიტი" } } },
      }),
    });
    router.service(NetworkService, { listNetworks: () => ({}) });
    router.service(OrganizationService, { listOrganizations: () => ({}) });
    router.service(SignUpService, {
      createSignUp: signUp,
      getSignUp: (_, { requestHeader }) => {
        seen.push(requestHeader.get("authorization"));
        return signUp();
      },
      verifySignUp: (_, { requestHeader }) => {
        seen.push(requestHeader.get("authorization"));
        isVerified = true;
        return signUp();
      },
    });
  },
}));
let gateway: Gateway;

before(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  writeFileSync(join(folder, "web.key"), "key-of-the-gateway\n");
  const { port } = server.address() as AddressInfo;
  gateway = await Gateway.start(`127.0.0.1:${port}`, join(folder, "web.key"));
});
after(async () => {
  await gateway?.stop();
  server.close();
  rmSync(folder, { recursive: true });
});

test("SendsPeopleToTheirMail", async () => {
  const path = "/ka/visits/mailed/sign-up";
  const sent = await gateway.post(path, filled(await gateway.text(path), "Nino"));
  assert.equal(sent.status, 303);
  const location = sent.headers.get("location") as string;
  assert.equal(location, `${path}/sent?until=${DUE.seconds}`);
  const page = await gateway.text(location);
  assert.match(page, /შეამოწმეთ ელფოსტა/);
  assert.match(page, /2 იანვარი, 2036, 14:00/, "in the zone of the visit");
});

test("ConfirmsAnAddressByAButtonOnly", async () => {
  const page = await gateway.text(`/my/${TOKEN}?lang=en`);
  assert.match(page, /Please confirm your address/);
  await gateway.text(`/my/${TOKEN}/verify`);
  assert.equal(isVerified, false, "a link alone confirms nothing");
  const pressed = await gateway.post(`/my/${TOKEN}/verify`, hidden(page));
  assert.equal(pressed.status, 303);
  assert.equal(isVerified, true);
  assert.match(await gateway.text(`/my/${TOKEN}?lang=en`), /You have a seat/);
  assert.deepEqual([...new Set(seen)], [`Bearer ${TOKEN}`], "and not the gateway's key");
});
