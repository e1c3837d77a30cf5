// data-print: a button that prints the page; shown only where it can.
import { each } from "./dom.js";

each("[data-print]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
