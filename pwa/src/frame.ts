// What every map of ours is made with: the worker, the fonts, the frame and its words.
import {
  type Map as Drawn, type MapOptions,
  AttributionControl, Map as MapLibre, NavigationControl, ScaleControl, setWorkerUrl,
} from "maplibre-gl";
import { type Sources, mapStyle } from "./style";
import { text } from "./texts";

// Addresses of two files beside this one, from the build (../build.mjs).
declare const WORKER: string;
declare const FACES: string;

setWorkerUrl(new URL(WORKER, import.meta.url).href);

const fonts = fetch(new URL(FACES, import.meta.url))
  .then((answer) => answer.json() as Promise<Record<string, { url: string }[]>>)
  .then((faces) => {
    for (const face of Object.values(faces).flat()) face.url = new URL(face.url, import.meta.url).href;
    return faces;
  });

/** The language of the page round an element, as the tiles name it. */
export function languageOf(element: Element): "zh" | "bo" | "en" {
  const tag = (element.closest("[lang]")?.getAttribute("lang") ?? "zh").slice(0, 2);
  return tag === "bo" || tag === "en" ? tag : "zh";
}

/** So many numbers from an attribute, or null. */
export function numbers(element: HTMLElement, name: string, count: number): number[] | null {
  const found = (element.dataset[name] ?? "").split(",").map(Number);
  return found.length === count && element.dataset[name] && found.every(Number.isFinite) ? found : null;
}

/** What the map of this element is drawn from. */
export async function sourcesOf(element: HTMLElement): Promise<Sources> {
  return {
    tiles: new URL(element.dataset["tiles"] ?? "", location.origin).href.replace(/%7B/g, "{").replace(/%7D/g, "}"),
    base: element.dataset["base"] || null,
    language: languageOf(element),
    fonts: await fonts,
  };
}

function words(element: HTMLElement): Record<string, string> {
  return {
    "NavigationControl.ZoomIn": text(element, "zoom-in"),
    "NavigationControl.ZoomOut": text(element, "zoom-out"),
    "Map.Title": element.getAttribute("label") ?? "",
    "CooperativeGesturesHandler.MobileHelpText": text(element, "two-fingers"),
    "CooperativeGesturesHandler.WindowsHelpText": text(element, "two-fingers"),
    "CooperativeGesturesHandler.MacHelpText": text(element, "two-fingers"),
  };
}

/** A map in `canvas`, with our controls; it follows the reader's light and dark. */
export function framed(element: HTMLElement, canvas: HTMLElement, sources: Sources, view: Partial<MapOptions>): Drawn {
  const map = new MapLibre({
    container: canvas,
    style: mapStyle(sources),
    ...view,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    cooperativeGestures: matchMedia("(pointer: coarse)").matches,
    locale: words(element),
    maxZoom: 18,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({ maxWidth: 110 }), "bottom-left");
  if (element.dataset["attribution"]) map.addControl(new AttributionControl({ customAttribution: element.dataset["attribution"] }));
  map.getCanvas().setAttribute("aria-label", element.getAttribute("label") ?? "");
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => map.setStyle(mapStyle(sources), { diff: false }));
  return map;
}
