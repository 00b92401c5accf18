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

/** The names that a code without its list may have: `PL81`, `GE-KA`. */
export function territoryNames(code: string): string[] {
  const id = code.toLowerCase();
  return [`territories/nuts-2024-${id}`, `territories/iso-3166-2-${id}`];
}
