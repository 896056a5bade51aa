// Forms with data-form="PATH": what is wrong is asked of PATH when a field is left, never while typing; the save bar
// counts what is left; leaving with changes asks once; a second click on Save sends nothing.
const { $, $$, say } = window.hub;
const form = $("form[data-form]");

if (form) {
  const first = new URLSearchParams(new FormData(form)).toString();
  const visited = new Set($$("[aria-invalid]", form).map((field) => field.name));
  let saving = false;

  const isChanged = () => new URLSearchParams(new FormData(form)).toString() !== first;

  const show = (field, problem) => {
    const place = document.getElementById(`f-${field.name}-e`);
    if (!place) return;
    $("span", place).textContent = problem || "";
    place.hidden = !problem;
    if (problem) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  };

  const count = () => {
    const left = $$("[aria-invalid]", form).length;
    const words = left ? `${left} field${left === 1 ? " needs" : "s need"} a change. Your entries are kept.` : "";
    const bar = $("[data-left]", form);
    if (bar.textContent === words) return;
    bar.textContent = words;
    if (words) say(words);
  };

  form.addEventListener("change", async (event) => {
    visited.add(event.target.name);
    const answer = await fetch(form.dataset.form, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => null);
    if (!answer || !answer.ok || saving) return;
    const { problems } = await answer.json();
    $$("input, select, textarea", form).filter(({ name }) => visited.has(name)).forEach((field) => show(field, problems[field.name]));
    count();
  });

  form.addEventListener("submit", (event) => {
    if (saving) event.preventDefault();
    saving = true;
    const button = $("button.pri", form);
    button.textContent = "Saving";
    button.setAttribute("aria-disabled", "true");
  });

  addEventListener("beforeunload", (event) => {
    if (!saving && isChanged()) event.preventDefault();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) saving = false;
  });
  $("#summary[role=alert]")?.focus();
}
