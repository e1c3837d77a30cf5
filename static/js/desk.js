// data-desk: the line of keys of the desk, shown where scripts run. [data-desk-item] are the notes and steps that
// [data-desk-move] walks through; the one that is-now answers a, e, x first (see keys.js). [data-crit] is a criterion: 1 to 4
// set the level of the one that is-now, or of the first open one of the step, and go on to the next open one.
// [data-desk-comment] goes to the comment on the selected words. [data-finding-form] is decided without leaving the place.
import { announce, each, memory, token, typing } from "./dom.js";

const STATES = { accept: "accepted", edit: "edited by you", drop: "dropped" };
const items = () => [...document.querySelectorAll("[data-desk-item]")];
const now = () => document.querySelector(".is-now[data-keys-scope]");

function go(element, focus = true) {
  now()?.classList.remove("is-now");
  if (!element) return;
  element.classList.add("is-now");
  if (!focus) return; // a press of the mouse must not move what it presses
  (element.matches("[data-crit]") ? element.querySelector("input:checked") ?? element.querySelector("input") : element).focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
}

/** The step one is in: that of the place that is now, else the first one in view. */
const stepNow = () =>
  now()?.closest("[data-desk-step]") ??
  [...document.querySelectorAll("[data-desk-step]")].find((step) => step.getBoundingClientRect().bottom > 160);
const open = (step) => [...(step?.querySelectorAll("[data-crit]") ?? [])].find((crit) => !crit.querySelector("input:checked"));

each("[data-desk]", (line) => {
  line.hidden = false;
  document.addEventListener("focusin", (event) => {
    const scope = event.target.closest?.("[data-desk-item], [data-crit]");
    if (scope && scope !== now()) go(scope, false);
  });
  document.addEventListener("keydown", (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.altKey);
    if (!plain || !/^[1-4]$/.test(event.key) || typing(event.target) || memory.get("keys") === "off" || document.querySelector("dialog[open]")) return;
    if (!now()?.matches("[data-crit]")) go(open(stepNow()));
    const crit = now();
    if (crit?.matches("[data-crit]")) setTimeout(() => { const next = open(crit.closest("[data-desk-step]")); if (next) go(next); });
  }, true);
});

each("[data-desk-move]", (button) => {
  button.addEventListener("click", () => {
    const all = items();
    const at = now() ? all.indexOf(now().closest("[data-desk-item]") ?? now().closest("[data-desk-step]")?.querySelector("[data-desk-item]")) : -1;
    go(all[Math.min(Math.max(at + Number(button.dataset.deskMove), 0), all.length - 1)]);
  });
});

each("[data-desk-comment]", (button) => {
  let chosen = null; // the press itself takes the selection away, so it is remembered as it is made
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    if (!selection.isCollapsed) chosen = selection.anchorNode?.parentElement?.closest("[data-desk-step]") ?? chosen;
  });
  button.addEventListener("click", () => {
    const field = (chosen ?? stepNow())?.querySelector("[data-comment-body]");
    chosen = null;
    field?.focus();
    field?.scrollIntoView({ block: "nearest" });
  });
});

each("[data-finding-edit]", (button) => {
  const details = button.closest("form").querySelector("details");
  button.hidden = false;
  details.classList.add("is-scripted");
  button.addEventListener("click", () => {
    details.open = !details.open;
    if (details.open) details.querySelector("textarea").focus();
  });
});

each("[data-finding-form]", (form) => {
  form.addEventListener("submit", async (event) => {
    const { name, value } = event.submitter ?? {};
    if (name !== "do") return;
    event.preventDefault();
    const note = form.closest("[data-finding]");
    const state = note.querySelector("[data-finding-state]");
    const body = new FormData(form);
    body.set("do", value);
    try {
      const response = await fetch(form.action, { method: "POST", body, credentials: "same-origin", headers: { "X-CSRFToken": token(form), "HX-Request": "true" } });
      if (!response.ok || response.redirected) throw new Error((await response.json().catch(() => ({}))).error ?? "Not saved. Try again, or reload the page.");
      note.classList.remove("is-accept", "is-edit", "is-drop");
      note.classList.add(`is-${value}`);
      state.textContent = `${STATES[value]}, saved`;
      if (value === "edit") note.querySelector("[data-finding-words]").textContent = body.get("text");
      form.querySelector("details").open = false;
      note.focus({ preventScroll: true });
      announce(`Finding ${STATES[value]}, saved`);
    } catch (error) {
      state.textContent = error.message;
      announce(error.message);
    }
  });
});
