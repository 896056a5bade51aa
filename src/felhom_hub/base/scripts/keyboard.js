// "/" search, j and k rows ([data-row]), g and a letter pages ([data-key]), ? help. Never inside fields, never with
// Ctrl, Alt or Meta, and not at all when the dialog's box is off (WCAG 2.1.4).
const CHORD_MILLISECONDS = 900;
let chordAt = 0;
let selectedRow = "";

const select = (row) => {
  $$("[data-row].sel").forEach((other) => other.classList.remove("sel"));
  row.classList.add("sel");
  selectedRow = row.id;
};

const step = (by) => {
  const rows = $$("[data-row]:not([hidden])");
  const at = rows.findIndex((row) => row.classList.contains("sel"));
  const row = rows[Math.max(0, at + by)];
  if (!row) return;
  select(row);
  $("a", row)?.focus();
};

const keys = {
  __proto__: null, // what is no key of ours is nothing
  "/": (event) => {
    const field = $("[data-search]");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  },
  g: () => { chordAt = Date.now(); },
  "?": () => $("#keys")?.showModal(),
  j: () => step(1),
  k: () => step(-1),
};

addEventListener("keydown", (event) => {
  const inField = event.target instanceof Element && event.target.matches("input, textarea, select, [contenteditable]");
  if (inField && event.key === "Escape") event.target.blur();
  if (inField || event.ctrlKey || event.metaKey || event.altKey || root.dataset.keys === "off" || $("dialog[open]")) return;
  if (Date.now() - chordAt < CHORD_MILLISECONDS) {
    chordAt = 0;
    $(`.nav a[data-key="${CSS.escape(event.key)}"]`)?.click();
    return;
  }
  keys[event.key]?.(event);
});

document.addEventListener("hub:refreshed", () => {
  const row = selectedRow && document.getElementById(selectedRow);
  if (row) select(row);
});

on("change", "#single-keys", (event, box) => {
  root.dataset.keys = box.checked ? "on" : "off";
  remember("hub_keys", root.dataset.keys);
});
