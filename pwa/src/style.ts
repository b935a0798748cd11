// How the map looks: colours from the page's own tokens, names in the page's own language.
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";

/** What a map is drawn from. */
export type Sources = { tiles: string; base: string | null; language: "zh" | "bo" | "en"; fonts: unknown };

type Colours = Record<"land" | "water" | "road" | "line" | "ink" | "soft" | "halo" | "lake" | "madder" | "warn", string>;

type Rung = { level: string; from: number; width: number; dash?: number[]; labels?: [number, number]; size?: number };

// From below: the finest line first, so that a county's line lies over its townships' lines. The
// tiles hold no finer level than a zoom shows.
const LEVELS: Rung[] = [
  { level: "group", from: 13, width: 0.5, dash: [1, 2] },
  { level: "grid", from: 11, width: 0.7, dash: [3, 2] },
  { level: "village", from: 9, width: 0.5, labels: [9.5, 13.5], size: 12 },
  { level: "township", from: 6, width: 0.7, labels: [8, 11], size: 13 },
  { level: "county", from: 0, width: 1.9, labels: [0, 9], size: 15 },
  { level: "prefecture", from: 0, width: 2.6 },
];

/** The present values of the page's map tokens. */
export function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim() || "#888888";
  return {
    land: token("map-land"), water: token("map-water"), road: token("map-road"), line: token("map-line"),
    ink: token("ink"), soft: token("ink-soft"), halo: token("map-land"), lake: token("lake"), madder: token("madder"), warn: token("warn"),
  };
}

function name(language: string): ExpressionSpecification {
  const choices = [`name_${language}`, "name_zh", "name_en"].flatMap((field) => [
    ["!=", ["coalesce", ["get", field], ""], ""], ["get", field],
  ]);
  return ["case", ...choices, ""] as unknown as ExpressionSpecification;
}

function areaLayers(c: Colours, words: ExpressionSpecification, font: string[]): LayerSpecification[] {
  const layers: LayerSpecification[] = [];
  for (const { level, from, width, dash } of LEVELS) {
    layers.push({
      id: `area-${level}`, type: "line", source: "linli", "source-layer": "areas", minzoom: from,
      filter: ["==", ["get", "level"], level],
      layout: { "line-join": "round" },
      paint: { "line-color": c.line, "line-width": width, ...(dash ? { "line-dasharray": dash } : {}) },
    });
  }
  for (const { level, labels, size } of LEVELS) {
    if (!labels) continue;
    layers.push({
      id: `label-${level}`, type: "symbol", source: "linli", "source-layer": "labels",
      minzoom: labels[0], maxzoom: labels[1],
      filter: ["==", ["get", "level"], level],
      layout: { "text-field": words, "text-font": font, "text-size": size ?? 12, "text-padding": 4, "text-max-width": 8, "text-variable-anchor": ["center", "top", "bottom", "left", "right"], "text-radial-offset": 1.4 },
      paint: { "text-color": level === "county" ? c.ink : c.soft, "text-halo-color": c.halo, "text-halo-width": 1.6 },
    });
  }
  return layers;
}

/** The whole style for the present colours and language. */
export function mapStyle({ tiles, base, language, fonts }: Sources): StyleSpecification {
  const c = colours();
  const words = name(language);
  const font = language === "bo" ? ["Linli Tibetan", "Linli Sans"] : ["Linli Sans", "Linli Tibetan"];
  const style: StyleSpecification = {
    version: 8,
    "font-faces": fonts as NonNullable<StyleSpecification["font-faces"]>,
    sources: { linli: { type: "vector", tiles: [tiles], minzoom: 0, maxzoom: 14 } },
    layers: [
      { id: "land", type: "background", paint: { "background-color": c.land } },
      { id: "areas", type: "fill", source: "linli", "source-layer": "areas", paint: { "fill-color": c.lake, "fill-opacity": 0 } },
      {
        id: "rivers", type: "line", source: "linli", "source-layer": "rivers",
        layout: { "line-cap": "round", "line-join": "round" },
        paint: { "line-color": c.water, "line-width": ["interpolate", ["linear"], ["zoom"], 6, 1, 12, 3.5] },
      },
      {
        id: "roads", type: "line", source: "linli", "source-layer": "roads",
        layout: { "line-cap": "round", "line-join": "round" },
        paint: { "line-color": c.road, "line-width": ["interpolate", ["linear"], ["zoom"], 6, 0.6, 12, 2.6] },
      },
      ...areaLayers(c, words, font),
      {
        id: "settlements", type: "circle", source: "linli", "source-layer": "settlements", minzoom: 9,
        paint: { "circle-radius": 2.5, "circle-color": c.soft, "circle-stroke-color": c.halo, "circle-stroke-width": 1 },
      },
      {
        id: "settlement-names", type: "symbol", source: "linli", "source-layer": "settlements", minzoom: 10,
        layout: { "text-field": words, "text-font": font, "text-size": 12, "text-anchor": "top", "text-offset": [0, 0.5], "text-max-width": 8 },
        paint: { "text-color": c.ink, "text-halo-color": c.halo, "text-halo-width": 1.4 },
      },
    ],
  };
  if (base) {
    style.sources["base"] = { type: "raster", tiles: [base], tileSize: 256 };
    style.layers.splice(1, 0, { id: "base", type: "raster", source: "base", paint: { "raster-opacity": 0.85 } });
  }
  return style;
}
