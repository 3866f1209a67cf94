// Empties what is secret in `form[data-forget]` once it is sent: where the answer is a file, the page stays open,
// and with it what was typed and what was said of an attempt before. Without this script both stand there until
// one leaves the page.

for (const form of document.querySelectorAll("form[data-forget]")) {
  form.addEventListener("submit", () => {
    // Afterwards: what is sent is read from the fields first.
    setTimeout(() => {
      for (const field of form.querySelectorAll("input[type=password]")) {
        field.value = "";
        field.removeAttribute("aria-invalid");
      }
      for (const said of document.querySelectorAll(".flash.summary, .fault")) said.remove();
      for (const wrong of form.querySelectorAll(".field.wrong")) wrong.classList.remove("wrong");
    });
  });
}
