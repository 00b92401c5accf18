import type { SignUp } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";
import type { Reader } from "../reading/reader.js";
import { Said } from "../reading/said.js";
import { idOf } from "../serving/names.js";
import { Line, Summary } from "../sign_up/fields.js";
import type { Problem } from "../sign_up/problems.js";
import { personPage, PersonForm } from "../signed_in/frame.js";
import type { Person } from "../signed_in/person.js";
import { Party, signUpPath } from "./party.js";

interface Refused {
  /** The last part of the organisation's name. */
  readonly organization: string;
  readonly visit: StudyVisit;
  readonly signUp: SignUp;
  readonly reason?: string;
  readonly problems?: readonly Problem[];
}

/** Asks why somebody does not come for the organisation. */
export function refusePage(
  reader: Reader, person: Person,
  { organization, visit, signUp, reason = "", problems = [] }: Refused,
): string {
  const path = `${signUpPath(organization, signUp)}/refuse`;
  return personPage(person, {
    reader,
    title: reader.t("refuse.title"),
    path,
    here: "desk",
    children: (
      <>
        <h1>{reader.t("refuse.title")}</h1>
        <p><Said reader={reader} said={reader.pick(visit.title)} /></p>
        <Party reader={reader} visit={visit} signUp={signUp} />
        <Summary reader={reader} problems={problems} />
        <PersonForm reader={reader} person={person} action={path}>
          <input type="hidden" name="etag" value={signUp.etag} />
          <Line id="reason" label={reader.t("refuse.reason")} problems={problems}
            hint={reader.t("refuse.hint")}
            input={{ type: "text", value: reason, maxLength: 500, required: true }} />
          <p><button class="button">{reader.t("refuse.send")}</button></p>
        </PersonForm>
        <p>
          <a href={reader.to(`/desk/${organization}/visits/${idOf(visit.name)}`)}>
            {reader.t("form.back")}
          </a>
        </p>
      </>
    ),
  });
}
