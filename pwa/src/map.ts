// <linli-map>: areas, rivers, roads and settlements from our own tiles; points; picking a point.
//
//   data-tiles   tiles as /tiles/{z}/{x}/{y}.mvt          data-base    a deployment's own base map
//   data-bounds  west,south,east,north                    data-points  address of GeoJSON points
//   data-point   lon,lat of one thing to show             data-refresh seconds between reads of it
//   data-pick    names of the two controls to fill        data-select  address of a point, with {id}
//
// Loaded only on pages with a map. Without it the element shows what is written inside it.
import { type GeoJSONSource, type LngLatBoundsLike, type Map as Drawn, type MapMouseEvent, Marker } from "maplibre-gl";
import { framed, languageOf, numbers, sourcesOf } from "./frame";
import { colours } from "./style";
import { control, degrees, fill, text } from "./texts";

type Collection = GeoJSON.FeatureCollection<GeoJSON.Point>;

class LinliMap extends HTMLElement {
  private map: Drawn | null = null;
  private picked: Marker | null = null;
  private readonly status = document.createElement("p");
  private timer = 0;
  private answering = false;

  connectedCallback(): void {
    void this.start();
  }

  disconnectedCallback(): void {
    clearInterval(this.timer);
    this.map?.remove();
    this.map = null;
  }

  private async start(): Promise<void> {
    const sources = await sourcesOf(this);
    if (!this.isConnected) return;
    const canvas = document.createElement("div");
    canvas.className = "linli-map__canvas";
    this.status.className = "linli-map__status";
    this.status.setAttribute("role", "status");
    this.replaceChildren(canvas, this.status);
    const bounds = numbers(this, "bounds", 4);
    const point = numbers(this, "point", 2) as [number, number] | null;
    const view = point ? { center: point, zoom: 12 } : bounds ? { bounds: bounds as unknown as LngLatBoundsLike, fitBoundsOptions: { padding: 16 } } : {};
    const map = framed(this, canvas, sources, view);
    this.map = map;
    if (point) new Marker({ color: colours().madder }).setLngLat(point).addTo(map);
    if (this.dataset["pick"]) this.picking(map);
    map.on("style.load", () => void this.points(map));
    map.once("idle", () => this.setAttribute("data-ready", ""));
    const seconds = Number(this.dataset["refresh"] ?? "0");
    if (seconds > 0) this.timer = window.setInterval(() => void this.refresh(map), seconds * 1000);
  }

  // ------------------------------------------------------------------ picking

