import {
  type SignUp, SignUp_Channel as Channel, SignUp_State as State, SignUp_WaitReason as Reason,
} from "@lagnet/client/visits/v1/sign_ups_pb.js";
import type { Key } from "../../reading/messages.js";
import type { Reader } from "../../reading/reader.js";

/** The states that a list is parted by: those that ask for something first. */
export const LISTED = {
  confirmed: State.CONFIRMED,
  waitlisted: State.WAITLISTED,
  offered: State.OFFERED,
  held: State.HELD,
  pending: State.PENDING_CONFIRMATION,
  refused: State.REFUSED,
  withdrawn: State.WITHDRAWN,
  declined: State.DECLINED,
  expired: State.EXPIRED,
  cancelled: State.CANCELLED,
} as const;

const STATES: Partial<Record<State, Key>> = {
  [State.CONFIRMED]: "console.state.confirmed",
  [State.WAITLISTED]: "console.state.waitlisted",
  [State.OFFERED]: "console.state.offered",
  [State.HELD]: "console.state.held",
  [State.PENDING_CONFIRMATION]: "console.state.pending",
  [State.REFUSED]: "console.state.refused",
  [State.WITHDRAWN]: "console.state.withdrawn",
  [State.DECLINED]: "console.state.declined",
  [State.EXPIRED]: "console.state.expired",
  [State.SUBSTITUTED]: "console.state.substituted",
  [State.CANCELLED]: "console.state.cancelled",
};

const REASONS: Partial<Record<Reason, Key>> = {
  [Reason.VISIT_FULL]: "console.wait.full",
  [Reason.ORGANIZATION_SHARE]: "console.wait.organization",
  [Reason.SHARE_FULL]: "console.wait.share",
  [Reason.SEATS_KEPT]: "console.wait.kept",
  [Reason.GROUP_TOO_LARGE]: "console.wait.group",
  [Reason.HELD_FOR_GROUP]: "console.wait.held",
  [Reason.NOT_YET_ALLOCATED]: "console.wait.later",
  [Reason.ADDRESS_UNVERIFIED]: "console.wait.unverified",
  [Reason.SEAT_ELSEWHERE]: "console.wait.elsewhere",
  [Reason.VISIT_OVER]: "console.wait.over",
};

export function stateOf(state: State, reader: Reader): string {
  return reader.t(STATES[state] ?? "state.unknown");
}

/** Why a party waits, in a few words; empty if it does not. */
export function waitOf({ waitReason, waitPosition, waitShare }: SignUp, reader: Reader): string {
  const key = REASONS[waitReason];
  if (!key) return "";
  const reason = reader.t(key, { share: waitShare });
  return waitPosition > 0
    ? reader.t("console.wait.position", { position: waitPosition, reason })
    : reason;
}

/** Which of the project's visits this one is for a party; empty if it does not
 * say. */
export function choiceOf({ choice }: SignUp, reader: Reader): string {
  return choice > 0 ? reader.t("console.sign_ups.choice", { number: choice }) : "";
}

/** How it came, if staff entered it. */
export function channelOf({ channel }: SignUp, reader: Reader): string {
  switch (channel) {
    case Channel.PAPER:
      return reader.t("console.enter.paper");
    case Channel.TELEPHONE:
      return reader.t("console.enter.telephone");
    default:
      return "";
  }
}
