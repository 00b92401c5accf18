import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";
import type { Reader } from "../../reading/reader.js";
import { Said } from "../../reading/said.js";
import { pathOf } from "./read.js";

const STEPS = [
  ["what", "console.what.title"],
  ["programme", "console.programme.title"],
  ["costs", "console.costs.title"],
  ["seats", "console.seats.title"],
  ["preview", "console.preview.title"],
] as const;

/** The steps of writing a visit: each can be gone to at any time. */
export function StepNav(
  { reader, visit, here }: { reader: Reader; visit: StudyVisit; here: string },
) {
  return (
    <>
      {visit.name && here ? (
        <p>
          <a href={reader.to(`/console${pathOf(visit)}`)}>
            <Said reader={reader} said={reader.pick(visit.title)} />
          </a>
        </p>
      ) : null}
      <nav aria-label={reader.t("console.step.steps")}>
        <ol class="steps parts">
          {STEPS.map(([path, key]) => (
            <li>
              {visit.name ? (
                <a href={reader.to(`/console${pathOf(visit)}/${path}`)}
                  aria-current={here.startsWith(path) ? "step" : undefined}>
                  {reader.t(key)}
                </a>
              ) : (
                <span aria-current={path === "what" ? "step" : undefined}>{reader.t(key)}</span>
              )}
            </li>
          ))}
        </ol>
      </nav>
    </>
  );
}
