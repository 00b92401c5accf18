import { timestampMs } from "@bufbuild/protobuf/wkt";
import { type StudyVisit, StudyVisit_State as State } from
  "@lagnet/client/visits/v1/study_visits_pb.js";
import type { Reader } from "../../reading/reader.js";
import type { Site } from "../../serving/site.js";
import type { Problem } from "../../sign_up/problems.js";
import { visitArticle } from "../../visits/page.js";
import { consolePage, Doing } from "../frame.js";
import type { Staff } from "../staff.js";
import { StepNav } from "./nav.js";
import { pathOf } from "./read.js";

/** What a visit lacks before everybody may see it. */
export function lackingIn({ contactEmail }: StudyVisit, reader: Reader): Problem[] {
  return contactEmail ? [] : [{ text: reader.t("console.preview.contact") }];
}

/** Step 5: the visit as everybody will see it, and the button that shows it to
 * them. */
export async function previewPage(
  { upstream, reader }: Site,
  { staff, visit, problems }:
    { staff: Staff; visit: StudyVisit; problems?: readonly Problem[] | undefined },
): Promise<string> {
  const path = pathOf(visit);
  const isDraft = visit.state === State.DRAFT;
  const lacking = isDraft ? lackingIn(visit, reader) : [];
  return consolePage({
    reader,
    staff,
    title: reader.t("console.preview.title"),
    path: `${path}/preview`,
    part: "visits",
    problems: problems ?? lacking,
    children: (
      <>
        <StepNav reader={reader} visit={visit} here="preview" />
        {lacking.length ? (
          <p><a href={reader.to(`/console${path}/costs`)}>{reader.t("console.costs.title")}</a></p>
        ) : null}
        {isDraft && lacking.length === 0 ? (
          <>
            <p>{reader.t("console.preview.hint")}</p>
            <Doing reader={reader} staff={staff} action={`${path}/publish`}
              label={reader.t("console.preview.publish")} isMain />
          </>
        ) : null}
        <p>
          <a href={reader.to(`/console${path}/letters`)}>{reader.t("console.letters.title")}</a>
        </p>
        <section class="preview" aria-label={reader.t("console.preview.title")}>
          {await visitArticle(upstream, reader, asPublished(visit), staff.call)}
        </section>
      </>
    ),
  });
}

// A draft takes no sign-ups; what is shown is what will be.
function asPublished(visit: StudyVisit): StudyVisit {
  if (visit.state !== State.DRAFT) return visit;
  const now = Date.now();
  const { signUpStartTime: from, signUpEndTime: until } = visit;
  const signUpOpen = (!from || timestampMs(from) <= now) && (!until || now < timestampMs(until));
  return { ...visit, state: State.PUBLISHED, signUpOpen };
}
