/* Counts of how many incidents a rule holds, while it is being written. Without this script a button counts.

   Markup: output[data-rule-count="address"] inside a form; the address takes the form and answers with the words. */

const WAIT_MS = 400;

for (const output of document.querySelectorAll("output[data-rule-count]")) {
  const form = output.closest("form");
  let timer = 0;
  let asked = 0;

  const count = async () => {
    const mine = ++asked;
    try {
      const answer = await fetch(output.dataset.ruleCount, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      // What was asked for last is shown, whichever answer comes first.
      if (answer.ok && mine === asked) output.textContent = await answer.text();
    } catch {
      // Without a line the button is still there.
    }
  };

  form.addEventListener("change", (event) => {
    if (!event.target.name?.startsWith("conditions-")) return;
    clearTimeout(timer);
    timer = setTimeout(count, WAIT_MS);
  });
}
