/* Keeps a draft as one types: two seconds after the last stroke, and when the page goes out of sight. The "Save
   draft" button does the same without this script. Nothing is kept in the browser: a draft would outlive
   the lock screen there.

   Markup: form[data-draft-url] with the texts data-draft-kept ("… {time}"), -failed, -offline, -locked; in it a
   hidden field (data-draft-field, default "draft") and [data-draft-said], where the state is told.
   The server answers {"draft": id, "kept_at": text}. */

const PAUSE = 2000; // milliseconds
const RETRY = 15000;

const keepDrafts = (form) => {
  const said = form.querySelector("[data-draft-said]");
  const texts = form.dataset;
  let timer = 0;
  let dirty = false;
  let sending = false;
  let leaving = false;

  const say = (text) => {
    if (said && said.textContent !== text) said.textContent = text;
  };
  const later = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(keep, delay);
  };

  const body = () => {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") fields.append(name, value);
    }
    return fields;
  };

  const keep = async () => {
    clearTimeout(timer);
    timer = 0;
    if (!dirty || sending || leaving) return;
    sending = true;
    dirty = false;
    let retry = PAUSE; // for what was typed while the draft was on its way
    const fields = body();
    try {
      const answer = await fetch(texts.draftUrl, {
        method: "POST",
        body: fields,
        credentials: "same-origin",
        redirect: "error", // a redirect leads to the sign-in page: the draft was not kept
        headers: { Accept: "application/json" },
        keepalive: fields.toString().length < 60000, // browsers refuse more than 64 KiB
      });
      if (answer.status === 401 || answer.status === 403) {
        dirty = true;
        retry = 0; // asking again does not unlock it; the next stroke does ask once more
        say(texts.draftLocked);
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const kept = await answer.json();
      const field = form.elements.namedItem(texts.draftField || "draft");
      if (field && kept.draft) field.value = kept.draft;
      if (!dirty) say(texts.draftKept.replace("{time}", kept.kept_at));
    } catch {
      dirty = true;
      say(navigator.onLine ? texts.draftFailed : texts.draftOffline);
      retry = RETRY;
    } finally {
      sending = false;
      if (dirty && retry && !timer) later(retry);
    }
  };

  const noted = () => {
    dirty = true;
    later(PAUSE);
  };
  form.classList.add("keeps-drafts");
  form.addEventListener("input", noted);
  form.addEventListener("change", noted);
  form.addEventListener("submit", () => {
    // The form itself is on its way: a draft that arrives after it would come back as a ghost.
    leaving = true;
    clearTimeout(timer);
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
  });
  window.addEventListener("online", keep);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
};

document.querySelectorAll("form[data-draft-url]").forEach(keepDrafts);
