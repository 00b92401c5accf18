import { type LikelyDouble } from "@lagnet/client/directory/v1/doubles_pb.js";
import {
  type Organization, Organization_State as State,
} from "@lagnet/client/directory/v1/organizations_pb.js";
import { kindName } from "../../directory/words.js";
import { Paragraphs } from "../../reading/said.js";
import { idOf } from "../../serving/names.js";
import type { Site } from "../../serving/site.js";
import { type Body, one } from "../../sign_up/draft.js";
import { Line, Text } from "../../sign_up/fields.js";
import type { Problem } from "../../sign_up/problems.js";
import { consolePage, Doing, Form } from "../frame.js";
import { OrganizationLine, Suggestions, suggestions } from "../organizations.js";
import type { Staff } from "../staff.js";
import { Doubles } from "./doubles.js";
import { stateOf } from "./words.js";

const LISTED = [State.VERIFIED, State.STALE];

export interface ShownEntry {
  readonly staff: Staff;
  readonly entry: Organization;
  readonly body?: Body;
  readonly problems?: readonly Problem[] | undefined;

  /** What came of the last thing that was asked for. */
  readonly note?: string;
}

/** An entry as it is, and all that the network can do with it. */
export async function entryPage(site: Site, shown: ShownEntry): Promise<string> {
  const { upstream, reader } = site;
  const { staff, entry, problems, note } = shown;
  const id = idOf(entry.name);
  const { likelyDoubles } = await upstream.lagnet.doubles.findLikelyDoubles(
    { subject: { case: "name", value: entry.name } }, staff.call,
  );
  const said = reader.pick(entry.displayName);
  return consolePage({
    reader,
    staff,
    title: said.text || id,
    path: `/entries/${id}`,
    part: "entries",
    problems,
    children: (
      <>
        {note ? <p class="notice" role="status">{note}</p> : null}
        <p class="state"><strong>{stateOf(entry.state, reader)}</strong></p>
        {entry.returnReason ? <p class="notice">{entry.returnReason}</p> : null}
        <dl>
          {Object.entries(entry.displayName?.texts ?? {}).map(([tag, { text }]) => (
            <><dt>{reader.languageName(tag)}</dt><dd lang={tag}>{text}</dd></>
          ))}
          <dt>{reader.t("filter.kind")}</dt>
          <dd>{kindName(entry.kind, reader)} · {reader.countryName(entry.country)}</dd>
          {entry.email ? (
            <><dt>{reader.t("organization.email")}</dt><dd>{entry.email}</dd></>
          ) : null}
          {entry.website ? (
            <><dt>{reader.t("organization.website")}</dt><dd>{entry.website}</dd></>
          ) : null}
          {entry.territories.length ? (
            <>
              <dt>{reader.t("organization.area")}</dt>
              <dd>{entry.territories.map(({ code }) => code).join(", ")}</dd>
            </>
          ) : null}
        </dl>
        <Paragraphs reader={reader} said={reader.pick(entry.description)} />
        <p class="links">
          <a href={reader.to(`/desk/${id}/edit`)}>{reader.t("console.entry.edit")}</a>
          <a href={reader.to(`/desk/${id}/history`)}>{reader.t("history.title")}</a>
          {LISTED.includes(entry.state) ? (
            <a href={reader.to(`/organizations/${id}`)}>{reader.t("console.visit.public")}</a>
          ) : null}
        </p>
        {await actions(site, shown)}
        {likelyDoubles.length ? (
          <>
            <h2>{reader.t("console.doubles.title")}</h2>
            <Doubles reader={reader} staff={staff} pairs={likelyDoubles.map((pair) =>
              ({ ...pair, one: entry }) as LikelyDouble)} />
          </>
        ) : null}
      </>
    ),
  });
}

async function actions(
  { upstream, reader }: Site, { staff, entry, body = {}, problems = [] }: ShownEntry,
) {
  const { state } = entry;
  const at = (verb: string) => `/entries/${idOf(entry.name)}/${verb}`;
  const isListed = LISTED.includes(state);
  const mayDissolve = isListed || state === State.ARCHIVED;
  const candidates = mayDissolve ? await suggestions(upstream, reader) : [];
  const fields = { etag: entry.etag };
  return (
    <>
      {state === State.SUBMITTED ? (
        <>
          <p>{reader.t("console.entry.verify_hint")}</p>
          <Doing reader={reader} staff={staff} action={at("verify")} fields={fields}
            label={reader.t("console.entry.verify")} isMain />
          <details open={problems.length > 0}>
            <summary>{reader.t("console.entry.return")}</summary>
            <Form reader={reader} staff={staff} action={at("return")}>
              <Text id="reason" label={reader.t("console.reason")} problems={problems}
                hint={reader.t("console.entry.return_hint")} value={one(body, "reason")}
                input={{ rows: 3, maxLength: 2_000, required: true }} />
              <p><button>{reader.t("console.entry.return")}</button></p>
            </Form>
          </details>
        </>
      ) : null}
      {isListed ? (
        <>
          <Doing reader={reader} staff={staff} action={at("confirm")} fields={fields}
            label={reader.t("console.entry.confirm")} />
          <Doing reader={reader} staff={staff} action={at("claim")}
            label={reader.t("console.entry.claim")} />
          <details>
            <summary>{reader.t("console.entry.archive")}</summary>
            <p>{reader.t("console.entry.archive_hint")}</p>
            <Doing reader={reader} staff={staff} action={at("archive")} fields={fields}
              label={reader.t("console.entry.archive")} />
          </details>
        </>
      ) : null}
      {mayDissolve ? (
        <details open={problems.some(({ field }) => field === "successor")}>
          <summary>{reader.t("console.entry.dissolve")}</summary>
          <Form reader={reader} staff={staff} action={at("dissolve")}>
            <Suggestions candidates={candidates} />
            <OrganizationLine reader={reader} id="successor" value={one(body, "successor")}
              known={new Map()} label={reader.t("organization.successor")}
              hint={reader.t("console.organization_hint")} problems={problems} />
            <Line id="dissolved_on" label={reader.t("console.entry.dissolved_on")}
              problems={problems} input={{ type: "date", value: one(body, "dissolved_on") }} />
            <p><button>{reader.t("console.entry.dissolve")}</button></p>
          </Form>
        </details>
      ) : null}
      {state === State.ARCHIVED || state === State.DISSOLVED ? (
        <Doing reader={reader} staff={staff} action={at("restore")} fields={fields}
          label={reader.t("console.entry.restore")} />
      ) : null}
    </>
  );
}
