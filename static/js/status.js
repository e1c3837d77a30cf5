// data-status: status lines. data-close inside a line puts it away; the error summary takes the focus.
// A failed htmx request says so in a line of its own, with what to do.
import { each, make } from "./dom.js";

each("[data-close]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => button.closest(".notice")?.remove());
});
each("[data-focus-here]", (element) => element.focus());

// What cannot be computed from what was typed comes as 422 with the part of the page that says so at its field: it is
// shown like any other answer. Every other error keeps the page as it is and is said in a line of its own.
if (window.htmx) {
  window.htmx.config.responseHandling = [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ];
}

/** Say in a line of its own that something did not work, and what to do. */
export const failed = (words) => {
  const box = document.querySelector("[data-status]");
  if (!box) return;
  const text = make("p", {}, make("b", {}, "That did not work."), ` ${words}`);
  box.replaceChildren(make("div", { className: "notice notice-wrong" }, text));
};

/** Why an answer is an error, and what to do; `wait` is what its Retry-After says, in seconds. */
export const reason = (status, wait) => {
  if (status === 429) return `That was a lot at once. Wait ${Number(wait) > 0 ? `${wait} seconds` : "a minute"}, then try again.`;
  if (status === 403) return "Your session has ended or this is not yours to change. Reload the page; drafts are kept.";
  if (status === 404) return "This is no longer there, or you are signed out. What you wrote is still here; copy it before you reload the page.";
  return "Something went wrong on our side. What you wrote is still here; try again.";
};

document.addEventListener("htmx:sendError", () => failed("The connection failed. What you wrote is still here; try again."));
document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => failed(reason(xhr.status, xhr.getResponseHeader("Retry-After"))));
// A whole page is no part of one.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status !== 422 || !/^\s*<!doctype/i.test(xhr.responseText)) return;
  event.detail.shouldSwap = false;
  failed(reason(xhr.status));
});
