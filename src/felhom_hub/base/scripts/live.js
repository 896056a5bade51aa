// The hub says by server-sent events that something landed; a refresh follows at once, but not one for each of many.
// Without the stream the minute's refresh goes on alone.
const QUIET_SECONDS = 5;

let stream = null;
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
  }
};
document.addEventListener("visibilitychange", listen);
$("#pause")?.addEventListener("click", listen);
listen();
