import { SignUp_Channel as Channel } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";
import { isLanguage, LANGUAGES, OWN_NAMES } from "../../reading/language.js";
import type { Reader } from "../../reading/reader.js";
import { Said } from "../../reading/said.js";
import { EnterButton } from "../../serving/enter_button.js";
import type { Site } from "../../serving/site.js";
import type { Body, Draft } from "../../sign_up/draft.js";
import { one } from "../../sign_up/draft.js";
import { Answers, Choice, Line } from "../../sign_up/fields.js";
import { People, placesOf, Size, STANDINGS } from "../../sign_up/form.js";
import { needsOf } from "../../sign_up/needs.js";
import { notice } from "../../sign_up/notice.js";
import { Preference, visitsTogether } from "../../sign_up/preference.js";
import { keptId, type Problem } from "../../sign_up/problems.js";
import { sectorOptions } from "../../sign_up/sectors.js";
import { consolePage, Form } from "../frame.js";
import { OrganizationLine, Suggestions, suggestions } from "../organizations.js";
import type { Staff } from "../staff.js";
import { named } from "../typed.js";
import { pathOf } from "../visits/read.js";

const CHANNELS = [
  ["PAPER", "console.enter.paper"],
  ["TELEPHONE", "console.enter.telephone"],
] as const satisfies readonly (readonly [keyof typeof Channel, string])[];

interface Shown {
  readonly staff: Staff;
  readonly visit: StudyVisit;
  readonly draft: Draft;
  readonly body: Body;
  readonly problems?: readonly Problem[];
}

/** The form for people who signed up on paper or by telephone. */
export async function enterPage(
  { upstream, reader }: Site, { staff, visit, draft, body, problems = [] }: Shown,
): Promise<string> {
  const needs = needsOf(visit.seatRules);
  const [candidates, known, places, privacy, others] = await Promise.all([
    suggestions(upstream, reader),
    upstream.organizations([`organizations/${draft.organization}`]),
    placesOf(upstream, reader, needs),
    notice(upstream, reader, visit),
    visitsTogether(upstream, visit),
  ]);
  const path = `${pathOf(visit)}/sign-ups/new`;
  return consolePage({
    reader,
    staff,
    title: reader.t("console.enter.title"),
    path,
    part: "visits",
    problems,
    children: (
      <>
        <p>
          <a href={reader.to(`/console${pathOf(visit)}/sign-ups`)}>
            <Said reader={reader} said={reader.pick(visit.title)} />
          </a>
        </p>
        <Form reader={reader} staff={staff} action={path}
          requestId={keptId(problems, body)}>
          <EnterButton label={reader.t("form.send")} />
          <input type="hidden" name="people" value={draft.people.length} />
          <Answers id="channel" label={reader.t("console.party.channel")} problems={problems}
            required chosen={[one(body, "channel")]}
            options={CHANNELS.map(([value, key]) => ({ value, label: reader.t(key) }))} />
          <Line id="notice_given" label={reader.t("console.enter.notice")} problems={problems}
            hint={reader.t("console.enter.notice_hint")}
            input={{
              type: "text", value: one(body, "notice_given"), maxLength: 200, required: true,
            }} />
          <Suggestions candidates={candidates} />
          <OrganizationLine reader={reader} id="organization" value={draft.organization}
            known={known} label={reader.t("form.organization")}
            hint={reader.t("console.organization_hint")} problems={problems} required />
          <Answers id="standing" label={reader.t("form.standing")} problems={problems} required
            chosen={[draft.standing]}
            options={STANDINGS.map(([value, key]) => ({ value, label: reader.t(key) }))} />
          <Answers id="sector" label={reader.t("person.sector")} problems={problems} required
            chosen={[draft.sector]} options={sectorOptions(reader)} />
          <Choice id="language" label={reader.t("console.accounts.language")} problems={problems}>
            {LANGUAGES.map((language) => (
              <option value={language} lang={language}
                selected={language === languageTyped(body, reader)}>
                {OWN_NAMES[language]}
              </option>
            ))}
          </Choice>
          <People reader={reader} draft={draft} needs={needs} places={places} problems={problems}
            isReported />
          <Size reader={reader} draft={draft} problems={problems} />
          <Preference reader={reader} visit={visit} others={others} draft={draft}
            problems={problems} />
          <details>
            <summary>{reader.t("console.enter.text")}</summary>
            {privacy}
          </details>
          <p><button class="button">{reader.t("form.send")}</button></p>
        </Form>
      </>
    ),
  });
}

/** The language that those who are entered are written to in. */
export function languageTyped(body: Body, reader: Reader): string {
  const language = one(body, "language");
  return isLanguage(language) ? language : reader.language;
}

export function channelTyped(body: Body): Channel {
  return named(Channel, one(body, "channel"));
}
