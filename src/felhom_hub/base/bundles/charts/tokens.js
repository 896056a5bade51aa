// The design tokens as a canvas can use them. A token may be light-dark(…), which only a computed colour resolves.
export const tokens = (canvas) => {
  const colour = (value) => {
    canvas.style.color = value;
    return getComputedStyle(canvas).color;
  };
  const of = (name) => colour(`var(--${name})`);
  const look = {
    font: getComputedStyle(canvas).fontFamily,
    lines: { first: of("data-1"), second: of("data-2"), third: of("data-3") },
    limits: { warn: of("warn-mark"), down: of("down-mark") },
    limitTexts: { warn: of("warn"), down: of("down") },
    ink: of("ink"),
    label: of("ink-3"),
    grid: of("line"),
    edge: of("line-2"),
    raised: of("raised"),
    gap: of("idle-bg"),
    soft: colour("color-mix(in srgb, var(--data-1) 11%, transparent)"),
  };
  canvas.style.color = "";
  return look;
};

// Each series is told from the others without colour as well.
export const dashes = { first: [], second: [7, 3], third: [2, 3] };
export const limitDashes = { warn: [3, 4], down: [8, 5] };
export const TEXT_PIXELS = 12;
