// The band under the top bar: a lost connection, or the note that the sign-in has ended. The page stays readable.
const band = $("#band");

// Both times are the page's own words, digits and colons.
const showLost = (since, dataTime) => {
  if ($("[data-lost]", band)) return;
  band.innerHTML = `<div class="note t-down" role="alert" data-lost><svg class="mk" aria-hidden="true"><use href="#m-down"/></svg><div><h2>No connection to the hub since ${clockOf(since)}</h2><p class="sm">You see numbers from ${dataTime}. Trying again every 10 s.</p><div class="row"><button class="btn s" type="button" data-try>Try now</button></div></div></div>`;
};
on("click", "[data-try]", () => refresh());

const hideBand = () => band.replaceChildren();

// The server's own fragment, which links back to this page; what was typed stays.
const showSignedOut = (html) => {
  if ($("[data-signed-out]", band)) return;
  band.innerHTML = html;
  const link = $("[data-signed-out] a", band);
  if (link) link.setAttribute("href", `/login?next=${encodeURIComponent(here())}`);
};
window.hub.showSignedOut = showSignedOut;
