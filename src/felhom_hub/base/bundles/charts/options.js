// A chart's data (base/charts.py) as Chart.js wants it.
import { moment, ticks } from "./clock.js";
import { endings, labelRoom, marks, numbers } from "./marks.js";
import { dashes, TEXT_PIXELS, tokens } from "./tokens.js";

const PIXELS_PER_TICK = 84;
const HEADROOM = 1.05;

// A value between two gaps has no line to be seen by.
const pointRadius = ({ dataset, dataIndex }) => {
  const isMissing = (index) => (dataset.data[index]?.y ?? null) === null;
  return isMissing(dataIndex - 1) && isMissing(dataIndex + 1) ? 2 : 0;
};

const dataset = (line, times, look) => ({
  label: line.label,
  data: line.values.map((y, index) => ({ x: times[index], y })),
  borderColor: look.lines[line.style],
  borderDash: dashes[line.style],
  borderWidth: 2,
  borderJoinStyle: "round",
  backgroundColor: line.fill ? look.soft : look.lines[line.style],
  fill: line.fill && "origin",
  spanGaps: false,
  pointRadius,
  pointHoverRadius: 4,
  pointBackgroundColor: look.lines[line.style],
  pointHoverBackgroundColor: look.lines[line.style],
  pointHoverBorderColor: look.raised,
  pointHoverBorderWidth: 2,
});

const timeAxis = (data, look) => ({
  type: "linear",
  min: data.times[0],
  max: data.times.at(-1),
  grid: { display: false },
  border: { display: false },
  ticks: { color: look.label, maxRotation: 0, autoSkipPadding: 12, callback: (value, index, all) => all[index].label },
  afterBuildTicks: (scale) => { scale.ticks = ticks(scale.min, scale.max, Math.max(2, scale.width / PIXELS_PER_TICK)); },
});

const valueAxis = (data, look) => ({
  type: "linear",
  beginAtZero: true,
  suggestedMax: Math.max(data.top ?? 0, ...data.limits.map((limit) => limit.value * HEADROOM)) || 1,
  grid: { color: look.grid, drawTicks: false },
  border: { display: false },
  ticks: { color: look.label, maxTicksLimit: 6, padding: 7, callback: (value) => value.toLocaleString("en-US") },
});

const tooltip = (data, look) => {
  const { format } = numbers(data.digits);
  return {
    animation: false,
    backgroundColor: look.raised,
    borderColor: look.edge,
    borderWidth: 1,
    titleColor: look.ink,
    bodyColor: look.ink,
    padding: 10,
    caretSize: 0,
    boxWidth: 8,
    boxHeight: 8,
    callbacks: {
      title: ([item]) => (item ? moment(item.parsed.x) : ""),
      label: ({ dataset: { label }, parsed }) => ` ${label} ${format(parsed.y)} ${data.unit}`,
      labelColor: ({ dataset: { borderColor } }) => ({ borderColor, backgroundColor: borderColor }),
    },
  };
};

export const configuration = (canvas, data) => {
  const look = tokens(canvas);
  const labels = endings(data, look);
  return {
    type: "line",
    data: { datasets: data.lines.map((line) => dataset(line, data.times, look)) },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      normalized: true,
      font: { family: look.font, size: TEXT_PIXELS },
      interaction: { mode: "index", axis: "x", intersect: false },
      layout: { padding: { top: 8, right: labelRoom(canvas, labels, look) } },
      onResize: (chart) => { chart.options.layout.padding.right = labelRoom(canvas, labels, look); },
      scales: { x: timeAxis(data, look), y: valueAxis(data, look) },
      plugins: { tooltip: tooltip(data, look) },
    },
    plugins: [marks(data, labels, look)],
  };
};
