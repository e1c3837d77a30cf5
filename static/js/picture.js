// data-picture: a button in a figure that saves the chart as a PNG, drawn as the page shows it, title above.
// The page's colors and font come from style sheets, so they are written into a copy of the SVG before it is drawn.
import { announce, each } from "./dom.js";

const SHARP = 2; // pixels of the picture for one of the page, so that it stays sharp on a slide
const MARGIN = 24;
const HEAD = 36;
const FOOT = 24;
const NOTE = "Figures for practice, hypothetical or their maker’s own. Case Coach";
const LOOK = ["fill", "stroke", "stroke-width", "stroke-linejoin", "opacity", "font-family", "font-size", "font-weight", "paint-order"];

const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const known = new Map();

/** A color as #rrggbb: browsers compute mixed colors to notations that few other programs read. */
function plain(color) {
  if (!known.has(color)) {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = color;
    brush.fillRect(0, 0, 1, 1);
    const [red, green, blue] = brush.getImageData(0, 0, 1, 1).data;
    known.set(color, `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`);
  }
  return known.get(color);
}

/** A copy of the chart that looks alike without the page. */
function dressed(svg) {
  const copy = svg.cloneNode(true);
  const from = [svg, ...svg.querySelectorAll("*")];
  const to = [copy, ...copy.querySelectorAll("*")];
  from.forEach((element, index) => {
    const style = getComputedStyle(element);
    for (const name of LOOK) {
      const value = style.getPropertyValue(name);
      const isColor = (name === "fill" || name === "stroke") && value !== "none";
      if (value) to[index].setAttribute(name, isColor ? plain(value) : value);
    }
    to[index].removeAttribute("class");
  });
  return copy;
}

/** The chart with the figure's title over it, on the page's paper, as the text of an SVG. */
function framed(svg, title) {
  const page = getComputedStyle(document.documentElement);
  const [width, height] = [svg.viewBox.baseVal.width, svg.viewBox.baseVal.height];
  const whole = document.createElementNS(svg.namespaceURI, "svg");
  const add = (name, attributes) => {
    const part = document.createElementNS(svg.namespaceURI, name);
    for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value);
    whole.append(part);
    return part;
  };
  const size = { width: width + 2 * MARGIN, height: height + 2 * MARGIN + HEAD + FOOT };
  for (const [key, value] of Object.entries(size)) whole.setAttribute(key, value);
  add("rect", { ...size, fill: plain(page.getPropertyValue("background-color")) });
  const line = (words, y, most, weight) => {
    brush.font = `${weight} ${most}px ${page.fontFamily}`;
    const fits = Math.min(1, width / brush.measureText(words).width);
    add("text", { x: MARGIN, y, fill: plain(page.color), "font-family": page.fontFamily, "font-size": most * fits, "font-weight": weight }).textContent = words;
  };
  line(title, MARGIN + 14, 17, 600);
  line(NOTE, size.height - MARGIN, 11, 400);
  const chart = dressed(svg);
  for (const [key, value] of Object.entries({ x: MARGIN, y: MARGIN + HEAD, width, height, overflow: "visible" })) chart.setAttribute(key, value);
  whole.append(chart);
  return { text: new XMLSerializer().serializeToString(whole), ...size };
}

/** The picture as a PNG. */
async function png({ text, width, height }) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: width * SHARP, height: height * SHARP });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

each("button[data-picture]", (button) => {
  const figure = button.closest("figure");
  const shown = () => [...(figure?.querySelectorAll("svg.chart") ?? [])].find((svg) => svg.getClientRects().length);
  if (!figure?.querySelector("svg.chart")) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      const title = figure.querySelector("h2, h3")?.textContent.trim() ?? "";
      const blob = await png(framed(shown(), title));
      const address = URL.createObjectURL(blob);
      Object.assign(document.createElement("a"), { href: address, download: `${button.dataset.picture}.png` }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60000);
      announce("Picture saved");
    } catch {
      announce("The picture could not be made here; a screenshot shows the same.");
    }
  });
});
