import type { Reader } from "../reading/reader.js";
import { idOf } from "../serving/names.js";
import type { Upstream } from "../serving/upstream.js";
import { personPage, PersonForm } from "../signed_in/frame.js";
import type { Person } from "../signed_in/person.js";
import { Summary, titled } from "../sign_up/fields.js";
import { type Substitute, substituteFields, substituteTitle } from "../sign_up/substitute.js";
import { signUpPath } from "./party.js";

/** Asks who comes in the place of a member for the organisation, which is named
 * by the last part of its name. */
export async function substitutePage(
  upstream: Upstream, reader: Reader, person: Person, organization: string,
  substitute: Substitute,
): Promise<string> {
  const { visit, signUp, member, typed } = substitute;
  const path = `${signUpPath(organization, signUp)}/members/${member}`;
  const title = substituteTitle(reader, substitute);
  const problems = typed?.problems ?? [];
  const fields = await substituteFields(upstream, reader, substitute);
  return personPage(person, {
    reader,
    title: titled(reader, title, problems),
    path,
    here: "desk",
    children: (
      <>
        <h1>{title}</h1>
        <Summary reader={reader} problems={problems} />
        <PersonForm reader={reader} person={person} action={path} requestId={typed?.requestId}>
          {fields}
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
