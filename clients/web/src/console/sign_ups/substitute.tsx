import { idOf } from "../../serving/names.js";
import type { Site } from "../../serving/site.js";
import { type Substitute, substituteFields, substituteTitle } from "../../sign_up/substitute.js";
import { consolePage, Form } from "../frame.js";
import type { Staff } from "../staff.js";
import { pathOf } from "../visits/read.js";

/** Asks who comes in the place of a member. */
export async function substitutePage(
  { upstream, reader }: Site, staff: Staff, substitute: Substitute,
): Promise<string> {
  const { visit, signUp, member, typed } = substitute;
  const party = `${pathOf(visit)}/sign-ups/${idOf(signUp.name)}`;
  const path = `${party}/members/${member}`;
  const fields = await substituteFields(upstream, reader, substitute, true);
  return consolePage({
    reader,
    staff,
    title: substituteTitle(reader, substitute),
    path,
    part: "visits",
    problems: typed?.problems,
    children: (
      <>
        <Form reader={reader} staff={staff} action={path} requestId={typed?.requestId}>
          {fields}
        </Form>
        <p><a href={reader.to(`/console${party}`)}>{reader.t("form.back")}</a></p>
      </>
    ),
  });
}
