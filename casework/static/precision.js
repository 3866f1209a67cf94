/* Shows only the parts of a date that the chosen precision needs. Without this script all parts stay, each
   with a hint that says when it counts; the server reads only those that do.

   Markup: [data-precision="<name of the radios>"] around both the radios and [data-needed-for="month year"]. */

export const showParts = (group) => {
  const name = group.dataset.precision;
  const parts = group.querySelectorAll("[data-needed-for]");

  const show = () => {
    const chosen = group.querySelector(`input[name="${CSS.escape(name)}"]:checked`);
    for (const part of parts) {
      // Hidden, not disabled: a value typed before a change of mind is still there when the mind changes back.
      part.hidden = !chosen || !part.dataset.neededFor.split(" ").includes(chosen.value);
    }
  };

  group.addEventListener("change", show);
  group.classList.add("scripted");
  show();
};

document.querySelectorAll("[data-precision]").forEach(showParts);
