import { randomUUID } from "node:crypto";
import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";
import type { Reader } from "../reading/reader.js";
import { Said } from "../reading/said.js";
import { WORKER } from "../serving/assets.js";
import { EnterButton } from "../serving/enter_button.js";
import { html } from "../serving/layout.js";
import { idOf, territoryNames } from "../serving/names.js";
import type { Upstream } from "../serving/upstream.js";
import { personPage, PersonForm } from "../signed_in/frame.js";
import type { Person } from "../signed_in/person.js";
import { seatsLine, standing } from "../visits/words.js";
import type { Draft } from "./draft.js";
import { Answers, Choice, Line, Summary, titled } from "./fields.js";
import { type Needs, needsOf } from "./needs.js";
import { notice, NOTICE_VERSION } from "./notice.js";
import { type Candidate, candidates } from "./organizations.js";
import { PersonFields, type PersonProps, type Place, SECTORS } from "./person.js";
import { Preference, visitsTogether } from "./preference.js";
import type { Problem } from "./problems.js";
import { sectorOptions } from "./sectors.js";
import { Trap } from "./trap.js";

export const STANDINGS = [
  ["REPRESENTATIVE", "standing.representative"],
  ["RESIDENT", "standing.resident"],
  ["OPERATOR", "standing.operator"],
] as const;

const FORM = "sign-up";

/** A form that is to be shown. */
export interface Form {
  readonly visit: StudyVisit;
  readonly draft: Draft;
  readonly problems?: readonly Problem[];

  /** What the server knows a repeat by: made with the empty form. */
  readonly requestId?: string;

  /** Who fills it in at the desk of the organisation, if anybody does. */
  readonly desk?: Person;
}

export async function formPage(
  upstream: Upstream, reader: Reader, { visit, draft, problems = [], requestId, desk }: Form,
): Promise<string> {
  const needs = needsOf(visit.seatRules);
  const [organizations, chosen, places, privacy, others] = await Promise.all([
    desk ? undefined : candidates(upstream, reader, needs),
    upstream.organizations([`organizations/${draft.organization}`]),
    placesOf(upstream, reader, needs),
    notice(upstream, reader, visit),
    visitsTogether(upstream, visit),
  ]);
  const id = idOf(visit.name);
  const title = reader.pick(visit.title);
  const organization = [...chosen.values()][0];
  const action = `${desk ? `/desk/${draft.organization}` : ""}/visits/${id}/sign-up`;
  const enter = <EnterButton label={reader.t("form.send")} />;
  const fields = (
    <>
      <input type="hidden" name="people" value={draft.people.length} />
      <input type="hidden" name="notice" value={NOTICE_VERSION} />
      {organizations ? (
        <OrganizationChoice reader={reader} organizations={organizations} draft={draft}
          problems={problems} />
      ) : (
        <div class="field">
          <input type="hidden" name="organization" value={draft.organization} />
          <span class="label">{reader.t("form.organization")}</span>
          <strong id="organization">
            <Said reader={reader} said={reader.pick(organization?.displayName)} />
          </strong>
          {desk ? null : (
            <a href={reader.to(action)}>{reader.t("form.other_organization")}</a>
          )}
        </div>
      )}
      <Answers id="standing" label={reader.t("form.standing")} problems={problems} required
        chosen={[draft.standing]}
        options={STANDINGS.map(([value, key]) => ({ value, label: reader.t(key) }))} />
      <Answers id="sector" label={reader.t(desk ? "person.sector" : "form.sector")}
        problems={problems} required hint={reader.t("form.sector_hint")} chosen={[draft.sector]}
        options={desk
          ? sectorOptions(reader)
          : SECTORS.map(([value, key]) => ({ value, label: reader.t(key) }))} />
      <People reader={reader} draft={draft} needs={needs} places={places} problems={problems}
        isOwn={!desk} />
      <Size reader={reader} draft={draft} problems={problems} />
      <Preference reader={reader} visit={visit} others={others} draft={draft}
        problems={problems} />
      {privacy}
      <p><button class="button">{reader.t("form.send")}</button></p>
    </>
  );
  const page = {
    reader,
    form: FORM,
    title: titled(reader, reader.t("form.title"), problems),
    path: `${action}${draft.people.length > 1 ? `?people=${draft.people.length}` : ""}`,
    children: (
      <>
        <h1>{reader.t("form.title")}</h1>
        <p>
          <a href={reader.to(`/visits/${id}`)}><Said reader={reader} said={title} /></a>
          <br />
          {reader.days(visit.startTime, visit.endTime, visit.timeZone)}
          <br />
          {seatsLine(visit, reader)} {standing(visit, reader)}
        </p>
        <Summary reader={reader} problems={problems} />
        {desk ? (
          <PersonForm id={FORM} reader={reader} person={desk} action={action}
            requestId={requestId}>
            {enter}
            {fields}
          </PersonForm>
        ) : (
          <form method="post" action={reader.to(action)} id={FORM} data-keep={WORKER}>
            {enter}
            <input type="hidden" name="request_id" value={requestId ?? randomUUID()} />
            <Trap reader={reader} />
            {fields}
          </form>
        )}
      </>
    ),
  };
  return desk
    ? personPage(desk, { ...page, here: "desk" })
    : html({ ...page, part: "visits", isPrivate: true });
}

