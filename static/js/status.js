// data-status: status lines. data-close inside a line puts it away; the error summary takes the focus.
// A failed htmx request says so in a line of its own, with what to do.
import { each, make } from "./dom.js";

each("[data-close]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => button.closest(".notice")?.remove());
});
each("[data-focus-here]", (element) => element.focus());

const failed = (words) => {
  const box = document.querySelector("[data-status]");
  if (!box) return;
  const text = make("p", {}, make("b", {}, "That did not work."), ` ${words}`);
  box.replaceChildren(make("div", { className: "notice notice-wrong" }, text));
};
document.addEventListener("htmx:sendError", () => failed("The connection failed. What you wrote is still here; try again."));
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status === 429) failed("That was a lot at once. Wait a minute, then try again.");
  else if (status === 403) failed("Your session has ended or this is not yours to change. Reload the page; drafts are kept.");
  else failed("Something went wrong on our side. What you wrote is still here; try again.");
});
