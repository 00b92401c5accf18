import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";
import { Said } from "../../reading/said.js";
import { idOf } from "../../serving/names.js";
import { Choice, Line } from "../../sign_up/fields.js";
import { one } from "../../sign_up/draft.js";
import {
  OrganizationLine, organizationsMeant, Suggestions, suggestions,
} from "../organizations.js";
import { Texts } from "../texts.js";
import { textOf, typedText } from "../typed.js";
import { keeps } from "./read.js";
import { projectField } from "./project.js";
import type { Step } from "./step.js";

const MOST_HOSTS = 20;

/** Step 1: title and summary, hosts, and when it is. */
export const WHAT: Step = {
  title: "console.what.title",
  mask: ["title", "description", "project", "hosts", "time_zone", "start", "end", "days"],

  typed: (visit) => ({
    ...typedText("title", visit.title),
    ...typedText("description", visit.description),
    project: idOf(visit.project),
    ...Object.fromEntries(visit.hosts.map((host, i) => [`host-${i + 1}`, idOf(host)])),
    time_zone: visit.timeZone,
    start: minutes(visit.start),
    end: minutes(visit.end),
  }),

  async taken({ upstream, reader }, body, visit) {
    const typed = hostFields(body).map((field) => ({ field, text: one(body, field) }));
    const { names, problems } = await organizationsMeant(upstream, reader, typed);
    const isHosted = names.some(Boolean) || problems.length > 0;
    return {
      fields: {
        title: textOf(body, "title", visit.title),
        description: textOf(body, "description", visit.description),
        project: one(body, "project") && `projects/${one(body, "project")}`,
        hosts: names.filter(Boolean),
        timeZone: one(body, "time_zone"),
        start: one(body, "start"),
        end: one(body, "end"),
        days: daysMoved(visit, { start: one(body, "start"), end: one(body, "end") }),
      },
      problems: isHosted ? problems : [{
        field: "host-1", label: reader.t("console.what.host"), text: reader.t("field.missing"),
      }],
    };
  },

  fieldOf: ({ reader }) => (path) => {
    const [, name = ""] = /^study_visit\.(\w+)/.exec(path) ?? [];
    switch (name) {
      case "title":
        return { field: `title-${reader.language}`, label: reader.t("console.what.name") };
      case "description":
        return { field: `description-${reader.language}`, label: reader.t("console.what.summary") };
      case "project":
        return { field: "project", label: reader.t("console.what.project") };
      case "hosts":
        return { field: "host-1", label: reader.t("console.what.host") };
      case "time_zone":
        return { field: "time_zone", label: reader.t("console.what.zone") };
      case "start":
        return { field: "start", label: reader.t("console.what.start") };
      case "end":
        return { field: "end", label: reader.t("console.what.end") };
      case "days":
        return {
          field: "end",
          label: reader.t("console.what.end"),
          text: reader.t("console.what.days_left"),
        };
      case "sign_up_end":
      case "seat_rules":
        return {
          field: "start",
          label: reader.t("console.what.start"),
          text: reader.t("console.what.deadlines"),
        };
      default:
        return undefined;
    }
  },

  async fields({ site, staff, visit, body, problems }) {
    const { upstream, reader } = site;
    const networks = await upstream.networks();
    const hosts = hostFields(body);
    const [known, candidates, project] = await Promise.all([
      upstream.organizations(hosts.map((field) => `organizations/${one(body, field)}`)),
      suggestions(upstream, reader),
      projectField(site, staff, visit, one(body, "project"), problems),
    ]);
    const network = networks.get(visit.network) ?? staff.networks[0];
    // Who runs a visit is the network's to say.
    const mayName = keeps(staff, visit) || !visit.name;
    const zone = one(body, "time_zone") || network?.timeZone || "";
    const text = { reader, body, problems, first: network?.languages ?? [] };
    return (
      <>
        {visit.name ? null : (
          <Choice id="network" label={reader.t("filter.network")} problems={problems} required>
            {staff.networks.map(({ name, displayName }) => (
              <option value={idOf(name)} selected={one(body, "network") === idOf(name)}>
                {reader.pick(displayName).text}
              </option>
            ))}
          </Choice>
        )}
        <Texts {...text} id="title" label={reader.t("console.what.name")} maxLength={200} />
        <Texts {...text} id="description" label={reader.t("console.what.summary")}
          hint={reader.t("console.what.summary_hint")} maxLength={20_000} rows={6} />
        {mayName ? (
          <>
            <Suggestions candidates={candidates} />
            {hosts.map((field, i) => (
              <OrganizationLine reader={reader} id={field} value={one(body, field)} known={known}
                label={i ? reader.t("console.what.more_hosts") : reader.t("console.what.host")}
                hint={reader.t("console.organization_hint")} problems={problems}
                required={i === 0} />
            ))}
          </>
        ) : (
          <div class="field">
            <span class="label">{reader.t("visit.hosts")}</span>
            <ul>
              {hosts.map((field) => [field, one(body, field)] as const).map(([field, id]) => (id ? (
                <li>
                  <input type="hidden" name={field} value={id} />
                  <Said reader={reader}
                    said={reader.pick(known.get(`organizations/${id}`)?.displayName)} />
                </li>
              ) : null))}
            </ul>
          </div>
        )}
        {project}
        <Line id="start" label={reader.t("console.what.start")} problems={problems}
          input={{ type: "datetime-local", value: one(body, "start"), required: true }} />
        <Line id="end" label={reader.t("console.what.end")} problems={problems}
          input={{ type: "datetime-local", value: one(body, "end"), required: true }} />
        <Choice id="time_zone" label={reader.t("console.what.zone")} problems={problems}
          hint={reader.t("console.what.zone_hint")} required>
          {zones([...networks.values()].map(({ timeZone }) => timeZone), zone).map((name) => (
            <option selected={name === zone}>{name}</option>
          ))}
        </Choice>
      </>
    );
  },
};

