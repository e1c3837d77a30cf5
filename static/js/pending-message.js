// data-pending="#stream" on the composer's form: a message appears at once, turns solid when the answer comes, and
// keeps its words with "send again" when it fails. The hidden client_id makes a repeated message one message.
// The server answers the POST (header HX-Request: true) with the fragment that replaces the pending message.
import { announce, arrived, each, memory, token } from "./dom.js";

const PATIENCE = 30_000;
const reasons = { 403: "Your session has ended; reload the page.", 413: "The message is too long.", 422: "The message could not be taken.", 429: "That was a lot at once; wait a minute." };
const uuid = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));
const near = () => innerHeight + scrollY > document.documentElement.scrollHeight - 240;
const down = () => scrollTo({ top: document.documentElement.scrollHeight });

each("form[data-pending]", (form) => {
  const stream = document.querySelector(form.dataset.pending);
  const idField = form.querySelector("[data-client-id]");
  const area = form.querySelector("textarea");
  if (!stream || !idField || !area || !window.fetch) return;
  const store = `unsent:${form.getAttribute("action") ?? location.pathname}`;
  const unsent = new Map(JSON.parse(memory.get(store) ?? "[]"));
  let queue = Promise.resolve(); // one after the other, so that answers come in order
  const keep = () => (unsent.size ? memory.set(store, JSON.stringify([...unsent])) : memory.drop(store));

  const bubble = (id, text) => {
    const element = document.createElement("article");
    element.className = "msg you is-pending";
    element.dataset.message = id;
    const who = element.appendChild(document.createElement("p"));
    who.className = "who";
    who.append(Object.assign(document.createElement("b"), { textContent: "You" }), " ", Object.assign(document.createElement("span"), { textContent: "sending…" }));
    for (const part of text.split(/\n{2,}/)) element.appendChild(document.createElement("p")).textContent = part;
    stream.append(element);
    return element;
  };

  const fail = (element, id, text, why) => {
    element.className = "msg you is-failed";
    element.querySelector(".who span").textContent = "not sent";
    element.querySelector(".again")?.remove();
    const row = element.appendChild(document.createElement("div"));
    row.className = "again";
    row.appendChild(Object.assign(document.createElement("span"), { className: "meta", textContent: `${why} Your words are kept here.` }));
    const button = row.appendChild(Object.assign(document.createElement("button"), { className: "btn btn-s", type: "button", textContent: "Send again" }));
    button.addEventListener("click", () => { row.remove(); queue = queue.then(() => send(element, id, text)); });
    announce(`Message not sent. ${why}`);
  };

  // A repeated answer may bring what already stands here.
  const once = () => {
    const ids = new Set();
    for (const message of stream.querySelectorAll("[data-message]:not(.is-failed)")) {
      if (ids.has(message.dataset.message)) message.remove();
      ids.add(message.dataset.message);
    }
  };

  const send = async (element, id, text) => {
    element.className = "msg you is-pending";
    element.querySelector(".who span").textContent = "sending…";
    unsent.set(id, text);
    keep();
    const body = new FormData(form);
    body.set("text", text);
    body.set("client_id", id);
    try {
      const response = await fetch(form.action, { method: "POST", body, credentials: "same-origin", headers: { "HX-Request": "true", "X-CSRFToken": token(form) }, signal: AbortSignal.timeout?.(PATIENCE) });
      if (!response.ok || response.redirected) return fail(element, id, text, reasons[response.status] ?? "Something went wrong on our side.");
      const stick = near();
      unsent.delete(id);
      keep();
      const html = await response.text();
      if (window.htmx) window.htmx.swap(element, html, { swapStyle: "outerHTML" });
      else { element.outerHTML = html; arrived(stream); }
      once();
      if (stick) requestAnimationFrame(down);
    } catch {
      fail(element, id, text, navigator.onLine ? "The connection failed." : "There is no connection.");
    }
  };

  form.addEventListener("submit", (event) => {
    if (event.submitter?.name || event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    const text = area.value.trim();
    if (!text) return;
    const id = idField.value || uuid();
    idField.value = uuid();
    area.value = "";
    area.dispatchEvent(new Event("input", { bubbles: true }));
    const element = bubble(id, text);
    queue = queue.then(() => send(element, id, text));
    down();
  });

  for (const [id, text] of unsent) {
    if (stream.querySelector(`[data-message="${CSS.escape(id)}"]`)) unsent.delete(id);
    else fail(bubble(id, text), id, text, "It did not arrive last time.");
  }
  keep();
});
