/* Opens the form of a record where the record stands, and brings the page's new state once it is saved. Without this
   script each link leads to a page of its own, which leads back to the record.

   Markup: a[data-in-place] leads to a page with a form[data-for-in-place]; the record is the nearest element with an
   id. template[data-in-place-texts] has the texts.
   A saved form is answered {"next": address}; all else is a page: the form with its faults, both versions of a lost
   race, or words that say why not. Where we know no better, the browser goes to the address itself. */

import { parse, putInPlace, takeForm } from "./adopt.js";
import { keepDrafts } from "./draft.js";
import { Gone, lookAgain, nameMember, post } from "./line.js";
import { startPeople } from "./people.js";
import { showParts } from "./precision.js";

const FIELDS = "input:not([type=hidden]), select, textarea";
const PLACE = "tr, .leaf > div, [id]";
const ROOM = 96; // pixels above a record, at least

const texts = () => document.querySelector("template[data-in-place-texts]").dataset;
const spoken = Object.assign(document.createElement("p"), { className: "said" });
spoken.setAttribute("role", "status");
document.body.append(spoken);

let opened = null; // {link, spot, frame, panel, form, drafts, ending, isChanged}
let busy = false;
const homes = new WeakMap(); // of the way to a draft: the link of its record

const speak = (text) => {
  spoken.textContent = "";
  setTimeout(() => (spoken.textContent = text), 50);
};

const say = (where, text, link = null) => {
  document.querySelectorAll(".in-place-said").forEach((earlier) => earlier.remove());
  const said = Object.assign(document.createElement("p"), { className: "in-place-said flash", textContent: `${text} ` });
  if (link) said.append(Object.assign(document.createElement("a"), link));
  where(said);
  speak(text);
  return said;
};

const recordOf = (link) => link.closest("main [id]");
const linkLike = (href) => [...document.querySelectorAll("main a[data-in-place]")].find((link) => link.href === href);

const frameBelow = (link) => {
  const place = link.closest(PLACE);
  if (place.localName !== "tr") return place.appendChild(document.createElement("div"));
  const row = document.createElement("tr");
  row.className = "in-place-row";
  row.append(Object.assign(document.createElement("td"), { colSpan: place.children.length }));
  place.after(row);
  return row;
};

const firstField = (panel) => {
  const fields = [...panel.querySelectorAll(FIELDS)].filter((field) => field.checkVisibility());
  const [first] = fields;
  // Of radios the one that is chosen has the focus, as with the Tab key.
  return first?.type === "radio" ? (fields.find((field) => field.name === first.name && field.checked) ?? first) : first;
};

const bringIntoSight = (node) => {
  const { top } = node.getBoundingClientRect();
  if (top < ROOM || top > innerHeight * 0.6) scrollBy({ top: top - innerHeight * 0.3, behavior: "instant" });
};

// ---- The panel: what stands in it, and how it ends

const putCancel = (panel) => {
  const bar = [...panel.querySelectorAll(".savebar, form .deeds")].at(-1);
  if (!bar) return;
  const cancel = Object.assign(document.createElement("button"), { type: "button", className: "second", textContent: texts().cancel });
  cancel.setAttribute("aria-keyshortcuts", "Escape");
  cancel.addEventListener("click", () => close());
  const back = [...bar.querySelectorAll("a")].find((link) => link.pathname === location.pathname);
  if (back) back.replaceWith(cancel);
  else bar.append(cancel);
};

