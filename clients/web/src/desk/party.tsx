import type { SignUp } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";
import type { Reader } from "../reading/reader.js";
import { idOf } from "../serving/names.js";
import { Members } from "../sign_up/substitute.js";
import { PersonForm } from "../signed_in/frame.js";
import type { Person } from "../signed_in/person.js";

/** The address, on the desk, of a sign-up. */
export function signUpPath(organization: string, { name }: SignUp): string {
  const [, visit = ""] = name.split("/");
  return `/desk/${organization}/visits/${visit}/sign-ups/${idOf(name)}`;
}

/** Who comes, and until when something is to be done. */
export function Party(
  { reader, visit, signUp, organization }: {
    reader: Reader;
    visit: StudyVisit;
    signUp: SignUp;

    /** The organisation, where somebody else may be sent for it. */
    organization?: string | undefined;
  },
) {
  return (
    <>
      <ul class="plain people">
        <Members reader={reader} signUp={signUp} path={organization === undefined
          ? undefined
          : (member) => reader.to(`${signUpPath(organization, signUp)}/members/${member}`)} />
      </ul>
      {signUp.dueTime ? (
        <p>{reader.t("my.due", { time: reader.deadline(signUp.dueTime, visit.timeZone) })}</p>
      ) : null}
      {signUp.refuseReason ? <p><q>{signUp.refuseReason}</q></p> : null}
    </>
  );
}

/** Yes or no to somebody who comes for the organisation. */
export function Answers(
  { reader, person, organization, signUp, isRefused = false }: {
    reader: Reader;
    person: Person;
    organization: string;
    signUp: SignUp;
    isRefused?: boolean;
  },
) {
  const path = signUpPath(organization, signUp);
  return (
    <PersonForm reader={reader} person={person} action={`${path}/confirm`}>
      <input type="hidden" name="etag" value={signUp.etag} />
      <p class="links">
        <button>{reader.t("desk.yes")}</button>
        {isRefused ? null : <a href={reader.to(`${path}/refuse`)}>{reader.t("desk.no")}</a>}
      </p>
    </PersonForm>
  );
}
