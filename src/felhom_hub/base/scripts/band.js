// The band under the top bar: a lost connection, or the note that the sign-in has ended. The page stays readable.
const band = $("#band");

const element = (name, className, text) => {
  const made = document.createElement(name);
  made.className = className;
  if (text) made.textContent = text;
  return made;
};

const showLost = (since, dataTime) => {
  if ($("[data-lost]", band)) return;
  const note = element("div", "note t-down");
  note.setAttribute("role", "alert");
  note.dataset.lost = "";
  note.innerHTML = '<svg class="mk" aria-hidden="true"><use href="#m-down"/></svg>';
  const words = element("div", "");
  const row = element("div", "row");
  const button = element("button", "btn s", "Try now");
  button.type = "button";
  button.addEventListener("click", () => refresh());
  row.append(button);
  words.append(
    element("h2", "", `No connection to the hub since ${clockOf(since)}`),
    element("p", "sm", `You see numbers from ${dataTime}. Trying again every 10 s.`),
    row,
  );
  note.append(words);
  band.replaceChildren(note);
};

const hideBand = () => band.replaceChildren();

// The server's own fragment, which links back to this page; what was typed stays.
const showSignedOut = (html) => {
  if ($("[data-signed-out]", band)) return;
  band.innerHTML = html;
  const link = $("[data-signed-out] a", band);
  if (link) link.setAttribute("href", `/login?next=${encodeURIComponent(location.pathname + location.search)}`);
};
window.hub.showSignedOut = showSignedOut;
