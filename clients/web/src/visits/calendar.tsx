import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import {
  type StudyVisit, StudyVisit_State as State,
} from "@lagnet/client/visits/v1/study_visits_pb.js";
import type { Reader } from "../reading/reader.js";
import { html } from "../serving/layout.js";
import { idOf } from "../serving/names.js";
import type { Upstream } from "../serving/upstream.js";
import { Visits } from "./list.js";

const DAY = 86_400_000;
// A visit's programme has at most so many days.
const LONGEST = 31;

/** The visits of a month, `2027-01`, as a table of its days and a list. */
export async function calendar(
  upstream: Upstream, reader: Reader, asked: string | undefined,
): Promise<string> {
  const month = asked !== undefined && /^(19|20|21)\d\d-(0[1-9]|1[0-2])$/.test(asked)
    ? asked
    : new Date().toISOString().slice(0, 7);
  const visits = await visitsOf(upstream, month);
  return html({
    reader,
    title: `${reader.t("calendar.title")} – ${reader.month(month)}`,
    path: `/visits/calendar?month=${month}`,
    part: "visits",
    children: (
      <>
        <h1>{reader.t("calendar.title")}</h1>
        <nav class="months" aria-label={reader.t("calendar.months")}>
          <MonthLink reader={reader} month={shifted(month, -1)} rel="prev" />
          <strong aria-current="true">{reader.month(month)}</strong>
          <MonthLink reader={reader} month={shifted(month, 1)} rel="next" />
        </nav>
        <Month reader={reader} month={month} visits={visits} />
        <h2>{reader.t("calendar.list")}</h2>
        <Visits reader={reader} visits={visits} />
        <p><a href={reader.to("/visits")}>{reader.t("calendar.all")}</a></p>
      </>
    ),
  });
}

async function visitsOf(upstream: Upstream, month: string): Promise<StudyVisit[]> {
  const first = Date.parse(`${month}-01T00:00:00Z`);
  const after = `${shifted(month, 1)}-01`;
  const { studyVisits } = await upstream.lagnet.visits.listStudyVisits({
    pageSize: 200,
    startAfter: timestampFromMs(first - LONGEST * DAY),
  });
  return studyVisits.filter(({ start, end, state }) =>
    state !== State.CANCELLED && start < after && end.slice(0, 7) >= month);
}

function shifted(month: string, by: number): string {
  const date = new Date(`${month}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + by);
  return date.toISOString().slice(0, 7);
}

function MonthLink({ reader, month, rel }: { reader: Reader; month: string; rel: string }) {
  return (
    <a href={reader.to(`/visits/calendar?month=${month}`)} rel={rel}>{reader.month(month)}</a>
  );
}

function Month(
  { reader, month, visits }: { reader: Reader; month: string; visits: StudyVisit[] },
) {
  const first = new Date(`${month}-01T00:00:00Z`);
  const before = (first.getUTCDay() + 6) % 7;
  const days = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const weeks = Array.from({ length: Math.ceil((before + days) / 7) }, (_, week) =>
    Array.from({ length: 7 }, (_, day) => week * 7 + day - before + 1));
  return (
    <table class="month">
      <caption>{reader.month(month)}</caption>
      <thead>
        <tr>
          {reader.weekdays().map(({ short, long }) => <th scope="col" abbr={long}>{short}</th>)}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr>
            {week.map((day) => day < 1 || day > days
              ? <td />
              : <Day reader={reader} date={`${month}-${String(day).padStart(2, "0")}`}
                  visits={visits} />)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Day({ reader, date, visits }: { reader: Reader; date: string; visits: StudyVisit[] }) {
  const on = visits.filter(({ start, end }) =>
    start.slice(0, 10) <= date && date <= end.slice(0, 10));
  const number = Number(date.slice(8));
  const visit = on[0];
  if (!visit) return <td>{number}</td>;
  const titles = on.map(({ title }) => reader.pick(title).text).join("; ");
  return (
    <td class="busy">
      <a href={`#${idOf(visit.name)}`} aria-label={`${reader.weekday(date)}: ${titles}`}>
        {number}
      </a>
    </td>
  );
}
