// data-put="#field" with data-put-text="words" (or data-put-from="#id"): puts words where the cursor stands in a field,
// for "put into my answer" and the comment bank. Without the field on the page the button stays what it is.
import { announce, each } from "./dom.js";

each("[data-put]", (button) => {
  button.addEventListener("click", (event) => {
    const field = document.querySelector(button.dataset.put);
    const source = button.dataset.putFrom ? document.querySelector(button.dataset.putFrom)?.textContent.trim() : button.dataset.putText;
    if (!field || !source) return;
    event.preventDefault();
    const at = field.selectionStart ?? field.value.length;
    const before = field.value.slice(0, at);
    const gap = before && !/\s$/.test(before) ? " " : "";
    field.setRangeText(gap + source, at, field.selectionEnd ?? at, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    button.closest("dialog")?.close();
    field.focus();
    announce("Put into your answer");
  });
});
