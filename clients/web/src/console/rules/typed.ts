import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  type SeatRules, SeatRules_Policy as Policy, type SeatRules_Share as Share, SeatRulesSchema,
} from "@lagnet/client/visits/v1/seat_rules_pb.js";
import { SignUp_AgeBand as AgeBand, SignUp_Sector as Sector } from
  "@lagnet/client/visits/v1/sign_ups_pb.js";
import { create } from "@bufbuild/protobuf";
import type { Reader } from "../../reading/reader.js";
import { idOf } from "../../serving/names.js";
import { type Body, one, several } from "../../sign_up/draft.js";
import type { Problem } from "../../sign_up/problems.js";
import type { Site } from "../../serving/site.js";
import { organizationsMeant } from "../organizations.js";
import { named, type Typed, whole } from "../typed.js";
import { minutes } from "../visits/what.js";
import { groupOf, isGroup, typedGroup } from "./group.js";
import { placesMeant } from "./places.js";

export type Preset = "arrival" | "partners" | "draw";

/** What partners have to confirm who comes for them, if nothing else is said. */
export const CONFIRM_HOURS = 72;

const MOST_SHARES = 32;
const MOST_GROUPS = 20;

type RulesInit = MessageInitShape<typeof SeatRulesSchema>;

/** Rules as the fields of a form. */
export function typedRules(given: SeatRules | undefined): Typed {
  const rules = given ?? create(SeatRulesSchema);
  const { partners, others } = parted(rules);
  const who = rules.whoMayCome;
  const typed: Typed = {
    preset: presetOf(rules, partners),
    partners_until: minutes(partners[0]?.minUntil ?? ""),
    confirm_hours: hours(rules.confirmHours),
    verify_hours: hours(rules.verifyHours),
    offer_hours: hours(rules.offerHours),
    hold_hours: hours(rules.holdHours),
    largest_held_group: hours(rules.largestHeldGroup),
    first_seats_first: rules.firstSeatsFirst ? "1" : "",
    placeholders_end: minutes(rules.placeholdersEnd),
    free_withdrawal_end: minutes(rules.freeWithdrawalEnd),
    weight_years: hours(rules.drawWeights?.years ?? 0),
    weight_newcomers: hours(rules.drawWeights?.newcomers ?? 0),
    weight_organizations: hours(rules.drawWeights?.newOrganizations ?? 0),
    who_places: (who?.territories ?? []).join(", "),
    who_kinds: (who?.organizationKinds ?? []).map(String),
    who_sectors: (who?.sectors ?? []).map((sector) => Sector[sector]),
    who_ages: (who?.ageBands ?? []).map((age) => AgeBand[age]),
    who_languages: [...(who?.languages ?? [])],
    who_organizations: (who?.organizations ?? []).map(idOf).join("\n"),
  };
  partners.forEach((share, i) => Object.assign(typed, {
    [`partner-${i + 1}`]: idOf(share.group?.organization ?? ""),
    [`partner_seats-${i + 1}`]: String(share.min),
  }));
  others.forEach((share, i) => Object.assign(typed, typedShare(i + 1, share)));
  rules.priorityGroups.forEach((group, i) =>
    Object.assign(typed, typedGroup("group", i + 1, group)));
  return typed;
}

function hours(value: number): string {
  return value ? String(value) : "";
}

function typedShare(n: number, share: Share): Typed {
  const isPercent = (value: number) => (value ? "percent" : "seats");
  return {
    ...typedGroup("share", n, share.group),
    [`share_min-${n}`]: hours(share.min || share.minPercent),
    [`share_min_unit-${n}`]: isPercent(share.minPercent),
    [`share_max-${n}`]: hours(share.max || share.maxPercent),
    [`share_max_unit-${n}`]: isPercent(share.maxPercent),
    [`share_until-${n}`]: minutes(share.minUntil),
  };
}

