import { type Project, Project_State as State } from
  "@lagnet/client/projects/v1/projects_pb.js";
import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";
import { Said } from "../../reading/said.js";
import { idOf } from "../../serving/names.js";
import { Choice } from "../../sign_up/fields.js";
import type { Problem } from "../../sign_up/problems.js";
import type { Site } from "../../serving/site.js";
import type { Staff } from "../staff.js";
import { keeps } from "./read.js";

/** The project that pays for a visit: to be chosen by who keeps the visit for its
 * network, to be read by who only hosts it. `chosen` is the last part of its
 * name. */
export async function projectField(
  { upstream, reader }: Site, staff: Staff, visit: StudyVisit, chosen: string,
  problems: readonly Problem[],
) {
  const { projects } = upstream.lagnet;
  const label = reader.t("console.what.project");
  const mayChoose = !visit.name || keeps(staff, visit);
  const networks = visit.network ? [visit.network] : staff.networks.map(({ name }) => name);
  const all: Project[] = !mayChoose ? [] : (await Promise.all(networks.map((network) =>
    projects.listProjects({ network, pageSize: 200 }, staff.call)))).flatMap((one) => one.projects);
  // What it has already may be over, or somebody else's.
  if (visit.project && !all.some(({ name }) => name === visit.project)) {
    all.push(await projects.getProject({ name: visit.project }, staff.call));
  }
  const offered = all.filter(({ name, state }) => state !== State.CLOSED || name === visit.project);
  const titles = offered.map(({ name, title }) => ({ id: idOf(name), said: reader.pick(title) }));
  if (!mayChoose) {
    return titles.map(({ said }) => (
      <div class="field">
        <span class="label">{label}</span>
        <Said reader={reader} said={said} />
      </div>
    ));
  }
  if (titles.length === 0) return null;
  return (
    <Choice id="project" label={label} hint={reader.t("console.what.project_hint")}
      problems={problems}>
      <option value="">{reader.t("console.what.project_none")}</option>
      {reader.sorted(titles, ({ said }) => said.text).map(({ id, said }) => (
        <option value={id} selected={id === chosen}
          lang={said.language === reader.language ? undefined : said.language}>
          {said.text}
        </option>
      ))}
    </Choice>
  );
}
