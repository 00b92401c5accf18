import type { Key } from "../reading/messages.js";
import type { Reader } from "../reading/reader.js";
import { Said } from "../reading/said.js";
import { idOf } from "../serving/names.js";
import type { Upstream } from "../serving/upstream.js";
import { draftOf } from "../sign_up/draft.js";
import { placesOf } from "../sign_up/form.js";
import { AGES, SECTORS } from "../sign_up/person.js";
import { OrganizationLink } from "../visits/page.js";
import type { Shown } from "./page.js";

/** What the visit is, and who invites to it. */
export async function facts(upstream: Upstream, reader: Reader, { place, visit }: Shown) {
  const organizations = await upstream.organizations([...visit.hosts, place.organization]);
  const linkTo = (name: string) => (
    <OrganizationLink reader={reader} name={name} organizations={organizations} />
  );
  return (
    <dl>
      <dt>{reader.t("my.visit")}</dt>
      <dd>
        <a href={reader.to(`/visits/${idOf(visit.name)}`)}>
          <Said reader={reader} said={reader.pick(visit.title)} />
        </a>
      </dd>
      <dt>{reader.t("place.when")}</dt>
      <dd>{reader.days(visit.startTime, visit.endTime, visit.timeZone)}</dd>
      <dt>{reader.t("visit.hosts")}</dt>
      {visit.hosts.map((host) => <dd>{linkTo(host)}</dd>)}
      {place.headName ? (
        <><dt>{reader.t("place.by")}</dt><dd>{place.headName}</dd></>
      ) : null}
      <dt>{reader.t("form.organization")}</dt>
      <dd>{linkTo(place.organization)}</dd>
    </dl>
  );
}

/** All that is kept of a person, and from whom it is. */
export async function kept(upstream: Upstream, reader: Reader, { place }: Shown) {
  const { person, headName } = place;
  if (!person) return null;
  const { name, email, phone, sector, age, speaks, territory, first, staff } = draftOf(person);
  const [named] = await placesOf(upstream, reader, { territories: territory ? [territory] : [] });
  const word = (words: readonly (readonly [string, Key])[], value: string) => {
    const key = words.find(([one]) => one === value)?.[1];
    return key ? reader.t(key) : "";
  };
  const yes = (is: boolean) => (is ? reader.t("place.yes") : "");
  const rows: readonly (readonly [Key, string])[] = [
    ["person.name", name],
    ["person.email", email],
    ["console.participants.phone", phone],
    ["place.language", person.language ? reader.languageName(person.language) : ""],
    ["person.sector", word(SECTORS, sector)],
    ["person.age", word(AGES, age)],
    ["person.speaks", speaks.map((tag) => reader.languageName(tag)).join(", ")],
    ["person.territory", named?.said.text ?? ""],
    ["person.first", yes(first)],
    ["person.staff", yes(staff)],
    ["place.notice", person.noticeVersion],
    ["place.history", reader.date(place.seatHistoryEnd)],
  ];
  return (
    <>
      {headName && !person.noticeVersion ? (
        <p>{reader.t("place.source", { name: headName })}</p>
      ) : null}
      <dl>
        {rows.filter(([, text]) => text).map(([key, text]) => (
          <><dt>{reader.t(key)}</dt><dd>{text}</dd></>
        ))}
      </dl>
    </>
  );
}
