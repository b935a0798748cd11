// Words shown by scripts come translated from the page: data-text-saved="…" on the element.

/** The element's translated text, or an empty string when the template gave none. */
export function text(element: HTMLElement, name: string): string {
  return element.getAttribute(`data-text-${name}`) ?? "";
}

/** The control with this name in the element's form, or else in the page. */
export function control(from: Element, name: string): HTMLInputElement | null {
  const scope = from.closest("form") ?? document;
  return scope.querySelector<HTMLInputElement>(`[name="${CSS.escape(name)}"]`);
}

/** Sets a control and tells whoever listens, as a person's typing would. */
export function fill(target: HTMLInputElement, value: string): void {
  target.value = value;
  target.dispatchEvent(new Event("input", { bubbles: true }));
  target.dispatchEvent(new Event("change", { bubbles: true }));
}

/** A coordinate as we write it: five decimals are about one metre. */
export function degrees(value: number, decimals = 5): string {
  return value.toFixed(decimals);
}
