import type { Reader } from "../reading/reader.js";
import { LinkedForm, linkedPage, pathOf } from "../serving/linked.js";
import type { Upstream } from "../serving/upstream.js";
import { Summary, titled } from "../sign_up/fields.js";
import { type Substitute, substituteFields, substituteTitle } from "../sign_up/substitute.js";
import type { Mine } from "./page.js";

/** Asks who comes in the place of a member, or for one without a name. */
export async function substitutePage(
  upstream: Upstream, reader: Reader, { link }: Pick<Mine, "link">, substitute: Substitute,
): Promise<string> {
  const path = `/members/${substitute.member}`;
  const title = substituteTitle(reader, substitute);
  const problems = substitute.typed?.problems ?? [];
  const fields = await substituteFields(upstream, reader, substitute);
  return linkedPage(reader, link, path, titled(reader, title, problems), (
    <>
      <h1>{title}</h1>
      <Summary reader={reader} problems={problems} />
      <LinkedForm reader={reader} link={link} path={path} requestId={substitute.typed?.requestId}>
        {fields}
      </LinkedForm>
      <p><a href={pathOf(link, "", reader.language)}>{reader.t("form.back")}</a></p>
    </>
  ));
}
