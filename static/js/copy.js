// data-copy="#id" or data-copy-text="words": puts text on the clipboard and says so.
import { announce, each } from "./dom.js";

each("[data-copy], [data-copy-text]", (button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = button.dataset.copy ? document.querySelector(button.dataset.copy) : null;
    const words = source ? (source.value ?? source.textContent.trim()) : button.dataset.copyText;
    try {
      await navigator.clipboard.writeText(words ?? "");
      announce("Copied");
      const label = button.querySelector("[data-copy-label]") ?? button;
      const before = label.textContent;
      label.textContent = "Copied";
      setTimeout(() => { label.textContent = before; }, 1500);
    } catch {
      announce("Copying is not allowed here; select the text and copy it yourself.");
    }
  });
});
