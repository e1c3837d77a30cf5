// data-lever: a slider ([data-lever-slider]) and a field ([data-lever-field]) that say the same number; data-today on it
// makes the name bold once it has moved. With a choice of ways ([data-lever-how]: set, add, times) the slider shows what
// the field leads to, and moving the slider sets.
// data-lever-form="/url" with data-target="#kpi-tree": posts the form at once and then after each answer while it changes, and
// swaps the answer in. Without data-target the form is only kept in step and sent by its button. Inside it, a control with
// data-quiet changes no lever, and data-native leaves a control to the browser: a select sends the form as a whole.
import { announce, each, token } from "./dom.js";
import { failed, reason } from "./status.js";

const REST = 15;

/** What a lever comes to: NaN for words that only the server reads, such as "x1.2". */
const result = (lever, field, how) => {
  const typed = Number(field.value.replace(",", ".").replace("\u2212", "-"));
  const today = Number(lever.dataset.today);
  if (how === "add") return today + typed;
  if (how === "times") return today * (1 + typed / 100);
  return /^\s*[+\-\u2212]/.test(field.value) && lever.querySelector("[data-lever-how]") ? NaN : typed;
};

each("[data-lever]", (lever) => {
  const slider = lever.querySelector("[data-lever-slider]");
  const field = lever.querySelector("[data-lever-field]");
  const how = lever.querySelector("[data-lever-how]");
  if (!slider || !field) return;
  slider.addEventListener("input", () => {
    if (how) how.value = "set";
    field.value = slider.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  const follow = () => {
    const value = result(lever, field, how?.value);
    if (Number.isFinite(value)) slider.value = String(value);
    lever.classList.toggle("is-odd", value < Number(slider.min) || value > Number(slider.max));
    if (lever.dataset.today) lever.classList.toggle("moved", value !== Number(lever.dataset.today));
  };
  field.addEventListener("input", follow);
  how?.addEventListener("change", () => {
    // "Set to 2" and "add 2" are far apart: another way starts from no change.
    field.value = how.value === "set" ? lever.dataset.today : "0";
    follow();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.select();
  });
});

/** Say the top of the tree: "GMV after returns: $6.55 M". */
const tell = (place) => {
  const row = place?.querySelector("tr.star");
  if (row) announce(`${row.querySelector(".fig").textContent}: ${row.cells[2].textContent}`);
};

each("form[data-lever-form]", (form) => {
  const target = () => document.querySelector(form.dataset.target);
  let timer, under = false, again = false;
  // One question at a time, and the last one always: a slider held down does not flood the server.
  const send = async () => {
    if (under) { again = true; return; }
    under = true;
    try {
      const response = await fetch(form.dataset.leverForm || form.action, { method: "POST", body: new FormData(form), credentials: "same-origin", headers: { "HX-Request": "true", "X-CSRFToken": token(form) } });
      const place = target();
      if (!place) return;
      if (!response.ok && response.status !== 422) return failed(reason(response.status, response.headers.get("Retry-After")));
      const html = await response.text();
      if (window.htmx) window.htmx.swap(place, html, { swapStyle: "outerHTML" });
      else place.outerHTML = html;
      document.body.dispatchEvent(new Event("lever-moved")); // what else depends on the levers asks for itself
      requestAnimationFrame(() => tell(target()));
    } catch {
      announce("The connection failed; the tree shows the numbers from before.");
    } finally {
      under = false;
      if (again) { again = false; send(); }
    }
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(send, REST); };
  if (!form.dataset.target) return;
  form.addEventListener("input", (event) => { if (!event.target.closest("[data-quiet], [data-native]")) later(); });
  form.addEventListener("change", (event) => { if (event.target.matches("select[data-native]")) form.submit(); });
  form.addEventListener("reset", () => setTimeout(later));
  form.addEventListener("submit", (event) => {
    if (event.submitter?.matches("[formaction], [data-native]")) return; // goes elsewhere, such as "put into my answer"
    event.preventDefault();
    send();
  });
});
