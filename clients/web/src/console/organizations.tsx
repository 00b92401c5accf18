import type { Organization } from "@lagnet/client/directory/v1/organizations_pb.js";
import type { Reader } from "../reading/reader.js";
import { nameOf } from "../serving/names.js";
import type { Upstream } from "../serving/upstream.js";
import { Line } from "../sign_up/fields.js";
import { type Candidate, candidates, lookedFor } from "../sign_up/organizations.js";
import type { Problem } from "../sign_up/problems.js";
import { needsOf } from "../sign_up/needs.js";

/** Those to choose from while typing, if they are not too many for a page. */
export async function suggestions(upstream: Upstream, reader: Reader): Promise<Candidate[]> {
  return await candidates(upstream, reader, needsOf(undefined)) ?? [];
}

/** The list that `OrganizationLine` suggests from: once on a page. */
export function Suggestions({ candidates }: { candidates: readonly Candidate[] }) {
  return (
    <datalist id="organizations">
      {candidates.map(({ id, said }) => <option value={called(said.text, id)} />)}
    </datalist>
  );
}

/** `Kazbegi Local Action Group (lag-kazbegi)`: two may have one name. */
export function called(name: string, id: string): string {
  return name ? `${name} (${id})` : id;
}

/** The same of what a field holds: an id, or anything that was typed. */
export function organizationSaid(
  value: string, known: ReadonlyMap<string, Organization>, reader: Reader,
): string {
  const organization = known.get(`organizations/${value}`);
  return organization ? called(reader.pick(organization.displayName).text, value) : value;
}

/** A line for an organisation: what it is called, or its id. */
export function OrganizationLine(
  { reader, id, label, hint, value, problems, required = false, known }: {
    reader: Reader;
    id: string;
    label: string;
    hint?: string;
    value: string;
    problems: readonly Problem[];
    required?: boolean;
    known: ReadonlyMap<string, Organization>;
  },
) {
  return (
    <Line id={id} label={label} problems={problems} hint={hint}
      input={{
        type: "text", list: "organizations", value: organizationSaid(value, known, reader),
        maxLength: 300, required, autocomplete: "off", spellcheck: false, autocapitalize: "none",
      }} />
  );
}

/** The organisation that was meant by what was typed into a field, its id or
 * exactly what it is called, or both as the list has them: its name, or what is
 * to be said to who typed it. Nothing typed is `""`. */
export async function organizationMeant(
  upstream: Upstream, reader: Reader, typed: string, field: string,
): Promise<string | Problem> {
  const text = typed.trim();
  if (text === "") return "";
  const name = nameOf("organizations", /\(([^()]+)\)$/.exec(text)?.[1] ?? text);
  if (name && (await upstream.organizations([name])).has(name)) return name;
  const found = await lookedFor(upstream, reader, text);
  const same = found.filter(({ said }) => said.text.toLowerCase() === text.toLowerCase());
  const [only] = same;
  if (only && same.length === 1) return `organizations/${only.id}`;
  // A search finds what is nearly so, too: that is asked about, not taken.
  return {
    field,
    text: found.length === 0
      ? reader.t("field.organization_unknown")
      : reader.t("console.organization_which", {
        names: found.slice(0, 5).map(({ id, said }) => called(said.text, id)).join("; "),
      }),
  };
}

/** As `organizationMeant`, of several fields. */
export async function organizationsMeant(
  upstream: Upstream, reader: Reader, typed: readonly { field: string; text: string }[],
): Promise<{ names: string[]; problems: Problem[] }> {
  const meant = await Promise.all(
    typed.map(({ field, text }) => organizationMeant(upstream, reader, text, field)),
  );
  return {
    names: meant.map((one) => (typeof one === "string" ? one : "")),
    problems: meant.filter((one) => typeof one !== "string"),
  };
}
