// data-rows: a table whose rows can be added and removed. [data-rows-template] holds one empty row with __index__ in its
// names, [data-rows-body] the rows ([data-row]), [data-rows-add] and [data-rows-drop] the buttons; data-rows-max the limit.
// The event rows:want (detail: how many) makes that many rows stand there, for a copy that is put back after a reload.
// The first number in each name counts the rows again after a change; [data-rows-count] gets how many there are.
import { announce, arrived, each } from "./dom.js";

const INDEX = /(^|[-_[.])(\d+|__index__)(?=[-_\].]|$)/;

each("[data-rows]", (table) => {
  const template = table.querySelector("template[data-rows-template]");
  const body = table.querySelector("[data-rows-body]");
  const add = table.querySelector("[data-rows-add]");
  if (!template || !body) return;
  const most = Number(table.dataset.rowsMax) || 12;
  const rows = () => [...body.querySelectorAll("[data-row]")];

  const number = () => {
    rows().forEach((row, index) => {
      for (const control of row.querySelectorAll("[name]")) {
        if (INDEX.test(control.name)) control.name = control.name.replace(INDEX, `$1${index}`);
        else if (/^(\d+|__index__)$/.test(control.getAttribute("value") ?? "")) control.setAttribute("value", String(index));
        const label = control.getAttribute("aria-label");
        if (label) control.setAttribute("aria-label", label.replace(/(\d+|__index__)$/, String(index + 1)));
      }
    });
    for (const field of table.querySelectorAll("[data-rows-count]")) field.value = String(rows().length);
    if (add) add.disabled = rows().length >= most;
  };
  const tell = () => body.dispatchEvent(new Event("input", { bubbles: true }));

  const append = () => {
    body.append(template.content.cloneNode(true));
    number();
    const row = rows().at(-1);
    arrived(row);
    return row;
  };
  table.addEventListener("rows:want", (event) => {
    while (rows().length < Math.min(event.detail, most)) append();
    for (const extra of rows().slice(event.detail)) extra.remove();
  });
  add?.addEventListener("click", (event) => {
    event.preventDefault();
    if (rows().length >= most) return;
    const row = append();
    row.querySelector("textarea, input, select")?.focus();
    tell();
  });
  table.addEventListener("click", (event) => {
    const drop = event.target.closest("[data-rows-drop]");
    if (!drop) return;
    event.preventDefault();
    const row = drop.closest("[data-row]");
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    number();
    announce("Row removed");
    (next?.querySelector("[data-rows-drop]") ?? add)?.focus();
    tell();
  });
});
