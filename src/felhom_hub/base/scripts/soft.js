// Filters and sorting without a new page: a form or link with data-soft is fetched like a refresh, and the address
// follows. The count is announced from [data-announce]. Without scripts these are ordinary forms and links.
const TYPING_PAUSE_MILLISECONDS = 200;

const announce = () => {
  const count = $("[data-announce]");
  if (count) say(count.textContent.trim());
};

// Whoever narrows or sorts wants the new order, wherever the pointer rests.
const go = async (url) => {
  tag = "";
  sortsNow = true;
  await refresh(url);
  sortsNow = false;
  announce();
};

// Boxes of one name are one value with commas, as the server writes it.
const urlOf = (form) => {
  const values = new Map();
  for (const [name, value] of new FormData(form)) {
    if (value) values.set(name, values.has(name) ? `${values.get(name)},${value}` : value);
  }
  const query = new URLSearchParams([...values]).toString().replaceAll("%2C", ",");
  return new URL(form.action).pathname + (query ? `?${query}` : "");
};

// What has been sent is not "typed and not yet sent" any more: a refresh may bring it up to date (morph.js).
const markSent = (form) => {
  $$("input", form).forEach((field) => {
    if (field.type === "checkbox") field.defaultChecked = field.checked;
    else if (field.type === "search") field.defaultValue = field.value;
  });
  $$("option", form).forEach((option) => { option.defaultSelected = option.selected; });
};

let typing = 0;
const submitSoft = (form) => {
  clearTimeout(typing);
  const url = urlOf(form);
  history.replaceState(null, "", url);
  markSent(form);
  go(url);
};

if (refreshes) {
  on("input", "form[data-soft]", (event, form) => {
    clearTimeout(typing);
    typing = setTimeout(() => submitSoft(form), TYPING_PAUSE_MILLISECONDS);
  });
  on("submit", "form[data-soft]", (event, form) => {
    event.preventDefault();
    submitSoft(form);
  });
  on("click", "a[data-soft]", (event, link) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const url = link.pathname + link.search;
    history.pushState(null, "", url);
    go(url);
  });
  addEventListener("popstate", () => go());
}
