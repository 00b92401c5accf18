import { Account_Kind as Kind, Account_State as State } from
  "@lagnet/client/access/v1/accounts_pb.js";
import { LANGUAGES, OWN_NAMES } from "../../reading/language.js";
import { idOf } from "../../serving/names.js";
import { NoSuchPage } from "../../serving/failures.js";
import type { Site } from "../../serving/site.js";
import { type Body, one } from "../../sign_up/draft.js";
import { Choice, Line } from "../../sign_up/fields.js";
import { keptId, type Problem } from "../../sign_up/problems.js";
import { consolePage, Form, NextPage, Scopes } from "../frame.js";
import { scopesOf, type Staff } from "../staff.js";

interface Shown {
  readonly staff: Staff;
  readonly query: { network?: string; page?: string };
  readonly body?: Body;
  readonly problems?: readonly Problem[] | undefined;
}

/** The network whose accounts an address asks for. */
export function administeredOf({ administered }: Staff, id: string | undefined) {
  const network = administered.find(({ name }) => idOf(name) === id) ?? administered[0];
  if (!network) throw new NoSuchPage();
  return network;
}

/** The people and systems of a network, and a form for one more. */
export async function accountList(
  { upstream, reader }: Site, { staff, query, body = {}, problems = [] }: Shown,
): Promise<string> {
  const network = administeredOf(staff, query.network);
  const { accounts, nextPageToken } = await upstream.lagnet.accounts.listAccounts(
    { network: network.name, pageSize: 50, pageToken: query.page ?? "" }, staff.call,
  );
  const scopes = scopesOf(staff).filter((scope) =>
    staff.administered.some(({ name }) => name === scope.network));
  const here = scopes.find((scope) => scope.network === network.name);
  const id = idOf(network.name);
  return consolePage({
    reader,
    staff,
    title: reader.t("console.accounts.title"),
    path: `/accounts?network=${id}`,
    part: "accounts",
    problems,
    children: (
      <>
        {here ? <Scopes reader={reader} scopes={scopes} here={here} path="/accounts" /> : null}
        <ul class="cards">
          {accounts.map(({ name, displayName, email, kind, state }) => (
            <li class="card">
              <h2 class="h3">
                <a href={reader.to(`/console/accounts/${idOf(name)}`)}>{displayName}</a>
              </h2>
              <p class="quiet">
                {kind === Kind.SYSTEM ? reader.t("console.accounts.system") : email}
                {state === State.DISABLED ? ` · ${reader.t("console.accounts.disabled")}` : ""}
              </p>
            </li>
          ))}
        </ul>
        <NextPage reader={reader} path="/accounts" query={{ network: id }} token={nextPageToken} />
        <h2>{reader.t("console.accounts.new")}</h2>
        <Form reader={reader} staff={staff} action={`/accounts?network=${id}`}
          requestId={keptId(problems, body)}>
          <Line id="display_name" label={reader.t("person.name")} problems={problems}
            input={{
              type: "text", value: one(body, "display_name"), maxLength: 120, required: true,
              autocomplete: "off",
            }} />
          <Line id="email" label={reader.t("person.email")} problems={problems}
            hint={reader.t("console.accounts.email_hint")}
            input={{
              type: "email", value: one(body, "email"), maxLength: 254, required: true,
              autocomplete: "off", inputMode: "email", autocapitalize: "none",
            }} />
          <Choice id="language" label={reader.t("console.accounts.language")} problems={problems}>
            {LANGUAGES.map((language) => (
              <option value={language} lang={language}
                selected={language === (one(body, "language") || reader.language)}>
                {OWN_NAMES[language]}
              </option>
            ))}
          </Choice>
          <p><button class="button">{reader.t("console.accounts.new")}</button></p>
        </Form>
      </>
    ),
  });
}
