/* Keeps a draft as one types: two seconds after the last stroke, and when the page goes out of sight. A form that
   is saved once however often it is sent (data-once) is also sent from here, until the server has answered: on a
   bad line "Save" waits in the page. Without this script the "Save draft" button keeps drafts, and "Save" is the
   browser's. Nothing is kept in the browser's storage: it would outlive the lock screen there.

   Markup: form[data-draft-url], with texts: `draft` in _macros/fields.html writes all of it; in it a hidden field
   (data-draft-field, default "draft") and [data-draft-said], where the state is told.
   In another page (in-place.js) `send` takes the place of the browser, `signal` ends it all, and "Save draft" is ours;
   a form that came back with faults is there `isUnsaved`.
   The server answers a draft with {"draft": id, "kept_at": text}, a form that it saved with {"next": address}. */

import { Gone, lookAgain, nameMember, pauseAfter, post } from "./line.js";

const PAUSE = 2000; // milliseconds
const SAVES = ["", "another", "settle"]; // the names of the buttons that save

const bodyOf = (form, button) => {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") fields.append(name, value);
  }
  if (button?.name) fields.append(button.name, button.value);
  return fields;
};

// By this id the server finds the draft of a form again whose first answer was lost.
const nameForm = (form) => {
  const field = form.elements.namedItem("once");
  if (field?.value || "once" in form.dataset) return;
  const id = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (field) field.value = id;
  else form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "once", value: id }));
};

