// data-theme-toggle: a button that changes between light and dark and remembers it.
import { announce, each, memory } from "./dom.js";

const root = document.documentElement;
const current = () =>
  root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

each("[data-theme-toggle]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = current() === "dark" ? "light" : "dark";
    memory.set("theme", root.dataset.theme);
    announce(`The page is ${root.dataset.theme} now`);
  });
});
