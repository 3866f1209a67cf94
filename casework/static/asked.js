/* Ticks a question of the check list once it has an answer. Without this script one ticks it by hand.

   Markup: [data-ask] around the fields of a question and its box, [data-asked]. */

const isAnswer = (field) =>
  field.type === "checkbox" || field.type === "radio"
    ? field.checked
    : field.value.trim() !== "" && field.value !== "not_asked";

for (const item of document.querySelectorAll("[data-ask]")) {
  const box = item.querySelector("[data-asked]");
  item.addEventListener("input", (event) => {
    if (event.target !== box && isAnswer(event.target)) box.checked = true;
  });
}
