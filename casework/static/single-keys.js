/* Single keys for the deeds of a page. Without this script, or switched off by the page, buttons do the same.

   Markup: [data-key="c"] on a button or a link. A key is not taken while somebody writes, holds it down, or holds
   another with it; and once one was pressed no other is, until the next page stands there. */

const keyed = [...document.querySelectorAll("[data-key]")];
let busy = false;

addEventListener("keydown", (event) => {
  if (busy || event.defaultPrevented || event.repeat || event.isComposing) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest?.("input, select, textarea, summary, [contenteditable]")) return;
  const deed = keyed.find((one) => one.dataset.key === event.key.toLowerCase());
  if (!deed) return;
  event.preventDefault();
  busy = true;
  deed.click();
});

addEventListener("pageshow", () => {
  busy = false;
});
