// How a plan looks on the map: colours by load (blue is light, orange is heavy: safe for the colour
// blind, and each has its words in the legend), dots by households, the chosen grid in a strong line.
import type { ExpressionSpecification, Map as Drawn } from "maplibre-gl";
import { colours } from "./style";

const EMPTY = { type: "FeatureCollection" as const, features: [] };

function loads(): ExpressionSpecification {
  const style = getComputedStyle(document.documentElement);
  const token = (n: number): string => style.getPropertyValue(`--load-${n}`).trim() || "#888888";
  return ["match", ["get", "step"], 0, token(0), 1, token(1), 3, token(3), 4, token(4), token(2)] as unknown as ExpressionSpecification;
}

/** The layers of a plan, over the base map and under its names. */
export function addLayers(map: Drawn, language: string): void {
  const c = colours();
  const load = loads();
  const font = language === "bo" ? ["Linli Tibetan", "Linli Sans"] : ["Linli Sans", "Linli Tibetan"];
  const under = map.getStyle().layers.find((layer) => layer.type === "symbol")?.id;
  const below = "rivers";
  for (const name of ["grids", "points", "spokes"]) map.addSource(`studio-${name}`, { type: "geojson", data: EMPTY });
  map.addLayer({ id: "studio-fill", type: "fill", source: "studio-grids", paint: { "fill-color": load, "fill-opacity": 0.85 } }, below);
  map.addLayer({ id: "studio-edges", type: "line", source: "studio-grids", layout: { "line-join": "round" }, paint: { "line-color": c.ink, "line-width": 0.8, "line-opacity": 0.55 } }, under);
  map.addLayer({ id: "studio-spokes", type: "line", source: "studio-spokes", paint: { "line-color": load, "line-width": ["interpolate", ["linear"], ["zoom"], 7, 0.6, 12, 2] } }, under);
  map.addLayer({
    id: "studio-dots", type: "circle", source: "studio-points",
    minzoom: 7,
    paint: {
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 7, ["*", 0.09, ["sqrt", ["get", "households"]]], 12, ["+", 3, ["*", 0.6, ["sqrt", ["get", "households"]]]]] as unknown as ExpressionSpecification,
      "circle-color": c.ink, "circle-opacity": 0.75, "circle-stroke-color": c.halo, "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 8, 0, 11, 1.2],
    },
  }, under);
  map.addLayer({ id: "studio-ticked", type: "circle", source: "studio-points", filter: ["in", ["get", "position"], ["literal", []]], paint: { "circle-radius": 11, "circle-opacity": 0, "circle-stroke-color": c.madder, "circle-stroke-width": 3.5 } }, under);
  map.addLayer({ id: "studio-halo", type: "line", source: "studio-grids", filter: ["==", ["get", "number"], -1], layout: { "line-join": "round" }, paint: { "line-color": c.halo, "line-width": 7 } }, under);
  map.addLayer({ id: "studio-chosen", type: "line", source: "studio-grids", filter: ["==", ["get", "number"], -1], layout: { "line-join": "round" }, paint: { "line-color": c.ink, "line-width": 3.5 } }, under);
  // A locked grid has a line of its own, not only a word in the list.
  map.addLayer({ id: "studio-locked", type: "line", source: "studio-grids", filter: ["==", ["get", "locked"], true], paint: { "line-color": c.ink, "line-width": 2.2, "line-dasharray": [2, 1.5] } }, under);
  // Names of villages and settlements would stand on those of the grids.
  for (const id of ["label-village", "settlements", "settlement-names"]) if (map.getLayer(id)) map.setLayoutProperty(id, "visibility", "none");
  map.addLayer({
    id: "studio-names", type: "symbol", source: "studio-grids", minzoom: 8.5,
    layout: { "text-field": ["step", ["zoom"], ["get", "share"], 11, ["get", "label"]] as unknown as ExpressionSpecification, "text-font": font, "text-size": 12, "text-max-width": 9, "text-padding": 6 },
    paint: { "text-color": c.ink, "text-halo-color": c.halo, "text-halo-width": 1.6 },
  });
}

/** The chosen grid, and the settlements that are ticked. */
export function choose(map: Drawn, number: number, ticked: number[]): void {
  if (!map.getLayer("studio-chosen")) return;
  for (const layer of ["studio-chosen", "studio-halo"]) map.setFilter(layer, ["==", ["get", "number"], number]);
  map.setFilter("studio-ticked", ["in", ["get", "position"], ["literal", ticked]]);
}

/** While a calculation runs, the outlines of before fade behind the grids as they are becoming. */
export function showLive(map: Drawn, live: boolean): void {
  map.setPaintProperty("studio-fill", "fill-opacity", live ? 0.12 : 0.85);
  map.setPaintProperty("studio-edges", "line-opacity", live ? 0.15 : 0.55);
  map.setLayoutProperty("studio-names", "visibility", live ? "none" : "visible");
}