// Seats that partners have until one day, and shares that say something else.
function parted(rules: SeatRules): { partners: Share[]; others: Share[] } {
  const isPartner = ({ group, min, max, minPercent, maxPercent, minUntil }: Share) =>
    Boolean(group?.organization) && !group?.territory && !group?.sector && !group?.ageBand &&
    !group?.language && !group?.firstTimers && !group?.staff &&
    min > 0 && !max && !minPercent && !maxPercent && minUntil === rules.shares[0]?.minUntil;
  const count = rules.policy === Policy.DRAW || rules.confirmHours === 0
    ? 0
    : rules.shares.findIndex((share) => !isPartner(share));
  const end = count < 0 ? rules.shares.length : count;
  return { partners: rules.shares.slice(0, end), others: rules.shares.slice(end) };
}

function presetOf(rules: SeatRules, partners: readonly Share[]): Preset {
  if (rules.policy === Policy.DRAW) return "draw";
  return partners.length ? "partners" : "arrival";
}

/** How many rows of a kind a form has: those that are filled in, and one. */
function rows(isFilled: (n: number) => boolean, most: number): number[] {
  let last = 0;
  for (let n = 1; n <= most; ++n) if (isFilled(n)) last = n;
  return Array.from({ length: Math.min(last + 1, most) }, (_, i) => i + 1);
}

export function shareRows(body: Body): number[] {
  return rows((n) => isShare(body, n), MOST_SHARES);
}

export function groupRows(body: Body): number[] {
  return rows((n) => isGroupRow(body, n), MOST_GROUPS);
}

export function partnerRows(body: Body): number[] {
  return rows((n) => isPartnerRow(body, n), MOST_SHARES);
}

export function isShare(body: Body, n: number): boolean {
  return isGroup(body, "share", n) || one(body, `share_min-${n}`) !== "" ||
    one(body, `share_max-${n}`) !== "";
}

export function isPartnerRow(body: Body, n: number): boolean {
  return one(body, `partner-${n}`).trim() !== "" || one(body, `partner_seats-${n}`).trim() !== "";
}

export function isGroupRow(body: Body, n: number): boolean {
  return isGroup(body, "group", n);
}

/** The partners that were typed. */
export function partnersTyped(body: Body): { field: string; text: string }[] {
  return partnerRows(body).map((n) => `partner-${n}`)
    .map((field) => ({ field, text: one(body, field).trim() }))
    .filter(({ text }) => text !== "");
}

/** Which row of the form each of the shares that are sent comes from. */
export function sharesSent(body: Body): { id: "partner" | "share"; n: number }[] {
  const partners = one(body, "preset") === "partners"
    ? partnerRows(body).filter((n) => isPartnerRow(body, n))
    : [];
  return [
    ...partners.map((n) => ({ id: "partner" as const, n })),
    ...shareRows(body).filter((n) => isShare(body, n)).map((n) => ({ id: "share" as const, n })),
  ];
}

