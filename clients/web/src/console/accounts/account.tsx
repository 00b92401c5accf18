import {
  type Account, Account_State as State, type Grant,
} from "@lagnet/client/access/v1/accounts_pb.js";
import type { Network } from "@lagnet/client/directory/v1/networks_pb.js";
import type { Organization } from "@lagnet/client/directory/v1/organizations_pb.js";
import { idOf } from "../../serving/names.js";
import type { Site } from "../../serving/site.js";
import { type Body, one } from "../../sign_up/draft.js";
import { Answers } from "../../sign_up/fields.js";
import type { Problem } from "../../sign_up/problems.js";
import { consolePage, Doing, Form } from "../frame.js";
import { OrganizationLine, Suggestions, suggestions } from "../organizations.js";
import type { Staff } from "../staff.js";
import { GIVEN, grantText } from "./roles.js";

interface Shown {
  readonly staff: Staff;
  readonly account: Account;
  readonly grants: readonly Grant[];
  readonly body?: Body;
  readonly problems?: readonly Problem[] | undefined;
}

/** An account, what it may do, and how that is changed. */
export async function accountPage(
  { upstream, reader }: Site, { staff, account, grants, body = {}, problems = [] }: Shown,
): Promise<string> {
  const path = `/accounts/${idOf(account.name)}`;
  const scopes = new Map<string, Network | Organization>([
    ...await upstream.networks(),
    ...await upstream.organizations(grants.map(({ organization }) => organization)),
  ]);
  const isActive = account.state === State.ACTIVE;
  return consolePage({
    reader,
    staff,
    title: account.displayName,
    path,
    part: "accounts",
    problems,
    children: (
      <>
        <p class="quiet">{account.email}</p>
        {isActive ? null : <p class="notice">{reader.t("console.accounts.disabled")}</p>}
        <h2>{reader.t("console.accounts.roles")}</h2>
        {grants.length ? (
          <ul class="cards">
            {grants.map((grant) => (
              <li class="card">
                <p>{grantText(grant, scopes, reader)}</p>
                <Doing reader={reader} staff={staff} action={`${path}/take`}
                  label={reader.t("console.accounts.take")} fields={{ grant: idOf(grant.name) }} />
              </li>
            ))}
          </ul>
        ) : <p>{reader.t("console.accounts.no_roles")}</p>}
        {isActive ? (
          <>
            <h2>{reader.t("console.accounts.give")}</h2>
            <Form reader={reader} staff={staff} action={`${path}/give`}>
              <Answers id="role" label={reader.t("console.accounts.role")} problems={problems}
                required chosen={[one(body, "role")]}
                options={Object.entries(GIVEN).map(([value, { key }]) =>
                  ({ value, label: reader.t(key) }))} />
              <Suggestions candidates={await suggestions(upstream, reader)} />
              <OrganizationLine reader={reader} id="organization" problems={problems}
                value={one(body, "organization")} known={new Map()}
                label={reader.t("form.organization")}
                hint={reader.t("console.accounts.organization_hint")} />
              <p><button>{reader.t("console.accounts.give")}</button></p>
            </Form>
            <details>
              <summary>{reader.t("console.accounts.disable")}</summary>
              <p>{reader.t("console.accounts.disable_hint")}</p>
              <Doing reader={reader} staff={staff} action={`${path}/disable`}
                label={reader.t("console.accounts.disable")} />
            </details>
          </>
        ) : null}
      </>
    ),
  });
}
