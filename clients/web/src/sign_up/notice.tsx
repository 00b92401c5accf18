import type { Organization } from "@lagnet/client/directory/v1/organizations_pb.js";
import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";
import type { Reader } from "../reading/reader.js";
import { Said } from "../reading/said.js";
import type { Upstream } from "../serving/upstream.js";

/** Changes whenever the texts below or their facts do (messages `notice.*`). */
export const NOTICE_VERSION = "2026-11-27.4";

/** Who is told what, why and for how long: under every form that asks people
 * for something of themselves. */
export async function notice(
  upstream: Upstream, reader: Reader, visit: StudyVisit,
) {
  const [networks, hosts] = await Promise.all([
    upstream.networks(),
    upstream.organizations(visit.hosts),
  ]);
  const controllers = [
    networks.get(visit.network)?.displayName,
    ...visit.hosts.map((host) => (hosts.get(host) as Organization | undefined)?.displayName),
  ].flatMap((name) => (name ? [reader.pick(name)] : []));
  const addresses = visit.contactEmail
    ? [visit.contactEmail]
    : [...hosts.values()].map(({ email }) => email).filter(Boolean);
  return (
    <section class="privacy" aria-labelledby="notice">
      <h2 id="notice">{reader.t("notice.title")}</h2>
      <dl>
        <dt>{reader.t("notice.who")}</dt>
        <dd>
          {controllers.map((said, i) => (
            <>{i ? "; " : ""}<Said reader={reader} said={said} /></>
          ))}
          {". "}
          {addresses.length ? reader.t("notice.contact") : null}
          {addresses.map((address, i) => (
            <>{i ? ", " : " "}<a href={`mailto:${address}`}>{address}</a></>
          ))}
        </dd>
        <dt>{reader.t("notice.why")}</dt>
        <dd>{reader.t("notice.purposes")}</dd>
        <dd>{reader.t("notice.purposes_history")}</dd>
        <dt>{reader.t("notice.basis")}</dt>
        <dd>{reader.t("notice.basis_text")}</dd>
        <dt>{reader.t("notice.recipients")}</dt>
        <dd>{reader.t("notice.recipients_text")}</dd>
        <dt>{reader.t("notice.how_long")}</dt>
        <dd>{reader.t("notice.retention")}</dd>
        <dd>{reader.t("notice.retention_history")}</dd>
        <dt>{reader.t("notice.rights")}</dt>
        <dd>{reader.t("notice.rights_text")}</dd>
      </dl>
      <p class="quiet small">{reader.t("notice.version", { version: NOTICE_VERSION })}</p>
    </section>
  );
}
