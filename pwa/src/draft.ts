// Keeps what somebody has typed across a reload, on their own device, for three days. Contacts,
// files and passwords are never kept: a phone may be shared. The page that follows a successful
// sending names the draft to forget: <meta name="linli-draft-done" content="…">.
import { text } from "./texts";

const PREFIX = "linli-draft:";
const LASTS = 3 * 24 * 3600 * 1000;
const NEVER = new Set(["password", "file", "hidden", "submit", "button", "tel", "email"]);

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
type Draft = { at: number; values: Record<string, string[]> };

function controls(form: HTMLFormElement): Control[] {
  return [...form.elements].filter(
    (one): one is Control =>
      (one instanceof HTMLInputElement || one instanceof HTMLTextAreaElement || one instanceof HTMLSelectElement) &&
      one.name !== "" && (one.dataset["draft"] === "keep" || !NEVER.has(one.type)) && one.dataset["draft"] !== "never",
  );
}

function checkable(one: Control): one is HTMLInputElement {
  return one instanceof HTMLInputElement && (one.type === "radio" || one.type === "checkbox");
}

function collect(form: HTMLFormElement): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const one of controls(form)) {
    if (checkable(one) ? one.checked : one.value.trim() !== "") (values[one.name] ??= []).push(one.value);
  }
  return values;
}

function restore(form: HTMLFormElement, values: Record<string, string[]>): boolean {
  let changed = false;
  for (const one of controls(form)) {
    const kept = values[one.name];
    if (!kept) continue;
    if (checkable(one)) {
      changed ||= one.checked !== kept.includes(one.value);
      one.checked = kept.includes(one.value);
    } else if (one.value.trim() === "" && kept[0]) {
      one.value = kept[0];
      changed = true;
    }
  }
  return changed;
}

function read(key: string): Draft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(key) ?? "null") as Draft | null;
    if (draft && Date.now() - draft.at < LASTS) return draft;
    localStorage.removeItem(key);
  } catch {
    // No storage, or not ours: there is no draft.
  }
  return null;
}

function write(key: string, form: HTMLFormElement): void {
  const values = collect(form);
  try {
    if (Object.keys(values).length) localStorage.setItem(key, JSON.stringify({ at: Date.now(), values }));
    else localStorage.removeItem(key);
  } catch {
    // Storage is full or forbidden; the form works without.
  }
}

function sayRestored(form: HTMLFormElement, key: string): void {
  const note = document.createElement("p");
  note.className = "draft-note";
  note.setAttribute("role", "status");
  note.textContent = text(form, "restored");
  const discard = document.createElement("button");
  discard.type = "button";
  discard.className = "button button--quiet button--small";
  discard.textContent = text(form, "discard");
  discard.addEventListener("click", () => {
    localStorage.removeItem(key);
    form.reset();
    note.remove();
  });
  note.append(" ", discard);
  form.prepend(note);
}

/** Keeps the drafts of every form with data-draft, whose value names the draft. */
export function drafts(): void {
  const done = document.querySelector<HTMLMetaElement>("meta[name=linli-draft-done]");
  if (done) localStorage.removeItem(PREFIX + (done.content || location.pathname));
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) {
    const key = PREFIX + (form.dataset["draft"] || location.pathname);
    const draft = read(key);
    // What comes back from the server with errors is newer than the draft.
    const returned = form.querySelector("[aria-invalid=true]") !== null;
    if (draft && !returned && restore(form, draft.values)) sayRestored(form, key);
    let waiting = 0;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = window.setTimeout(() => write(key, form), 400);
    });
  }
}
