// The customer's page: [data-secret] forms show their secret for half a minute or copy it unseen, each time asked of
// the hub anew; [data-copy="ID"] copies what stands in that element.
const { $, $$, on, say } = window.hub;
const MASK = "•".repeat(16);
const SHOWN_MS = 30_000;
const TOLD_MS = 1600;
const timers = new WeakMap();

const ask = async (form, how) => {
  const body = new URLSearchParams(new FormData(form));
  body.set("how", how);
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  const { ok, value, error } = await answer.json();
  if (!ok) throw new Error(error);
  return value;
};

const hide = (form) => {
  clearTimeout(timers.get(form));
  const place = $("[data-value]", form);
  place.textContent = MASK;
  place.classList.remove("spoken");
  $("[data-reveal] [data-word]", form).textContent = "Reveal";
  delete form.dataset.keep; // a refresh leaves what is shown alone
  delete form.dataset.shown;
};

const tell = (form, words) => {
  hide(form);
  $("[data-value]", form).textContent = words;
  form.dataset.keep = "";
  timers.set(form, setTimeout(hide, SHOWN_MS, form));
};

const failed = (form) => tell(form, "Not shown. Reload the page, then try again.");

on("submit", "[data-secret]", async (event, form) => {
  event.preventDefault();
  if ("shown" in form.dataset) return hide(form);
  try {
    tell(form, await ask(form, "reveal"));
  } catch {
    return failed(form);
  }
  const place = $("[data-value]", form);
  place.classList.toggle("spoken", "spoken" in place.dataset);
  $("[data-reveal] [data-word]", form).textContent = "Hide";
  form.dataset.shown = "";
});

const put = (button, text) =>
  // The promise goes in whole: some browsers take nothing that comes after a wait.
  navigator.clipboard.write([new ClipboardItem({ "text/plain": text.then((plain) => new Blob([plain], { type: "text/plain" })) })]).then(() => {
    const word = $("[data-word]", button);
    word.textContent = "Copied";
    say("Copied");
    setTimeout(() => { word.textContent = "Copy"; }, TOLD_MS);
  });

on("click", "[data-copy]", async (event, button) => {
  const form = button.closest("[data-secret]");
  let failure = null;
  try {
    if (!window.isSecureContext || !navigator.clipboard) throw new Error("no clipboard");
    const text = form ? ask(form, "copy") : Promise.resolve(document.getElementById(button.dataset.copy).textContent);
    text.catch((error) => { failure = error; });
    await put(button, text);
  } catch {
    if (failure) return failed(form);
    say("Copying is not allowed here");
    if (form) tell(form, "Copying is not allowed here. Reveal it, then select it.");
    else getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
  }
});

// A page that is left keeps nothing for the way back.
addEventListener("pagehide", () => $$("[data-secret]").forEach(hide));
