// Settlements and their grids as data: which colour each has, and lines to the middle of each grid.

/** What the server says of a grid. */
export type Grid = { number: number; code: string; name: string; line: string; over: number; step?: number; label?: string; share?: string; locked?: boolean };
/** Grids with their outlines. */
export type Grids = GeoJSON.FeatureCollection<GeoJSON.Geometry | null, Grid> & { features: { properties: Grid }[] };
/** Settlements with the number of their grid. */
export type Points = GeoJSON.FeatureCollection<GeoJSON.Point, { position: number; code: string; households: number; grid: number; step?: number }>;
/** The best so far of a calculation. */
export type Best = { labels: number[]; over: Record<string, number>; centres: Record<string, [number, number]> };

const EDGES = [0.9, 0.97, 1.03, 1.1]; // as linli/territory/shades.py

/** 0 is the lightest, 2 as much as the mean, 4 the heaviest. */
export function step(over: number): number {
  return EDGES.filter((edge) => over > edge).length;
}

/** "+12 %": the load beside the mean, short enough for a map. */
export function share(over: number): string {
  const whole = Math.round((over - 1) * 100);
  return `${whole > 0 ? "+" : whole < 0 ? "−" : "±"}${Math.abs(whole)} %`;
}

/** The grids with their colour and what stands on them. */
export function recoloured(grids: Grids): Grids {
  for (const { properties } of grids.features) {
    properties.step = step(properties.over);
    properties.share = share(properties.over);
    properties.label = `${properties.name || properties.code}\n${properties.share}`;
  }
  return grids;
}

/** The settlements, in the grids and colours of a plan or of the best so far. */
export function regrouped(points: Points, by: Grids | Best): Points {
  const best = "labels" in by ? by : null;
  const steps = new Map<number, number>();
  if (best) for (const [number, over] of Object.entries(best.over)) steps.set(Number(number), step(over));
  else for (const { properties } of (by as Grids).features) steps.set(properties.number, step(properties.over));
  return {
    type: "FeatureCollection",
    features: points.features.map((point) => {
      const grid = best ? (best.labels[point.properties.position] ?? point.properties.grid) : point.properties.grid;
      return { ...point, properties: { ...point.properties, grid, step: steps.get(grid) ?? 2 } };
    }),
  };
}

/** A line from each settlement to the middle of its grid: grids without outlines, while they move. */
export function spokes(points: Points, best: Best): GeoJSON.FeatureCollection<GeoJSON.LineString> {
  return {
    type: "FeatureCollection",
    features: points.features.flatMap((point) => {
      const centre = best.centres[point.properties.grid];
      if (!centre) return [];
      const line: GeoJSON.LineString = { type: "LineString", coordinates: [point.geometry.coordinates, centre] };
      return [{ type: "Feature" as const, properties: { step: point.properties.step ?? 2 }, geometry: line }];
    }),
  };
}
