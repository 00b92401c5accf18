import { randomUUID } from "node:crypto";
import type { Organization } from "@lagnet/client/directory/v1/organizations_pb.js";
import type { Reader } from "../reading/reader.js";
import { Said } from "../reading/said.js";
import { html } from "../serving/layout.js";
import { idOf } from "../serving/names.js";
import { personPage, PersonForm } from "../signed_in/frame.js";
import type { Person } from "../signed_in/person.js";
import { Line, Summary } from "../sign_up/fields.js";
import type { Problem } from "../sign_up/problems.js";

/** Asks for the claim of an organisation's entry: a letter to its mailbox. */
export function askPage(reader: Reader, organization: Organization, problem?: string): string {
  const path = `/organizations/${idOf(organization.name)}/claim`;
  return html({
    reader,
    title: reader.t("claim.ask.title"),
    path,
    part: "directory",
    isPrivate: true,
    children: (
      <>
        <h1>{reader.t("claim.ask.title")}</h1>
        <p class="lead"><Said reader={reader} said={reader.pick(organization.displayName)} /></p>
        {problem ? <p class="problems" role="alert" tabIndex={-1} autofocus>{problem}</p> : null}
        <p>{reader.t("claim.ask.text", { email: organization.email })}</p>
        <form method="post" action={reader.to(path)}>
          <input type="hidden" name="request_id" value={randomUUID()} />
          <p><button class="button">{reader.t("claim.ask.send")}</button></p>
        </form>
        <p>
          <a href={reader.to(`/organizations/${idOf(organization.name)}`)}>
            {reader.t("form.back")}
          </a>
        </p>
      </>
    ),
  });
}

export function askedPage(reader: Reader, organization: Organization): string {
  const path = `/organizations/${idOf(organization.name)}/claim/sent`;
  return html({
    reader,
    title: reader.t("claim.sent.title"),
    path,
    part: "directory",
    isPrivate: true,
    children: (
      <>
        <h1>{reader.t("claim.sent.title")}</h1>
        <p class="lead"><Said reader={reader} said={reader.pick(organization.displayName)} /></p>
        <p>{reader.t("claim.sent.text", { email: organization.email })}</p>
        <p>{reader.t("sent.spam")}</p>
      </>
    ),
  });
}

/** Somebody who accepts a claim, as typed. */
export interface Claimant {
  readonly name: string;
  readonly email: string;
}

interface Accepting {
  readonly token: string;
  readonly claimant?: Claimant;
  readonly problems?: readonly Problem[];
}

/** What the link of a claim opens, for somebody who is not signed in. */
export function claimPage(
  reader: Reader,
  { token, claimant = { name: "", email: "" }, problems = [] }: Accepting,
): string {
  return html({
    reader,
    title: reader.t("claim.title"),
    path: `/claim/${token}`,
    isPrivate: true,
    children: (
      <>
        <h1>{reader.t("claim.title")}</h1>
        <p class="lead">{reader.t("claim.text")}</p>
        <Summary reader={reader} problems={problems} />
        <form method="post" action={reader.to(`/claim/${token}`)}>
          <input type="hidden" name="request_id" value={randomUUID()} />
          <input type="hidden" name="mail_request_id" value={randomUUID()} />
          <Line id="name" label={reader.t("person.name")} problems={problems}
            input={{
              type: "text", value: claimant.name, maxLength: 120, required: true,
              autocomplete: "name", autocapitalize: "words", spellcheck: false,
            }} />
          <Line id="email" label={reader.t("person.email")} problems={problems}
            hint={reader.t("claim.email_hint")}
            input={{
              type: "email", value: claimant.email, maxLength: 254, required: true,
              autocomplete: "email", inputMode: "email", spellcheck: false,
              autocapitalize: "none",
            }} />
          <p><button class="button">{reader.t("claim.send")}</button></p>
        </form>
      </>
    ),
  });
}

/** The same for somebody who is. */
export function claimAsPersonPage(
  reader: Reader, person: Person, token: string, problem?: string,
): string {
  return personPage(person, {
    reader,
    title: reader.t("claim.title"),
    path: `/claim/${token}`,
    here: "desk",
    children: (
      <>
        <h1>{reader.t("claim.title")}</h1>
        {problem ? <p class="problems" role="alert" tabIndex={-1} autofocus>{problem}</p> : null}
        <p class="lead">
          {reader.t("claim.as_person", { name: person.account?.displayName ?? "" })}
        </p>
        <PersonForm reader={reader} person={person} action={`/claim/${token}/mine`}>
          <p><button class="button">{reader.t("claim.send_as_person")}</button></p>
        </PersonForm>
      </>
    ),
  });
}
