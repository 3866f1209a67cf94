/* The line to the server, which may be bad: requests that end, and pauses that grow between tries. */

const PATIENCE = 20000; // milliseconds, and one more for every byte: a kilobyte a second is a line too
const LONGEST = 60000;
const KEEPALIVE = 60000; // bytes; browsers refuse more than 64 KiB

export class Gone extends Error {} // nobody is signed in any more, or led elsewhere

export const post = async (url, fields, abort) => {
  const body = fields.toString();
  const patience = setTimeout(() => abort.abort(), PATIENCE + body.length);
  try {
    const answer = await fetch(url, {
      method: "POST",
      body: fields,
      credentials: "same-origin",
      redirect: "manual", // a script is told in words where a form leads
      headers: { Accept: "application/json" },
      keepalive: body.length < KEEPALIVE,
      signal: abort.signal,
    });
    if (answer.status === 401 || answer.type === "opaqueredirect") throw new Gone();
    if (answer.status === 429 || answer.status >= 500) throw new Error(String(answer.status));
    const isTold = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
    return isTold
      ? { status: answer.status, told: await answer.json(), page: "" }
      : { status: answer.status, told: null, page: await answer.text() };
  } finally {
    clearTimeout(patience);
  }
};

// Reads a page anew, for who is signed in and the token that their forms carry; throws Gone where nobody is.
export const lookAgain = async (url) => {
  const abort = new AbortController();
  const patience = setTimeout(() => abort.abort(), PATIENCE);
  try {
    const answer = await fetch(url, { credentials: "same-origin", signal: abort.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("form:is([data-draft-url], [data-for-in-place]) [name=csrf_token]");
    if (!token) throw new Gone();
    return { token: token.value, who: nameMember(page) };
  } finally {
    clearTimeout(patience);
  }
};

export const nameMember = (page) => page.querySelector("header.top .menu > summary")?.textContent ?? "";

// 2, 4, 8 … 60 seconds, each a little shorter or longer: not all pages come back at the same moment.
export const pauseAfter = (tries) => Math.min(LONGEST, 1000 * 2 ** tries) * (0.8 + 0.4 * Math.random());
