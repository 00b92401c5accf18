import { createHash } from "node:crypto";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  StudyVisit, StudyVisitSchema,
} from "@lagnet/client/visits/v1/study_visits_pb.js";
import type { ComponentChildren } from "preact";
import type { Key } from "../../reading/messages.js";
import type { Site } from "../../serving/site.js";
import type { Body } from "../../sign_up/draft.js";
import type { Problem } from "../../sign_up/problems.js";
import type { FieldOf } from "../refusals.js";
import type { Staff } from "../staff.js";
import type { Typed } from "../typed.js";

export type VisitInit = MessageInitShape<typeof StudyVisitSchema>;

/** What the fields of a step are shown with. */
export interface Shown {
  readonly site: Site;
  readonly staff: Staff;
  readonly visit: StudyVisit;

  /** What was typed, or what the visit says. */
  readonly body: Body;
  readonly problems: readonly Problem[];
}

/** What was typed, as the server takes it. */
export interface Taken {
  readonly fields: VisitInit;
  readonly problems: readonly Problem[];
}

/** What a step holds then, or why nothing could be suggested. */
export interface Suggested {
  readonly body: Body;
  readonly problems?: readonly Problem[] | undefined;
}

/** One page of those on which a visit is written. Each changes some fields of
 * the visit and leaves the others alone. */
export interface Step {
  readonly title: Key;

  /** The fields of the visit that it changes. */
  readonly mask: readonly string[];
  typed(visit: StudyVisit): Typed;

  /** What was typed, with what the server suggests of the kind that is asked
   * for in place of some of it. */
  suggested?(site: Site, staff: Staff, visit: StudyVisit, body: Body): Promise<Suggested>;
  taken(site: Site, body: Body, visit: StudyVisit): Promise<Taken>;
  fieldOf(site: Site, body: Body): FieldOf;
  fields(shown: Shown): Promise<ComponentChildren>;
}

/** A mark of what a step showed: whoever sends it back has seen that. A visit's
 * etag changes with every sign-up; this, only with what is on the page. */
export function markOf(step: Step, visit: StudyVisit): string {
  const shown = JSON.stringify(Object.entries(step.typed(visit)).sort());
  return createHash("sha256").update(shown).digest("base64url");
}
