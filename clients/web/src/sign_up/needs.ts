import { Organization_Kind as Kind } from "@lagnet/client/directory/v1/organizations_pb.js";
import type { SeatRules } from "@lagnet/client/visits/v1/seat_rules_pb.js";

/** What the rules of a visit have to know of people: nothing else is asked. */
export interface Needs {
  readonly age: boolean;
  readonly sector: boolean;
  readonly firstTimer: boolean;
  readonly staff: boolean;

  /** The languages that count, BCP 47. */
  readonly languages: readonly string[];

  /** The codes of territories that count. */
  readonly territories: readonly string[];

  /** The organisations that people may come for; empty: any. */
  readonly organizations: readonly string[];

  /** Their kinds; empty: any. */
  readonly kinds: readonly Kind[];
}

export function needsOf(rules: SeatRules | undefined): Needs {
  const groups = [
    ...(rules?.shares ?? []).flatMap(({ group }) => (group ? [group] : [])),
    ...(rules?.priorityGroups ?? []),
  ];
  const who = rules?.whoMayCome;
  const both = (listed: readonly string[], grouped: readonly string[]) =>
    [...new Set([...listed, ...grouped.filter(Boolean)])];
  return {
    age: groups.some(({ ageBand }) => ageBand !== 0) || (who?.ageBands.length ?? 0) > 0,
    sector: groups.some(({ sector }) => sector !== 0) || (who?.sectors.length ?? 0) > 0,
    firstTimer: groups.some(({ firstTimers }) => firstTimers),
    staff: groups.some(({ staff }) => staff),
    languages: both(who?.languages ?? [], groups.map(({ language }) => language)),
    territories: both(who?.territories ?? [], groups.map(({ territory }) => territory)),
    organizations: who?.organizations ?? [],
    kinds: who?.organizationKinds ?? [],
  };
}
