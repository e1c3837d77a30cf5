// data-rice on an artefact's table: reach × impact × confidence ÷ effort, computed while one types, as a hint.
// Reads the cells by data-cell (reach, impact, confidence, effort), writes [data-computed]; the server computes it again.
import { each } from "./dom.js";

const SCALE = { k: 1e3, thousand: 1e3, m: 1e6, million: 1e6, b: 1e9 };

/** The number in a text such as "4,500", "4.5 M", "60 %" or "2 weeks"; NaN when there is none. */
function read(text, percent = false) {
  const match = /(-?[\d.,]*\d)\s*(k|thousand|m(?:illion)?\b|b)?\s*(%)?/i.exec((text ?? "").trim());
  if (!match) return NaN;
  const value = Number(match[1].replace(/,(?=\d{3}\b)/g, "").replace(",", ".")) * (SCALE[match[2]?.toLowerCase()] ?? 1);
  return percent && (match[3] || value > 1) ? value / 100 : value;
}

const words = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 4 });

each("[data-rice]", (table) => {
  const compute = () => {
    const scores = [...table.querySelectorAll("[data-row]")].map((row) => {
      const cell = (id) => row.querySelector(`[data-cell="${id}"]`)?.value;
      const score = (read(cell("reach")) * read(cell("impact")) * read(cell("confidence"), true)) / read(cell("effort"));
      return { place: row.querySelector("[data-computed]"), score };
    });
    const best = Math.max(...scores.map((s) => s.score).filter(Number.isFinite));
    for (const { place, score } of scores) {
      if (!place) continue;
      place.textContent = Number.isFinite(score) ? words.format(score) : "–";
      place.classList.toggle("best", score === best && scores.length > 1);
    }
  };
  table.addEventListener("input", compute);
  compute();
});