export function OrganizationChoice(
  { reader, organizations, draft, problems }: {
    reader: Reader;
    organizations: readonly Candidate[];
    draft: Draft;
    problems: readonly Problem[];
  },
) {
  const countries = reader.sorted(
    [...new Set(organizations.map(({ country }) => country))],
    (country) => reader.countryName(country),
  );
  return (
    <Choice id="organization" label={reader.t("form.organization")} problems={problems} required
      hint={reader.t("form.organization_hint")}>
      <option value="">{reader.t("form.choose")}</option>
      {countries.map((country) => (
        <optgroup label={reader.countryName(country)}>
          {organizations.filter((one) => one.country === country).map(({ id, said }) => (
            <option value={id} selected={id === draft.organization}
              lang={said.language === reader.language ? undefined : said.language}>
              {said.text}
            </option>
          ))}
        </optgroup>
      ))}
    </Choice>
  );
}

/** What is asked of each person. `isOwn`: the first of them is the one who
 * types. */
export function People(
  { reader, draft: { people }, isOwn = false, ...asked }:
    Pick<PersonProps, "reader" | "needs" | "places" | "problems" | "isReported"> &
    { draft: Draft; isOwn?: boolean },
) {
  const head = people.length > 1 ? "form.head" : isOwn ? "form.you" : "form.person";
  return (
    <>
      {people.map((person, i) => (
        <fieldset class="person">
          <legend>{i ? reader.t("form.member", { number: i + 1 }) : reader.t(head)}</legend>
          <PersonFields {...asked} reader={reader} number={i + 1} person={person}
            isPlaceholder={i > 0} isSelf={isOwn && i === 0} />
        </fieldset>
      ))}
    </>
  );
}

/** Buttons of the same form, so that nothing typed is lost. */
export function Size(
  { reader, draft, problems }: { reader: Reader; draft: Draft; problems: readonly Problem[] },
) {
  const count = draft.people.length;
  return (
    <div class="size">
      {count > 1 ? (
        <Line id="min_members" label={reader.t("form.min_members")} problems={problems}
          hint={reader.t("form.min_members_hint", { count })}
          input={{
            type: "number", value: draft.minMembers, min: 0, max: count, inputMode: "numeric",
          }} />
      ) : null}
      <p>
        <button name="size" value="more" formNoValidate>{reader.t("form.more")}</button>
        {count > 1 ? (
          <button name="size" value="fewer" formNoValidate>{reader.t("form.fewer")}</button>
        ) : null}
      </p>
    </div>
  );
}

/** The territories that the rules speak of, by name. */
export async function placesOf(
  upstream: Upstream, reader: Reader, needs: Pick<Needs, "territories">,
): Promise<Place[]> {
  const territories = await upstream.territories(needs.territories.flatMap(territoryNames));
  return needs.territories.map((code) => {
    const territory = territoryNames(code).map((name) => territories.get(name)).find(Boolean);
    return {
      code,
      said: territory
        ? reader.pick(territory.displayName)
        : { text: code, language: reader.language },
    };
  });
}
