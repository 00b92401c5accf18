import { createHash } from "node:crypto";
import {
  type ImportRowResult, ImportRowResult_Outcome as Outcome,
} from "@lagnet/client/directory/v1/imports_pb.js";
import { Organization_State as State } from
  "@lagnet/client/directory/v1/organizations_pb.js";
import type { Site } from "../../serving/site.js";
import type { Staff } from "../staff.js";
import type { Row } from "./rows.js";

const ROWS_A_CALL = 100;

/** A list, and what is said about it. */
export interface Sending {
  readonly network: string;
  readonly rows: readonly Row[];
  readonly source: string;
  readonly asOf: string;

  /** Made with the form: what is sent again with it is done once. */
  readonly requestId: string;
}

/** Asks what would become of every row, and writes nothing. */
export async function checked(
  site: Site, staff: Staff, sending: Sending,
): Promise<ImportRowResult[]> {
  const all: ImportRowResult[] = [];
  for (const rows of chunks(sending.rows)) {
    const { results } = await call(site, staff, sending, rows, true);
    all.push(...results);
  }
  return all;
}

/** Imports the rows, a hundred at a time, and says what became of each hundred.
 * Cut off anywhere, it can be sent again: a hundred that is in is not done
 * twice. Rows that the server refuses are left out. */
export async function* imported(
  site: Site, staff: Staff, sending: Sending,
): AsyncGenerator<readonly ImportRowResult[]> {
  for (const rows of chunks(sending.rows)) {
    const { results: before } = await call(site, staff, sending, rows, true);
    const good = rows.filter((_, i) => before[i]?.outcome !== Outcome.REFUSED);
    const { results } = good.length
      ? await call(site, staff, sending, good, false)
      : { results: [] };
    yield [...results, ...before.filter(({ outcome }) => outcome === Outcome.REFUSED)];
  }
}

function chunks(rows: readonly Row[]): Row[][] {
  const all: Row[][] = [];
  for (let i = 0; i < rows.length; i += ROWS_A_CALL) all.push(rows.slice(i, i + ROWS_A_CALL));
  return all;
}

function call(
  { upstream }: Site, staff: Staff, sending: Sending, rows: readonly Row[], validateOnly: boolean,
) {
  const { network, source, asOf, requestId } = sending;
  return upstream.lagnet.imports.importOrganizations({
    network,
    rows: rows.map(({ number, organization, mask }) => ({
      row: number, organization, updateMask: { paths: [...mask] },
    })),
    initialState: State.VERIFIED,
    source,
    asOf,
    validateOnly,
    requestId: requestIdOf(requestId, rows),
  }, staff.call);
}

// A UUID that follows from the form and the rows (RFC 9562, version 8).
function requestIdOf(requestId: string, rows: readonly Row[]): string {
  const hash = createHash("sha256").update(requestId)
    .update(rows.map(({ number }) => number).join(","))
    .digest("hex");
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-a${hash.slice(17, 20)}-` +
    hash.slice(20, 32);
}
