// data-sheet on details.fold.sheet: a panel over the page on a phone. Escape, a press elsewhere and a chosen
// link close it; only one is open at a time. Where the browser cannot force a fold open, it is opened on wide pages.
import { each } from "./dom.js";

const wide = matchMedia("(min-width: 64rem)");
const forced = CSS.supports("selector(::details-content)");

each("details.sheet", (sheet) => {
  const shut = () => { if (!wide.matches) sheet.open = false; };
  sheet.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || wide.matches) return;
    sheet.open = false;
    sheet.querySelector("summary").focus();
  });
  sheet.addEventListener("click", (event) => { if (event.target.closest("a[href^='#']")) shut(); });
  sheet.addEventListener("toggle", () => {
    if (!sheet.open || wide.matches) return;
    for (const other of document.querySelectorAll("details.sheet[open]")) if (other !== sheet) other.open = false;
  });
  document.addEventListener("click", (event) => { if (!sheet.contains(event.target)) shut(); });
});

if (!forced) {
  const spread = () => {
    for (const fold of document.querySelectorAll("details.fold")) {
      if (wide.matches) fold.removeAttribute("name");
      fold.open = wide.matches;
    }
  };
  spread();
  wide.addEventListener("change", spread);
}
