/* One box for all boxes of a list, and the number of those chosen. Without this script one ticks them singly.

   Markup: label[data-select-all="<name of the boxes>"][data-form="<id of their form>"] (hidden until here) around
   a checkbox; [data-selected-count] in the form, with data-none, data-one, data-many ("{count} …"). A box with
   data-every stands for all of the list, on every page, and says so instead. */

for (const label of document.querySelectorAll("[data-select-all]")) {
  const form = document.getElementById(label.dataset.form);
  const all = label.querySelector("input");
  if (!form || !all) continue;

  const count = form.querySelector("[data-selected-count]");
  const boxes = () => [...form.elements].filter((box) => box.type === "checkbox" && box.name === label.dataset.selectAll);

  const tell = () => {
    const list = boxes();
    const chosen = list.filter((box) => box.checked).length;
    all.checked = chosen > 0 && chosen === list.length;
    all.indeterminate = chosen > 0 && chosen < list.length;
    if (!count) return;
    const every = form.querySelector("[data-every]:checked");
    const text = every ? every.dataset.every : { 0: count.dataset.none, 1: count.dataset.one }[chosen] || count.dataset.many;
    count.textContent = text.replace("{count}", String(chosen));
  };

  label.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes()) box.checked = all.checked;
    tell();
  });
  form.addEventListener("change", tell);
  window.addEventListener("pageshow", tell); // the back button restores the boxes
  tell();
}
