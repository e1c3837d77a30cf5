// data-step-text="step" holds the words of a step in parts with data-start (code points from its beginning);
// data-comment-form="step" is the form for a comment on them. Selecting words fills the form's start, end and
// [data-comment-words] and says so in [data-comment-on]; words typed by hand take the place of the selection.
import { each } from "./dom.js";

const count = (text) => [...text].length;

/** Code points from the beginning of the step to a point of the selection; null outside its parts. */
function offset(node, at) {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const part = element?.closest("[data-start]");
  if (!part) return null;
  const before = document.createRange();
  before.setStart(part, 0);
  before.setEnd(node, at);
  const fragment = before.cloneContents();
  return Number(part.dataset.start) + count(fragment.textContent) + fragment.querySelectorAll("br").length;
}

each("[data-comment-form]", (form) => {
  const words = form.querySelector("[data-comment-words]");
  const said = form.querySelector("[data-comment-on]");
  const text = document.querySelector(`[data-step-text="${CSS.escape(form.dataset.commentForm)}"]`);
  if (!words || !text) return;
  const set = (start, end) => {
    form.elements.namedItem("start").value = start;
    form.elements.namedItem("end").value = end;
  };
  words.addEventListener("input", () => set("", ""));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
  });
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return;
    const start = offset(range.startContainer, range.startOffset);
    const end = offset(range.endContainer, range.endOffset);
    if (start === null || end === null || end <= start) return;
    set(String(start), String(end));
    words.value = selection.toString();
    if (said) said.textContent = "on the selected words";
  });
});
