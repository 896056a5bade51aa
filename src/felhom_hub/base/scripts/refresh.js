// Every minute the page is fetched again and its [data-refresh] regions are brought up to date. It stops in hidden
// tabs and on Pause, and goes on at once when the tab is seen again.
const RETRY_SECONDS = 10;
const FAILURES_BEFORE_BAND = 2;

const live = $("#live");
// While something is under way that ends soon, the page says so itself.
const everySeconds = () => $("[data-soon]")?.dataset.soon || $("#main")?.dataset.every || 60;
const refreshes = Boolean(live && $("#main [data-refresh]"));

let timer = 0;
let failures = 0;
let failedAt = 0;
let tag = "";
let paused = Boolean(live?.classList.contains("paused"));
let signedOut = false;
let loading = null;

const dataTime = () => $("time[data-now]", live);

const touch = (instant) => {
  const time = dataTime();
  if (!Number.isFinite(instant) || !time) return;
  setClock(instant);
  time.dateTime = new Date(instant).toISOString();
  time.textContent = clockOf(instant);
};

const schedule = (seconds) => {
  clearTimeout(timer);
  if (refreshes && !paused && !signedOut && !document.hidden) timer = setTimeout(() => refresh(), seconds * 1000);
};

const failed = () => {
  if (!failures++) failedAt = Date.now() + clockSkew;
  if (failures >= FAILURES_BEFORE_BAND) {
    live.classList.add("lost");
    showLost(failedAt, dataTime().textContent);
  }
  schedule(RETRY_SECONDS);
};

const swap = (xhr) => {
  const fresh = parse(xhr.responseText);
  document.title = fresh.title;
  tag = morphRegions(fresh) ? xhr.getResponseHeader("ETag") || "" : "";
  document.dispatchEvent(new Event("hub:refreshed"));
};

const arrived = (xhr) => {
  if (xhr.status === 401) {
    signedOut = true;
    return showSignedOut(xhr.responseText);
  }
  if (![200, 304].includes(xhr.status)) return failed();
  failures = 0;
  signedOut = false;
  live.classList.remove("lost");
  hideBand();
  touch(Date.parse(xhr.getResponseHeader("Hub-Data-Time")));
  if (xhr.status === 200) swap(xhr);
  countOn();
  schedule(everySeconds());
};

const request = async (url) => {
  const headers = tag && url === here() ? { "If-None-Match": tag } : {};
  try {
    await htmx.ajax("GET", url, { source: band, target: band, headers, handler: (source, { xhr }) => arrived(xhr) });
  } catch {
    failed();
  }
  document.dispatchEvent(new Event("hub:settled"));
};

// One at a time: whoever asks while a refresh is under way gets a new one after it.
const refresh = (url = here()) => {
  loading = (loading || Promise.resolve()).then(() => request(url));
  return loading;
};

const goOn = () => (document.hidden || paused ? clearTimeout(timer) : refresh());

if (refreshes) {
  setClock(Date.parse(dataTime().dateTime));
  schedule(everySeconds());
  document.addEventListener("visibilitychange", goOn);
  $("#pause").addEventListener("click", (event) => {
    paused = !paused;
    live.classList.toggle("paused", paused);
    event.currentTarget.textContent = paused ? "Resume" : "Pause";
    event.currentTarget.setAttribute("aria-pressed", paused);
    $("#rhythm").textContent = paused ? ", paused" : `, every ${everySeconds()} s`;
    say(paused ? "Refresh is paused" : "Refresh goes on");
    goOn();
  });
}
