/* "Add a person" and "Remove" without a page load. Without this script both are submit buttons, and the server
   answers with the form one person longer or shorter.

   Markup: [data-people] holds [data-person] sections, a <template> with one more, button[name="add_person"] and
   in each section button[name="remove_person"]. In the template, INDEX stands for the position in names and
   ids. data-title ("Person {number}") is what a section is called; without it, its heading is left alone. */

const place = (node, index) => {
  for (const element of node.querySelectorAll("*")) {
    for (const attribute of element.attributes) {
      attribute.value = attribute.value.replaceAll("INDEX", index);
    }
  }
};

const number = (people) => {
  people.querySelectorAll("[data-person]").forEach((person, position) => {
    if (!person.dataset.title) return;
    const title = person.dataset.title.replace("{number}", String(position + 1));
    person.setAttribute("aria-label", title);
    const remove = person.querySelector('button[name="remove_person"] .said');
    if (remove) remove.textContent = `: ${title}`;
    person.querySelector("h3").textContent = title;
  });
};

export const startPeople = (people) => {
  const template = people.querySelector("template");
  const add = people.querySelector('button[name="add_person"]');
  if (!template || !add) return;

  // Positions are never used twice: a removed person's answers must not return under the next one's name.
  const positions = [...people.querySelectorAll("[data-person]")]
    .map((person) => Number((person.dataset.person.match(/(\d+)$/) || [0, -1])[1]));
  let next = Math.max(-1, ...positions) + 1;

  const changed = () => {
    number(people);
    people.dispatchEvent(new Event("input", { bubbles: true })); // so that the draft is kept too
  };

  add.addEventListener("click", (event) => {
    // With as many as a form takes, the server says so.
    if (people.querySelectorAll("[data-person]").length >= 40) return;
    event.preventDefault();
    const copy = template.content.cloneNode(true);
    place(copy, String(next));
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

document.querySelectorAll("[data-people]").forEach(startPeople);
