import type { Key } from "../reading/messages.js";
import type { Reader } from "../reading/reader.js";
import { SECTORS } from "./person.js";

const KEYS: Partial<Record<string, Key>> = { INDIVIDUAL: "console.sector.individual" };

/** The sectors to choose from, for somebody else than oneself. */
export function sectorOptions(reader: Reader): { value: string; label: string }[] {
  return SECTORS.map(([value, key]) => ({ value, label: reader.t(KEYS[value] ?? key) }));
}
