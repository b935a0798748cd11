// Pages with several forms: the buttons of the languages send the form in which somebody has typed,
// if its view can show it again in another language (data-keeps). Without this script they only
// change the language. On pages with one form they belong to it from the start.

let typed: HTMLFormElement | null = null;

document.addEventListener("input", (event) => {
  const form = (event.target as HTMLInputElement).form;
  if (form?.hasAttribute("data-keeps")) typed = form;
});

for (const button of document.querySelectorAll<HTMLButtonElement>(".languages button[name=language]")) {
  button.addEventListener("click", () => {
    if (!typed?.isConnected) return;
    typed.id ||= "typed";
    typed.noValidate = true;
    button.setAttribute("form", typed.id);
    button.value = `keep:${button.value}`;
    button.name = "step";
  });
}
