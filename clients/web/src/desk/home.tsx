import type { Reader } from "../reading/reader.js";
import { Said } from "../reading/said.js";
import { idOf } from "../serving/names.js";
import type { Upstream } from "../serving/upstream.js";
import { personPage, PersonForm } from "../signed_in/frame.js";
import type { Person } from "../signed_in/person.js";
import { ownOrganizations } from "./desk_of.js";

/** The organisations that somebody speaks for. */
export async function deskHome(
  upstream: Upstream, reader: Reader, person: Person,
): Promise<string> {
  const organizations = [...(await upstream.organizations(ownOrganizations(person))).values()];
  return personPage(person, {
    reader,
    title: reader.t("own.desk"),
    path: "/desk",
    here: "desk",
    children: (
      <>
        <h1>{reader.t("own.desk")}</h1>
        {organizations.length ? (
          <ul class="cards">
            {reader.sorted(organizations, ({ displayName }) => reader.pick(displayName).text)
              .map(({ name, displayName, country }) => (
                <li class="card">
                  <a href={reader.to(`/desk/${idOf(name)}`)}>
                    <Said reader={reader} said={reader.pick(displayName)} />
                  </a>
                  <p class="quiet">{reader.countryName(country)}</p>
                </li>
              ))}
          </ul>
        ) : (
          <>
            <p>{reader.t("desk.none")}</p>
            <p><a href={reader.to("/directory")}>{reader.t("directory.title")}</a></p>
          </>
        )}
        <OwnAccount reader={reader} person={person} />
      </>
    ),
  });
}

/** Who is signed in, and the way out on every device. */
export function OwnAccount({ reader, person }: { reader: Reader; person: Person }) {
  const { account } = person;
  return (
    <>
      <h2>{reader.t("desk.account")}</h2>
      <p>
        {account?.displayName}
        {account?.email ? <span class="quiet"> {account.email}</span> : null}
      </p>
      <PersonForm reader={reader} person={person} action="/sign-out-everywhere">
        <button>{reader.t("own.sign_out_everywhere")}</button>
      </PersonForm>
    </>
  );
}
