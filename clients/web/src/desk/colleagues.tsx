import type { Account } from "@lagnet/client/access/v1/accounts_pb.js";
import type { Organization } from "@lagnet/client/directory/v1/organizations_pb.js";
import { LANGUAGES, OWN_NAMES } from "../reading/language.js";
import type { Reader } from "../reading/reader.js";
import { Said } from "../reading/said.js";
import { idOf } from "../serving/names.js";
import type { Upstream } from "../serving/upstream.js";
import { Choice, Line, Summary } from "../sign_up/fields.js";
import type { Problem } from "../sign_up/problems.js";
import { personPage, PersonForm } from "../signed_in/frame.js";
import { asPerson, type Person } from "../signed_in/person.js";
import { type Note, Noted } from "./note.js";

/** Somebody to invite, as typed. */
export interface Invited {
  readonly name: string;
  readonly email: string;
  readonly language: string;
}

interface Shown {
  readonly organization: Organization;
  readonly note: Note;
  readonly typed?: Invited;
  readonly problems?: readonly Problem[];
}

/** Who else speaks for an organisation. */
export async function colleaguesPage(
  upstream: Upstream, reader: Reader, person: Person,
  { organization, note, typed, problems = [] }: Shown,
): Promise<string> {
  const { accounts } = await upstream.lagnet.colleagues.listColleagues(
    { organization: organization.name, pageSize: 200 }, asPerson(person),
  );
  const path = `/desk/${idOf(organization.name)}`;
  return personPage(person, {
    reader,
    title: reader.t("colleagues.title"),
    path: `${path}/colleagues`,
    here: "desk",
    children: (
      <>
        <p>
          <a href={reader.to(path)}>
            <Said reader={reader} said={reader.pick(organization.displayName)} />
          </a>
        </p>
        <h1>{reader.t("colleagues.title")}</h1>
        <Noted reader={reader} note={note} />
        <p>{reader.t("colleagues.lead")}</p>
        <ul class="cards">
          {reader.sorted(accounts, ({ displayName }) => displayName).map((account) => (
            <Colleague reader={reader} person={person} account={account} path={path} />
          ))}
        </ul>
        <h2>{reader.t("colleagues.invite")}</h2>
        <Summary reader={reader} problems={problems} />
        <PersonForm reader={reader} person={person} action={`${path}/colleagues`}>
          <Line id="name" label={reader.t("person.name")} problems={problems}
            input={{
              type: "text", value: typed?.name ?? "", maxLength: 120, required: true,
              autocomplete: "off", autocapitalize: "words", spellcheck: false,
            }} />
          <Line id="email" label={reader.t("person.email")} problems={problems}
            hint={reader.t("colleagues.email_hint")}
            input={{
              type: "email", value: typed?.email ?? "", maxLength: 254, required: true,
              autocomplete: "off", inputMode: "email", spellcheck: false, autocapitalize: "none",
            }} />
          <Choice id="language" label={reader.t("colleagues.language")} problems={problems}>
            {LANGUAGES.map((language) => (
              <option value={language} lang={language}
                selected={language === (typed?.language ?? reader.language)}>
                {OWN_NAMES[language]}
              </option>
            ))}
          </Choice>
          <p><button class="button">{reader.t("colleagues.send")}</button></p>
        </PersonForm>
      </>
    ),
  });
}

function Colleague(
  { reader, person, account, path }:
    { reader: Reader; person: Person; account: Account; path: string },
) {
  const { name, displayName, email } = account;
  const isSelf = name === person.account?.name;
  return (
    <li class="card">
      <p>
        {displayName}
        {isSelf ? <> {reader.t("colleagues.you")}</> : null}
        {email ? <span class="quiet"> {email}</span> : null}
      </p>
      {isSelf ? null : (
        <PersonForm reader={reader} person={person}
          action={`${path}/colleagues/${idOf(name)}/remove`}>
          <button>{reader.t("colleagues.remove", { name: displayName })}</button>
        </PersonForm>
      )}
    </li>
  );
}
