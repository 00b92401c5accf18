import type { Outline } from "@lagnet/client/directory/v1/territories_pb.js";
import type { Point } from "@lagnet/client/search/v1/search_pb.js";
import { geoMercator, type GeoProjection } from "d3-geo";
import type { Reader } from "../reading/reader.js";
import type { Upstream } from "../serving/upstream.js";

/** A place on a map. */
export interface Dot {
  readonly point: Point;
  readonly country: string;
}

const WIDTH = 352;
const HIGHEST = 300;
const MARGIN = 6;

interface Drawing {
  readonly height: number;
  readonly land: string[];
  readonly dots: { x: number; y: number }[];
}

/** The places, on the regions of their country, or on the countries if there
 * are several. For the eye only: a list beside it says the same. */
export async function mapOf(upstream: Upstream, reader: Reader, dots: readonly Dot[]) {
  const drawing = draw(await bordersFor(upstream, dots), dots);
  if (!drawing) return null;
  const { height, land } = drawing;
  return (
    <svg class="map" viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-labelledby="map-title">
      <title id="map-title">{reader.t("map.title", { places: dots.length })}</title>
      <g class="land">{land.map((path) => <path d={path} />)}</g>
      <g class="dots">{drawing.dots.map(({ x, y }) => <circle cx={x} cy={y} r="4" />)}</g>
    </svg>
  );
}

async function bordersFor(upstream: Upstream, dots: readonly Dot[]): Promise<Outline[]> {
  const countries = new Set(dots.map(({ country }) => country));
  if (countries.size === 0) return [];
  if (countries.size === 1) {
    const regions = await upstream.outlines([...countries][0] as string);
    if (regions.length > 0) return regions;
  }
  return (await upstream.outlines("")).filter(({ territory }) =>
    countries.has(territory.slice(-2).toUpperCase()));
}

function draw(borders: readonly Outline[], dots: readonly Dot[]): Drawing | undefined {
  const lines = borders.map(({ rings }) => rings.map(({ points }) => unfolded(points)));
  const all = lines.flat(2);
  if (all.length === 0) return undefined;
  const whole = { type: "MultiPoint" as const, coordinates: all };
  const box: [[number, number], [number, number]] =
    [[MARGIN, MARGIN], [WIDTH - MARGIN, HIGHEST - MARGIN]];
  const projection = geoMercator().fitExtent(box, whole);
  const ys = all.map((point) => (projection(point) as [number, number])[1]);
  // What is wider than high leaves room above and below: cut off.
  const top = Math.min(...ys) - MARGIN;
  const place = (point: [number, number]): [number, number] => {
    const [x, y] = projection(point) as [number, number];
    return [Math.round(x), Math.round(y - top)];
  };
  return {
    height: Math.round(Math.max(...ys) - top + MARGIN),
    land: lines.map((rings) => rings.map((ring) => pathOf(ring, place)).join("")),
    dots: dots.map(({ point }) => {
      const [x, y] = place([point.longitude, point.latitude]);
      return { x, y };
    }),
  };
}

/** Points from their differences, in degrees. */
export function unfolded(points: readonly number[]): [number, number][] {
  const line: [number, number][] = [];
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
function pathOf(
  ring: [number, number][], place: (point: [number, number]) => ReturnType<GeoProjection>,
): string {
  let path = "";
  let last: [number, number] | undefined;
  for (const point of ring) {
    const [x, y] = place(point) as [number, number];
    if (last && last[0] === x && last[1] === y) continue;
    path += last ? `l${x - last[0]} ${y - last[1]}` : `M${x} ${y}`;
    last = [x, y];
  }
  return `${path.replace(/ -/g, "-")}z`;
}
