import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";
import type { Reader } from "../reading/reader.js";
import { Said } from "../reading/said.js";
import { idOf } from "../serving/names.js";
import { seatsLine, standing } from "./words.js";

/** One visit in a list. */
export function VisitCard({ visit, reader }: { visit: StudyVisit; reader: Reader }) {
  const id = idOf(visit.name);
  return (
    <li class="card" id={id}>
      <p class="when">
        <time dateTime={visit.start}>
          {reader.days(visit.startTime, visit.endTime, visit.timeZone)}
        </time>
      </p>
      <h3>
        <a href={reader.to(`/visits/${id}`)}>
          <Said reader={reader} said={reader.pick(visit.title)} />
        </a>
      </h3>
      <p>{seatsLine(visit, reader)}</p>
      <p class="quiet">{standing(visit, reader)}</p>
    </li>
  );
}
