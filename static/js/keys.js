// data-key="j" (or "mod+k", "mod+Enter", "?"): pressing it presses the element, or focuses a field.
// data-key-label says what it does and puts it on the list of keys. Off while one types, and the single
// letters can be switched off for good (data-keys-switch). With data-keys-scope on several parts of a page, the part that
// is-now answers first, then the one with the focus, then what stands in no part. data-key-calm: a press with Ctrl that does
// nothing while one types in another form.
import { make, memory, typing } from "./dom.js";

const letters = () => memory.get("keys") !== "off";
const named = (event) =>
  (event.ctrlKey || event.metaKey ? "mod+" : "") + (event.key.length === 1 ? event.key.toLowerCase() : event.key);
const usable = (element) => !element.closest("[hidden]") && !element.disabled;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  const key = named(event);
  const single = !key.startsWith("mod+");
  const inDialog = document.querySelector("dialog[open]");
  if (single && (typing(event.target) || inDialog || !letters())) return;
  const scope = document.querySelector(".is-now[data-keys-scope]") ?? event.target.closest?.("[data-keys-scope]") ?? document;
  const pick = (root) => [...root.querySelectorAll("[data-key]")].find((e) => e.dataset.key === key && usable(e));
  const free = [...document.querySelectorAll("[data-key]")].find((e) => e.dataset.key === key && usable(e) && !e.closest("[data-keys-scope]"));
  const element = (scope === document ? null : pick(scope)) ?? free;
  if (!element) return;
  if (element.hasAttribute("data-key-calm") && typing(event.target) && event.target.form !== element.form) return;
  event.preventDefault();
  if (typing(element)) element.focus();
  else element.click();
});

const dialog = document.querySelector("[data-keys-dialog]");
if (dialog) {
  const word = (key) => key.replace("mod+", navigator.platform?.startsWith("Mac") ? "⌘ " : "Ctrl ").replace(/ (.)$/, (m) => m.toUpperCase());
  const fill = () => {
    const list = dialog.querySelector("[data-keys-list]");
    const rows = new Map();
    for (const element of document.querySelectorAll("[data-key-label]")) rows.set(element.dataset.key, element.dataset.keyLabel);
    list.replaceChildren(...[...rows].flatMap(([key, label]) =>
      [make("dt", {}, make("kbd", {}, word(key))), make("dd", {}, label)]));
  };
  new MutationObserver(() => { if (dialog.open) fill(); }).observe(dialog, { attributeFilter: ["open"] });
  const toggle = dialog.querySelector("[data-keys-switch]");
  if (toggle) {
    toggle.checked = letters();
    toggle.addEventListener("change", () => memory.set("keys", toggle.checked ? "on" : "off"));
  }
}
