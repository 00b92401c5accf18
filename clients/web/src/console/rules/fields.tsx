import { Organization_Kind as Kind } from "@lagnet/client/directory/v1/organizations_pb.js";
import type { Organization } from "@lagnet/client/directory/v1/organizations_pb.js";
import { type StudyVisit, StudyVisit_State as State } from
  "@lagnet/client/visits/v1/study_visits_pb.js";
import { kindName } from "../../directory/words.js";
import type { Key } from "../../reading/messages.js";
import type { Reader } from "../../reading/reader.js";
import { type Body, one, several } from "../../sign_up/draft.js";
import { Answers, Choice, Line, Text } from "../../sign_up/fields.js";
import { AGES } from "../../sign_up/person.js";
import type { Problem } from "../../sign_up/problems.js";
import { OrganizationLine, organizationSaid } from "../organizations.js";
import { sectorOptions } from "../../sign_up/sectors.js";
import { GroupFields } from "./group.js";
import {
  CONFIRM_HOURS, groupRows, isGroupRow, isShare, partnerRows, shareRows,
} from "./typed.js";

const PRESETS = [
  ["arrival", "console.rules.arrival"],
  ["partners", "console.rules.partners"],
  ["draw", "console.rules.draw"],
] as const;

const KINDS = [
  Kind.LAG, Kind.MUNICIPALITY, Kind.COUNTY, Kind.PROTECTED_AREA, Kind.CSO, Kind.SOCIAL_ENTERPRISE,
  Kind.BUSINESS, Kind.RESEARCH, Kind.NETWORK_UNIT,
];

const HOURS = [
  ["confirm_hours", "console.rules.confirm", "console.rules.confirm_hint"],
  ["offer_hours", "console.rules.offer", "console.rules.offer_hint"],
  ["hold_hours", "console.rules.hold", "console.rules.hold_hint"],
  ["largest_held_group", "console.rules.largest", "console.rules.largest_hint"],
  ["verify_hours", "console.rules.verify", "console.rules.verify_hint"],
] as const;

const ENDS = [
  ["placeholders_end", "console.rules.placeholders", "console.rules.placeholders_hint"],
  ["free_withdrawal_end", "console.rules.withdrawal", undefined],
] as const;

const WEIGHTS = [
  ["weight_years", "console.rules.weight_years", "console.rules.weight_years_hint", 5],
  ["weight_newcomers", "console.rules.weight_newcomers", "console.rules.weight_hint", 10],
  ["weight_organizations", "console.rules.weight_organizations", "console.rules.weight_hint", 10],
] as const;

interface Props {
  readonly reader: Reader;
  readonly visit: StudyVisit;
  readonly body: Body;
  readonly problems: readonly Problem[];
  readonly known: ReadonlyMap<string, Organization>;
  readonly spoken: readonly string[];
}

/** Who gets the seats: what most visits need, and behind "more" all there is. */
export function RulesFields(props: Props) {
  const { reader, body, problems } = props;
  return (
    <>
      <Answers id="preset" label={reader.t("console.rules.preset")} problems={problems} required
        chosen={[one(body, "preset") || "arrival"]}
        options={PRESETS.map(([value, key]) => ({ value, label: reader.t(key) }))} />
      {/* What the form said when it was opened. */}
      <input type="hidden" name="preset_was"
        value={one(body, "preset_was") || one(body, "preset")} />
      <Partners {...props} />
      <Together {...props} />
      <details open={hasMore(props)}>
        <summary>{reader.t("console.rules.more")}</summary>
        <Shares {...props} />
        <Groups {...props} />
        <Weights {...props} />
        <Who {...props} />
        <Times {...props} />
      </details>
    </>
  );
}

// What is set, or wrong, is not to be hidden.
function hasMore({ body, problems }: Props): boolean {
  const isPartner = (field: string) => field.startsWith("partner");
  const isSet = (field: string) => one(body, field) !== "";
  return isShare(body, 1) || isGroupRow(body, 1) || [...HOURS, ...ENDS, ...WEIGHTS].some(([id]) => isSet(id)) ||
    problems.some(({ field }) => field !== undefined && !isPartner(field)) ||
    Object.entries(body).some(([name, value]) => name.startsWith("who_") && value?.length);
}

function Partners({ reader, body, problems, known }: Props) {
  return (
    <fieldset class="person partners">
      <legend>{reader.t("console.rules.partner_seats")}</legend>
      {partnerRows(body).map((n) => (
        <div class="row">
          <OrganizationLine reader={reader} id={`partner-${n}`} value={one(body, `partner-${n}`)}
            known={known} label={reader.t("console.rules.partner", { number: n })}
            problems={problems} />
          <Number id={`partner_seats-${n}`} label={reader.t("visit.seats_title")} body={body}
            problems={problems} most={500} />
        </div>
      ))}
      <Line id="partners_until" label={reader.t("console.rules.until")} problems={problems}
        hint={reader.t("console.rules.until_hint")}
        input={{ type: "datetime-local", value: one(body, "partners_until") }} />
      <p class="hint">{reader.t("console.rules.partners_hint", { hours: CONFIRM_HOURS })}</p>
    </fieldset>
  );
}

