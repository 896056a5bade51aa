// What every other piece uses: short look-ups, the polite live region, cookies. Pages work without any of this.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const root = document.documentElement;
root.classList.add("ready");

const say = (text) => { $("#say").textContent = text; };

const remember = (name, value, seconds = 31536000) => {
  document.cookie = `${name}=${value}; path=/; max-age=${seconds}; samesite=lax`;
};

const here = () => location.pathname + location.search;

const parse = (html) => new DOMParser().parseFromString(html, "text/html");

// The local time of day of the hub's zone, as the server writes it.
const clockOf = (instant) =>
  new Intl.DateTimeFormat("en-GB", { timeZone: root.dataset.zone, timeStyle: "medium" }).format(instant);

// Listeners sit on the document, so that they hold for what a refresh brings as well.
const on = (type, selector, handle) =>
  document.addEventListener(type, (event) => {
    const found = event.target instanceof Element && event.target.closest(selector);
    if (found) handle(event, found);
  });

// For the bundles of single pages (base/bundles/), which run after this file.
window.hub = { $, $$, on, parse, say };
