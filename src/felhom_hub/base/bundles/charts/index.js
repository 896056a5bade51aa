// Draws every canvas[data-chart] from the JSON in the element that is named like it with "-data" (base/charts.py):
// when the page comes, when a fragment of it is swapped in or refreshed, and anew when the theme changes.
import { Chart, Filler, LinearScale, LineController, LineElement, PointElement, Tooltip } from "chart.js";

import { configuration } from "./options.js";

Chart.register(Filler, LinearScale, LineController, LineElement, PointElement, Tooltip);

// The chart of each canvas with the JSON that it was drawn from: an equal one draws nothing.
const drawn = new Map();

const forget = (canvas) => {
  drawn.get(canvas)?.chart.destroy();
  drawn.delete(canvas);
};

const draw = (canvas) => {
  const text = document.getElementById(`${canvas.id}-data`)?.textContent ?? "";
  if (drawn.get(canvas)?.text === text) return;
  forget(canvas);
  if (text) drawn.set(canvas, { text, chart: new Chart(canvas, configuration(canvas, JSON.parse(text))) });
};

const drawAll = () => {
  [...drawn.keys()].filter((canvas) => !canvas.isConnected).forEach(forget);
  document.querySelectorAll("canvas[data-chart]").forEach(draw);
};

const drawAnew = () => {
  [...drawn.keys()].forEach(forget);
  drawAll();
};

["htmx:load", "hub:refreshed"].forEach((type) => document.addEventListener(type, drawAll));
new MutationObserver(drawAnew).observe(document.documentElement, { attributeFilter: ["data-theme"] });
["(prefers-color-scheme: dark)", "(forced-colors: active)"].forEach((query) => matchMedia(query).addEventListener("change", drawAnew));
drawAll();
