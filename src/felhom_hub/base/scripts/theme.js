// The theme changes at once; the server reads the cookie on the next page.
on("submit", "[data-theme-toggle]", (event) => {
  const theme = event.submitter && event.submitter.value;
  if (!theme) return;
  event.preventDefault();
  remember("hub_theme", theme);
  root.dataset.theme = theme;
  const other = $(`[data-theme-toggle] button:not([value=${theme}])`);
  if (other) other.focus();
  say(`Theme: ${theme}`);
});
