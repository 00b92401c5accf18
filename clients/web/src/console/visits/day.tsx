import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  StudyVisit, StudyVisit_Day as Day, StudyVisit_DaySchema,
} from "@lagnet/client/visits/v1/study_visits_pb.js";
import { idOf } from "../../serving/names.js";
import { type Body, one } from "../../sign_up/draft.js";
import { Choice, Line } from "../../sign_up/fields.js";
import type { Problem } from "../../sign_up/problems.js";
import {
  OrganizationLine, organizationsMeant, Suggestions, suggestions,
} from "../organizations.js";
import { Texts } from "../texts.js";
import { textOf, typedText, type Typed } from "../typed.js";
import type { Shown, Step } from "./step.js";

const MOST_STOPS = 30;

/** Step 2, for one day: where the group goes, in order. */
export function dayStep(date: string): Step {
  const dayOf = ({ days }: StudyVisit) => days.find((day) => day.date === date);
  return {
    title: "console.programme.title",
    mask: ["days"],

    typed: (visit) => typedDay(dayOf(visit)),

    async taken({ upstream, reader }, body, visit) {
      const numbers = stopNumbers(body);
      const { names, problems } = await organizationsMeant(upstream, reader, numbers.map((n) => ({
        field: `host-${n}`, text: one(body, `host-${n}`),
      })));
      const old = dayOf(visit);
      const stops = numbers
        .map((n, i) => ({
          title: textOf(body, `stop-${n}`, old?.stops[n - 1]?.title),
          host: names[i] ?? "",
          place: one(body, `place-${n}`).trim(),
          theme: one(body, `theme-${n}`),
          funds: one(body, `funds-${n}`).split(",").map((fund) => fund.trim()).filter(Boolean),
          order: Number(one(body, `order-${n}`)) || n,
        }))
        .filter(({ title }) => Object.keys(title.texts ?? {}).length > 0)
        .sort((a, b) => a.order - b.order);
      const title = textOf(body, "day", old?.title);
      const day: MessageInitShape<typeof StudyVisit_DaySchema> = {
        date,
        ...(Object.keys(title.texts ?? {}).length > 0 && { title }),
        stops: stops.map(({ order, ...stop }) => stop),
      };
      const others = visit.days.filter((one) => one.date !== date);
      const isEmpty = !day.title && stops.length === 0;
      const untitled = numbers.filter((n) => isStarted(body, n) && !hasTitle(body, n));
      return {
        fields: {
          days: [...others, ...(isEmpty ? [] : [day])]
            .sort((a, b) => ((a.date ?? "") < (b.date ?? "") ? -1 : 1)),
        },
        problems: [
          ...problems,
          ...untitled.map((n): Problem => ({
            field: `stop-${n}-${reader.language}`,
            label: reader.t("console.programme.stop", { number: n }),
            text: reader.t("field.missing"),
          })),
        ],
      };
    },

    fieldOf: ({ reader }) => (path) => {
      const stop = /^study_visit\.days\[\d+\]\.stops\[(\d+)\]/.exec(path);
      if (!stop) return undefined;
      const number = Number(stop[1]) + 1;
      return {
        field: `stop-${number}-${reader.language}`,
        label: reader.t("console.programme.stop", { number }),
      };
    },

    fields: dayFields,
  };
}

function typedDay(day: Day | undefined): Typed {
  const typed: Typed = typedText("day", day?.title);
  day?.stops.forEach((stop, i) => Object.assign(typed, {
    ...typedText(`stop-${i + 1}`, stop.title),
    [`place-${i + 1}`]: stop.place,
    [`host-${i + 1}`]: stop.host && idOf(stop.host),
    [`theme-${i + 1}`]: stop.theme,
    [`funds-${i + 1}`]: stop.funds.join(", "),
  }));
  return typed;
}

function isStarted(body: Body, n: number): boolean {
  return ["place", "host", "theme", "funds"].some((name) => one(body, `${name}-${n}`) !== "");
}

function hasTitle(body: Body, n: number): boolean {
  return Object.keys(body).some((name) =>
    name.startsWith(`stop-${n}-`) && one(body, name).trim() !== "");
}

// Those that are filled in, and two to fill in.
function stopNumbers(body: Body): number[] {
  let last = 0;
  for (let n = 1; n <= MOST_STOPS; ++n) if (hasTitle(body, n) || isStarted(body, n)) last = n;
  return Array.from({ length: Math.min(last + 2, MOST_STOPS) }, (_, i) => i + 1);
}

async function dayFields({ site: { upstream, reader }, visit, body, problems }: Shown) {
  const numbers = stopNumbers(body);
  const [themes, candidates, known] = await Promise.all([
    upstream.themes(),
    suggestions(upstream, reader),
    upstream.organizations(numbers.map((n) => `organizations/${one(body, `host-${n}`)}`)),
  ]);
  const sorted = reader.sorted([...themes.values()], ({ label }) => reader.pick(label).text);
  // The languages that the visit itself is told in.
  const first = Object.keys(visit.title?.texts ?? {});
  const text = { reader, body, problems, first };
  return (
    <>
      <Suggestions candidates={candidates} />
      <Texts {...text} id="day" label={reader.t("console.programme.about")} maxLength={200} />
      {numbers.map((n) => (
        <fieldset class="person">
          <legend>{reader.t("console.programme.stop", { number: n })}</legend>
          <Texts {...text} id={`stop-${n}`} label={reader.t("console.programme.seen")}
            maxLength={300} />
          <Line id={`place-${n}`} label={reader.t("console.programme.place")} problems={problems}
            input={{ type: "text", value: one(body, `place-${n}`), maxLength: 200 }} />
          <OrganizationLine reader={reader} id={`host-${n}`} value={one(body, `host-${n}`)}
            known={known} label={reader.t("console.programme.host")}
            hint={reader.t("console.organization_hint")} problems={problems} />
          <Choice id={`theme-${n}`} label={reader.t("filter.theme")} problems={problems}>
            <option value="" />
            {sorted.map(({ id, label }) => (
              <option value={id} selected={one(body, `theme-${n}`) === id}>
                {reader.pick(label).text}
              </option>
            ))}
          </Choice>
          <Line id={`funds-${n}`} label={reader.t("console.programme.funds")} problems={problems}
            hint={reader.t("console.programme.funds_hint")}
            input={{ type: "text", value: one(body, `funds-${n}`), maxLength: 500 }} />
          <Line id={`order-${n}`} label={reader.t("console.programme.order")} problems={problems}
            input={{
              type: "number", value: one(body, `order-${n}`) || n, min: 0, max: 99, step: "any",
            }} />
        </fieldset>
      ))}
      <p class="hint">{reader.t("console.programme.removed")}</p>
    </>
  );
}

/** The days of a visit, first to last. */
export function datesOf({ start, end }: StudyVisit): string[] {
  const dates: string[] = [];
  const day = new Date(`${start.slice(0, 10)}T00:00:00Z`);
  while (dates.length < 31 && day.toISOString().slice(0, 10) <= end.slice(0, 10)) {
    dates.push(day.toISOString().slice(0, 10));
    day.setUTCDate(day.getUTCDate() + 1);
  }
  return dates;
}
