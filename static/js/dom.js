// What several modules need: attach once to what is there and what htmx or polling brings, and speak.

/** Call attach(element) once for each match, now and whenever a part of the page is swapped in. */
export function each(selector, attach) {
  const seen = new WeakSet();
  const scan = (root) => {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) found.unshift(root);
    for (const element of found) {
      if (seen.has(element)) continue;
      seen.add(element);
      attach(element);
    }
  };
  scan(document);
  document.addEventListener("htmx:load", (event) => scan(event.detail.elt));
  document.addEventListener("coach:load", (event) => scan(event.target));
}

/** Tell the modules (and htmx) that this element has just been put into the page. */
export function arrived(element) {
  window.htmx?.process(element);
  element.dispatchEvent(new CustomEvent("coach:load", { bubbles: true }));
}

/** Say something to screen readers, once. */
export function announce(words) {
  const live = document.getElementById("live");
  if (!live || !words) return;
  live.textContent = "";
  setTimeout(() => { live.textContent = words; }, 60);
}

/** A new element with properties and children. */
export function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** A random UUID, also where the page has no secure context. */
export const uuid = () =>
  crypto.randomUUID?.() ??
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
    (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));

/** The CSRF token of the page. */
export function token(form) {
  const field = form?.querySelector("[name=csrfmiddlewaretoken]") ?? document.querySelector("[name=csrfmiddlewaretoken]");
  if (field) return field.value;
  try {
    return JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  } catch {
    return "";
  }
}

/** localStorage that never throws. */
export const memory = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); } catch { /* full or closed */ } },
  drop(key) { try { localStorage.removeItem(key); } catch { /* closed */ } },
};

/** True where a person types, so that single keys stay letters. */
export const typing = (target) =>
  target?.isContentEditable || /^(textarea|select)$/i.test(target?.tagName ?? "") ||
  (target?.tagName === "INPUT" && !/^(radio|checkbox|range|button|submit)$/.test(target.type));