/** The rules that were typed. Whether they go together, the server says. */
export async function rulesOf(
  site: Site, body: Body,
): Promise<{ rules: RulesInit; problems: Problem[] }> {
  const sent = sharesSent(body);
  const groups = groupRows(body).filter((n) => isGroupRow(body, n));
  const listed = one(body, "who_organizations").split("\n").map((line) => line.trim())
    .filter(Boolean);
  const fields = [
    ...sent.map(({ id, n }) => (id === "partner" ? `partner-${n}` : `share_org-${n}`)),
    ...groups.map((n) => `group_org-${n}`),
  ];
  const [{ names, problems }, { codes, problems: unplaced }] = await Promise.all([
    organizationsMeant(site.upstream, site.reader, [
      ...fields.map((field) => ({ field, text: one(body, field) })),
      ...listed.map((text) => ({ field: "who_organizations", text })),
    ]),
    placesMeant(site, [...placeFields(body), "who_places"].map((field) =>
      ({ field, text: one(body, field), isOne: field !== "who_places" }))),
  ]);
  const placed = new Map(placeFields(body).map((field, i) => [field, codes[i]?.[0] ?? ""]));
  const preset = one(body, "preset") as Preset;
  return {
    rules: {
      policy: policyOf(preset, groups.length > 0),
      whoMayCome: {
        territories: codes.at(-1) ?? [],
        organizationKinds: several(body, "who_kinds").map(whole),
        sectors: several(body, "who_sectors").map((name) => named(Sector, name)),
        organizations: names.slice(fields.length),
        ageBands: several(body, "who_ages").map((name) => named(AgeBand, name)),
        languages: several(body, "who_languages"),
      },
      shares: sent.map(({ id, n }, i) => (id === "partner"
        ? {
          group: { organization: names[i] ?? "" },
          min: whole(one(body, `partner_seats-${n}`)),
          minUntil: one(body, "partners_until"),
        }
        : shareOf(body, n, names[i] ?? "", placed.get(`share_place-${n}`) ?? ""))),
      priorityGroups: groups.map((n, i) => groupOf(
        body, "group", n, names[sent.length + i] ?? "", placed.get(`group_place-${n}`) ?? "",
      )),
      confirmHours: confirmHours(body, preset),
      verifyHours: whole(one(body, "verify_hours")),
      offerHours: whole(one(body, "offer_hours")),
      holdHours: whole(one(body, "hold_hours")),
      largestHeldGroup: whole(one(body, "largest_held_group")),
      firstSeatsFirst: one(body, "first_seats_first") !== "",
      placeholdersEnd: one(body, "placeholders_end"),
      freeWithdrawalEnd: one(body, "free_withdrawal_end"),
      ...(preset === "draw" && { drawWeights: weightsOf(body) }),
    },
    problems: [...problems, ...unplaced, ...unfinished(site.reader, body, preset)],
  };
}

function weightsOf(body: Body) {
  return {
    years: whole(one(body, "weight_years")),
    newcomers: whole(one(body, "weight_newcomers")),
    newOrganizations: whole(one(body, "weight_organizations")),
  };
}

// What partners have to confirm is theirs: it goes when they do. Otherwise, who
// signs up first would still wait for an organisation's word.
function confirmHours(body: Body, preset: Preset): number {
  const hours = whole(one(body, "confirm_hours"));
  if (preset === "partners") return hours || CONFIRM_HOURS;
  const isTheirs = one(body, "preset_was") === "partners" && hours === CONFIRM_HOURS;
  return isTheirs ? 0 : hours;
}

// Seats per partner need partners, and each its seats.
function unfinished(reader: Reader, body: Body, preset: Preset): Problem[] {
  if (preset !== "partners") return [];
  const rows = partnerRows(body).filter((n) => n === 1 || isPartnerRow(body, n));
  return rows.flatMap((n) => [`partner-${n}`, `partner_seats-${n}`]
    .filter((field) => !one(body, field).trim())
    .map((field) => ({
      field,
      label: reader.t("console.rules.partner", { number: n }),
      text: reader.t("field.missing"),
    })));
}

/** The fields of shares and groups in which a territory was typed. */
export function placeFields(body: Body): string[] {
  return Object.keys(body).filter((name) =>
    /^(?:share|group)_place-\d+$/.test(name) && one(body, name).trim() !== "");
}

function policyOf(preset: Preset, hasGroups: boolean): Policy {
  if (preset === "draw") return Policy.DRAW;
  return hasGroups ? Policy.PRIORITY_GROUPS : Policy.ORDER_OF_ARRIVAL;
}

function shareOf(body: Body, n: number, organization: string, territory: string) {
  const amount = (bound: "min" | "max") => {
    const value = whole(one(body, `share_${bound}-${n}`));
    return one(body, `share_${bound}_unit-${n}`) === "percent"
      ? { [`${bound}Percent`]: value }
      : { [bound]: value };
  };
  return {
    group: groupOf(body, "share", n, organization, territory),
    ...amount("min"),
    ...amount("max"),
    minUntil: one(body, `share_until-${n}`),
  };
}
