// Sentences to begin with: each becomes a button that puts it into the text field of its form. Without
// this script they can be read and copied. What was typed stays; the sentence comes after it.

function insert(field: HTMLTextAreaElement, words: string): void {
  const typed = field.value.trimEnd();
  field.value = typed ? `${typed}\n${words}` : words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

for (const sentence of document.querySelectorAll<HTMLElement>("[data-replies] dd")) {
  const field = sentence.closest("form")?.querySelector("textarea");
  if (!field) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "replies__use";
  button.textContent = sentence.textContent;
  button.addEventListener("click", () => insert(field, button.textContent ?? ""));
  sentence.replaceChildren(button);
}
