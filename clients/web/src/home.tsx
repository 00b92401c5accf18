import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { StudyVisit_State as State } from "@lagnet/client/visits/v1/study_visits_pb.js";
import type { FastifyInstance } from "fastify";
import { html } from "./serving/layout.js";
import type { Site } from "./serving/site.js";
import { Visits } from "./visits/list.js";

/** /xx: what this is, and the next visits. */
export function homePage(pages: FastifyInstance, site: Site): void {
  pages.get("/", async (request, reply) =>
    site.publicPages.send(request, reply, () => home(site)));
}

async function home({ upstream, reader }: Site): Promise<string> {
  const { studyVisits } = await upstream.lagnet.visits.listStudyVisits({
    pageSize: 4,
    state: State.PUBLISHED,
    startAfter: timestampFromMs(Date.now()),
  });
  return html({
    reader,
    title: `lagnet – ${reader.t("home.title")}`,
    path: "",
    children: (
      <>
        <h1>{reader.t("home.title")}</h1>
        <p class="lead">{reader.t("home.lead")}</p>
        <h2>{reader.t("home.next")}</h2>
        <Visits reader={reader} visits={studyVisits} />
        <p><a href={reader.to("/visits")}>{reader.t("home.all_visits")}</a></p>
        <h2>{reader.t("directory.title")}</h2>
        <p>{reader.t("home.directory")}</p>
        <form class="search" method="get" action={reader.to("/directory")} role="search">
          <label for="q">{reader.t("directory.search")}</label>
          <input id="q" name="q" type="search" maxLength={200} />
          <button>{reader.t("directory.find")}</button>
        </form>
        <h2>{reader.t("home.how")}</h2>
        <ol class="steps">
          <li>{reader.t("home.step_1")}</li>
          <li>{reader.t("home.step_2")}</li>
          <li>{reader.t("home.step_3")}</li>
        </ol>
        <p class="quiet small"><a href={reader.to("/api")}>{reader.t("api.title")}</a></p>
      </>
    ),
  });
}
