/* Sends files one after the other, and says how far each is. Without this script the form sends them all at once,
   and the browser's own sign of loading is all there is.

   Markup: form[data-upload] with data-most-bytes and the texts data-sending ("{name}: {percent}"), -sealing, -done,
   -too-large, -none, -failed, -locked, -busy, -kept ("{name}"); in it [data-upload-progress] with a <progress>, and
   [data-upload-said]; [data-upload-list] has the files of the case.
   The server answers {"added": 1}, or {"faults": {field: text}}, whose texts name the file. */

import { parse } from "./adopt.js";

const BUSY_PAUSE = 20000; // milliseconds

const fill = (text, name, percent = 0) => text.replaceAll("{name}", name).replaceAll("{percent}", percent);

const send = (form, file, tell) =>
  new Promise((done) => {
    const texts = form.dataset;
    const body = new FormData();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") body.append(name, value);
    }
    body.append("file", file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      const percent = Math.floor((100 * event.loaded) / event.total);
      tell(percent < 100 ? fill(texts.sending, file.name, percent) : fill(texts.sealing, file.name), percent);
    });
    request.addEventListener("error", () => done(fill(texts.failed, file.name)));
    request.addEventListener("load", () => {
      if (request.status === 201) done("");
      else if (request.status === 401) done(fill(texts.locked, file.name));
      else if (request.status === 503) {
        tell(texts.busy, 0);
        setTimeout(() => done(send(form, file, tell)), BUSY_PAUSE);
      } else {
        const faults = Object.values(request.response?.faults ?? {});
        done(faults.length ? faults.join(" ") : fill(texts.failed, file.name));
      }
    });
    request.send(body);
  });

// Brings what was kept into sight beside what was refused; a form that is open in the list stays.
const listAgain = async () => {
  const old = document.querySelector("[data-upload-list]");
  if (!old || old.querySelector("form")) return;
  try {
    const answer = await fetch(location.href);
    const fresh = answer.ok && parse(await answer.text()).querySelector("[data-upload-list]");
    if (fresh) old.replaceWith(fresh);
  } catch {
    // No line: the words beside the form say what was kept.
  }
};

for (const form of document.querySelectorAll("form[data-upload]")) {
  const said = form.querySelector("[data-upload-said]");
  const shown = form.querySelector("[data-upload-progress]");
  const bar = shown.querySelector("progress");
  const button = form.querySelector("button[type=submit]");
  const chosen = form.querySelector("input[type=file]");
  const field = chosen.closest(".field");
  field.append(shown, said);
  const told = chosen.getAttribute("aria-describedby") ?? "";
  // What happens is said in small; what was refused stands there as a field's fault does.
  const say = (text, faults = []) => {
    const line = (name, words) => Object.assign(document.createElement("p"), { className: name, textContent: words });
    said.replaceChildren(...(text ? [line("meta", text)] : []), ...faults.map((fault) => line("fault", fault)));
    field.classList.toggle("wrong", faults.length > 0);
    if (faults.length) chosen.setAttribute("aria-invalid", "true");
    else chosen.removeAttribute("aria-invalid");
    chosen.setAttribute("aria-describedby", faults.length ? `${told} ${said.id}`.trim() : told);
  };
  const tell = (text, percent) => {
    say(text);
    bar.value = percent;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const files = [...chosen.files];
    const large = files.find((file) => file.size > Number(form.dataset.mostBytes));
    if (!files.length || large) {
      say("", [large ? fill(form.dataset.tooLarge, large.name) : form.dataset.none]);
      chosen.focus();
      return;
    }
    button.disabled = true;
    shown.hidden = false;
    const faults = [];
    const kept = [];
    const left = new DataTransfer();
    for (const file of files) {
      const fault = await send(form, file, tell);
      if (fault) {
        faults.push(fault);
        left.items.add(file);
      } else {
        kept.push(file.name);
        tell(fill(form.dataset.done, file.name), 100);
      }
    }
    button.disabled = false;
    shown.hidden = true;
    if (!faults.length) {
      say("");
      location.hash = "files";
      location.reload();
      return;
    }
    if (kept.length) {
      chosen.files = left.files; // what is kept is not sent again
      await listAgain();
    }
    say(kept.length ? fill(form.dataset.kept, kept.join(", ")) : "", faults);
    chosen.focus();
  });
}
