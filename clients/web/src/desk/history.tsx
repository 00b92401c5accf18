import type { FieldChange } from "@lagnet/client/directory/v1/field_changes_pb.js";
import type { Network } from "@lagnet/client/directory/v1/networks_pb.js";
import type { Organization } from "@lagnet/client/directory/v1/organizations_pb.js";
import type { Reader } from "../reading/reader.js";
import { Said } from "../reading/said.js";
import { idOf } from "../serving/names.js";
import type { Upstream } from "../serving/upstream.js";
import { personPage } from "../signed_in/frame.js";
import { asPerson, type Person } from "../signed_in/person.js";
import { homeOf } from "./desk_of.js";
import { HistoryWords } from "./history_words.js";

/** Who changed what in an entry, the newest first. */
export async function historyPage(
  upstream: Upstream, reader: Reader, person: Person, organization: Organization, page: string,
): Promise<string> {
  const { name } = organization;
  const [{ fieldChanges, nextPageToken }, { accounts }, themes, networks] = await Promise.all([
    upstream.lagnet.fieldChanges.listFieldChanges(
      { organization: name, pageSize: 50, pageToken: page }, asPerson(person),
    ),
    // A help, and no more.
    upstream.lagnet.colleagues.listColleagues(
      { organization: name, pageSize: 200 }, asPerson(person),
    ).catch(() => ({ accounts: [] })),
    upstream.themes(),
    upstream.networks(),
  ]);
  const others = await upstream.organizations(fieldChanges.flatMap(({ oldValue, newValue }) =>
    `${oldValue} ${newValue}`.match(/(?<=")organizations\/[\w-]+(?=")/g) ?? []));
  const named = new Map<string, Network | Organization>([...networks, ...others]);
  const words = new HistoryWords(reader, themes, named);
  const zone = networks.get(organization.network)?.timeZone || "UTC";
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
          <a href={reader.to(homeOf(person, name))}>
            <Said reader={reader} said={reader.pick(organization.displayName)} />
          </a>
        </p>
        <h1>{reader.t("history.title")}</h1>
        {fieldChanges.length === 0 ? <p>{reader.t("history.none")}</p> : null}
        <ol class="cards">
          {fieldChanges.map((change) => (
            <Change reader={reader} words={words} change={change} zone={zone}
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

function Change(
  { reader, words, change, zone, by }:
    { reader: Reader; words: HistoryWords; change: FieldChange; zone: string; by: string },
) {
  const { field, changeTime, source } = change;
  const [was, is] = [change.oldValue, change.newValue].map((value) => words.value(field, value));
  return (
    <li class="card">
      <p class="quiet">{reader.moment(changeTime, zone)} · {by}</p>
      <h2 class="h3">{words.field(field)}</h2>
      {was ? <p><del>{was}</del></p> : null}
      {is ? <p><ins>{is}</ins></p> : null}
      {source ? <p class="quiet small">{source}</p> : null}
    </li>
  );
}
