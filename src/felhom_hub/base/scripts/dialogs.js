// A button or link with data-open shows the dialog of that id; data-close closes the one it is in. A link leads to the
// same question as a page of its own, which is what it does without scripts.
// data-type arms the dialog's data-armed button once exactly that text has been typed.
on("click", "[data-open]", (event, button) => {
  event.preventDefault();
  document.getElementById(button.dataset.open).showModal();
});
on("click", "[data-close]", (event, button) => button.closest("dialog").close());
on("input", "[data-type]", (event, field) => {
  $("[data-armed]", field.closest("dialog")).disabled = field.value.trim() !== field.dataset.type;
});
