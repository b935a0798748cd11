// <linli-studio>: the map of a plan of service grids. Pressing a grid or a settlement asks the server
// for the panel (htmx), which has every form; this script draws what the panel says and nothing else.
//
//   data-grids, data-settlements, data-best   addresses of GeoJSON, and of the best so far
//   data-page   address of the studio          the rest as on <linli-map>
//
// The panel (#studio-panel) says which plan it shows: data-revision, data-grid (its number), and while
// a calculation runs, the run box says data-done.
import type { GeoJSONSource, LngLatBoundsLike, Map as Drawn, MapGeoJSONFeature } from "maplibre-gl";
import { framed, numbers, sourcesOf } from "./frame";
import { type Best, type Grids, type Points, recoloured, regrouped, spokes } from "./grouping";
import { addLayers, choose, showLive } from "./layers";

type Htmx = { ajax: (verb: string, path: string, options: Record<string, string>) => Promise<void> };
const htmx = (): Htmx | undefined => (window as unknown as { htmx?: Htmx }).htmx;
const EMPTY: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };

async function read<T>(address: string | undefined): Promise<T | null> {
  if (!address) return null;
  try {
    const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
    return answer.ok ? ((await answer.json()) as T) : null;
  } catch {
    return null;
  }
}

class LinliStudio extends HTMLElement {
  private map: Drawn | null = null;
  private grids: Grids | null = null;
  private points: Points | null = null;
  private revision = "";
  private live = false;
  private done = "";

  connectedCallback(): void {
    void this.start();
  }

  disconnectedCallback(): void {
    this.map?.remove();
    this.map = null;
  }

  private panel(): HTMLElement | null {
    return document.getElementById("studio-panel");
  }

  private async start(): Promise<void> {
    const sources = await sourcesOf(this);
    if (!this.isConnected) return;
    const canvas = document.createElement("div");
    canvas.className = "linli-map__canvas";
    this.querySelector("[data-drawn]")?.replaceWith(canvas);
    const bounds = numbers(this, "bounds", 4);
    const map = framed(this, canvas, sources, bounds ? { bounds: bounds as unknown as LngLatBoundsLike, fitBoundsOptions: { padding: 16 } } : {});
    this.map = map;
    map.on("style.load", () => {
      addLayers(map, sources.language);
      void this.follow(true);
    });
    map.on("click", (event) => this.pressed(map.queryRenderedFeatures(event.point, { layers: ["studio-dots", "studio-fill"] })));
    for (const layer of ["studio-dots", "studio-fill"]) {
      map.on("mouseenter", layer, () => map.getCanvas().classList.add("linli-map__hand"));
      map.on("mouseleave", layer, () => map.getCanvas().classList.remove("linli-map__hand"));
    }
    document.addEventListener("htmx:afterSettle", () => void this.follow(false));
    document.addEventListener("change", (event) => {
      if ((event.target as HTMLElement).matches("#studio-panel input[name=at]")) this.mark();
    });
    map.once("idle", () => this.setAttribute("data-ready", ""));
  }

  /** Draw what the panel shows now: new data where the plan has changed, the chosen grid, a run. */
  private async follow(anew: boolean): Promise<void> {
    const map = this.map;
    const panel = this.panel();
    if (!map || !panel || !map.getSource("studio-grids")) return;
    const revision = panel.dataset["revision"] ?? "";
    if (anew || revision !== this.revision) {
      this.revision = revision;
      const [grids, points] = await Promise.all([read<Grids>(this.dataset["grids"]), read<Points>(this.dataset["settlements"])]);
      if (grids) this.grids = recoloured(grids);
      if (points) this.points = points;
      this.live = false;
      this.done = "";
      this.put(map, this.grids, this.points);
      showLive(map, false);
    }
    this.mark();
    await this.watch(map, panel);
  }

  private async watch(map: Drawn, panel: HTMLElement): Promise<void> {
    const done = panel.querySelector<HTMLElement>("[data-done]")?.dataset["done"] ?? "";
    if (!done || done === this.done) return;
    this.done = done;
    const best = await read<Best>(this.dataset["best"]);
    if (!best?.labels.length || !this.points || !this.grids) return;
    if (!this.live) showLive(map, true);
    this.live = true;
    const points = regrouped(this.points, best);
    map.getSource<GeoJSONSource>("studio-points")?.setData(points);
    map.getSource<GeoJSONSource>("studio-spokes")?.setData(spokes(points, best));
  }

  private put(map: Drawn, grids: Grids | null, points: Points | null): void {
    map.getSource<GeoJSONSource>("studio-grids")?.setData((grids ?? EMPTY) as GeoJSON.FeatureCollection);
    const coloured = points && grids ? regrouped(points, grids) : points;
    map.getSource<GeoJSONSource>("studio-points")?.setData(coloured ?? EMPTY);
    map.getSource<GeoJSONSource>("studio-spokes")?.setData(EMPTY);
  }

  /** The chosen grid and the settlements that are ticked in the panel. */
  private mark(): void {
    const panel = this.panel();
    if (!this.map || !panel) return;
    const ticked = [...panel.querySelectorAll<HTMLInputElement>("input[name=at]:checked")].map((box) => Number(box.value));
    choose(this.map, panel.dataset["grid"] ? Number(panel.dataset["grid"]) : -1, ticked);
  }

  private pressed(found: MapGeoJSONFeature[]): void {
    const dot = found.find((feature) => feature.layer.id === "studio-dots");
    const grid = found.find((feature) => feature.layer.id === "studio-fill");
    const box = dot && this.panel()?.querySelector<HTMLInputElement>(`details[open] input[name=at][value="${String(dot.properties["position"])}"]`);
    if (box) {
      box.click();
      return;
    }
    const number = dot ? Number(dot.properties["grid"]) : grid ? Number(grid.properties["number"]) : -1;
    const code = this.grids?.features.find((feature) => feature.properties.number === number)?.properties.code;
    if (!code) return;
    const asked = new URLSearchParams({ grid: code });
    if (dot) asked.set("at", String(dot.properties["position"]));
    void this.ask(`${this.dataset["page"] ?? ""}?${asked.toString()}`);
  }

  private async ask(address: string): Promise<void> {
    const library = htmx();
    if (!library) {
      location.assign(address);
      return;
    }
    history.replaceState(history.state, "", address);
    await library.ajax("GET", address, { target: "#studio-panel", swap: "outerHTML" });
    // Below the map on a telephone: whoever pressed wants to read what it is.
    const box = this.panel()?.querySelector("#grid-title");
    if (box && box.getBoundingClientRect().top > innerHeight - 80) box.scrollIntoView({ block: "nearest" });
  }
}

customElements.define("linli-studio", LinliStudio);