  private picking(map: Drawn): void {
    const [lon, lat] = (this.dataset["pick"] ?? "").split(",").map((name) => control(this, name.trim()));
    if (!lon || !lat) return;
    this.classList.add("linli-map--pick");
    const put = (at: [number, number]): void => {
      this.picked ??= new Marker({ color: colours().madder });
      this.picked.setLngLat(at).addTo(map);
      const around = map.queryRenderedFeatures(map.project(at), { layers: ["areas"] });
      const key = `name_${languageOf(this)}`;
      const names = around.map((area) => String(area.properties[key] || area.properties["name_zh"] || "")).filter(Boolean);
      this.status.textContent = `${text(this, "picked")} ${[...new Set(names)].join(" › ")} ${degrees(at[0])}, ${degrees(at[1])}`;
    };
    const choose = (at: { lng: number; lat: number }): void => {
      put([at.lng, at.lat]);
      fill(lon, degrees(at.lng));
      fill(lat, degrees(at.lat));
    };
    map.on("click", (event: MapMouseEvent) => choose(event.lngLat));
    // By keyboard the arrows move the map under a fixed crosshair, and Enter takes the middle.
    const cross = document.createElement("div");
    cross.className = "linli-map__cross";
    cross.setAttribute("aria-hidden", "true");
    map.getContainer().append(cross);
    map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose(map.getCenter());
    });
    this.status.textContent = text(this, "how");
    const follow = (event?: Event): void => {
      const at: [number, number] = [Number(lon.value), Number(lat.value)];
      if (lon.value === "" || lat.value === "" || !at.every(Number.isFinite)) return;
      if (event) {
        if (event.isTrusted === false && this.picked && degrees(this.picked.getLngLat().lng) === lon.value) return;
        map.easeTo({ center: at, zoom: Math.max(map.getZoom(), 12), animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
      } else {
        map.jumpTo({ center: at, zoom: 12 });
      }
      put(at);
    };
    for (const input of [lon, lat]) input.addEventListener("change", follow);
    map.once("load", () => follow());
  }

  // ------------------------------------------------------------------ points

  private async read(): Promise<Collection | null> {
    try {
      const answer = await fetch(new URL(this.dataset["points"] ?? "", location.href), { headers: { Accept: "application/geo+json, application/json" } });
      return answer.ok ? ((await answer.json()) as Collection) : null;
    } catch {
      return null;
    }
  }

  private async refresh(map: Drawn): Promise<void> {
    const fresh = this.dataset["points"] && document.visibilityState === "visible" ? await this.read() : null;
    if (fresh) map.getSource<GeoJSONSource>("points")?.setData(fresh);
  }

  private async points(map: Drawn): Promise<void> {
    if (!this.dataset["points"]) return;
    const collection = await this.read();
    if (!collection || map.getSource("points")) return;
    const c = colours();
    map.addSource("points", { type: "geojson", data: collection, cluster: true, clusterRadius: 42, clusterMaxZoom: 13 });
    map.addLayer({
      id: "clusters", type: "circle", source: "points", filter: ["has", "point_count"],
      paint: { "circle-color": c.lake, "circle-opacity": 0.9, "circle-radius": ["step", ["get", "point_count"], 13, 20, 17, 100, 22, 1000, 28], "circle-stroke-color": c.halo, "circle-stroke-width": 2 },
    });
    map.addLayer({
      id: "cluster-counts", type: "symbol", source: "points", filter: ["has", "point_count"],
      layout: { "text-field": ["get", "point_count_abbreviated"], "text-font": ["Linli Sans"], "text-size": 13, "text-allow-overlap": true },
      paint: { "text-color": c.halo },
    });
    map.addLayer({
      id: "points", type: "circle", source: "points", filter: ["!", ["has", "point_count"]],
      paint: {
        "circle-radius": ["match", ["get", "tone"], ["error", "warning"], 8, 6.5],
        "circle-color": ["match", ["get", "tone"], "error", c.madder, "warning", c.warn, c.lake],
        "circle-stroke-color": c.halo, "circle-stroke-width": 2,
      },
    });
    // Late is a sign of its own, not a colour alone.
    map.addLayer({
      id: "point-signs", type: "symbol", source: "points", filter: ["==", ["get", "tone"], "error"],
      layout: { "text-field": "!", "text-font": ["Linli Sans"], "text-size": 13, "text-allow-overlap": true },
      paint: { "text-color": c.halo },
    });
    // Handlers of a layer outlive a change of style, so they are added once.
    if (!this.answering) this.pressing(map);
    this.answering = true;
  }

  private pressing(map: Drawn): void {
    for (const layer of ["points", "clusters"]) {
      map.on("mouseenter", layer, () => { map.getCanvas().classList.add("linli-map__hand"); });
      map.on("mouseleave", layer, () => { map.getCanvas().classList.remove("linli-map__hand"); });
    }
    map.on("click", "clusters", async (event) => {
      const feature = event.features?.[0];
      if (!feature || feature.geometry.type !== "Point") return;
      const zoom = await map.getSource<GeoJSONSource>("points")?.getClusterExpansionZoom(Number(feature.properties["cluster_id"]));
      if (zoom !== undefined) map.easeTo({ center: feature.geometry.coordinates as [number, number], zoom });
    });
    map.on("click", "points", (event) => {
      const properties = event.features?.[0]?.properties;
      if (!properties) return;
      const id = String(properties["id"] ?? "");
      if (!this.dispatchEvent(new CustomEvent("linli-select", { bubbles: true, cancelable: true, detail: properties }))) return;
      const address = this.dataset["select"] ? this.dataset["select"].replace(/\{id\}|%7Bid%7D/i, encodeURIComponent(id)) : String(properties["url"] ?? "");
      if (address) location.assign(address);
    });
  }
}

customElements.define("linli-map", LinliMap);
