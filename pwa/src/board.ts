// The operator's board by keyboard: j and k move, Enter opens (the link has the focus), / goes to
// the filter, ? shows the keys. The board is swapped while it refreshes; the focus stays where it was.

const LINE = "[data-line] a[href]";

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

function lines(): HTMLAnchorElement[] {
  const seen = new Set<Element>();
  return [...document.querySelectorAll<HTMLAnchorElement>(LINE)].filter((link) => {
    const line = link.closest("[data-line]");
    if (!line || seen.has(line)) return false;
    seen.add(line);
    return true;
  });
}

function move(step: number): void {
  const all = lines();
  if (!all.length) return;
  const here = all.findIndex((link) => link.closest("[data-line]")?.contains(document.activeElement));
  const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + step));
  all[next]?.focus();
  all[next]?.scrollIntoView({ block: "nearest" });
}

function help(): void {
  const dialog = document.querySelector<HTMLDialogElement>("dialog[data-keys]");
  if (!dialog) return;
  if (dialog.open) dialog.close();
  else dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const act: Record<string, () => void> = {
    j: () => move(1),
    k: () => move(-1),
    "/": () => document.querySelector<HTMLElement>("[data-filter]")?.focus(),
    "?": help,
  };
  const chosen = act[event.key];
  if (!chosen) return;
  event.preventDefault();
  chosen();
});

for (const button of document.querySelectorAll<HTMLElement>("[data-keys-open]")) button.addEventListener("click", help);

let focused: string | null = null;
document.addEventListener("htmx:beforeSwap", () => {
  focused = document.activeElement?.closest("[data-line]")?.getAttribute("data-line") ?? null;
});
document.addEventListener("htmx:afterSettle", () => {
  if (!focused) return;
  document.querySelector<HTMLElement>(`[data-line="${CSS.escape(focused)}"] a[href]`)?.focus({ preventScroll: true });
  focused = null;
});
