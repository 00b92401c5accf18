import type { FieldChange } from "@lagnet/client/directory/v1/field_changes_pb.js";
import type { Organization } from "@lagnet/client/directory/v1/organizations_pb.js";
import type { Key } from "../reading/messages.js";
import type { Reader } from "../reading/reader.js";
import { Said } from "../reading/said.js";
import { idOf } from "../serving/names.js";
import type { Upstream } from "../serving/upstream.js";
import { personPage } from "../signed_in/frame.js";
import { asPerson, type Person } from "../signed_in/person.js";
import { LINES } from "./entry.js";
import { labelOf } from "./entry_problems.js";

// What is not a line of the form, where the pages have a name for it.
const NAMES: Readonly<Record<string, Key>> = {
  area_km2: "organization.size",
  bodies: "organization.bodies",
  founded_on: "organization.founded",
  funds: "organization.funds",
  languages: "organization.languages",
  legal_form: "organization.legal_form",
  population: "organization.size",
  territories: "organization.area",
  themes: "organization.themes",
};

/** Who changed what in an entry, the newest first. */
export async function historyPage(
  upstream: Upstream, reader: Reader, person: Person, organization: Organization, page: string,
): Promise<string> {
  const { name } = organization;
  const [{ fieldChanges, nextPageToken }, { accounts }] = await Promise.all([
    upstream.lagnet.fieldChanges.listFieldChanges(
      { organization: name, pageSize: 50, pageToken: page }, asPerson(person),
    ),
    // A help, and no more.
    upstream.lagnet.colleagues.listColleagues({ organization: name, pageSize: 200 }, asPerson(person))
      .catch(() => ({ accounts: [] })),
  ]);
  const people = new Map(accounts.map((account) => [account.name, account.displayName]));
  const path = `/desk/${idOf(name)}`;
  return personPage(person, {
    reader,
    title: reader.t("history.title"),
    path: `${path}/history`,
    here: "desk",
    children: (
      <>
        <p>
          <a href={reader.to(path)}>
            <Said reader={reader} said={reader.pick(organization.displayName)} />
          </a>
        </p>
        <h1>{reader.t("history.title")}</h1>
        {fieldChanges.length === 0 ? <p>{reader.t("history.none")}</p> : null}
        <ol class="cards">
          {fieldChanges.map((change) => (
            <Change reader={reader} change={change}
              by={people.get(change.actor) ?? reader.t("history.other")} />
          ))}
        </ol>
        {nextPageToken ? (
          <p>
            <a href={reader.to(`${path}/history?page=${encodeURIComponent(nextPageToken)}`)}>
              {reader.t("list.next")}
            </a>
          </p>
        ) : null}
      </>
    ),
  });
}

function Change({ reader, change, by }: { reader: Reader; change: FieldChange; by: string }) {
  const { field, oldValue, newValue, changeTime, source } = change;
  return (
    <li class="card">
      <p class="quiet">{reader.moment(changeTime, "UTC")} · {by}</p>
      <h2 class="h3">{fieldName(field, reader)}</h2>
      {oldValue ? <p><del>{plain(oldValue)}</del></p> : null}
      {newValue ? <p><ins>{plain(newValue)}</ins></p> : null}
      {source ? <p class="quiet small">{source}</p> : null}
    </li>
  );
}

// `display_name.texts.pl` is a line of the form; of what is none, the word that
// the API has is better than nothing.
function fieldName(field: string, reader: Reader): string {
  const [, whole = field, language] = /^(.*)\.texts\.(\w+)$/.exec(field) ?? [];
  const line = LINES.find((one) => one.field === whole && (!one.language || one.language === language));
  if (line) return labelOf(line, reader);
  const key = NAMES[whole.split(".")[0] ?? ""];
  return key ? reader.t(key) : field;
}

// A value is JSON: of a text, the text.
function plain(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "string") return value;
    const isPlain = Array.isArray(value) && value.every((item) => typeof item !== "object");
    return isPlain ? value.join(", ") : JSON.stringify(value, undefined, 1);
  } catch {
    return json;
  }
}
