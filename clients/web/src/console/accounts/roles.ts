import type { Grant } from "@lagnet/client/access/v1/accounts_pb.js";
import { Role } from "@lagnet/client/options/v1/options_pb.js";
import type { LocalizedText } from "@lagnet/client/types/v1/types_pb.js";
import type { Key } from "../../reading/messages.js";
import type { Reader } from "../../reading/reader.js";
import { idOf } from "../../serving/names.js";

/** The roles that are given to people here, and over what. */
export const GIVEN = {
  NETWORK_EDITOR: { role: Role.NETWORK_EDITOR, key: "console.role.editor", over: "network" },
  NETWORK_ADMIN: { role: Role.NETWORK_ADMIN, key: "console.role.admin", over: "network" },
  HOST_COORDINATOR: { role: Role.HOST_COORDINATOR, key: "console.role.host", over: "organization" },
  LAG_MANAGER: { role: Role.LAG_MANAGER, key: "console.role.manager", over: "organization" },
} as const satisfies Record<string, { role: Role; key: Key; over: "network" | "organization" }>;

/** What grants are over, by name. */
export type Scopes = ReadonlyMap<string, { displayName?: LocalizedText | undefined }>;

/** `keeps the network’s directory and visits: KSOW`. */
export function grantText(grant: Grant, scopes: Scopes, reader: Reader): string {
  const known = Object.values(GIVEN).find(({ role }) => role === grant.role);
  const over = grant.network || grant.organization || grant.project;
  const text = known ? reader.t(known.key) : Role[grant.role];
  const name = reader.pick(scopes.get(over)?.displayName).text || idOf(over);
  const where = [name, grant.region].filter(Boolean).join(", ");
  return where ? `${text}: ${where}` : text;
}
