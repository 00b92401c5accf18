import type { Lagnet } from "@lagnet/client";
import type { Network } from "@lagnet/client/directory/v1/networks_pb.js";
import type { Organization } from "@lagnet/client/directory/v1/organizations_pb.js";
import type { Outline, Territory } from "@lagnet/client/directory/v1/territories_pb.js";
import type { Theme } from "@lagnet/client/directory/v1/themes_pb.js";
import { Fresh } from "./fresh.js";

const SHORTLY = 60_000;
const LONG = 3_600_000;

// So many entries of each map are kept; then it begins anew.
const MOST = 5_000;

/** The lagnet server, with what nearly every page needs of it kept for a
 * while. All of it can be read again: a restart loses nothing. */
export class Upstream {
  readonly #networks = new Fresh(SHORTLY, async () => {
    const { networks } = await this.lagnet.networks.listNetworks({ pageSize: 200 });
    return new Map(networks.map((network) => [network.name, network]));
  });
  readonly #themes = new Fresh(LONG, async () => {
    const { themes } = await this.lagnet.themes.listThemes({ pageSize: 200 });
    return new Map(themes.map((theme) => [theme.id, theme]));
  });
  readonly #organizations = new Map<string, Fresh<Organization>>();
  readonly #territories = new Map<string, Fresh<Territory>>();
  readonly #outlines = new Map<string, Fresh<Outline[]>>();

  constructor(readonly lagnet: Lagnet) {}

  networks(): Promise<Map<string, Network>> {
    return this.#networks.get();
  }

  themes(): Promise<Map<string, Theme>> {
    return this.#themes.get();
  }

  /** The organisations of these names that there are, for their names. */
  async organizations(names: Iterable<string>): Promise<Map<string, Organization>> {
    return this.#found(this.#organizations, names, SHORTLY, (name) =>
      this.lagnet.organizations.getOrganization({ name }));
  }

  /** The territories of these names that there are. */
  async territories(names: Iterable<string>): Promise<Map<string, Territory>> {
    return this.#found(this.#territories, names, LONG, (name) =>
      this.lagnet.territories.getTerritory({ name }));
  }

  /** The borders of a country's regions; of all countries without one. */
  outlines(country: string): Promise<Outline[]> {
    return kept(this.#outlines, country, LONG, async () =>
      (await this.lagnet.territories.getOutlines({ country })).outlines).get();
  }

  async #found<T>(
    map: Map<string, Fresh<T>>,
    names: Iterable<string>,
    ms: number,
    read: (name: string) => Promise<T>,
  ): Promise<Map<string, T>> {
    const found = await Promise.all(
      [...new Set(names)].filter(Boolean).map(async (name) => {
        try {
          return [[name, await kept(map, name, ms, () => read(name)).get()] as const];
        } catch {
          return []; // A page without a name is better than none.
        }
      }),
    );
    return new Map(found.flat());
  }
}

function kept<T>(
  map: Map<string, Fresh<T>>, key: string, ms: number, read: () => Promise<T>,
): Fresh<T> {
  let fresh = map.get(key);
  if (!fresh) {
    if (map.size >= MOST) map.clear();
    map.set(key, (fresh = new Fresh(ms, read)));
  }
  return fresh;
}
