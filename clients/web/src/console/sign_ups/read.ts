import type { SignUp } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import { NoSuchPage } from "../../serving/failures.js";
import type { Site } from "../../serving/site.js";
import type { Staff } from "../staff.js";

// No visit has more seats.
const MOST_SEATS = 500;

export interface BySignUp {
  Params: { id: string; party: string };
}

/** The sign-up that an address names. */
export async function signUpOf(
  { upstream }: Site, { call }: Staff, { id, party }: BySignUp["Params"],
): Promise<SignUp> {
  if (!/^[a-z0-9]{1,63}$/.test(party)) throw new NoSuchPage();
  return upstream.lagnet.signUps.getSignUp(
    { name: `studyVisits/${id}/signUps/${party}` }, call,
  );
}

/** All parties of a visit with seats. */
export async function confirmedOf(
  { upstream }: Site, { call }: Staff, parent: string, state: SignUp["state"],
): Promise<SignUp[]> {
  const all: SignUp[] = [];
  let pageToken = "";
  do {
    const page = await upstream.lagnet.signUps.listSignUps(
      { parent, state, pageSize: 200, pageToken }, call,
    );
    all.push(...page.signUps);
    pageToken = page.nextPageToken;
  } while (pageToken !== "" && all.length < MOST_SEATS);
  return all;
}
