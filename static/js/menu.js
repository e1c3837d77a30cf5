// data-menu on a details element: closes on Escape, on a press elsewhere, and when the focus leaves it.
import { each } from "./dom.js";

each("details[data-menu]", (menu) => {
  const close = (refocus) => {
    if (!menu.open || menu.querySelector("summary").offsetParent === null) return;
    menu.open = false;
    if (refocus) menu.querySelector("summary").focus();
  };
  menu.addEventListener("keydown", (event) => { if (event.key === "Escape") close(true); });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) close(false);
  });
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) close(false); });
});
