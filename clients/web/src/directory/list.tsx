import {
  type Facets_Count as Count, type Result, SearchRequest_Order as Order,
} from "@lagnet/client/search/v1/search_pb.js";
import type { Reader } from "../reading/reader.js";
import { Found } from "../reading/said.js";
import { html } from "../serving/layout.js";
import { idOf, nameOf } from "../serving/names.js";
import { searchable } from "../serving/query.js";
import type { Upstream } from "../serving/upstream.js";
import { type Dot, mapOf } from "./map.js";
import { kindNameOf } from "./words.js";

/** What the directory is asked for, as it stands in its address. */
export interface DirectoryQuery {
  readonly q?: string;
  readonly theme?: string;
  readonly kind?: string;
  readonly place?: string;
  readonly network?: string;
  readonly page?: string;
}

const PER_PAGE = 20;
// More dots than that are a blot.
const MOST_DOTS = 200;

export async function directory(
  upstream: Upstream, reader: Reader, query: DirectoryQuery,
): Promise<string> {
  const asked = requestOf(reader, query);
  const [answer, all] = await Promise.all([
    upstream.lagnet.searches.search({
      ...asked, pageSize: PER_PAGE, pageToken: query.page ?? "", withFacets: true,
    }),
    upstream.lagnet.searches.search({ ...asked, pageSize: MOST_DOTS }),
  ]);
  const map = await mapOf(upstream, reader, dotsOf(all.results));
  return html({
    reader,
    title: reader.t("directory.title"),
    path: `/directory${queryOf(query)}`,
    part: "directory",
    children: (
      <>
        <h1>{reader.t("directory.title")}</h1>
        <Form reader={reader} query={query} facets={answer.facets} />
        <p class="count" role="status">
          {reader.t("directory.count", { count: answer.totalSize })}
          {answer.didYouMean ? ` ${reader.t("directory.meant", { text: answer.didYouMean })}` : ""}
          {answer.relaxed ? ` ${reader.t("directory.relaxed")}` : ""}
        </p>
        {map}
        {map ? <p class="quiet small">{reader.t("map.source")}</p> : null}
        <ul class="cards">
          {answer.results.map((result) => <Hit reader={reader} result={result} />)}
        </ul>
        <p class="pages">
          {query.page ? (
            <a href={reader.to(`/directory${queryOf(query, { page: "" })}`)}>
              {reader.t("list.first")}
            </a>
          ) : null}
          {answer.nextPageToken ? (
            <a href={reader.to(`/directory${queryOf(query, { page: answer.nextPageToken })}`)}
              rel="next">
              {reader.t("list.next")}
            </a>
          ) : null}
        </p>
      </>
    ),
  });
}

function queryOf(query: DirectoryQuery, change: DirectoryQuery = {}): string {
  const parts = Object.entries({ ...query, ...change }).filter(([, value]) => value);
  return parts.length ? `?${new URLSearchParams(parts as [string, string][])}` : "";
}

function requestOf(reader: Reader, query: DirectoryQuery) {
  const text = searchable(query.q ?? "");
  const network = nameOf("networks", query.network);
  const one = (value: string | undefined, longest: number) =>
    value ? [value.slice(0, longest)] : [];
  return {
    query: text,
    language: reader.language,
    order: text ? Order.RELEVANCE : Order.TITLE,
    filter: {
      collections: ["organizations"],
      kinds: one(query.kind, 60),
      themes: one(query.theme, 60),
      territories: one(query.place, 20),
      networks: network ? [network] : [],
    },
  };
}

function dotsOf(results: readonly Result[]): Dot[] {
  return results.flatMap(({ position, country }) => (position ? [{ point: position, country }] : []));
}

function Hit({ reader, result }: { reader: Reader; result: Result }) {
  return (
    <li class="card">
      <h2 class="h3">
        <a href={reader.to(`/organizations/${idOf(result.name)}`)}>
          <Found reader={reader} found={result.title} />
        </a>
      </h2>
      <p class="quiet">
        {kindNameOf(result.kind, reader)}
        {result.country ? ` · ${reader.countryName(result.country)}` : ""}
      </p>
      {result.snippet?.pieces.length ? (
        <p><Found reader={reader} found={result.snippet} /></p>
      ) : null}
    </li>
  );
}

interface FacetsOf {
  readonly themes: Count[];
  readonly kinds: Count[];
  readonly territories: Count[];
  readonly networks: Count[];
}

function Form(
  { reader, query, facets }:
    { reader: Reader; query: DirectoryQuery; facets: FacetsOf | undefined },
) {
  return (
    <form class="filters" method="get" action={reader.to("/directory")} role="search">
      <label class="wide">
        {reader.t("directory.search")}
        <input name="q" type="search" maxLength={200} value={query.q ?? ""} />
      </label>
      <Choice reader={reader} name="kind" label={reader.t("filter.kind")} chosen={query.kind}
        counts={facets?.kinds} />
      <Choice reader={reader} name="theme" label={reader.t("filter.theme")} chosen={query.theme}
        counts={facets?.themes} />
      <Choice reader={reader} name="place" label={reader.t("filter.place")} chosen={query.place}
        counts={facets?.territories} />
      <Choice reader={reader} name="network" label={reader.t("filter.network")}
        chosen={query.network && `networks/${query.network}`} counts={facets?.networks} />
      <button>{reader.t("directory.find")}</button>
    </form>
  );
}

function Choice(
  { reader, name, label, chosen, counts = [] }: {
    reader: Reader;
    name: string;
    label: string;
    chosen: string | undefined;
    counts: Count[] | undefined;
  },
) {
  // What was chosen stays to be seen, also when nothing fits it.
  const isThere = !chosen || counts.some(({ value }) => value === chosen);
  return (
    <label>
      {label}
      <select name={name}>
        <option value="">{reader.t("filter.all")}</option>
        {isThere ? null : <option value={idOf(chosen ?? "")} selected>{idOf(chosen ?? "")}</option>}
        {reader.sorted(counts, ({ displayName }) => displayName).map((one) => (
          <option value={idOf(one.value)} selected={one.value === chosen}>
            {one.displayName} ({reader.number(one.count)})
          </option>
        ))}
      </select>
    </label>
  );
}
