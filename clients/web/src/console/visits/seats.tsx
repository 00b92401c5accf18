import { StudyVisit_State as State } from "@lagnet/client/visits/v1/study_visits_pb.js";
import { LANGUAGES } from "../../reading/language.js";
import { EnterButton } from "../../serving/enter_button.js";
import { nameOf } from "../../serving/names.js";
import { type Body, one, several } from "../../sign_up/draft.js";
import { Line } from "../../sign_up/fields.js";
import { Suggestions, suggestions } from "../organizations.js";
import type { FieldOf } from "../refusals.js";
import { RulesFields } from "../rules/fields.js";
import { piecesOf } from "../rules/places.js";
import { suggested } from "../rules/suggested.js";
import { placeFields, rulesOf, sharesSent, typedRules } from "../rules/typed.js";
import { whole } from "../typed.js";
import type { Step } from "./step.js";
import { minutes } from "./what.js";
import type { Reader } from "../../reading/reader.js";

const SUGGESTED = [
  ["ORDER_OF_ARRIVAL", "console.rules.arrival"],
  ["SEATS_PER_PARTNER", "console.rules.partners"],
  ["DRAW", "console.rules.draw"],
] as const;

/** Step 4: how many seats, until when people sign up, and who gets the seats. */
export const SEATS: Step = {
  title: "console.seats.title",
  mask: ["seats", "seats_per_organization", "sign_up_start", "sign_up_end", "seat_rules"],

  typed: (visit) => ({
    seats: String(visit.seats),
    seats_per_organization: visit.seatsPerOrganization ? String(visit.seatsPerOrganization) : "",
    sign_up_start: minutes(visit.signUpStart),
    sign_up_end: minutes(visit.signUpEnd),
    ...typedRules(visit.seatRules),
  }),

  suggested,

  async taken(site, body) {
    const { rules, problems } = await rulesOf(site, body);
    // Hosts make their secret numbers before sign-up opens, and not after.
    const lacksStart = one(body, "preset") === "draw" && one(body, "sign_up_start") === "";
    return {
      fields: {
        seats: whole(one(body, "seats")),
        seatsPerOrganization: whole(one(body, "seats_per_organization")),
        signUpStart: one(body, "sign_up_start"),
        signUpEnd: one(body, "sign_up_end"),
        seatRules: rules,
      },
      problems: lacksStart
        ? [...problems, {
          field: "sign_up_start",
          label: site.reader.t("console.seats.from"),
          text: site.reader.t("console.seats.draw_from"),
        }]
        : problems,
    };
  },

  fieldOf: ({ reader }, body) => seatField(reader, body),

  async fields({ site: { upstream, reader }, visit, body, problems }) {
    const listed = one(body, "who_organizations").split("\n").map((line) => line.trim());
    const [candidates, known] = await Promise.all([
      suggestions(upstream, reader),
      upstream.organizations([
        ...Object.keys(body).filter((name) => /^(partner|share_org|group_org)-\d+$/.test(name))
          .map((name) => one(body, name)),
        ...listed,
      ].flatMap((id) => nameOf("organizations", id) ?? [])),
    ]);
    const asked = several(body, "who_languages");
    const spoken = [...new Set([...LANGUAGES, ...visit.languages, ...asked])];
    return (
      <>
        <EnterButton label={reader.t("console.step.save")} />
        <Suggestions candidates={candidates} />
        {visit.state === State.DRAFT ? null : (
          <p class="notice">{reader.t("console.seats.frozen")}</p>
        )}
        <Line id="seats" label={reader.t("console.seats.seats")} problems={problems}
          input={{
            type: "number", value: one(body, "seats"), min: 1, max: 500, required: true,
            inputMode: "numeric",
          }} />
        <Line id="seats_per_organization" label={reader.t("console.seats.each")}
          problems={problems} hint={reader.t("console.seats.each_hint")}
          input={{
            type: "number", value: one(body, "seats_per_organization"), min: 0, max: 500,
            inputMode: "numeric",
          }} />
        <Line id="sign_up_start" label={reader.t("console.seats.from")} problems={problems}
          hint={reader.t("console.seats.from_hint", { zone: visit.timeZone })}
          input={{ type: "datetime-local", value: one(body, "sign_up_start") }} />
        <Line id="sign_up_end" label={reader.t("console.seats.until")} problems={problems}
          hint={reader.t("console.seats.until_hint", { zone: visit.timeZone })}
          input={{ type: "datetime-local", value: one(body, "sign_up_end") }} />
        <fieldset class="field">
          <legend>{reader.t("console.rules.suggest")}</legend>
          {SUGGESTED.map(([kind, key]) => (
            <button name="suggest" value={kind} formNoValidate>{reader.t(key)}</button>
          ))}
        </fieldset>
        <RulesFields reader={reader} visit={visit} body={body} problems={problems} known={known}
          spoken={spoken} />
      </>
    );
  },
};

