// data-timer: a clock that counts on from data-elapsed (seconds, from the server) while data-running is set and the page
// is seen. Past data-budget it takes the colour of attention and says "over", once. A [data-ring] in the same list entry
// or sheet handle follows; fields with data-elapsed-field get the seconds, so that they are posted.
import { announce, each } from "./dom.js";

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

each("[data-timer][data-running]", (timer) => {
  const budget = Number(timer.dataset.budget) || 0;
  const face = timer.querySelector("[data-timer-now]");
  const over = timer.querySelector("[data-timer-over]");
  const ring = timer.closest("a, summary, [data-timer-scope]")?.querySelector("[data-ring]");
  let spent = Number(timer.dataset.elapsed) || 0;
  let last = performance.now();
  let told = budget > 0 && spent > budget;

  const show = () => {
    if (face) face.textContent = clock(spent);
    const late = budget > 0 && spent > budget;
    timer.classList.toggle("is-over", late);
    if (over) over.hidden = !late;
    if (ring && budget) {
      ring.setAttribute("stroke-dasharray", `${Math.min(100, (100 * spent) / budget).toFixed(1)} 100`);
      ring.closest("svg").classList.toggle("is-over", late);
    }
    if (late && !told) {
      told = true;
      announce("The planned time of this step has passed. Take what you need.");
    }
    for (const field of document.querySelectorAll("[data-elapsed-field]")) field.value = String(Math.round(spent));
  };

  const tick = setInterval(() => {
    const now = performance.now();
    if (!document.hidden) spent += (now - last) / 1000;
    last = now;
    if (!timer.isConnected) return clearInterval(tick);
    if (!document.hidden) show();
  }, 1000);
  document.addEventListener("visibilitychange", () => { last = performance.now(); });
  show();
});
