import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";
import type { Reader } from "../reading/reader.js";
import { Said } from "../reading/said.js";
import { idOf } from "../serving/names.js";
import { seatsLine, standing } from "./words.js";

/** One visit in a list. */
export function VisitCard(
  { visit, reader, level }: { visit: StudyVisit; reader: Reader; level: 2 | 3 },
) {
  const id = idOf(visit.name);
  const seats = seatsLine(visit, reader);
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <li class="card" id={id}>
      <p class="when">
        <time dateTime={visit.start}>
          {reader.days(visit.startTime, visit.endTime, visit.timeZone)}
        </time>
      </p>
      <Heading class="h3">
        <a href={reader.to(`/visits/${id}`)}>
          <Said reader={reader} said={reader.pick(visit.title)} />
        </a>
      </Heading>
      {seats ? <p>{seats}</p> : null}
      <p class="quiet">{standing(visit, reader)}</p>
    </li>
  );
}