const LABELS = {
  seats: "console.seats.seats",
  seats_per_organization: "console.seats.each",
  sign_up_start: "console.seats.from",
  sign_up_end: "console.seats.until",
  confirm_hours: "console.rules.confirm",
  offer_hours: "console.rules.offer",
  hold_hours: "console.rules.hold",
  largest_held_group: "console.rules.largest",
  verify_hours: "console.rules.verify",
  first_seats_first: "console.rules.of_project",
  placeholders_end: "console.rules.placeholders",
  free_withdrawal_end: "console.rules.withdrawal",
} as const;

const WEIGHTS = {
  years: "weight_years",
  newcomers: "weight_newcomers",
  new_organizations: "weight_organizations",
} as const;

const WHO = {
  territories: "who_places",
  organization_kinds: "who_kinds",
  sectors: "who_sectors",
  organizations: "who_organizations",
  age_bands: "who_ages",
  languages: "who_languages",
} as const;

function seatField(reader: Reader, body: Body): FieldOf {
  const shares = sharesSent(body);
  return (path, description) => {
    if (path === "study_visit.seat_rules") return placeField(description);
    const share = /^study_visit\.seat_rules\.shares\[(\d+)\](?:\.(\w+))?/.exec(path);
    if (share) return shareField(shares[Number(share[1])], share[2]);
    const group = /^study_visit\.seat_rules\.priority_groups(?:\[(\d+)\])?/.exec(path);
    if (group) {
      const number = Number(group[1] ?? 0) + 1;
      return {
        field: `group_org-${number}`, label: reader.t("console.rules.group", { number }),
      };
    }
    const who = /^study_visit\.seat_rules\.who_may_come\.(\w+)/.exec(path)?.[1];
    if (who && who in WHO) {
      return { field: WHO[who as keyof typeof WHO], label: reader.t("console.rules.who") };
    }
    const weight = /^study_visit\.seat_rules\.draw_weights\.(\w+)/.exec(path)?.[1];
    if (weight && weight in WEIGHTS) {
      const id = WEIGHTS[weight as keyof typeof WEIGHTS];
      return { field: id, label: reader.t(`console.rules.${id}`) };
    }
    const field = path.replace(/^study_visit\.(?:seat_rules\.)?/, "");
    if (field === "policy") return { field: "preset", label: reader.t("console.rules.preset") };
    const key = LABELS[field as keyof typeof LABELS];
    return key && { field, label: reader.t(key) };
  };

  // A code that no list has: `names XX99`.
  function placeField(description: string) {
    const code = description.split(" ").at(-1) ?? "";
    const field = [...placeFields(body), "who_places"].find((name) =>
      piecesOf(one(body, name)).some((piece) => piece.toUpperCase() === code));
    return field === undefined ? undefined : {
      field,
      label: reader.t("console.rules.place"),
      text: reader.t("console.rules.place_unknown", { place: code }),
    };
  }

  function shareField(sent: (typeof shares)[number] | undefined, part: string | undefined) {
    if (!sent) return undefined;
    const { id, n: number } = sent;
    if (id === "partner") {
      const field = part === "min_until" ? "partners_until" : `partner_seats-${number}`;
      return { field, label: reader.t("console.rules.partner", { number }) };
    }
    const field = part === "min_until" ? `share_until-${number}` : `share_min-${number}`;
    return { field, label: reader.t("console.rules.share", { number }) };
  }
}
