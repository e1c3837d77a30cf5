// data-pending="#stream" on the composer's form: a message appears at once, turns solid when the answer comes, and
// keeps its words with "send again" when it fails. The hidden client_id makes a repeated message one message.
// The server answers the POST (header HX-Request: true) with the fragment that replaces the pending message.
import { announce, arrived, each, make, memory, token, uuid } from "./dom.js";

const PATIENCE = 30_000;
const reasons = {
  403: "Your session has ended; reload the page.",
  413: "The message is too long.",
  422: "The message could not be taken.",
  429: "That was a lot at once; wait a minute.",
};
const near = () => innerHeight + scrollY > document.documentElement.scrollHeight - 240;
const down = () => scrollTo({ top: document.documentElement.scrollHeight });

each("form[data-pending]", (form) => {
  const stream = document.querySelector(form.dataset.pending);
  const idField = form.querySelector("[data-client-id]");
  const area = form.querySelector("textarea");
  if (!stream || !idField || !area) return;
  const store = `unsent:${form.getAttribute("action") ?? location.pathname}`;
  const unsent = new Map(JSON.parse(memory.get(store) ?? "[]"));
  const keep = () => (unsent.size ? memory.set(store, JSON.stringify([...unsent])) : memory.drop(store));
  let queue = Promise.resolve(); // one after the other, so that answers come in order
  let waiting = 0;

  const bubble = (id, text) => {
    const who = make("p", { className: "who" }, make("b", {}, "You"), " ", make("span", {}, "sending…"));
    const words = text.split(/\n{2,}/).map((part) => make("p", {}, part));
    const element = make("article", { className: "msg you is-pending" }, who, ...words);
    element.dataset.message = id;
    stream.append(element);
    return element;
  };

  const fail = (element, id, text, why) => {
    element.className = "msg you is-failed";
    element.querySelector(".who span").textContent = "not sent";
    const again = make("button", { className: "btn btn-s", type: "button" }, "Send again");
    const row = make("div", { className: "again" }, make("span", { className: "meta" }, `${why} Your words are kept here.`), again);
    again.addEventListener("click", () => { row.remove(); enqueue(element, id, text); });
    element.append(row);
    announce(`Message not sent. ${why}`);
  };

  const post = async (element, id, text) => {
    const body = new FormData(form);
    body.set("text", text);
    body.set("client_id", id);
    try {
      const headers = { "HX-Request": "true", "X-CSRFToken": token(form) };
      const response = await fetch(form.action, { method: "POST", body, headers, credentials: "same-origin", signal: AbortSignal.timeout?.(PATIENCE) });
      if (!response.ok || response.redirected) return fail(element, id, text, reasons[response.status] ?? "Something went wrong on our side.");
      const stick = near();
      unsent.delete(id);
      keep();
      const html = await response.text();
      if (window.htmx) window.htmx.swap(element, html, { swapStyle: "outerHTML" });
      else { element.outerHTML = html; arrived(stream); }
      if (stick) requestAnimationFrame(down);
    } catch {
      fail(element, id, text, navigator.onLine ? "The connection failed." : "There is no connection.");
    }
  };

  const enqueue = (element, id, text) => {
    element.className = "msg you is-pending";
    element.querySelector(".who span").textContent = "sending…";
    unsent.set(id, text);
    keep();
    waiting += 1;
    queue = queue.then(() => post(element, id, text)).finally(() => { waiting -= 1; });
  };

  form.addEventListener("submit", (event) => {
    if (event.submitter?.name || event.submitter?.hasAttribute("formaction")) {
      if (!waiting) return; // a hint, or done: after what is still on its way
      event.preventDefault();
      queue.then(() => form.requestSubmit(event.submitter));
      return;
    }
    event.preventDefault();
    const text = area.value.trim();
    if (!text) return;
    const id = idField.value || uuid();
    idField.value = uuid();
    area.value = "";
    area.dispatchEvent(new Event("input", { bubbles: true }));
    enqueue(bubble(id, text), id, text);
    down();
  });

  for (const [id, text] of unsent) {
    if (stream.querySelector(`[data-message="${CSS.escape(id)}"]`)) unsent.delete(id);
    else fail(bubble(id, text), id, text, "It did not arrive last time.");
  }
  keep();
});
