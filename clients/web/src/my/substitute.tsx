import type { Reader } from "../reading/reader.js";
import { LinkedForm, linkedPage, pathOf } from "../serving/linked.js";
import type { Upstream } from "../serving/upstream.js";
import type { PersonDraft } from "../sign_up/draft.js";
import { Summary } from "../sign_up/fields.js";
import { placesOf } from "../sign_up/form.js";
import { needsOf } from "../sign_up/needs.js";
import { notice } from "../sign_up/notice.js";
import { PersonFields } from "../sign_up/person.js";
import type { Problem } from "../sign_up/problems.js";
import type { Mine } from "./page.js";

/** Asks who comes in the place of a member, from 1, or for one without a
 * name. */
export async function substitutePage(
  upstream: Upstream,
  reader: Reader,
  { link, signUp, visit }: Mine,
  member: number,
  person: PersonDraft,
  problems: readonly Problem[] = [],
  requestId?: string,
): Promise<string> {
  const needs = needsOf(visit.seatRules);
  const [places, privacy] = await Promise.all([
    placesOf(upstream, reader, needs),
    notice(upstream, reader, visit),
  ]);
  const name = signUp.members[member - 1]?.fullName ?? "";
  const title = name ? reader.t("substitute.title", { name }) : reader.t("substitute.title_named");
  return linkedPage(reader, link, `/members/${member}`, title, (
    <>
      <h1>{title}</h1>
      <Summary reader={reader} problems={problems} />
      <LinkedForm reader={reader} link={link} path={`/members/${member}`} requestId={requestId}>
        <PersonFields reader={reader} number={1} person={person} needs={needs} places={places}
          problems={problems} isPlaceholder={false} isInvitable={member > 1}
          isMember={member > 1} isSelf={false} />
        {privacy}
        <p><button class="button">{reader.t("substitute.send")}</button></p>
      </LinkedForm>
      <p><a href={pathOf(link, "", reader.language)}>{reader.t("form.back")}</a></p>
    </>
  ));
}
