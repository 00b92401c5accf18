import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  SeatRules_Group as Group, SeatRules_GroupSchema,
} from "@lagnet/client/visits/v1/seat_rules_pb.js";
import { SignUp_AgeBand as AgeBand, SignUp_Sector as Sector } from
  "@lagnet/client/visits/v1/sign_ups_pb.js";
import type { Organization } from "@lagnet/client/directory/v1/organizations_pb.js";
import type { Reader } from "../../reading/reader.js";
import { idOf } from "../../serving/names.js";
import { type Body, one } from "../../sign_up/draft.js";
import { Choice, Line, Tick } from "../../sign_up/fields.js";
import { AGES } from "../../sign_up/person.js";
import type { Problem } from "../../sign_up/problems.js";
import { OrganizationLine } from "../organizations.js";
import { sectorOptions } from "../../sign_up/sectors.js";
import { named, type Typed } from "../typed.js";

const FIELDS = ["org", "place", "sector", "age", "language", "first", "staff"] as const;

/** The fields of a group: `share_org-1`. */
export function typedGroup(id: string, n: number, group: Group | undefined): Typed {
  return {
    [`${id}_org-${n}`]: group?.organization ? idOf(group.organization) : "",
    [`${id}_place-${n}`]: group?.territory ?? "",
    [`${id}_sector-${n}`]: group?.sector ? Sector[group.sector] : "",
    [`${id}_age-${n}`]: group?.ageBand ? AgeBand[group.ageBand] : "",
    [`${id}_language-${n}`]: group?.language ?? "",
    [`${id}_first-${n}`]: group?.firstTimers ? "1" : "",
    [`${id}_staff-${n}`]: group?.staff ? "1" : "",
  };
}

/** Whether somebody said whom it is for. */
export function isGroup(body: Body, id: string, n: number): boolean {
  return FIELDS.some((name) => one(body, `${id}_${name}-${n}`).trim() !== "");
}

/** The group that was typed, of the organisation and the territory that were
 * meant. */
export function groupOf(
  body: Body, id: string, n: number, organization: string, territory: string,
): MessageInitShape<typeof SeatRules_GroupSchema> {
  const field = (name: (typeof FIELDS)[number]) => one(body, `${id}_${name}-${n}`).trim();
  return {
    organization,
    territory,
    sector: field("sector") ? named(Sector, field("sector")) : 0,
    ageBand: field("age") ? named(AgeBand, field("age")) : 0,
    language: field("language"),
    firstTimers: field("first") !== "",
    staff: field("staff") !== "",
  };
}

/** Whom something is for: all that is filled in must be true of a person. */
export function GroupFields(
  { reader, id, n, body, problems, known, spoken }: {
    reader: Reader;
    id: string;
    n: number;
    body: Body;
    problems: readonly Problem[];
    known: ReadonlyMap<string, Organization>;
    spoken: readonly string[];
  },
) {
  const field = (name: (typeof FIELDS)[number]) => `${id}_${name}-${n}`;
  const is = (name: (typeof FIELDS)[number], value: string) => one(body, field(name)) === value;
  return (
    <>
      <OrganizationLine reader={reader} id={field("org")} value={one(body, field("org"))}
        known={known} label={reader.t("form.organization")}
        hint={reader.t("console.organization_hint")} problems={problems} />
      <Choice id={field("sector")} label={reader.t("person.sector")} problems={problems}>
        <option value="">{reader.t("filter.all")}</option>
        {sectorOptions(reader).map(({ value, label }) => (
          <option value={value} selected={is("sector", value)}>{label}</option>
        ))}
      </Choice>
      <Line id={field("place")} label={reader.t("console.rules.place")} problems={problems}
        hint={reader.t("console.rules.place_hint")}
        input={{ type: "text", value: one(body, field("place")), maxLength: 100 }} />
      <Choice id={field("age")} label={reader.t("person.age")} problems={problems}>
        <option value="">{reader.t("filter.all")}</option>
        {AGES.map(([value, key]) => (
          <option value={value} selected={is("age", value)}>{reader.t(key)}</option>
        ))}
      </Choice>
      <Choice id={field("language")} label={reader.t("page.languages")} problems={problems}>
        <option value="">{reader.t("filter.all")}</option>
        {spoken.map((tag) => (
          <option value={tag} selected={is("language", tag)}>{reader.languageName(tag)}</option>
        ))}
      </Choice>
      <Tick id={field("first")} label={reader.t("console.rules.first")}
        checked={one(body, field("first")) !== ""} />
      <Tick id={field("staff")} label={reader.t("console.rules.staff")}
        checked={one(body, field("staff")) !== ""} />
    </>
  );
}
