// data-composer on a textarea: grows to eight lines, Ctrl or Cmd with Enter sends, Enter makes a line.
// The .dock it stands in stays at the bottom of the window: what gets the focus behind it is scrolled out from under it.
import { each } from "./dom.js";

const LINES = 8;
const sizes = CSS.supports("field-sizing", "content");

each("textarea[data-composer]", (area) => {
  const grow = () => {
    if (sizes) return;
    const line = parseFloat(getComputedStyle(area).lineHeight) || 24;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, line * LINES + 16)}px`;
  };
  area.addEventListener("input", grow);
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    if (area.value.trim()) area.form?.requestSubmit(area.form.querySelector(".btn-primary[type=submit]"));
  });
  grow();
  const dock = area.closest(".dock");
  dock?.parentElement.addEventListener("focusin", ({ target }) => {
    if (dock.contains(target) || !target.matches(":focus-visible")) return; // a mouse presses what it sees
    const under = target.getBoundingClientRect().bottom + 8 - dock.getBoundingClientRect().top;
    if (under > 0) scrollBy({ top: under, behavior: "instant" });
  });
});
