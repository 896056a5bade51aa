// Ages and spans go on counting between refreshes, in the words of base/words.py.
const pair = (large, unit, small, smallUnit) => (small ? `${large} ${unit} ${small} ${smallUnit}` : `${large} ${unit}`);

const spanWords = (milliseconds) => {
  const minutes = Math.floor(milliseconds / 60000);
  if (minutes < 1) return "under 1 min";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return pair(hours, "h", hours < 6 ? minutes % 60 : 0, "min");
  const days = Math.floor(hours / 24);
  return pair(days, "d", days < 7 ? hours % 24 : 0, "h");
};

// The server's clock counts: a laptop's may be minutes off.
let clockSkew = 0;
const setClock = (serverTime) => { clockSkew = serverTime - Date.now(); };

const write = (element, text) => { if (element.textContent !== text) element.textContent = text; };

const countOn = () => {
  const now = Date.now() + clockSkew;
  $$("time[data-age]").forEach((time) => write(time, `${spanWords(now - Date.parse(time.dateTime))} ago`));
  $$("time[data-span]").forEach((time) => write(time, spanWords(now - Date.parse(time.dateTime))));
};
setInterval(() => { if (!document.hidden) countOn(); }, 15000);

// On touch screens a tap tells the absolute time.
on("click", "time[title]", (event, time) => { if (matchMedia("(hover: none)").matches) say(time.title); });
