import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";
import { Said } from "../../reading/said.js";
import type { Site } from "../../serving/site.js";
import { consolePage } from "../frame.js";
import type { Staff } from "../staff.js";
import { datesOf } from "./day.js";
import { StepNav } from "./nav.js";
import { pathOf } from "./read.js";

/** Step 2: the days, each on a page of its own. */
export function programmePage(
  { reader }: Site, { staff, visit }: { staff: Staff; visit: StudyVisit },
): string {
  const path = pathOf(visit);
  return consolePage({
    reader,
    staff,
    title: reader.t("console.programme.title"),
    path: `${path}/programme`,
    part: "visits",
    children: (
      <>
        <StepNav reader={reader} visit={visit} here="programme" />
        <p>{reader.t("console.programme.hint")}</p>
        <ol class="cards">
          {datesOf(visit).map((date) => {
            const day = visit.days.find((one) => one.date === date);
            return (
              <li class="card">
                <h2 class="h3">
                  <a href={reader.to(`/console${path}/programme/${date}`)}>
                    {reader.weekday(date)}
                  </a>
                </h2>
                {day?.title ? <p><Said reader={reader} said={reader.pick(day.title)} /></p> : null}
                <ul>
                  {(day?.stops ?? []).map((stop) => (
                    <li><Said reader={reader} said={reader.pick(stop.title)} /></li>
                  ))}
                </ul>
              </li>
            );
          })}
        </ol>
        <p>
          <a class="button" href={reader.to(`/console${path}/costs`)}>
            {reader.t("console.programme.next")}
          </a>
        </p>
      </>
    ),
  });
}
