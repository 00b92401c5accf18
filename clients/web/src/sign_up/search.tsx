import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";
import type { Reader } from "../reading/reader.js";
import { Said } from "../reading/said.js";
import { html } from "../serving/layout.js";
import { idOf } from "../serving/names.js";
import type { Upstream } from "../serving/upstream.js";
import { lookedFor } from "./organizations.js";

/** Before the form, where there are too many organisations for a list: one is
 * looked for. */
export async function organizationSearch(
  upstream: Upstream, reader: Reader, visit: StudyVisit, query: string, people: number,
): Promise<string> {
  const found = query.trim() ? await lookedFor(upstream, reader, query) : undefined;
  const action = reader.to(`/visits/${idOf(visit.name)}/sign-up`);
  return html({
    reader,
    title: reader.t("form.title"),
    path: `/visits/${idOf(visit.name)}/sign-up`,
    part: "visits",
    isPrivate: true,
    children: (
      <>
        <h1>{reader.t("form.title")}</h1>
        <p><Said reader={reader} said={reader.pick(visit.title)} /></p>
        <form class="search" method="get" action={action} role="search">
          <label for="find">{reader.t("form.find_organization")}</label>
          <input id="find" name="find" type="search" value={query} maxLength={200} required />
          <input type="hidden" name="people" value={people} />
          <button>{reader.t("directory.find")}</button>
        </form>
        {found ? (
          <>
            <p role="status">{reader.t("directory.count", { count: found.length })}</p>
            <ul class="cards">
              {found.map(({ id, country, said }) => (
                <li class="card">
                  <a href={`${action}?organization=${id}&people=${people}`}>
                    <Said reader={reader} said={said} />
                  </a>
                  <p class="quiet">{reader.countryName(country)}</p>
                </li>
              ))}
            </ul>
          </>
        ) : null}
      </>
    ),
  });
}
