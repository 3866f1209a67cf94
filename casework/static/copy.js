/* Copies a link that is to be handed over. Without this script (or without a clipboard, as over plain HTTP) the
   field stays: one selects its text and copies it by hand.

   Markup: button[data-copy="<id of the field>"] (hidden until here), data-copied, data-failed;
   [data-copy-said="<id>"] tells screen readers. */

for (const button of document.querySelectorAll("button[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const said = document.querySelector(`[data-copy-said="${CSS.escape(button.dataset.copy)}"]`);
  if (!field) continue;

  button.hidden = false;
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    let text = button.dataset.copied;
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      field.focus();
      text = button.dataset.failed;
    }
    button.textContent = text;
    if (said) said.textContent = text;
  });
}
