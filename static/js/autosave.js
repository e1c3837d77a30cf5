// data-autosave-url on a form: posts its fields 1.5 s after the last change, with a sequence number (seq), and says
// "saved" in [data-saved]. A copy stays in this browser until the server has it; a newer copy is put back on load.
// The server answers 2xx, or 409 when a newer draft from another window is stored. data-autosave-seq: the last stored number.
// data-saved-words: what to say instead of "Draft saved". Rows that were added in the browser (rows.js) are put back too.
import { each, memory, token } from "./dom.js";

const IDLE = 1500;
const skip = new Set(["csrfmiddlewaretoken", "client_id", "seq"]);

each("form[data-autosave-url]", (form) => {
  const url = form.dataset.autosaveUrl;
  const key = `draft:${url}|${form.getAttribute("action") ?? ""}`; // two forms of a page may share an address
  const line = form.querySelector("[data-saved]") ?? document.querySelector("[data-saved]");
  let seq = Number(form.dataset.autosaveSeq) || 0;
  let timer, flight, tries = 0, blocked = false;

  const fields = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !skip.has(name));
  const say = (words, wrong = false) => {
    if (!line || line.textContent.trim() === words) return;
    line.classList.toggle("wrong", wrong);
    line.textContent = words;
  };

  const save = async () => {
    clearTimeout(timer);
    flight?.abort();
    if (!form.isConnected) return;
    const mine = new AbortController();
    flight = mine;
    const body = new FormData(form);
    const sent = seq;
    body.set("seq", String(sent));
    try {
      const response = await fetch(url, { method: "POST", body, credentials: "same-origin", signal: mine.signal, headers: { "X-CSRFToken": token(form), "HX-Request": "true" } });
      if (response.status === 409) {
        blocked = true;
        return say("Changed in another window. Reload to see it; this text stays here.", true);
      }
      if (!response.ok || response.redirected) throw new Error(String(response.status));
      tries = 0;
      if (seq !== sent) return; // what was typed meanwhile is only in this browser; its own save is on its way
      memory.drop(key);
      say(form.dataset.savedWords ?? "Draft saved");
    } catch (error) {
      if (error.name === "AbortError") return;
      tries += 1;
      const wait = Math.min(2 ** tries, 30);
      say(`Not saved yet, kept in this browser. Next try in ${wait} s`, true);
      timer = setTimeout(save, wait * 1000);
    }
  };

  const changed = () => {
    if (blocked) return;
    if (!tries) say(""); // "saved" would be said of words that are not
    seq += 1;
    memory.set(key, JSON.stringify({ seq, fields: fields() }));
    clearTimeout(timer);
    timer = setTimeout(save, IDLE);
  };

  const restore = () => {
    const copy = JSON.parse(memory.get(key) ?? "null");
    if (!copy || copy.seq <= seq) return memory.drop(key);
    const rows = Math.max(0, ...copy.fields.map(([name]) => Number(/^rows-(\d+)-/.exec(name)?.[1] ?? -1) + 1));
    form.querySelector("[data-rows]")?.dispatchEvent(new CustomEvent("rows:want", { detail: rows }));
    for (const [name, value] of copy.fields) {
      const control = form.elements.namedItem(name);
      if (!control) continue;
      if (control.type === "checkbox") control.checked = true;
      else if (control instanceof RadioNodeList) control.value = value;
      else if ("value" in control) control.value = value;
    }
    seq = copy.seq;
    say("Put back what had not been sent");
    save();
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => { clearTimeout(timer); flight?.abort(); memory.drop(key); });
  addEventListener("online", () => { if (tries) save(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && memory.get(key) && !blocked) save(); });
  restore();
});
