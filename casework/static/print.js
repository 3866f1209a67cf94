// A button that prints the page: `button[data-print]`, hidden until this script is there.
// Without it, the text beside it says how the browser prints.

for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
