// data-palette on a dialog with a search field and links marked data-hit: the arrows move between field and links,
// a letter typed on a link goes on in the field, Enter in the field opens the first link. Without a script the form has a page.
import { each } from "./dom.js";

each("[data-palette]", (dialog) => {
  const field = dialog.querySelector("input");
  const hits = () => [...dialog.querySelectorAll("[data-hit]")];
  const step = (by) => {
    const stops = [field, ...hits()];
    const at = stops.indexOf(document.activeElement);
    stops[(at + by + stops.length) % stops.length].focus();
  };
  dialog.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.target !== field && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      field.focus();
    }
  });
  field.form.addEventListener("submit", (event) => {
    const [first] = hits();
    if (!first || dialog.querySelector(".htmx-request") || field.value.trim() !== dialog.dataset.asked) return;
    event.preventDefault();
    first.click();
  });
  dialog.addEventListener("htmx:afterSwap", ({ detail }) => {
    dialog.dataset.asked = detail.requestConfig.parameters.q.trim(); // the field may hold more by now
    // New hits may have come in the place of the one that had the focus.
    if (dialog.open && !dialog.contains(document.activeElement)) field.focus();
  });
});
