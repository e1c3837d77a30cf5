// data-lever: a slider ([data-lever-slider]) and a field ([data-lever-field]) that say the same number;
// data-today on it makes the name bold once it has moved.
// data-lever-form="/url" with data-target="#kpi-tree": posts the form 200 ms after the last change and swaps the answer
// in. Without data-target the form is only kept in step and sent by its button.
import { announce, each, token } from "./dom.js";

const REST = 200;

each("[data-lever]", (lever) => {
  const slider = lever.querySelector("[data-lever-slider]");
  const field = lever.querySelector("[data-lever-field]");
  if (!slider || !field) return;
  slider.addEventListener("input", () => {
    field.value = slider.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  field.addEventListener("input", () => {
    const value = Number(field.value.replace(",", "."));
    if (Number.isFinite(value)) slider.value = String(value);
    lever.classList.toggle("is-odd", value < Number(slider.min) || value > Number(slider.max));
    if (lever.dataset.today) lever.classList.toggle("moved", value !== Number(lever.dataset.today));
  });
});

/** Say the top of the tree: "GMV after returns: $6.55 M". */
const tell = (place) => {
  const row = place?.querySelector("tr.star");
  if (row) announce(`${row.querySelector(".fig").textContent}: ${row.cells[2].textContent}`);
};

each("form[data-lever-form]", (form) => {
  const target = () => document.querySelector(form.dataset.target);
  let timer, flight;
  const send = async () => {
    flight?.abort();
    flight = new AbortController();
    try {
      const response = await fetch(form.dataset.leverForm || form.action, { method: "POST", body: new FormData(form), credentials: "same-origin", signal: flight.signal, headers: { "HX-Request": "true", "X-CSRFToken": token(form) } });
      const place = target();
      if (!response.ok || !place) return announce("The numbers could not be computed. Check the levers.");
      const html = await response.text();
      if (window.htmx) window.htmx.swap(place, html, { swapStyle: "outerHTML" });
      else place.outerHTML = html;
      requestAnimationFrame(() => tell(target()));
    } catch (error) {
      if (error.name !== "AbortError") announce("The connection failed; the tree shows the numbers from before.");
    }
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(send, REST); };
  if (!form.dataset.target) return;
  form.addEventListener("input", later);
  form.addEventListener("reset", () => setTimeout(later));
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction")) return; // goes elsewhere, such as "put into my answer"
    event.preventDefault();
    send();
  });
});
