import type { Territory } from "@lagnet/client/types/v1/types_pb.js";
import { Territory_Scheme } from "@lagnet/client/types/v1/types_pb.js";

/** The last part of a resource's name. */
export function idOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** The name of what an address calls `id`, or undefined if it can be none: the
 * server would say so, too, but in words for programs. */
export function nameOf(collection: string, id: string | undefined): string | undefined {
  return id !== undefined && /^[a-z0-9][a-z0-9-]{0,62}$/.test(id)
    ? `${collection}/${id}`
    : undefined;
}

/** The name under which TerritoryService knows a code. */
export function territoryName({ scheme, version, code }: Territory, country: string): string {
  const id = code.toLowerCase();
  switch (scheme) {
    case Territory_Scheme.NUTS:
      return `territories/nuts-${version || "2024"}-${id}`;
    case Territory_Scheme.ISO_3166_2:
      return `territories/iso-3166-2-${id}`;
    case Territory_Scheme.LAU:
      return `territories/lau-${id.startsWith(`${country.toLowerCase()}-`) ? id
        : `${country.toLowerCase()}-${id}`}`;
    default:
      return "";
  }
}

// Whose lists of municipalities have codes of so many digits.
const OF_DIGITS: Readonly<Record<number, readonly string[]>> = {
  2: ["lt"], 4: ["pl"], 6: ["cz", "pl"], 7: ["lv", "pl"],
};

/** The names that a code without its list may have: `PL81`, `GE-KA`,
 * `GE-MM-KAZBEGI`, `588024`. */
export function territoryNames(code: string): string[] {
  const id = code.toLowerCase();
  if (/^\d+$/.test(id)) {
    return (OF_DIGITS[id.length] ?? []).map((one) => `territories/lau-${one}-${id}`);
  }
  if (/^[a-z]{2}-[a-z]{2}-/.test(id)) return [`territories/lau-${id}`];
  if (/^[a-z]{2}(?:-|$)/.test(id)) return [`territories/iso-3166-2-${id}`];
  // Longer than any code of NUTS is that of an okres: `CZ0722`.
  if (id.length > 5) return [`territories/lau-${id.slice(0, 2)}-${id}`];
  return ["2024", "2021"].map((year) => `territories/nuts-${year}-${id}`);
}
