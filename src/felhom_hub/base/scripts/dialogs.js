// A button or link with data-open shows the dialog of that id; data-close closes the one it is in. A link leads to the
// same question as a page of its own, which is what it does without scripts.
// data-type arms the form's data-armed button once exactly that text has been typed.
on("click", "[data-open]", (event, button) => {
  event.preventDefault();
  document.getElementById(button.dataset.open).showModal();
});
on("click", "[data-close]", (event, button) => button.closest("dialog").close());
const arm = (field) => {
  $("[data-armed]", field.closest("form")).disabled = field.value.trim() !== field.dataset.type;
};
on("input", "[data-type]", (event, field) => arm(field));
$$("[data-type]").forEach(arm);
