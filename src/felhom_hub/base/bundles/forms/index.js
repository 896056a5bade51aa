// Forms with data-form="PATH": what is wrong is asked of PATH when a field is left, never while typing; the save bar
// counts what is left; leaving with changes asks once; a second click on Save sends nothing.
// Save is tried by script first: the page is left only once the hub has stored it, or says what is wrong with it. An
// ended sign-in, a full disk or a lost connection take nothing away.
const { $, $$, parse, say, showSignedOut } = window.hub;
const form = $("form[data-form]");

if (form) {
  const entries = () => new URLSearchParams(new FormData(form));
  const first = `${entries()}`;
  const visited = new Set($$("[aria-invalid]", form).map((field) => field.name));
  let saving = false;
  let asked = 0;

  const show = (field, problem) => {
    const place = document.getElementById(`f-${field.name}-e`);
    if (!place) return;
    $("span", place).textContent = problem || "";
    place.hidden = !problem;
    field.ariaInvalid = problem ? "true" : null;
  };

  const tell = (what) => {
    const words = what && `${what}. Your entries are kept.`;
    const bar = $("[data-left]", form);
    if (bar.textContent === words) return;
    bar.textContent = words;
    if (words) say(words);
  };

  const read = async (answer) => parse(await answer.text());

  const post = (path) => fetch(path, { method: "POST", body: entries() });

  // Who signed in anew in another tab goes on with that sign-in's token; else the note says where to sign in.
  const isSignedIn = async () => {
    const answer = await fetch("", { headers: { "HX-Request": "true" } });
    const fresh = await read(answer);
    if (answer.ok) {
      form.elements._csrf.value = $("[name=_csrf]", fresh).value;
      return true;
    }
    showSignedOut(fresh.body.innerHTML);
    const link = $("[data-signed-out] a");
    link.href = "/login"; // the form itself is here
    link.target = "_blank";
    link.focus();
    return false;
  };

  // Empty where the page is being left, else why nothing was saved. Throws where no hub answers, or a proxy for it.
  const save = async () => {
    let answer = await post("");
    if ([401, 403].includes(answer.status) || answer.url.includes("/login?")) {
      if (!(await isSignedIn())) return "you are signed out";
      answer = await post("");
    }
    if (answer.redirected) location.assign(answer.url);
    else if ([409, 422].includes(answer.status)) form.submit();
    else return `${$("h1", await read(answer)).textContent} (answer ${answer.status})`;
    return "";
  };

  form.addEventListener("change", async (event) => {
    visited.add(event.target.name);
    const mine = ++asked;
    const answer = await post(form.dataset.form).catch(() => null);
    while ($(":active")) await new Promise(requestAnimationFrame); // a click misses what moves while it is pressed
    if (!answer?.ok || answer.redirected || mine !== asked) return; // led to the sign-in: saving will say so
    const { problems } = await answer.json();
    [...form.elements].filter(({ name }) => visited.has(name)).forEach((field) => show(field, problems[field.name]));
    const left = $$("[aria-invalid]", form).length;
    tell(left ? `${left} field${left === 1 ? " needs" : "s need"} a change` : "");
  });

  const button = $("button.pri", form);
  const mark = (isSaving) => {
    saving = isSaving;
    button.textContent = isSaving ? "Saving" : "Save customer";
    button.ariaDisabled = isSaving || null;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (saving) return;
    mark(true);
    asked++; // what was asked before is no news any more
    const problem = await save().catch(() => "no connection to the hub");
    if (!problem) return;
    mark(false);
    tell(`Not saved: ${problem}`);
  });

  addEventListener("beforeunload", (event) => {
    if (!saving && `${entries()}` !== first) event.preventDefault();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) mark(false);
  });
  $("#summary[role=alert]")?.focus();
}
