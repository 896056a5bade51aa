// Rows never move under a reader's eyes: while pointer or focus is in a [data-rows] list, a refresh keeps its order.
// When that differs from the server's, the element that data-order-note names offers to sort again.
let sortsNow = false;

const isBeingRead = (list) => !sortsNow && (list.matches(":hover") || list.contains(document.activeElement));

const keepOrder = (list, fresh) => {
  const wanted = [...fresh.children];
  const places = new Map([...list.children].map((row, index) => [row.id, index]));
  const kept = [...wanted].sort((a, b) => (places.get(a.id) ?? places.size) - (places.get(b.id) ?? places.size));
  if (kept.every((row, index) => row === wanted[index])) return false;
  fresh.append(...kept);
  return true;
};

// True when some list of the region waits to be sorted.
const keepOrders = (region, freshRegion) => $$("[data-rows]", region).filter((list) => {
  const fresh = list.id && $(`#${CSS.escape(list.id)}`, freshRegion);
  const kept = fresh && isBeingRead(list) && keepOrder(list, fresh);
  const note = kept && $(`[data-order-note="${list.id}"]`, freshRegion);
  if (note) note.hidden = false;
  return kept;
}).length > 0;

on("click", "[data-sort-again]", async () => {
  sortsNow = true;
  await refresh();
  sortsNow = false;
});