const show = (panel, status) => {
  opened.ending?.abort();
  Object.assign(opened, { panel, form: panel.querySelector("form[data-for-in-place]"), ending: new AbortController(), drafts: null });
  const { form, ending, frame } = opened;
  opened.isChanged = status !== 0;
  opened.isMeeting = status === 409;
  (frame.querySelector("td") ?? frame).replaceChildren(panel);
  if (!opened.isMeeting) putCancel(panel);
  panel.querySelectorAll("a[data-in-place]").forEach((link) => homes.set(link, opened.link));
  panel.querySelectorAll("[data-precision]").forEach(showParts);
  panel.querySelectorAll("[data-people]").forEach(startPeople);
  if ("draftUrl" in form.dataset) opened.drafts = keepDrafts(form, { send, signal: ending.signal, isUnsaved: status !== 0 });
  form.addEventListener("input", () => (opened.isChanged = true), { signal: ending.signal });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return; // draft.js waits for the line, and sends it then
    event.preventDefault();
    send(event.submitter);
  });
  const summary = panel.querySelector(".summary");
  const first = summary ?? (opened.isMeeting ? panel : firstField(panel)) ?? panel;
  first.focus({ preventScroll: true });
  bringIntoSight(summary ?? panel);
};

const take = () => {
  opened.ending.abort();
  opened.frame.remove();
  const { link, form } = opened;
  opened = null;
  return { link, draft: form.elements.namedItem("draft")?.value ?? "" };
};

// Puts back what was there; what was written is kept as a draft. Returns whether it could be closed.
const close = async () => {
  if (busy || opened.isMeeting) return false;
  busy = true;
  const isKept = opened.drafts ? await opened.drafts.close() : true;
  busy = false;
  if (!isKept) {
    speak(opened.panel.querySelector("[data-draft-said]")?.textContent ?? "");
    return false;
  }
  const { link, draft } = take();
  document.querySelectorAll(".in-place-said").forEach((said) => said.remove());
  if (draft) {
    const goOn = say((said) => frameAfter(link, said), texts().kept, { href: `/drafts/${hyphenated(draft)}`, textContent: texts().goOn });
    goOn.querySelector("a").dataset.inPlace = "";
    homes.set(goOn.querySelector("a"), link);
  } else speak(texts().closed);
  link.focus({ preventScroll: true });
  bringIntoSight(link);
  return true;
};

const frameAfter = (link, said) => (link.closest("p, .deeds") ?? link).after(said);
const hyphenated = (id) => id.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");

// ---- Opening

const makeRoom = async () => {
  if (!opened) return true;
  const mayClose = opened.drafts || !opened.isChanged;
  if (mayClose && (await close())) return true;
  say((said) => opened.panel.prepend(said), texts().first);
  opened.panel.focus();
  return false;
};

const open = async (link) => {
  const home = homes.get(link) ?? link;
  let answer;
  try {
    answer = await fetch(link.href, { credentials: "same-origin" });
    const panel = answer.ok ? takeForm(parse(await answer.text()), answer.url) : null;
    if (!panel) return location.assign(link.href);
    document.querySelectorAll(homes.has(link) ? ".in-place-said" : ".in-place-said:not(:has(a))").forEach((said) => said.remove());
    opened = { link: home, spot: recordOf(home).id, frame: frameBelow(home), ending: null };
    show(panel, 0);
  } catch (error) {
    if (answer) throw error;
    say((said) => frameAfter(link, said), texts().noLine);
  }
  return null;
};

// ---- Saving

const stay = (text, link = null) => {
  opened.form.inert = false;
  opened.drafts?.resume();
  const said = say((node) => opened.panel.prepend(node), text, link);
  said.classList.add("bad");
  opened.panel.focus({ preventScroll: true });
  bringIntoSight(opened.panel);
};

const bodyOf = (form, button) => {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) fields.append(name, value);
  if (button?.name) fields.append(button.name, button.value);
  return fields;
};

// Sends the form; once more with a new token where the same person has signed in anew.
const deliver = async (form, button) => {
  const answer = await post(form.action, bodyOf(form, button), new AbortController());
  if (answer.status !== 400) return answer;
  const { token, who } = await lookAgain(form.action);
  if (who !== nameMember(document)) throw new Gone();
  form.elements.namedItem("csrf_token").value = token;
  return post(form.action, bodyOf(form, button), new AbortController());
};

