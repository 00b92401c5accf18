import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { type StudyVisit, StudyVisit_State as State } from
  "@lagnet/client/visits/v1/study_visits_pb.js";
import type { Reader } from "../reading/reader.js";
import { Said } from "../reading/said.js";
import { idOf } from "../serving/names.js";
import type { Upstream } from "../serving/upstream.js";
import type { Draft } from "./draft.js";
import { Choice } from "./fields.js";
import type { Problem } from "./problems.js";

// What the API takes.
const MOST_CHOICES = 9;

// Of a project, that are looked at.
const MOST_VISITS = 20;

/** The other visits to come that give seats out together with this one. */
export async function visitsTogether(
  upstream: Upstream, { name, project, seatRules }: StudyVisit,
): Promise<StudyVisit[]> {
  if (!seatRules?.firstSeatsFirst) return [];
  const { visits } = upstream.lagnet;
  const { studyVisits } = await visits.listStudyVisits({
    pageSize: MOST_VISITS, project, state: State.PUBLISHED,
    startAfter: timestampFromMs(Date.now()),
  });
  // A list leaves the rules out.
  const whole = await Promise.all(studyVisits.filter((other) => other.name !== name)
    .map((other) => visits.getStudyVisit({ name: other.name })));
  return whole.filter((other) => other.seatRules?.firstSeatsFirst);
}

/** Which of a project's visits somebody wants most, if that is asked: of this
 * one, its place among them. */
export function Preference(
  { reader, visit, others, draft, problems }: {
    reader: Reader;
    visit: StudyVisit;
    others: readonly StudyVisit[];
    draft: Draft;
    problems: readonly Problem[];
  },
) {
  if (!visit.seatRules?.firstSeatsFirst) return null;
  // What was chosen stays, also if there are fewer visits by now.
  const chosen = Number(draft.choice) || 0;
  const count = Math.min(Math.max(2, others.length + 1, chosen), MOST_CHOICES);
  const hint = (
    <>
      {reader.t("form.choice_hint")}
      {others.length ? ` ${reader.t("form.choice_others")} ` : null}
      {others.map((other, i) => (
        <>
          {i ? ", " : ""}
          <a href={reader.to(`/visits/${idOf(other.name)}`)}>
            <Said reader={reader} said={reader.pick(other.title)} />
          </a>
        </>
      ))}
    </>
  );
  return (
    <Choice id="choice" label={reader.t("form.choice")} hint={hint} problems={problems}>
      <option value="0">{reader.t("form.choice_none")}</option>
      {Array.from({ length: count }, (_, i) => i + 1).map((number) => (
        <option value={number} selected={number === chosen}>
          {reader.t("form.choice_this", { number })}
        </option>
      ))}
    </Choice>
  );
}
