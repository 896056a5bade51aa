// The time axis in the hub's zone: which instants get a tick, and what stands there.
const HOUR = 3600000;
const DAY_HOURS = 24;
const STEP_HOURS = [1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 720];

const formatter = (options) =>
  new Intl.DateTimeFormat("en-GB", { timeZone: document.documentElement.dataset.zone, ...options });

const clock = formatter({ hour: "2-digit", minute: "2-digit" });
const date = formatter({ day: "numeric", month: "short" });
const whole = formatter({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const parts = formatter({ year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", hourCycle: "h23" });

export const moment = (instant) => whole.format(instant);

// The local wall clock, as if it were UTC: its distance from the instant is the zone's offset.
const wall = (instant) => {
  const { year, month, day, hour, minute } = Object.fromEntries(parts.formatToParts(instant).map((part) => [part.type, Number(part.value)]));
  return Date.UTC(year, month - 1, day, hour, minute);
};

// Whole local hours or days between two instants, at most `most` of them, as ticks of Chart.js. Each is looked up by
// itself, so that they stand right on days of 23 and 25 hours.
export const ticks = (from, to, most) => {
  const hours = (to - from) / HOUR;
  const step = STEP_HOURS.find((each) => hours / each <= most) || STEP_HOURS.at(-1);
  const found = [];
  const offset = wall(from) - Math.floor(from / 60000) * 60000;
  const first = Math.ceil((from + offset) / HOUR) * HOUR - offset;
  for (let at = first; at <= to; at += HOUR) {
    const local = wall(at) / HOUR;
    if (local % Math.min(step, DAY_HOURS)) continue;
    if (step > DAY_HOURS && (local / DAY_HOURS) % (step / DAY_HOURS)) continue;
    found.push({ value: at, label: local % DAY_HOURS ? clock.format(at) : date.format(at) });
  }
  return found;
};
