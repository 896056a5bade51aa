// Shows what is typed into the password field of the id in data-show, until pressed again.
on("click", "[data-show]", (event, button) => {
  const field = document.getElementById(button.dataset.show);
  const shown = field.type === "password";
  field.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", shown);
  field.focus();
});
