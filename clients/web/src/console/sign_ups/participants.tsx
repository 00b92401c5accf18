import { type SignUp, SignUp_State as State } from
  "@lagnet/client/visits/v1/sign_ups_pb.js";
import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";
import { Said } from "../../reading/said.js";
import type { Site } from "../../serving/site.js";
import { csvOf } from "../csv.js";
import { consolePage } from "../frame.js";
import type { Staff } from "../staff.js";
import { pathOf } from "../visits/read.js";
import { confirmedOf } from "./read.js";

/** Somebody who comes. */
interface Participant {
  readonly name: string;
  readonly organization: string;
  readonly email: string;
  readonly phone: string;
}

// Those with seats are a party's first members.
async function participants(
  site: Site, staff: Staff, visit: StudyVisit,
): Promise<Participant[]> {
  const { upstream, reader } = site;
  const parties: SignUp[] = await confirmedOf(site, staff, visit.name, State.CONFIRMED);
  const organizations = await upstream.organizations(parties.map((one) => one.organization));
  const all = parties.flatMap(({ organization, members, seats }) =>
    members.slice(0, seats).map(({ fullName, email, phone }) => ({
      name: fullName || reader.t(email ? "my.invited" : "my.unnamed"),
      organization: reader.pick(organizations.get(organization)?.displayName).text,
      email,
      phone,
    })));
  return reader.sorted(all, ({ name }) => name);
}

/** Who comes, to be printed. */
export async function participantsPage(
  site: Site, { staff, visit }: { staff: Staff; visit: StudyVisit },
): Promise<string> {
  const { reader } = site;
  const all = await participants(site, staff, visit);
  const path = `${pathOf(visit)}/participants`;
  return consolePage({
    reader,
    staff,
    title: reader.t("console.participants.title"),
    path,
    part: "visits",
    children: (
      <>
        <p>
          <a href={reader.to(`/console${pathOf(visit)}`)}>
            <Said reader={reader} said={reader.pick(visit.title)} />
          </a>
          <br />
          {reader.days(visit.startTime, visit.endTime, visit.timeZone)}
        </p>
        <p class="count">{reader.t("console.participants.count", { people: all.length })}</p>
        {all.length ? (
          <>
            <div class="wide-table" role="region" tabIndex={0}
              aria-label={reader.t("console.participants.title")}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{reader.t("person.name")}</th>
                    <th scope="col">{reader.t("form.organization")}</th>
                    <th scope="col">{reader.t("console.participants.phone")}</th>
                    <th scope="col" class="signature">
                      {reader.t("console.participants.signature")}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {all.map(({ name, organization, phone }) => (
                    <tr><td>{name}</td><td>{organization}</td><td>{phone}</td><td /></tr>
                  ))}
                </tbody>
              </table>
            </div>
            <p class="links">
              <a href={reader.to(`/console${path}.csv`)}>{reader.t("console.participants.csv")}</a>
            </p>
            <p class="hint">{reader.t("console.participants.hint")}</p>
          </>
        ) : null}
      </>
    ),
  });
}

/** The same for a spreadsheet, with how to reach them. */
export async function participantsCsv(
  site: Site, staff: Staff, visit: StudyVisit,
): Promise<string> {
  const { reader } = site;
  const all = await participants(site, staff, visit);
  return csvOf([
    [
      reader.t("person.name"), reader.t("form.organization"), reader.t("person.email"),
      reader.t("console.participants.phone"),
    ],
    ...all.map(({ name, organization, email, phone }) => [name, organization, email, phone]),
  ]);
}