// For the visits of a project, and only until this one is published.
function Together({ reader, visit, body, problems }: Props) {
  const id = "first_seats_first";
  const value = one(body, id);
  const label = reader.t("console.rules.together");
  if (visit.state !== State.DRAFT) {
    return value ? <p><input type="hidden" name={id} value={value} />{label}</p> : null;
  }
  return visit.project ? (
    <Answers id={id} label={reader.t("console.rules.of_project")} several problems={problems}
      hint={reader.t("console.rules.together_hint")} chosen={[value]}
      options={[{ value: "1", label }]} />
  ) : null;
}

function Number(
  { id, label, hint, body, problems, most }: {
    id: string;
    label: string;
    hint?: string;
    body: Body;
    problems: readonly Problem[];
    most: number;
  },
) {
  return (
    <Line id={id} label={label} hint={hint} problems={problems}
      input={{ type: "number", value: one(body, id), min: 0, max: most, inputMode: "numeric" }} />
  );
}

function Shares(props: Props) {
  const { reader, body, problems } = props;
  return (
    <>
      <h2>{reader.t("console.rules.shares")}</h2>
      <p class="hint">{reader.t("console.rules.shares_hint")}</p>
      {shareRows(body).map((n) => (
        <fieldset class="person" id={`share-${n}`}>
          <legend>{reader.t("console.rules.share", { number: n })}</legend>
          <GroupFields {...props} id="share" n={n} />
          <Bound {...props} id={`share_min-${n}`} unit={`share_min_unit-${n}`}
            label="console.rules.least" />
          <Bound {...props} id={`share_max-${n}`} unit={`share_max_unit-${n}`}
            label="console.rules.most" />
          <Line id={`share_until-${n}`} label={reader.t("console.rules.until")} problems={problems}
            hint={reader.t("console.rules.until_hint")}
            input={{ type: "datetime-local", value: one(body, `share_until-${n}`) }} />
        </fieldset>
      ))}
    </>
  );
}

function Bound(
  { reader, body, problems, id, unit, label }: Props & { id: string; unit: string; label: Key },
) {
  return (
    <div class="row">
      <Number id={id} label={reader.t(label)} body={body} problems={problems} most={500} />
      <Choice id={unit} label={reader.t("console.rules.unit")} problems={problems}>
        <option value="seats">{reader.t("console.rules.seats")}</option>
        <option value="percent" selected={one(body, unit) === "percent"}>
          {reader.t("console.rules.percent")}
        </option>
      </Choice>
    </div>
  );
}

function Groups(props: Props) {
  const { reader, body } = props;
  return (
    <>
      <h2>{reader.t("console.rules.groups")}</h2>
      <p class="hint">{reader.t("console.rules.groups_hint")}</p>
      {groupRows(body).map((n) => (
        <fieldset class="person" id={`group-${n}`}>
          <legend>{reader.t("console.rules.group", { number: n })}</legend>
          <GroupFields {...props} id="group" n={n} />
        </fieldset>
      ))}
    </>
  );
}

function Weights({ reader, body, problems }: Props) {
  return (
    <>
      <h2>{reader.t("console.rules.weights")}</h2>
      <p class="hint">{reader.t("console.rules.weights_hint")}</p>
      {WEIGHTS.map(([id, label, hint, most]) => (
        <Number id={id} label={reader.t(label)} hint={reader.t(hint)} body={body}
          problems={problems} most={most} />
      ))}
    </>
  );
}

function Who({ reader, body, problems, known, spoken }: Props) {
  return (
    <>
      <h2>{reader.t("console.rules.who")}</h2>
      <p class="hint">{reader.t("console.rules.who_hint")}</p>
      <Line id="who_places" label={reader.t("console.rules.places")} problems={problems}
        hint={reader.t("console.rules.place_hint")}
        input={{ type: "text", value: one(body, "who_places"), maxLength: 1_000 }} />
      <Answers id="who_kinds" label={reader.t("console.rules.kinds")} several problems={problems}
        chosen={several(body, "who_kinds")}
        options={KINDS.map((kind) => ({ value: String(kind), label: kindName(kind, reader) }))} />
      <Answers id="who_sectors" label={reader.t("person.sector")} several problems={problems}
        chosen={several(body, "who_sectors")}
        options={sectorOptions(reader)} />
      <Answers id="who_ages" label={reader.t("person.age")} several problems={problems}
        chosen={several(body, "who_ages")}
        options={AGES.map(([value, key]) => ({ value, label: reader.t(key) }))} />
      <Answers id="who_languages" label={reader.t("console.rules.languages")} several
        problems={problems} chosen={several(body, "who_languages")}
        options={spoken.map((value) => ({ value, label: reader.languageName(value) }))} />
      <Text id="who_organizations" label={reader.t("console.rules.organizations")}
        hint={reader.t("console.rules.organizations_hint")} problems={problems}
        input={{ rows: 3, maxLength: 20_000, spellcheck: false }}
        value={one(body, "who_organizations").split("\n")
          .map((line) => organizationSaid(line.trim(), known, reader)).join("\n")} />
    </>
  );
}

function Times({ reader, body, problems }: Props) {
  return (
    <>
      <h2>{reader.t("console.rules.times")}</h2>
      {HOURS.map(([id, label, hint]) => (
        <Number id={id} label={reader.t(label)} hint={reader.t(hint)} body={body}
          problems={problems} most={id === "largest_held_group" ? 50 : 2_160} />
      ))}
      {ENDS.map(([id, label, hint]) => (
        <Line id={id} label={reader.t(label)} hint={hint && reader.t(hint)} problems={problems}
          input={{ type: "datetime-local", value: one(body, id) }} />
      ))}
    </>
  );
}
