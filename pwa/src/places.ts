// Place search while typing, after the combobox pattern of the ARIA authoring practices. Without
// this script the same control is a plain text that the server looks up.
import { control, degrees, fill, text } from "./texts";

type Place = { value: string; name: string; what: string; inside: string; lon: number | null; lat: number | null };

const DELAY = 250;
let serial = 0;

class Combobox {
  private readonly list = document.createElement("ul");
  private readonly status = document.createElement("p");
  private found: Place[] = [];
  private active = -1;
  private waiting = 0;
  private asked: AbortController | null = null;

  constructor(private readonly input: HTMLInputElement) {
    serial += 1;
    this.list.id = `places-${serial}`;
    this.list.className = "places";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", text(input, "list"));
    this.list.hidden = true;
    this.status.className = "unseen";
    this.status.setAttribute("role", "status");
    input.after(this.list, this.status);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", this.list.id);
    input.autocomplete = "off";
    input.addEventListener("input", (event) => {
      if (!event.isTrusted) return;
      this.forget();
      clearTimeout(this.waiting);
      this.waiting = window.setTimeout(() => void this.ask(), DELAY);
    });
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => window.setTimeout(() => this.close(), 150));
  }

  /** The hidden control for the chosen one's value; made when the page has none. */
  private chosen(): HTMLInputElement | null {
    const name = this.input.dataset["placesCode"];
    const form = this.input.form;
    if (!name || !form) return null;
    const found = form.querySelector<HTMLInputElement>(`input[type=hidden][name="${CSS.escape(name)}"]`);
    if (found) return found;
    const made = document.createElement("input");
    made.type = "hidden";
    made.name = name;
    this.input.after(made);
    return made;
  }

  private forget(): void {
    const code = this.chosen();
    if (code) code.disabled = true;
  }

  private take(value: string): void {
    const code = this.chosen();
    if (!code) return;
    // What the server had offered under the same name gives way.
    for (const other of this.input.form?.querySelectorAll<HTMLInputElement>(`input[type=radio][name="${CSS.escape(code.name)}"]`) ?? []) {
      other.checked = false;
    }
    code.disabled = false;
    code.value = value;
  }

  private async ask(): Promise<void> {
    const words = this.input.value.trim();
    if (words.length < 1) return this.close();
    this.asked?.abort();
    this.asked = new AbortController();
    try {
      const address = new URL(this.input.dataset["places"] ?? "", location.href);
      address.searchParams.set("q", words);
      const answer = await fetch(address, { signal: this.asked.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) return this.close();
      const body = (await answer.json()) as { results: Place[] };
      this.found = body.results.slice(0, 8);
      this.show();
    } catch {
      this.close();
    }
  }

  private show(): void {
    this.active = -1;
    this.list.replaceChildren(
      ...this.found.map((place, index) => {
        const item = document.createElement("li");
        item.id = `${this.list.id}-${index}`;
        item.setAttribute("role", "option");
        item.textContent = place.name;
        const where = document.createElement("span");
        where.textContent = [place.what, place.inside].filter(Boolean).join(" · ");
        item.append(" ", where);
        item.addEventListener("mousedown", (event) => {
          event.preventDefault();
          this.choose(index);
        });
        return item;
      }),
    );
    this.list.hidden = this.found.length === 0;
    this.input.setAttribute("aria-expanded", String(this.found.length > 0));
    this.status.textContent = text(this.input, this.found.length ? "some" : "none").replace("{count}", String(this.found.length));
  }

  private close(): void {
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  private key(event: KeyboardEvent): void {
    if (this.list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.mark((this.active + step + this.found.length) % this.found.length);
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Escape") {
      this.close();
    }
  }

  private mark(index: number): void {
    this.active = index;
    [...this.list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
    this.list.children[index]?.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", `${this.list.id}-${index}`);
  }

  private choose(index: number): void {
    const place = this.found[index];
    if (!place) return;
    fill(this.input, place.name);
    this.take(place.value);
    const [lon, lat] = (this.input.dataset["placesPoint"] ?? "").split(",").map((name) => control(this.input, name.trim()));
    if (lon && lat && place.lon !== null && place.lat !== null) {
      fill(lon, degrees(place.lon));
      fill(lat, degrees(place.lat));
    }
    this.close();
  }
}

/** Prepares every text control with data-places="ADDRESS". */
export function placeSearch(): void {
  for (const input of document.querySelectorAll<HTMLInputElement>("input[data-places]")) new Combobox(input);
}
