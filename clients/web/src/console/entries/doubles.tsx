import type { LikelyDouble } from "@lagnet/client/directory/v1/doubles_pb.js";
import type { Organization } from "@lagnet/client/directory/v1/organizations_pb.js";
import type { Reader } from "../../reading/reader.js";
import { Said } from "../../reading/said.js";
import { idOf } from "../../serving/names.js";
import type { Site } from "../../serving/site.js";
import type { Problem } from "../../sign_up/problems.js";
import { consolePage, Doing, NextPage } from "../frame.js";
import { networkOf, type Staff } from "../staff.js";
import { signOf, stateOf } from "./words.js";

const PER_PAGE = 20;

/** Pairs of entries that may be one organisation each. */
export async function doublesPage(
  { upstream, reader }: Site,
  staff: Staff,
  query: { network?: string; page?: string },
  problems?: readonly Problem[],
): Promise<string> {
  const { name: network } = networkOf(staff, query);
  const { likelyDoubles, nextPageToken } = await upstream.lagnet.doubles.listLikelyDoubles(
    { network, pageSize: PER_PAGE, pageToken: query.page ?? "" }, staff.call,
  );
  return consolePage({
    reader,
    staff,
    title: reader.t("console.doubles.title"),
    path: `/entries/doubles?network=${idOf(network)}`,
    part: "entries",
    problems,
    children: (
      <>
        <p>{reader.t("console.doubles.hint")}</p>
        {likelyDoubles.length ? (
          <Doubles reader={reader} staff={staff} pairs={likelyDoubles} />
        ) : <p>{reader.t("console.doubles.none")}</p>}
        <NextPage reader={reader} path="/entries/doubles" token={nextPageToken}
          query={{ network: idOf(network) }} />
      </>
    ),
  });
}

/** Each pair with why it may be one, and what can be done. */
export function Doubles(
  { reader, staff, pairs }:
    { reader: Reader; staff: Staff; pairs: readonly LikelyDouble[] },
) {
  return (
    <ul class="cards">
      {pairs.map(({ one, other, signs }) => (one && other ? (
        <li class="card">
          <p><Entry reader={reader} entry={one} /><br /><Entry reader={reader} entry={other} /></p>
          <p class="quiet">{reader.t("console.doubles.why")}</p>
          <ul>
            {signs.map((sign) => (
              <li>
                {signOf(sign.reason, reader)}: {sign.one}
                {sign.other === sign.one ? "" : ` / ${sign.other}`}
              </li>
            ))}
          </ul>
          <p class="links">
            <MergeLink reader={reader} from={one} into={other} />
            <MergeLink reader={reader} from={other} into={one} />
          </p>
          <Doing reader={reader} staff={staff}
            action={`/entries/doubles/dismiss?network=${idOf(one.network)}`}
            label={reader.t("console.doubles.dismiss")}
            fields={{ one: idOf(one.name), other: idOf(other.name) }} />
        </li>
      ) : null))}
    </ul>
  );
}

function Entry({ reader, entry }: { reader: Reader; entry: Organization }) {
  return (
    <>
      <a href={reader.to(`/console/entries/${idOf(entry.name)}`)}>
        <Said reader={reader} said={reader.pick(entry.displayName)} />
      </a>
      <span class="quiet"> {idOf(entry.name)} · {stateOf(entry.state, reader)}</span>
    </>
  );
}

function MergeLink(
  { reader, from, into }: { reader: Reader; from: Organization; into: Organization },
) {
  const query = `name=${idOf(from.name)}&into=${idOf(into.name)}`;
  const said = ({ displayName }: Organization) => reader.pick(displayName).text;
  // Doubles may have one name.
  const called = (entry: Organization) =>
    said(from) === said(into) ? idOf(entry.name) : said(entry);
  return (
    <a href={reader.to(`/console/entries/merge?${query}`)}>
      {reader.t("console.doubles.merge", { from: called(from), into: called(into) })}
    </a>
  );
}
