import { isLanguage, LANGUAGES, OWN_NAMES } from "../reading/language.js";
import type { Reader } from "../reading/reader.js";
import { LinkedForm } from "../serving/linked.js";
import type { Upstream } from "../serving/upstream.js";
import { draftOf, NOBODY } from "../sign_up/draft.js";
import { Choice, Summary } from "../sign_up/fields.js";
import { placesOf } from "../sign_up/form.js";
import { needsOf } from "../sign_up/needs.js";
import { notice, NOTICE_VERSION } from "../sign_up/notice.js";
import { PersonFields } from "../sign_up/person.js";
import type { Shown } from "./page.js";

/** Asks people for what the head of a party would else be asked of them. */
export async function personForm(
  upstream: Upstream, reader: Reader, { link, place, visit, typed }: Shown,
) {
  // Who works for the organisation, the head says.
  const needs = { ...needsOf(visit.seatRules), staff: false };
  const [territories, privacy] = await Promise.all([
    placesOf(upstream, reader, needs),
    notice(upstream, reader, visit),
  ]);
  const kept = place.person ? draftOf(place.person) : NOBODY;
  const problems = typed?.problems ?? [];
  // An invitation was written in the language of the head.
  const language = typed?.language || (kept.name && place.person?.language) ||
    reader.language;
  const languages = new Set<string>([...LANGUAGES, language]);
  return (
    <>
      <Summary reader={reader} problems={problems} />
      <LinkedForm reader={reader} link={link} path="" requestId={typed?.requestId}>
        <input type="hidden" name="notice" value={NOTICE_VERSION} />
        <PersonFields reader={reader} number={1} person={typed?.person ?? kept} needs={needs}
          places={territories} problems={problems} isPlaceholder={false} isMember isSelf />
        <Choice id="language" label={reader.t("place.language")} problems={problems}>
          {[...languages].map((tag) => (
            <option value={tag} selected={tag === language} lang={tag}>
              {isLanguage(tag) ? OWN_NAMES[tag] : reader.languageName(tag)}
            </option>
          ))}
        </Choice>
        {privacy}
        <p>
          <button class="button">{reader.t(kept.name ? "substitute.send" : "place.come")}</button>
        </p>
      </LinkedForm>
    </>
  );
}
