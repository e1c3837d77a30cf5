// data-poll-url: asks that address until its answer has no data-poll-url of its own, then takes the answer's place and
// says data-poll-words in the live region. Steps back: 300 ms, 500, 1 s, 2 s, 3 s, then every 5 s; rests while the page is
// hidden; [data-poll-slow] inside is shown after ten seconds. Gives up after ten minutes; the page then shows it when loaded.
import { announce, arrived, each } from "./dom.js";

const STEPS = [300, 500, 1000, 2000, 3000];
const LATER = 5000;
const SLOW = 10_000;
const END = 600_000;

const seen = () => new Promise((done) => {
  if (!document.hidden) return done();
  const look = () => { if (!document.hidden) { document.removeEventListener("visibilitychange", look); done(); } };
  document.addEventListener("visibilitychange", look);
});
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

each("[data-poll-url]", async (element) => {
  const start = performance.now();
  for (let turn = 0; performance.now() - start < END; turn += 1) {
    await sleep(STEPS[turn] ?? LATER);
    await seen();
    if (!element.isConnected) return;
    if (performance.now() - start > SLOW) for (const slow of element.querySelectorAll("[data-poll-slow]")) slow.hidden = false;
    const html = await ask(element.dataset.pollUrl);
    if (html === null) continue;
    const words = element.dataset.pollWords ?? "Feedback is here";
    if (window.htmx) window.htmx.swap(element, html, { swapStyle: "outerHTML" });
    else {
      const parent = element.parentElement;
      element.outerHTML = html;
      arrived(parent);
    }
    return announce(words);
  }
});

/** The finished fragment, or null while it is pending or the connection fails. */
async function ask(url) {
  try {
    const response = await fetch(url, { credentials: "same-origin", headers: { "HX-Request": "true" } });
    if (response.status === 204 || !response.ok) return null;
    const html = await response.text();
    const parsed = new DOMParser().parseFromString(html, "text/html");
    return parsed.querySelector("[data-poll-url]") ? null : html;
  } catch {
    return null;
  }
}
