import { timestampDate } from "@bufbuild/protobuf/wkt";
import {
  type StudyVisit, StudyVisit_State as State,
} from "@lagnet/client/visits/v1/study_visits_pb.js";
import ical, { ICalCalendarMethod, ICalEventStatus } from "ical-generator";
import { tzlib_get_ical_block } from "timezones-ical-library";
import type { Reader } from "../reading/reader.js";
import { idOf } from "../serving/names.js";
import { seatsLine, standing } from "./words.js";

/** Visits as a calendar (RFC 5545), each in the time zone of its place. */
export function feedOf(
  visits: readonly StudyVisit[], title: string, reader: Reader, url: string,
): string {
  const calendar = ical({
    name: title,
    method: ICalCalendarMethod.PUBLISH,
    prodId: { company: "lagnet", product: "lagnet", language: reader.language.toUpperCase() },
    // Once in six hours is often enough for a visit.
    ttl: 6 * 3600,
  });
  calendar.timezone({
    name: null,
    generator: (zone) => {
      const block = tzlib_get_ical_block(zone);
      return (Array.isArray(block) ? block[0] : block) ?? null;
    },
  });
  for (const visit of visits) {
    if (!visit.startTime || !visit.endTime) continue;
    const page = `${url}${reader.to(`/visits/${idOf(visit.name)}`)}`;
    calendar.createEvent({
      id: `${idOf(visit.name)}@${new URL(url).hostname}`,
      stamp: timestampDate(visit.updateTime ?? visit.startTime),
      start: localTime(visit.start),
      end: localTime(visit.end),
      timezone: visit.timeZone,
      summary: reader.pick(visit.title).text,
      description: `${standing(visit, reader)} ${seatsLine(visit, reader)}\n${page}`,
      url: page,
      status: visit.state === State.CANCELLED
        ? ICalEventStatus.CANCELLED
        : ICalEventStatus.CONFIRMED,
    });
  }
  return `${calendar.toString()}\r\n`;
}

// The library writes the civil time that it is given, beside the zone's name.
function localTime(text: string): string {
  return text.length === 16 ? `${text}:00` : text;
}
