/* Takes the form of a page into another page, and puts a new state of a page in the place of the old one.

   Markup: form[data-for-in-place]; with the value "page" all that its page says goes with it. */

const HEADINGS = [["h3", "h5"], ["h2", "h4"], ["h1", "h3"]]; // the page has its own h1
const REFERENCES = ["id", "for", "list", "aria-describedby", "aria-labelledby", "aria-controls"];

export const parse = (text) => new DOMParser().parseFromString(text, "text/html");

const rename = (node, from, to) => {
  for (const heading of node.querySelectorAll(from)) {
    const other = document.createElement(to);
    for (const { name, value } of heading.attributes) other.setAttribute(name, value);
    other.append(...heading.childNodes);
    heading.replaceWith(other);
  }
};

// Both pages may call a field alike.
const setApart = (node) => {
  for (const element of node.querySelectorAll("*")) {
    for (const name of REFERENCES) {
      const value = element.getAttribute(name);
      if (value) element.setAttribute(name, value.trim().split(/\s+/).map((id) => `in-place-${id}`).join(" "));
    }
    const link = element.getAttribute("href") ?? "";
    if (link.startsWith("#")) element.setAttribute("href", `#in-place-${link.slice(1)}`);
  }
};

// Returns a panel with the form of that page, or null where the page has none for us.
export const takeForm = (page, address) => {
  const form = page.querySelector("main form[data-for-in-place]");
  if (!form) return null;
  const panel = document.createElement("div");
  panel.className = "in-place";
  panel.tabIndex = -1;
  panel.setAttribute("role", "group");
  const title = form.getAttribute("aria-label") || page.querySelector("main h1")?.textContent.trim() || "";
  panel.setAttribute("aria-label", title);
  const summary = page.querySelector("main .summary");
  const isAll = form.dataset.forInPlace === "page";
  const parts = isAll ? [...page.querySelector("main").children] : form.contains(summary) || !summary ? [form] : [summary, form];
  panel.append(...parts);
  for (const sent of panel.querySelectorAll("form")) sent.setAttribute("action", sent.getAttribute("action") || address);
  for (const [from, to] of HEADINGS) rename(panel, from, to);
  setApart(panel);
  return panel;
};

const isChanged = (field) => {
  if (field.type === "hidden") return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.options) return field.selectedOptions[0] !== ([...field.options].find((one) => one.defaultSelected) ?? field.options[0]);
  return field.value !== field.defaultValue;
};

// What was typed or unfolded elsewhere on the page, and files that are on their way, stay as they are.
const carry = (old, fresh) => {
  for (const form of old.querySelectorAll("form[data-upload]")) fresh.querySelector("form[data-upload]")?.replaceWith(form);
  for (const field of old.querySelectorAll("input, select, textarea")) {
    const twin = field.id && !field.closest(".in-place") && isChanged(field) ? fresh.querySelector(`[id="${CSS.escape(field.id)}"]`) : null;
    if (!twin) continue;
    twin.value = field.value;
    if ("checked" in field) twin.checked = field.checked;
  }
  const folds = [...fresh.querySelectorAll("details")];
  for (const fold of old.querySelectorAll("details[open]")) {
    const named = folds.find((one) => one.firstElementChild.textContent === fold.firstElementChild.textContent);
    if (named) named.open = true;
  }
};

export const putInPlace = (page) => {
  const old = document.querySelector("main");
  const fresh = page.querySelector("main");
  carry(old, fresh);
  old.replaceChildren(...fresh.childNodes);
  document.title = page.title;
};
