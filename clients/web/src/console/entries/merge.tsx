import { randomUUID } from "node:crypto";
import type {
  MergeOrganizationsResponse as Preview,
} from "@lagnet/client/directory/v1/doubles_pb.js";
import { HistoryWords } from "../../desk/history_words.js";
import type { Reader } from "../../reading/reader.js";
import { Said } from "../../reading/said.js";
import { NoSuchPage } from "../../serving/failures.js";
import { idOf, nameOf } from "../../serving/names.js";
import type { Site } from "../../serving/site.js";
import type { Problem } from "../../sign_up/problems.js";
import { consolePage, Doing } from "../frame.js";
import { reasonInWords, tried } from "../refusals.js";
import type { Staff } from "../staff.js";
import { movedName } from "./words.js";

/** Two entries, as they stand in an address. */
export interface Pair {
  readonly name?: string;
  readonly into?: string;
}

/** The names of both; throws `NoSuchPage` if they cannot be any. */
export function pairOf({ name, into }: Pair): { name: string; into: string } {
  const from = nameOf("organizations", name);
  const to = nameOf("organizations", into);
  if (from === undefined || to === undefined) throw new NoSuchPage();
  return { name: from, into: to };
}

/** What merging two entries would do, before it is done: it cannot be undone. */
export async function mergePage(
  { upstream, reader }: Site, staff: Staff, pair: Pair, refused: readonly Problem[] = [],
): Promise<string> {
  const { name, into } = pairOf(pair);
  const [goes, stays] = await Promise.all([name, into].map((one) =>
    upstream.lagnet.organizations.getOrganization({ name: one }, staff.call)));
  if (!goes || !stays || goes.name === stays.name) throw new NoSuchPage();
  let preview: Preview | undefined;
  const problems = await tried(reader, async () => {
    preview = await upstream.lagnet.doubles.mergeOrganizations(
      { name, into, requestId: randomUUID(), validateOnly: true }, staff.call,
    );
  });
  const words = new HistoryWords(reader, await upstream.themes());
  const query = `name=${idOf(name)}&into=${idOf(into)}`;
  return consolePage({
    reader,
    staff,
    title: reader.t("console.merge.title"),
    path: `/entries/merge?${query}`,
    part: "entries",
    problems: [...refused, ...(problems ?? [])],
    children: (
      <>
        <dl>
          <dt>{reader.t("console.merge.goes")}</dt>
          <dd>
            <Said reader={reader} said={reader.pick(goes.displayName)} />
            <span class="quiet"> {idOf(name)}</span>
          </dd>
          <dt>{reader.t("console.merge.stays")}</dt>
          <dd>
            <Said reader={reader} said={reader.pick(stays.displayName)} />
            <span class="quiet"> {idOf(into)}</span>
          </dd>
        </dl>
        {preview ? <Effects reader={reader} words={words} preview={preview} /> : null}
        {preview && preview.conflicts.length === 0 ? (
          <>
            <p class="notice">{reader.t("console.merge.sure")}</p>
            <Doing reader={reader} staff={staff} action={`/entries/merge?${query}`} isMain
              label={reader.t("console.merge.do")}
              fields={{ etag: goes.etag, into_etag: stays.etag }} />
          </>
        ) : null}
        <p>
          <a href={reader.to(`/console/entries/merge?name=${idOf(into)}&into=${idOf(name)}`)}>
            {reader.t("console.merge.other_way")}
          </a>
        </p>
      </>
    ),
  });
}

function Effects(
  { reader, words, preview }: { reader: Reader; words: HistoryWords; preview: Preview },
) {
  const { moved, taken, left, conflicts } = preview;
  const said = (field: string, value: string) => (
    <li>{words.field(field)}: {words.value(field, value)}</li>
  );
  return (
    <>
      {conflicts.length ? (
        <div class="problems">
          <h2>{reader.t("console.merge.conflicts")}</h2>
          <ul>
            {conflicts.map(({ resource, reason, description }) => {
              const text = reasonInWords(reason, reader);
              return text === undefined
                ? <li lang={reader.language === "en" ? undefined : "en"}>{description}</li>
                : <li>{text} <span class="quiet">{idOf(resource)}</span></li>;
            })}
          </ul>
        </div>
      ) : null}
      {moved.length ? (
        <>
          <h2>{reader.t("console.merge.moved")}</h2>
          <ul>
            {moved.map(({ kind, count }) => (
              <li>{movedName(kind, reader)}: {reader.number(count)}</li>
            ))}
          </ul>
        </>
      ) : null}
      {taken.length ? (
        <>
          <h2>{reader.t("console.merge.taken")}</h2>
          <ul>{taken.map(({ field, newValue }) => said(field, newValue))}</ul>
        </>
      ) : null}
      {left.length ? (
        <>
          <h2>{reader.t("console.merge.left")}</h2>
          <ul>{left.map(({ field, leftValue }) => said(field, leftValue))}</ul>
        </>
      ) : null}
    </>
  );
}
