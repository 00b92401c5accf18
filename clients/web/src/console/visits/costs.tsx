import { StudyVisit_Cover as Cover } from "@lagnet/client/visits/v1/study_visits_pb.js";
import { LANGUAGES } from "../../reading/language.js";
import { one, several } from "../../sign_up/draft.js";
import { Answers, Line } from "../../sign_up/fields.js";
import { COVERS } from "../../visits/words.js";
import { named } from "../typed.js";
import type { Step } from "./step.js";

const SPOKEN = [...LANGUAGES, "de", "uk", "ru"];

/** Step 3: who pays for what, which languages are spoken, and whom to ask. */
export const COSTS: Step = {
  title: "console.costs.title",
  mask: ["covered", "languages", "contact_email"],

  typed: (visit) => ({
    covered: visit.covered.map((cover) => Cover[cover]),
    languages: visit.languages,
    contact_email: visit.contactEmail,
  }),

  async taken(_, body) {
    return {
      fields: {
        covered: several(body, "covered").map((name) => named(Cover, name)),
        languages: several(body, "languages"),
        contactEmail: one(body, "contact_email").trim(),
      },
      problems: [],
    };
  },

  fieldOf: ({ reader }) => (path) => (path === "study_visit.contact_email"
    ? { field: "contact_email", label: reader.t("console.costs.contact") }
    : undefined),

  async fields({ site: { reader }, body, problems }) {
    const spoken = several(body, "languages");
    const languages = [...new Set([...SPOKEN, ...spoken])];
    return (
      <>
        <Answers id="covered" label={reader.t("visit.paid")} several problems={problems}
          hint={reader.t("console.costs.paid_hint")} chosen={several(body, "covered")}
          options={COVERS.map(([cover, key]) => ({ value: Cover[cover], label: reader.t(key) }))} />
        <Answers id="languages" label={reader.t("visit.spoken")} several problems={problems}
          chosen={spoken}
          options={reader.sorted(languages, (tag) => reader.languageName(tag))
            .map((tag) => ({ value: tag, label: reader.languageName(tag) }))} />
        <Line id="contact_email" label={reader.t("console.costs.contact")} problems={problems}
          hint={reader.t("console.costs.contact_hint")}
          input={{
            type: "email", value: one(body, "contact_email"), maxLength: 254, inputMode: "email",
            autocapitalize: "none", spellcheck: false,
          }} />
      </>
    );
  },
};
