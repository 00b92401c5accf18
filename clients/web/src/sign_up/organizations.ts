import type { Lagnet } from "@lagnet/client";
import type { Organization } from "@lagnet/client/directory/v1/organizations_pb.js";
import { SearchRequest_Order as Order } from "@lagnet/client/search/v1/search_pb.js";
import type { Reader, Said } from "../reading/reader.js";
import { Fresh } from "../serving/fresh.js";
import { idOf } from "../serving/names.js";
import { searchable } from "../serving/query.js";
import type { Upstream } from "../serving/upstream.js";
import type { Needs } from "./needs.js";

/** An organisation to come for. */
export interface Candidate {
  readonly id: string;
  readonly country: string;
  readonly said: Said;
}

/** More than that are looked for by a search rather than in a list: a page is
 * to stay small. */
export const LONGEST_LIST = 120;

const LISTS = new WeakMap<Lagnet, Fresh<Organization[] | undefined>>();

/** Those that people can come for, by country and name; undefined if there are
 * too many for a list. */
export async function candidates(
  upstream: Upstream, reader: Reader, needs: Needs,
): Promise<Candidate[] | undefined> {
  const named = needs.organizations.length > 0 && needs.organizations.length <= LONGEST_LIST;
  const all = named
    ? [...(await upstream.organizations(needs.organizations)).values()]
    : await allOf(upstream.lagnet);
  const fitting = all?.filter(({ kind }) => needs.kinds.length === 0 || needs.kinds.includes(kind));
  if (!fitting || fitting.length > LONGEST_LIST) return undefined;
  const found = fitting.map(({ name, country, displayName }) => ({
    id: idOf(name), country, said: reader.pick(displayName),
  }));
  return reader.sorted(found, ({ said }) => said.text);
}

// Undefined if they are more than one page of a list.
function allOf(lagnet: Lagnet): Promise<Organization[] | undefined> {
  let list = LISTS.get(lagnet);
  if (!list) {
    list = new Fresh(60_000, async () => {
      const page = await lagnet.organizations.listOrganizations({ pageSize: 200 });
      return page.nextPageToken ? undefined : page.organizations;
    });
    LISTS.set(lagnet, list);
  }
  return list.get();
}

/** Those that a search finds, the best first. */
export async function lookedFor(
  upstream: Upstream, reader: Reader, query: string,
): Promise<Candidate[]> {
  const { results } = await upstream.lagnet.searches.search({
    query: searchable(query),
    language: reader.language,
    order: Order.RELEVANCE,
    pageSize: 20,
    filter: { collections: ["organizations"] },
  });
  return results.map(({ name, country, title }) => ({
    id: idOf(name),
    country,
    said: {
      text: (title?.pieces ?? []).map(({ text }) => text).join(""),
      language: title?.language ?? reader.language,
    },
  }));
}
