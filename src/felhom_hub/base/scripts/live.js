// The hub says by server-sent events that something landed; a refresh follows at once, but not one for each of many.
// Without the stream the minute's refresh goes on alone, and asks for the stream again. A stream that breaks may mean
// that the hub is gone: a refresh finds out at once, instead of within a minute.
const QUIET_SECONDS = 5;
const STEADY_MILLISECONDS = 1000; // what a proxy cuts off sooner tells nothing

let stream = null;
let openedAt = 0;
let nextAllowed = 0;
let waiting = 0;

const refreshSoon = () => {
  if (waiting || paused || signedOut) return;
  waiting = setTimeout(() => {
    waiting = 0;
    nextAllowed = Date.now() + QUIET_SECONDS * 1000;
    refresh();
  }, Math.max(0, nextAllowed - Date.now()));
};

const broke = () => {
  if (openedAt && Date.now() - openedAt > STEADY_MILLISECONDS) refreshSoon();
  openedAt = 0;
};

const listen = () => {
  const path = $("#main")?.dataset.live;
  const wanted = refreshes && path && !paused && !signedOut && !document.hidden;
  if (!wanted && stream) {
    stream.close();
    stream = null;
  }
  if (wanted && (!stream || stream.readyState === EventSource.CLOSED)) {
    stream = new EventSource(path);
    stream.addEventListener("fleet", refreshSoon);
    stream.addEventListener("open", () => { openedAt = Date.now(); });
    stream.addEventListener("error", broke);
  }
};
document.addEventListener("visibilitychange", listen);
document.addEventListener("hub:settled", listen);
$("#pause")?.addEventListener("click", listen);
listen();
