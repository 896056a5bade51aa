// What stands in a chart beside its lines: limits, shaded gaps, and the labels at the lines' ends instead of a legend.
import { limitDashes, TEXT_PIXELS } from "./tokens.js";

const LABEL_GAP = 7;
const LABEL_HEIGHT = TEXT_PIXELS + 3;
const WIDEST_SHARE = 0.34; // of the chart, for a label with a foreign name

export const numbers = (digits) =>
  new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });

const shortened = (context, text, widest) => {
  if (context.measureText(text).width <= widest) return text;
  const letters = [...text];
  while (letters.length > 1 && context.measureText(`${letters.join("")}…`).width > widest) letters.pop();
  return `${letters.join("")}…`;
};

// Label and value of each line's newest point and of each limit; a line without any value has none.
export const endings = (data, look) => {
  const { format } = numbers(data.digits);
  const ofLines = data.lines.flatMap((line) => {
    const value = line.values.findLast((each) => each !== null);
    return value === undefined ? [] : [{ name: line.label, number: format(value), value, colour: look.lines[line.style] }];
  });
  const ofLimits = data.limits.map(({ label, value, tone }) => ({ name: label, number: format(value), value, colour: look.limitTexts[tone] }));
  return [...ofLines, ...ofLimits];
};

const font = (look) => `600 ${TEXT_PIXELS}px ${look.font}`;

// How much room the labels need at the right.
export const labelRoom = (canvas, labels, look) => {
  const context = canvas.getContext("2d");
  context.font = font(look);
  const widest = canvas.parentElement.clientWidth * WIDEST_SHARE;
  labels.forEach((label) => {
    const number = ` ${label.number}`;
    label.text = shortened(context, label.name, widest - context.measureText(number).width) + number;
  });
  return LABEL_GAP + Math.ceil(Math.max(0, ...labels.map(({ text }) => context.measureText(text).width))) + 1;
};

// Neighbours push each other apart, and none leaves the chart.
const spread = (labels, top, bottom) => {
  labels.sort((a, b) => a.y - b.y);
  labels.forEach((label, index) => {
    label.y = Math.max(label.y, index ? labels[index - 1].y + LABEL_HEIGHT : top);
  });
  [...labels].reverse().forEach((label, index, reversed) => {
    label.y = Math.min(label.y, index ? reversed[index - 1].y - LABEL_HEIGHT : bottom);
  });
  return labels;
};

const drawLabels = (chart, labels, look) => {
  const { ctx, chartArea, scales } = chart;
  const placed = spread(labels.map((label) => ({ ...label, y: scales.y.getPixelForValue(label.value) })), chartArea.top, chartArea.bottom);
  ctx.save();
  ctx.font = font(look);
  ctx.textBaseline = "middle";
  placed.forEach(({ text, y, colour }) => {
    ctx.fillStyle = colour;
    ctx.fillText(text, chartArea.right + LABEL_GAP, y);
  });
  ctx.restore();
};

const drawLimits = (chart, limits, look) => {
  const { ctx, chartArea, scales } = chart;
  ctx.save();
  ctx.lineWidth = 1.5;
  limits.forEach(({ value, tone }) => {
    const y = scales.y.getPixelForValue(value);
    ctx.strokeStyle = look.limits[tone];
    ctx.setLineDash(limitDashes[tone]);
    ctx.beginPath();
    ctx.moveTo(chartArea.left, y);
    ctx.lineTo(chartArea.right, y);
    ctx.stroke();
  });
  ctx.restore();
};

// Where no line has a value, from the value before it to the one behind it.
const unmeasured = (data) => {
  const isEmpty = (index) => data.lines.every((line) => line.values[index] === null);
  const found = [];
  for (let from = 0; from < data.times.length; from++) {
    if (!isEmpty(from)) continue;
    let to = from;
    while (to + 1 < data.times.length && isEmpty(to + 1)) to++;
    found.push([data.times[Math.max(0, from - 1)], data.times[Math.min(data.times.length - 1, to + 1)]]);
    from = to;
  }
  return found;
};

// Nothing came, or nothing was measured, and nobody draws a bridge over it. A short gap is still a pixel wide.
const drawGaps = (chart, data, look) => {
  const { ctx, chartArea, scales } = chart;
  ctx.save();
  ctx.fillStyle = look.gap;
  (data.gaps ?? unmeasured(data)).forEach(([begin, end]) => {
    const left = scales.x.getPixelForValue(begin);
    ctx.fillRect(left, chartArea.top, Math.max(1, scales.x.getPixelForValue(end) - left), chartArea.height);
  });
  ctx.restore();
};

export const marks = (data, labels, look) => ({
  id: "marks",
  beforeDatasetsDraw: (chart) => {
    drawGaps(chart, data, look);
    drawLimits(chart, data.limits, look);
  },
  afterDatasetsDraw: (chart) => drawLabels(chart, labels, look),
});
