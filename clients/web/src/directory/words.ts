import {
  Organization_Body as Body,
  Organization_Fund as Fund,
  Organization_Kind as Kind,
} from "@lagnet/client/directory/v1/organizations_pb.js";
import type { Key } from "../reading/messages.js";
import type { Reader } from "../reading/reader.js";

const KINDS: Readonly<Record<Kind, Key>> = {
  [Kind.KIND_UNSPECIFIED]: "kind.other",
  [Kind.LAG]: "kind.lag",
  [Kind.MUNICIPALITY]: "kind.municipality",
  [Kind.COUNTY]: "kind.county",
  [Kind.PROTECTED_AREA]: "kind.protected_area",
  [Kind.CSO]: "kind.cso",
  [Kind.SOCIAL_ENTERPRISE]: "kind.social_enterprise",
  [Kind.BUSINESS]: "kind.business",
  [Kind.RESEARCH]: "kind.research",
  [Kind.NETWORK_UNIT]: "kind.network_unit",
};

const FUNDS: Readonly<Record<Fund, Key>> = {
  [Fund.FUND_UNSPECIFIED]: "fund.other",
  [Fund.EAFRD]: "fund.eafrd",
  [Fund.ERDF]: "fund.erdf",
  [Fund.ESF_PLUS]: "fund.esf_plus",
  [Fund.EMFAF]: "fund.emfaf",
  [Fund.ENPARD]: "fund.enpard",
  [Fund.NATIONAL]: "fund.national",
  [Fund.REGIONAL]: "fund.regional",
  [Fund.DONOR]: "fund.donor",
  [Fund.PRIVATE]: "fund.private",
};

const BODIES: Readonly<Record<Body, Key>> = {
  [Body.BODY_UNSPECIFIED]: "body.other",
  [Body.ASSEMBLY]: "body.assembly",
  [Body.BOARD]: "body.board",
  [Body.AUDIT_BODY]: "body.audit",
  [Body.DECISION_BODY]: "body.decision",
};

/** What a kind is called; a newer server may know more of them. */
export function kindName(kind: Kind, reader: Reader): string {
  return reader.t(KINDS[kind] ?? "kind.other");
}

/** Of a kind as the search has it: `LAG`. */
export function kindNameOf(text: string, reader: Reader): string {
  return kindName(Kind[text as keyof typeof Kind], reader);
}

export function fundName(fund: Fund, reader: Reader): string {
  return reader.t(FUNDS[fund] ?? "fund.other");
}

export function bodyName(body: Body, reader: Reader): string {
  return reader.t(BODIES[body] ?? "body.other");
}

/** `2023–2027`, as far as it is known. */
export function years(start: number, end: number): string {
  if (!start && !end) return "";
  return start === end ? `${start}` : `${start || ""}–${end || ""}`;
}