export const keepDrafts = (form, { send, signal, isUnsaved = false } = {}) => {
  const said = form.querySelector("[data-draft-said]");
  const texts = form.dataset;
  let timer = 0;
  let tries = 0; // that failed, one after the other
  let dirty = isUnsaved; // something is on this page alone
  let wanted = null; // the button that was pressed, while its form has not arrived
  let trip = null; // the request on its way
  let going = null; // the promise of its end
  let stopped = false; // no use in trying by itself
  let doubtful = false; // somebody else may have signed in
  let leaving = false;

  const say = (text, state = "") => {
    if (!said || said.textContent === text) return;
    said.textContent = text;
    said.dataset.state = state;
  };
  const sayLocked = () => {
    say(`${texts.draftLocked} `, "waiting");
    const link = document.createElement("a");
    Object.assign(link, { href: texts.draftSignInUrl, target: "_blank", rel: "noopener", textContent: texts.draftSignIn });
    if (said && !said.querySelector("a")) said.append(link);
  };
  const later = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(go, delay);
  };
  const stop = (text) => {
    stopped = true;
    wanted = null;
    say(text, "waiting");
  };

  // Hands the form to the browser, which shows what the server answers.
  const handOver = (button) => {
    leaving = true;
    if (send) return send(button);
    if (button?.name) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: button.name, value: button.value });
      form.append(field);
      setTimeout(() => field.remove());
    }
    HTMLFormElement.prototype.submit.call(form);
  };

  const keep = async () => {
    dirty = false;
    const { status, told } = await post(texts.draftUrl, bodyOf(form), trip);
    if (!told?.draft) return status;
    const field = form.elements.namedItem(texts.draftField || "draft");
    if (field) field.value = told.draft;
    if (!dirty && !wanted) say(texts.draftKept.replace("{time}", told.kept_at), "kept");
    return 0;
  };

  const save = async (button) => {
    say(texts.draftSending);
    dirty = false;
    const { status, told } = await post(form.action, bodyOf(form, button), trip);
    if (told?.next) {
      // What was typed meanwhile: the server makes a draft of it, and says so.
      if (dirty) return save(button);
      leaving = true;
      location.assign(told.next);
    } else if (status === 400 || status === 403 || status === 413) return status;
    else {
      // The server asks something, or found a fault: its page says so. What was written is safe there first.
      if ((await keep()) === 413) return 413;
      handOver(button);
    }
    return 0;
  };

  const refresh = async () => {
    const { token, who } = await lookAgain(form.action);
    if (who !== nameMember(document)) return false;
    form.elements.namedItem("csrf_token").value = token;
    doubtful = false;
    return true;
  };

  const attempt = async () => {
    if (doubtful && !(await refresh())) return stop(texts.draftSomebody);
    const once = async () => (wanted && isSent(wanted) ? save(wanted) : keep());
    let refused = await once();
    if (refused === 400 && !(await refresh())) return stop(texts.draftSomebody);
    if (refused === 400) refused = await once();
    if (refused) dirty = true;
    if (refused === 413) stop(texts.draftLarge);
    else if (refused && wanted) stop(texts.draftRefused);
    else if (refused) throw new Error(String(refused));
    else if (wanted && !leaving && !isSent(wanted)) handOver(wanted);
  };

  const go = () => {
    going = tryAll();
    return going;
  };
  const tryAll = async () => {
    clearTimeout(timer);
    timer = 0;
    if (trip || leaving || !(dirty || wanted)) return;
    trip = new AbortController();
    try {
      await attempt();
      tries = 0;
    } catch (error) {
      if (leaving) return;
      dirty = true;
      if (error instanceof Gone) {
        stopped = doubtful = true; // asking again does not unlock it; coming back to the page asks once more
        if (wanted && !isSent(wanted)) handOver(wanted);
        else sayLocked();
      } else {
        tries += 1;
        say(wanted ? texts.draftWaiting : navigator.onLine ? texts.draftFailed : texts.draftOffline, "waiting");
      }
    } finally {
      trip = null;
      // What was typed while the draft was on its way, or did not arrive.
      if ((dirty || wanted) && !stopped && !leaving && !timer) later(tries ? pauseAfter(tries) : wanted ? 0 : PAUSE);
    }
  };

  const isSent = (button) => "once" in texts && SAVES.includes(button.name ?? "");
  const again = () => {
    stopped = false;
    tries = Math.min(tries, 1);
    go();
  };
  const noted = () => {
    dirty = true;
    stopped = false;
    // The next try is not put off by somebody who types on.
    if (!tries) later(PAUSE);
    else if (!timer) later(pauseAfter(tries));
  };

  const listen = (target, kind, hear) => target.addEventListener(kind, hear, { signal });

  form.classList.add("keeps-drafts");
  nameForm(form);
  if (isUnsaved) later(PAUSE);
  listen(form, "input", noted);
  listen(form, "change", noted);
  listen(form, "submit", (event) => {
    const button = event.submitter ?? {};
    if (send && button.name === "save_draft") {
      event.preventDefault();
      dirty = true;
      again();
      return;
    }
    const isBad = tries > 0 || navigator.onLine === false;
    clearTimeout(timer);
    // A draft on its way may be kept although its answer never comes: the form has to name it, or it stays.
    if (!isSent(button) && !isBad && !trip) {
      leaving = true;
      return;
    }
    event.preventDefault();
    wanted = button;
    stopped = false;
    say(texts.draftSending);
    if (!trip) go();
  });
  listen(window, "beforeunload", (event) => {
    const isHeld = wanted || (dirty && (tries > 0 || stopped || navigator.onLine === false));
    if (isHeld && !leaving) event.preventDefault();
  });
  listen(window, "pageshow", () => {
    leaving = false;
  });
  listen(window, "online", () => {
    trip?.abort(); // it may wait for an answer over the line that was cut
    again();
  });
  listen(window, "focus", () => {
    if (stopped || tries) again();
  });
  listen(document, "visibilitychange", () => {
    if (document.visibilityState === "hidden") go();
    else if (stopped || tries) again();
  });

  return {
    // The form was sent, and is still here.
    resume: () => {
      leaving = false;
      wanted = null;
      noted();
    },
    // Keeps what is not kept yet; returns whether nothing is on this page alone. Then nothing more is sent.
    close: async () => {
      wanted = null;
      if (trip) await going;
      if (dirty) await go();
      leaving = !dirty;
      if (leaving) clearTimeout(timer);
      return leaving;
    },
  };
};

const isRefused = document.querySelector("main .summary") !== null; // then what was typed is on this page alone
document.querySelectorAll("form[data-draft-url]").forEach((form) => keepDrafts(form, { isUnsaved: isRefused }));
