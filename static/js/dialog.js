// data-dialog-open="id" opens the dialog of that id; data-dialog-close inside closes it.
// The opener keeps its own href or form for when there is no script; hidden openers are shown.
import { each } from "./dom.js";

each("[data-dialog-open]", (opener) => {
  const dialog = document.getElementById(opener.dataset.dialogOpen);
  if (!dialog?.showModal) return;
  opener.hidden = false;
  opener.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!dialog.open) dialog.showModal();
  });
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-dialog-close]")) event.target.closest("dialog")?.close();
  if (event.target.tagName === "DIALOG" && outside(event)) event.target.close();
});

function outside(event) {
  const box = event.target.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right ||
    event.clientY < box.top || event.clientY > box.bottom;
}
