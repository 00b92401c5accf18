import type { Outline } from "@lagnet/client/directory/v1/territories_pb.js";
import type { Point } from "@lagnet/client/search/v1/search_pb.js";
import { geoMercator } from "d3-geo";
import type { Reader } from "../reading/reader.js";
import type { Upstream } from "../serving/upstream.js";

/** A place on a map. */
export interface Dot {
  readonly point: Pick<Point, "latitude" | "longitude">;
  readonly country: string;
}

type Spot = [number, number];

const MARGIN = 5;
// The one map of a page may be larger than one of several.
const LARGE = { width: 340, height: 240 };
const SMALL = { width: 156, height: 124 };
const MOST_MAPS = 6;

interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly land: string[];
  readonly dots: Spot[];
}

/** The places, on the regions of their country: a map for each, as countries
 * may lie far apart. For the eye only: a list beside them says the same. */
export async function mapOf(upstream: Upstream, reader: Reader, dots: readonly Dot[]) {
  const byCountry = new Map<string, Dot[]>();
  for (const dot of dots) byCountry.set(dot.country, [...(byCountry.get(dot.country) ?? []), dot]);
  const most = [...byCountry].sort((a, b) => b[1].length - a[1].length).slice(0, MOST_MAPS);
  const drawn = await Promise.all(most.map(async ([country, its]) => {
    const borders = await upstream.outlines(country);
    return { country, places: its.length, borders, its };
  }));
  const shown = drawn.filter(({ borders }) => borders.length > 0);
  if (shown.length === 0) return null;
  const box = shown.length === 1 ? LARGE : SMALL;
  return (
    <div class="maps">
      {shown.map(({ country, places, borders, its }) => {
        const { width, height, land, dots } = draw(borders, its, box);
        const title = reader.t("map.title", { country: reader.countryName(country), places });
        return (
          <figure>
            <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img"
              aria-label={title}>
              <path class="land" d={land.join("")} />
              <g class="dots">{dots.map(([x, y]) => <circle cx={x} cy={y} r="3.5" />)}</g>
            </svg>
            <figcaption>{title}</figcaption>
          </figure>
        );
      })}
    </div>
  );
}

function draw(
  borders: readonly Outline[], dots: readonly Dot[], box: { width: number; height: number },
): Drawing {
  const lines = borders.map(({ rings }) => rings.map(({ points }) => unfolded(points)));
  const all = lines.flat(2);
  const projection = geoMercator().fitExtent(
    [[MARGIN, MARGIN], [box.width - MARGIN, box.height - MARGIN]],
    { type: "MultiPoint", coordinates: all },
  );
  const spots = all.map((point) => projection(point) as Spot);
  // What is not as wide or as high as the box leaves room beside it: cut off.
  const left = Math.min(...spots.map(([x]) => x)) - MARGIN;
  const top = Math.min(...spots.map(([, y]) => y)) - MARGIN;
  const place = (point: Spot): Spot => {
    const [x, y] = projection(point) as Spot;
    return [Math.round(x - left), Math.round(y - top)];
  };
  return {
    width: Math.round(Math.max(...spots.map(([x]) => x)) - left + MARGIN),
    height: Math.round(Math.max(...spots.map(([, y]) => y)) - top + MARGIN),
    land: lines.flatMap((rings) => rings.map((ring) => pathOf(ring, place))),
    dots: dots.map(({ point }) => place([point.longitude, point.latitude])),
  };
}

/** Points from their differences, in degrees. */
export function unfolded(points: readonly number[]): Spot[] {
  const line: Spot[] = [];
  let longitude = 0;
  let latitude = 0;
  for (let i = 0; i + 1 < points.length; i += 2) {
    longitude += points[i] as number;
    latitude += points[i + 1] as number;
    line.push([longitude / 1000, latitude / 1000]);
  }
  return line;
}

// Whole points, each once, as differences: a third of the letters. Neighbours
// have the same points, so no gap shows.
function pathOf(ring: Spot[], place: (point: Spot) => Spot): string {
  let path = "";
  let last: Spot | undefined;
  for (const point of ring) {
    const [x, y] = place(point);
    if (last && last[0] === x && last[1] === y) continue;
    path += last ? `l${x - last[0]} ${y - last[1]}` : `M${x} ${y}`;
    last = [x, y];
  }
  return `${path.replace(/ -/g, "-")}z`;
}
