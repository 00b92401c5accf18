import { LagnetError } from "@lagnet/client";
import type { CallOptions } from "@connectrpc/connect";
import type { SignUp } from "@lagnet/client/visits/v1/sign_ups_pb.js";
import type { StudyVisit } from "@lagnet/client/visits/v1/study_visits_pb.js";
import type { Reader } from "../reading/reader.js";
import { NoSuchPage } from "../serving/failures.js";
import type { Upstream } from "../serving/upstream.js";
import { type Body, emptyDraft, memberOf, NOBODY, one, type PersonDraft, readPerson } from
  "./draft.js";
import { placesOf } from "./form.js";
import { needsOf } from "./needs.js";
import { notice } from "./notice.js";
import { PersonFields, Who } from "./person.js";
import { keptId, type Problem, problemsOf } from "./problems.js";

/** Somebody who is to come in the place of a member, or one without a name who
 * is to be named. */
export interface Substitute {
  readonly visit: StudyVisit;
  readonly signUp: SignUp;

  /** Which member, from 1: the head. */
  readonly member: number;

  /** What was typed, if it could not be taken. */
  readonly typed?: Refused;
}

interface Refused {
  readonly person: PersonDraft;
  readonly problems: readonly Problem[];
  readonly requestId: string | undefined;
}

/** The member that an address names. */
export function memberIn({ members }: SignUp, text: string): number {
  const member = Number(text);
  if (!Number.isInteger(member) || member < 1 || member > members.length) throw new NoSuchPage();
  return member;
}

/** The members of a party, each with the way to put somebody else in their
 * place: below `path`, or none if it is undefined. */
export function Members(
  { reader, signUp, path, hasPhones = false }: {
    reader: Reader;
    signUp: SignUp;
    path: ((member: number) => string) | undefined;
    hasPhones?: boolean;
  },
) {
  return (
    <>
      {signUp.members.map((member, i) => (
        <li>
          <Who reader={reader} member={member} />
          {hasPhones && member.phone ? <span class="quiet"> · {member.phone}</span> : null}
          {path ? (
            <>
              {" "}
              <a href={path(i + 1)}>
                {member.fullName
                  ? reader.t("my.substitute", { name: member.fullName })
                  : reader.t("my.name_member", { number: i + 1 })}
              </a>
            </>
          ) : null}
        </li>
      ))}
    </>
  );
}

export function substituteTitle(reader: Reader, { signUp, member }: Substitute): string {
  const name = signUp.members[member - 1]?.fullName ?? "";
  return name ? reader.t("substitute.title", { name }) : reader.t("substitute.title_named");
}

/** What is asked of who comes instead, with the button that sends it. Staff have
 * the privacy notice folded, to be read out. */
export async function substituteFields(
  upstream: Upstream, reader: Reader, { visit, signUp, member, typed }: Substitute,
  isStaff = false,
) {
  const needs = needsOf(visit.seatRules);
  const [places, privacy] = await Promise.all([
    placesOf(upstream, reader, needs),
    notice(upstream, reader, visit),
  ]);
  const isMember = member > 1;
  return (
    <>
      <input type="hidden" name="etag" value={signUp.etag} />
      <PersonFields reader={reader} number={1} person={typed?.person ?? NOBODY} needs={needs}
        places={places} problems={typed?.problems ?? []} isPlaceholder={false}
        isInvitable={isMember} isMember={isMember} isSelf={false} />
      {isMember ? null : <p>{reader.t("substitute.head")}</p>}
      {isStaff
        ? <details><summary>{reader.t("console.enter.text")}</summary>{privacy}</details>
        : privacy}
      <p><button class="button">{reader.t("substitute.send")}</button></p>
    </>
  );
}

/** Puts the person of a form in a member's place; gives what is to be corrected,
 * if the server refuses it. */
export async function substituted(
  { lagnet }: Upstream, reader: Reader, { signUp, member }: Substitute, body: Body,
  call: CallOptions, language: string = reader.language,
): Promise<Refused | undefined> {
  const person = readPerson(body, 1);
  try {
    await lagnet.signUps.substituteMember({
      name: signUp.name,
      etag: one(body, "etag"),
      member,
      person: memberOf(person, language),
      requestId: one(body, "request_id"),
    }, call);
    return undefined;
  } catch (thrown) {
    const error = LagnetError.decode(thrown);
    const problems = problemsOf(error, { ...emptyDraft(1), people: [person] }, reader);
    if (!problems) throw error;
    return { person, problems, requestId: keptId(problems, body) };
  }
}
