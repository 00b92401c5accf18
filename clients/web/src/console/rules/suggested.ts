import type { SeatRules } from "@lagnet/client/visits/v1/seat_rules_pb.js";
import {
  type StudyVisit, SuggestSeatRulesRequest_Preset as Preset,
} from "@lagnet/client/visits/v1/study_visits_pb.js";
import type { Site } from "../../serving/site.js";
import { type Body, one } from "../../sign_up/draft.js";
import { organizationsMeant } from "../organizations.js";
import { tried } from "../refusals.js";
import type { Staff } from "../staff.js";
import { named, whole } from "../typed.js";
import type { Suggested } from "../visits/step.js";
import { minutes } from "../visits/what.js";
import { partnersTyped, typedRules } from "./typed.js";

// What no kind of rules says stays: who may come, and what goes for the project.
const isKept = (field: string) => field.startsWith("who_") || field === "first_seats_first";

/** What was typed, with the usual rules in place of those that were typed. */
export async function suggested(
  { upstream, reader }: Site, staff: Staff, visit: StudyVisit, body: Body,
): Promise<Suggested> {
  const preset = named(Preset, one(body, "suggest"));
  const forPartners = preset === Preset.SEATS_PER_PARTNER;
  const { names, problems } = await organizationsMeant(
    upstream, reader, forPartners ? partnersTyped(body) : [],
  );
  // The partners' fields are there with this answer only.
  const asked = forPartners ? { ...body, preset: "partners" } : body;
  if (problems.length) return { body: asked, problems };
  let rules: SeatRules | undefined;
  const refused = await tried(reader, async () => {
    rules = await upstream.lagnet.visits.suggestSeatRules(
      { name: visit.name, preset, organizations: names }, staff.call,
    );
  }, body, () => ({
    field: "partner-1",
    label: reader.t("console.rules.partner_seats"),
    text: reader.t("console.rules.partners_first"),
  }));
  if (refused) return { body: asked, problems: refused };
  const usual = Object.entries(typedRules(rules)).filter(([name]) => !isKept(name));
  const kept = Object.entries(body)
    .filter(([name]) => !/^(?:partner|share|group|preset)/.test(name));
  return {
    body: {
      ...Object.fromEntries([...kept, ...usual]),
      ...(forPartners && ofTyped(visit, body, rules?.shares.length ?? 0)),
    },
  };
}

// The server divides the seats of the visit as it is saved, until a day within
// its sign-up. Something else may be typed above.
function ofTyped(visit: StudyVisit, body: Body, partners: number): Body {
  const each = Math.floor(whole(one(body, "seats")) / partners);
  const isSaved = one(body, "sign_up_start") === minutes(visit.signUpStart) &&
    one(body, "sign_up_end") === minutes(visit.signUpEnd);
  return {
    ...(each > 0 && Object.fromEntries(
      Array.from({ length: partners }, (_, i) => [`partner_seats-${i + 1}`, String(each)]),
    )),
    ...(!isSaved && { partners_until: "" }),
  };
}