/** Without seconds, as browsers write a time. */
export function minutes(time: string): string {
  return time.slice(0, 16);
}

// The programme of a visit that is put off goes with it. It stays where it is
// if a day is only added before or after it.
function daysMoved({ start, end, days }: StudyVisit, to: { start: string; end: string }) {
  const moved = daysBetween(start, to.start);
  const fits = days.every(({ date }) =>
    date >= to.start.slice(0, 10) && date <= to.end.slice(0, 10));
  if (!moved || (fits && moved !== daysBetween(end, to.end))) return days;
  return days.map((day) => ({ ...day, date: dateAfter(day.date, moved) }));
}

const DAY = 86_400_000;

// NaN if one of them is no time at all.
function daysBetween(from: string, to: string): number {
  return (Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / DAY;
}

function dateAfter(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);
}

// Those that are filled in, and two to fill in.
function hostFields(body: Parameters<typeof one>[0]): string[] {
  let last = 0;
  for (let i = 1; i <= MOST_HOSTS; ++i) if (one(body, `host-${i}`)) last = i;
  const count = Math.min(last + 2, MOST_HOSTS);
  return Array.from({ length: count }, (_, i) => `host-${i + 1}`);
}

function zones(ofNetworks: readonly string[], chosen: string): string[] {
  const all = Intl.supportedValuesOf("timeZone").filter((zone) => zone.startsWith("Europe/"));
  return [...new Set([...ofNetworks, ...all, chosen])].filter(Boolean).sort();
}

/** The last part of a new visit's name: `lublin-visits-kazbegi-2027`. */
export function slugOf(title: string, { start }: Pick<StudyVisit, "start">): string {
  const latin = [...title.toLowerCase()].map((letter) => LATIN[letter] ?? letter).join("");
  const words = latin
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[-0-9]+|-+$/g, "")
    .slice(0, 48)
    .replace(/-+$/, "");
  return `${words.length >= 3 ? words : "visit"}-${start.slice(0, 4)}`;
}

// The Georgian national system of romanization, and what NFD leaves whole.
const LATIN: Readonly<Record<string, string>> = {
  ა: "a", ბ: "b", გ: "g", დ: "d", ე: "e", ვ: "v", ზ: "z", თ: "t", ი: "i", კ: "k", ლ: "l",
  მ: "m", ნ: "n", ო: "o", პ: "p", ჟ: "zh", რ: "r", ს: "s", ტ: "t", უ: "u", ფ: "p", ქ: "k",
  ღ: "gh", ყ: "q", შ: "sh", ჩ: "ch", ც: "ts", ძ: "dz", წ: "ts", ჭ: "ch", ხ: "kh", ჯ: "j",
  ჰ: "h", ł: "l", ß: "ss",
};
