/* "Add a person" and "Remove" without a page load. Without this script both are submit buttons, and the server
   answers with the form one person longer or shorter.

   Markup: [data-people] holds [data-person] sections, a <template> with one more, button[name="add_person"] and
   in each section button[name="remove_person"]. In the template, INDEX stands for the position in names and
   ids, NUMBER for the number that people read. */

const fill = (node, index, number) => {
  for (const element of node.querySelectorAll("*")) {
    for (const attribute of element.attributes) {
      attribute.value = attribute.value.replaceAll("INDEX", index).replaceAll("NUMBER", number);
    }
    for (const child of element.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) child.data = child.data.replaceAll("NUMBER", number);
    }
  }
};

const start = (people) => {
  const template = people.querySelector("template");
  const add = people.querySelector('button[name="add_person"]');
  if (!template || !add) return;

  // Positions are never used twice: a removed person's answers must not return under the next one's name.
  const positions = [...people.querySelectorAll("[data-person]")]
    .map((person) => Number((person.dataset.person.match(/(\d+)$/) || [0, -1])[1]));
  let next = Math.max(-1, ...positions) + 1;

  const changed = () => people.dispatchEvent(new Event("input", { bubbles: true }));

  add.addEventListener("click", (event) => {
    event.preventDefault();
    const copy = template.content.cloneNode(true);
    fill(copy, String(next), String(people.querySelectorAll("[data-person]").length + 1));
    next += 1;
    const person = copy.querySelector("[data-person]");
    template.before(copy);
    const first = person.querySelector("input:not([type=hidden]), select, textarea");
    if (first) first.focus();
    changed();
  });

  people.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="remove_person"]');
    if (!button) return;
    const person = button.closest("[data-person]");
    // A person the server already knows leaves by the server's hand, which can say what that means.
    if (person.hasAttribute("data-kept")) return;
    event.preventDefault();
    person.remove();
    add.focus();
    changed();
  });
};

document.querySelectorAll("[data-people]").forEach(start);
