// Brings a region of the page to its fresh state and leaves alone what the reader is doing in it:
// focus, scroll, open menus and sections, selected text, typed and not yet sent fields.
const isTyped = (node) => {
  if (!(node instanceof Element)) return false;
  if (node.matches("input[type=checkbox], input[type=radio]")) return node.checked !== node.defaultChecked;
  if (node.matches("input, textarea")) return node.value !== node.defaultValue;
  return node.matches("select") && [...node.options].some((option) => option.selected !== option.defaultSelected);
};

const isSelected = (node) => {
  const selection = getSelection();
  return !selection.isCollapsed && selection.containsNode(node, true);
};

const keepsState = {
  beforeNodeMorphed: (old, fresh) => {
    if (old.nodeType === Node.TEXT_NODE) return old.data === fresh.data || !isSelected(old);
    return !isTyped(old) && !(old instanceof Element && old.hasAttribute("data-keep"));
  },
  // What is open stays open, and what was closed stays closed.
  beforeAttributeUpdated: (name, node) => !(name === "open" && node.matches("details, dialog")),
};

// The HTML that each region had when it last arrived: an equal one swaps nothing.
const lastHtml = new Map();

// True when the page now says all that the fresh one does; false when a list waits to be sorted.
const morphRegions = (fresh) => $$("[data-refresh]").map((region) => morphRegion(region, fresh)).every(Boolean);

const morphRegion = (region, fresh) => {
  const freshRegion = fresh.getElementById(region.id);
  if (!freshRegion) return true;
  const html = freshRegion.outerHTML;
  if (lastHtml.get(region.id) === html) return true;
  const waits = keepOrders(region, freshRegion);
  lastHtml.set(region.id, waits ? "" : html);
  // Of a field, what is in it stays while it is typed in. Of a link that was just pressed, the words change.
  const ignoreActiveValue = document.activeElement.matches("input, textarea, select");
  Idiomorph.morph(region, freshRegion, { morphStyle: "outerHTML", ignoreActiveValue, callbacks: keepsState });
  htmx.process(document.getElementById(region.id));
  return !waits;
};