const arrive = async (next) => {
  const address = new URL(next, location.href);
  const answer = address.pathname === location.pathname ? await fetch(address, { credentials: "same-origin" }).catch(() => null) : null;
  const page = answer?.ok && !answer.redirected ? parse(await answer.text()) : null;
  if (!page?.querySelector("template[data-in-place-texts]")) return location.assign(next);
  const { link, spot } = opened;
  const before = document.getElementById(spot).getBoundingClientRect().top;
  take();
  putInPlace(page);
  settle(link.href, spot, decodeURIComponent(address.hash.slice(1)), before);
  return null;
};

// Goes to where the record stands now: at the same height, with the focus on the way to change it again.
const settle = (href, spot, saved, before) => {
  const clock = spot.startsWith("clock-") ? document.getElementById(spot) : null; // a detention stands twice
  const at = document.getElementById(saved) ?? document.getElementById(spot) ?? document.querySelector("main");
  const record = clock ?? at;
  const notice = at.querySelector(".flash.good p") ?? document.querySelector("main .flash p");
  if (clock && notice && at.contains(notice)) clock.lastElementChild.prepend(notice.parentElement);
  speak(notice?.textContent ?? texts().saved);
  const height = Math.max(ROOM, Math.min(before, innerHeight * 0.4));
  scrollBy({ top: record.getBoundingClientRect().top - height, behavior: "instant" });
  const link = linkLike(href);
  const goal = link && record.contains(link) ? link : (record.querySelector("a[data-in-place]") ?? record);
  if (goal === record) record.tabIndex = -1;
  goal.focus({ preventScroll: true });
  goal.scrollIntoView({ block: "nearest", behavior: "instant" });
};

const answerWith = ({ status, page }, form) => {
  const answer = parse(page);
  const panel = takeForm(answer, form.action);
  if (panel) return show(panel, status);
  if (answer.querySelector("main dl.entered")) {
    take();
    putInPlace(answer); // the case is gone: what was entered stands there, and where it can go
    document.querySelector("main").focus();
    return scrollTo({ top: 0, behavior: "instant" });
  }
  if (status === 413 && form.dataset.draftLarge) return stay(form.dataset.draftLarge);
  const words = ["h1", "main .lead"].map((selector) => answer.querySelector(selector)?.textContent.trim()).filter(Boolean);
  return stay(words.length ? `${words.join(". ")} ${texts().here}` : texts().failed);
};

async function send(button) {
  if (busy || !opened) return;
  const { form } = opened;
  busy = true;
  speak(texts().sending);
  try {
    const sent = deliver(form, button);
    form.inert = true; // what is typed now would be lost
    const answer = await sent;
    if (answer.told?.next) await arrive(answer.told.next);
    else answerWith(answer, form);
  } catch (error) {
    if (error instanceof Gone) stay(texts().locked, { href: texts().signInUrl, target: "_blank", rel: "noopener", textContent: texts().signIn });
    else if (opened?.form === form) stay(texts().failed);
    else throw error;
  } finally {
    busy = false;
  }
}

// ---- What one presses

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const isInside = opened?.panel.contains(link);
  if ("inPlace" in link.dataset) {
    event.preventDefault();
    if (busy || opened?.link === link) return;
    if (!(await makeRoom())) return;
    busy = true;
    await open(link).finally(() => (busy = false));
  } else if (isInside && link.getAttribute("href").startsWith("#")) {
    event.preventDefault(); // a fault leads to its field
    document.getElementById(link.hash.slice(1))?.focus();
  } else if (isInside && opened.isMeeting && link.pathname === location.pathname) {
    event.preventDefault(); // without my changes: the record as it stands
    await arrive(link.href);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || event.defaultPrevented || !opened?.panel.contains(event.target)) return;
  event.preventDefault();
  close();
});

window.addEventListener("beforeunload", (event) => {
  if (opened?.isChanged && !opened.drafts && !busy) event.preventDefault();
});
