// Lists study visits and signs somebody up for the first that is open.
//   node sign_up.js ORGANIZATION NAME EMAIL
import { readFileSync } from "node:fs";
import { connect, reasonOf } from "@lagnet/client";
import { SignUp_Sector, SignUp_Standing, SignUp_State } from "@lagnet/client/visits/v1/sign_ups_pb.js";

const [organization, fullName, email] = process.argv.slice(2);
const { LAGNET_SERVER: address = "127.0.0.1:7300", LAGNET_KEY_FILE = "" } = process.env;
const lagnet = connect({ address, key: readFileSync(LAGNET_KEY_FILE, "utf8") });

const { studyVisits } = await lagnet.visits.listStudyVisits({});
for (const v of studyVisits) console.log(`${v.name}  ${v.confirmedCount} of ${v.seats} seats`);

try {
  const signUp = await lagnet.signUps.createSignUp({
    parent: studyVisits.find((visit) => visit.signUpOpen)?.name,
    signUp: { organization, standing: SignUp_Standing.REPRESENTATIVE, sector: SignUp_Sector.CIVIC, members: [{ fullName, email }] },
  });
  console.log(SignUp_State[signUp.state], signUp.name);
} catch (error) {
  // Run twice, it is ALREADY_SIGNED_UP.
  console.error(reasonOf(error) ?? error);
  process.exitCode = 1;
}
