import type { Organization } from "@lagnet/client/directory/v1/organizations_pb.js";
import type { SignUp } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";
import type { Reader } from "../../reading/reader.js";
import { Said } from "../../reading/said.js";
import { idOf } from "../../serving/names.js";
import type { Site } from "../../serving/site.js";
import { seatsLine, standing } from "../../visits/words.js";
import { consolePage, NextPage } from "../frame.js";
import type { Staff } from "../staff.js";
import { pathOf } from "../visits/read.js";
import { channelOf, choiceOf, LISTED, stateOf, waitOf } from "./words.js";

/** What a list of sign-ups is asked for, as it stands in its address. */
export interface SignUpQuery {
  readonly state?: string;
  readonly page?: string;
}

const PER_PAGE = 30;

export async function signUpList(
  { upstream, reader }: Site,
  { staff, visit, query }: { staff: Staff; visit: StudyVisit; query: SignUpQuery },
): Promise<string> {
  const here = query.state && Object.hasOwn(LISTED, query.state)
    ? (query.state as keyof typeof LISTED)
    : undefined;
  const { signUps, nextPageToken } = await upstream.lagnet.signUps.listSignUps({
    parent: visit.name,
    pageSize: PER_PAGE,
    pageToken: query.page ?? "",
    ...(here && { state: LISTED[here] }),
  }, staff.call);
  const organizations = await upstream.organizations(signUps.map((one) => one.organization));
  const path = `${pathOf(visit)}/sign-ups`;
  return consolePage({
    reader,
    staff,
    title: reader.t("console.sign_ups.title"),
    path: here ? `${path}?state=${here}` : path,
    part: "visits",
    children: (
      <>
        <p>
          <a href={reader.to(`/console${pathOf(visit)}`)}>
            <Said reader={reader} said={reader.pick(visit.title)} />
          </a>
          <br />
          {seatsLine(visit, reader)} {standing(visit, reader)}
        </p>
        {visit.signUpOpen ? (
          <p><a class="button" href={reader.to(`/console${path}/new`)}>
            {reader.t("console.enter.title")}
          </a></p>
        ) : null}
        <form class="filters" method="get" action={reader.to(`/console${path}`)}>
          <div>
            <label for="state">{reader.t("console.sign_ups.states")}</label>
            <select id="state" name="state">
              <option value="">{reader.t("filter.all")}</option>
              {Object.entries(LISTED).map(([name, state]) => (
                <option value={name} selected={name === here}>{stateOf(state, reader)}</option>
              ))}
            </select>
          </div>
          <button>{reader.t("filter.show")}</button>
        </form>
        {signUps.length === 0 ? <p>{reader.t("console.sign_ups.none")}</p> : null}
        <ol class="cards">
          {signUps.map((signUp) => (
            <SignUpCard reader={reader} path={path} signUp={signUp}
              organization={organizations.get(signUp.organization)} />
          ))}
        </ol>
        <NextPage reader={reader} path={path} query={here ? { state: here } : {}}
          token={nextPageToken} />
      </>
    ),
  });
}

function SignUpCard(
  { reader, path, signUp, organization }: {
    reader: Reader;
    path: string;
    signUp: SignUp;
    organization: Organization | undefined;
  },
) {
  const [head, ...others] = signUp.members;
  const channel = channelOf(signUp, reader);
  const choice = choiceOf(signUp, reader);
  const wait = waitOf(signUp, reader);
  return (
    <li class="card">
      <h2 class="h3">
        <a href={reader.to(`/console${path}/${idOf(signUp.name)}`)}>
          {head?.fullName || reader.t("console.sign_ups.nobody")}
          {others.length ? ` + ${reader.number(others.length)}` : ""}
        </a>
      </h2>
      <p class="quiet">
        <Said reader={reader} said={reader.pick(organization?.displayName)} />
        {channel ? ` · ${channel}` : ""}
      </p>
      <p>
        <strong>{stateOf(signUp.state, reader)}</strong>
        {signUp.addressUnverified ? ` · ${reader.t("console.sign_ups.unverified")}` : ""}
        {choice ? ` · ${choice}` : ""}
      </p>
      {wait ? <p>{wait}</p> : null}
    </li>
  );
}
