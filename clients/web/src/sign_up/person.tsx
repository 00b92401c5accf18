import type { SignUp_Member } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import type { Reader, Said } from "../reading/reader.js";
import type { PersonDraft } from "./draft.js";
import { Answers, Choice, Line, Tick } from "./fields.js";
import type { Needs } from "./needs.js";
import type { Problem } from "./problems.js";

/** A territory that counts for the rules. */
export interface Place {
  readonly code: string;
  readonly said: Said;
}

export const SECTORS = [
  ["PUBLIC", "sector.public"],
  ["PRIVATE", "sector.private"],
  ["CIVIC", "sector.civic"],
  ["INDIVIDUAL", "sector.individual"],
] as const;

export const AGES = [
  ["UP_TO_17", "age.up_to_17"],
  ["FROM_18_TO_24", "age.from_18"],
  ["FROM_25_TO_40", "age.from_25"],
  ["FROM_41_TO_64", "age.from_41"],
  ["FROM_65", "age.from_65"],
] as const;

/** What to say of a member: the name, or why there is none yet. */
export function Who(
  { reader, member: { fullName, email } }:
    { reader: Reader; member: Pick<SignUp_Member, "fullName" | "email"> },
) {
  return (
    <>
      {fullName || <em>{reader.t(email ? "my.invited" : "my.unnamed")}</em>}
      {email ? <span class="quiet"> {email}</span> : null}
    </>
  );
}

export interface PersonProps {
  readonly reader: Reader;
  readonly number: number;
  readonly person: PersonDraft;
  readonly needs: Needs;
  readonly places: readonly Place[];
  readonly problems: readonly Problem[];

  /** Whether the person may be named later. */
  readonly isPlaceholder: boolean;

  /** Whether an address will do: the person is invited to tell the rest. */
  readonly isInvitable?: boolean;

  /** Whether the sector that was told for all may be another's. */
  readonly isMember?: boolean;

  /** Whether it is the one who types. */
  readonly isSelf: boolean;

  /** Whether staff type what reached them on paper or by telephone: a telephone
   * number will do then. */
  readonly isReported?: boolean;
}

/** What is asked of one person: name and address, and what the rules need. */
export function PersonFields(props: PersonProps) {
  const {
    reader, number, person, needs, problems, isPlaceholder, isInvitable = isPlaceholder,
    isMember = number > 1, isSelf, isReported = false,
  } = props;
  const id = (name: string) => `${name}-${number}`;
  return (
    <>
      <Line id={id("name")} label={reader.t("person.name")} problems={problems}
        hint={isPlaceholder ? reader.t("person.name_later") : undefined}
        input={{
          type: "text", value: person.name, maxLength: 120, required: !isInvitable,
          autocomplete: isSelf ? "name" : "off", autocapitalize: "words", spellcheck: false,
        }} />
      <Line id={id("email")} label={reader.t("person.email")} problems={problems}
        hint={isReported
          ? reader.t("console.enter.email_hint")
          : reader.t(isInvitable ? "person.email_invites" : "person.email_hint")}
        input={{
          type: "email", value: person.email, maxLength: 254,
          required: !isPlaceholder && !isReported,
          autocomplete: isSelf ? "email" : "off", inputMode: "email", spellcheck: false,
          autocapitalize: "none",
        }} />
      {isSelf || isReported ? (
        <Line id={id("phone")} label={reader.t("person.phone")} problems={problems}
          hint={reader.t("person.phone_hint")}
          input={{
            type: "tel", value: person.phone, maxLength: 40, inputMode: "tel",
            autocomplete: isSelf ? "tel" : "off",
          }} />
      ) : null}
      <NeededFields {...props} />
    </>
  );

  function NeededFields({ places }: PersonProps) {
    return (
      <>
        {needs.sector && isMember ? (
          <Choice id={id("sector")} label={reader.t("person.sector")} problems={problems}>
            <option value="">{reader.t("person.sector_same")}</option>
            {SECTORS.map(([value, key]) => (
              <option value={value} selected={person.sector === value}>{reader.t(key)}</option>
            ))}
          </Choice>
        ) : null}
        {needs.age ? (
          <Choice id={id("age")} label={reader.t("person.age")} problems={problems}
            hint={reader.t("person.needed")}>
            <option value="">{reader.t("person.untold")}</option>
            {AGES.map(([value, key]) => (
              <option value={value} selected={person.age === value}>{reader.t(key)}</option>
            ))}
          </Choice>
        ) : null}
        {needs.territories.length ? (
          <Choice id={id("territory")} label={reader.t("person.territory")} problems={problems}
            hint={reader.t("person.needed")}>
            <option value="">{reader.t("person.elsewhere")}</option>
            {reader.sorted(places, ({ said }) => said.text).map(({ code, said }) => (
              <option value={code} selected={person.territory === code}
                lang={said.language === reader.language ? undefined : said.language}>
                {said.text}
              </option>
            ))}
          </Choice>
        ) : null}
        {needs.languages.length ? (
          <Answers id={id("speaks")} label={reader.t("person.speaks")} problems={problems}
            hint={reader.t("person.needed")} several chosen={person.speaks}
            options={needs.languages.map((tag) => ({
              value: tag, label: reader.languageName(tag),
            }))} />
        ) : null}
        {needs.firstTimer ? (
          <Tick id={id("first")} label={reader.t("person.first")} checked={person.first} />
        ) : null}
        {needs.staff ? (
          <Tick id={id("staff")} label={reader.t("person.staff")} checked={person.staff} />
        ) : null}
      </>
    );
  }
}
