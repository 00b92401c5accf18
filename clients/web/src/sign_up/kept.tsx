import type { Reader } from "../reading/reader.js";
import { html } from "../serving/layout.js";
import type { Body } from "./draft.js";

/** What was typed, while the server is away and the form cannot be shown: a
 * button sends it again as it is, and it is done once. */
export function keptPage(reader: Reader, path: string, body: Body): string {
  const fields = Object.entries(body).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value ?? ""]).map((one) => [name, one] as const));
  return html({
    reader,
    title: reader.t("trouble.away.title"),
    path,
    part: "visits",
    isPrivate: true,
    children: (
      <>
        <h1>{reader.t("trouble.away.title")}</h1>
        <p role="alert">{reader.t("problem.away")}</p>
        <form method="post" action={reader.to(path)}>
          {fields.map(([name, value]) => <input type="hidden" name={name} value={value} />)}
          <p><button class="button">{reader.t("kept.again")}</button></p>
        </form>
      </>
    ),
  });
}
