import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";
import { isLanguage, LANGUAGES, OWN_NAMES } from "../../reading/language.js";
import type { Key } from "../../reading/messages.js";
import type { Site } from "../../serving/site.js";
import { consolePage } from "../frame.js";
import type { Staff } from "../staff.js";
import { StepNav } from "./nav.js";
import { pathOf } from "./read.js";

const KINDS: Readonly<Record<string, Key>> = {
  verify: "console.letters.verify",
  held: "console.letters.held",
  confirmed: "console.letters.confirmed",
  waiting: "console.letters.waiting",
  offered: "console.letters.offered",
  withdrawn: "console.letters.withdrawn",
  refused: "console.letters.refused",
  expired: "console.letters.expired",
  cancelled: "console.letters.cancelled",
  changed: "console.letters.changed",
  reminder: "console.letters.reminder",
  invited: "console.letters.invited",
  named: "console.letters.named",
  left: "console.letters.left",
  moved: "console.letters.moved",
};

/** What people who sign up get by mail, in the language `asked` for. */
export async function lettersPage(
  { upstream, reader }: Site,
  { staff, visit, asked }: { staff: Staff; visit: StudyVisit; asked: string | undefined },
): Promise<string> {
  const path = `${pathOf(visit)}/letters`;
  const language = isLanguage(asked) ? asked : reader.language;
  const { letters } = await upstream.lagnet.visits.previewLetters(
    { name: visit.name, language }, staff.call,
  );
  return consolePage({
    reader,
    staff,
    title: reader.t("console.letters.title"),
    path,
    part: "visits",
    children: (
      <>
        <StepNav reader={reader} visit={visit} here="letters" />
        <p>{reader.t("console.letters.hint")}</p>
        <nav class="parts" aria-label={reader.t("console.letters.language")}>
          {LANGUAGES.map((one) => (
            <a href={reader.to(`/console${path}?language=${one}`)} lang={one}
              aria-current={one === language ? "true" : undefined}>
              {OWN_NAMES[one]}
            </a>
          ))}
        </nav>
        {letters.map(({ kind, subject, text }) => (
          <section>
            <h2>{KINDS[kind] ? reader.t(KINDS[kind]) : kind}</h2>
            <div class="letter" lang={language}>
              <p><strong>{subject}</strong></p>
              <p>{text}</p>
            </div>
          </section>
        ))}
      </>
    ),
  });
}
