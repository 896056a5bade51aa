// Menus are <details>: they close on Escape and on a click elsewhere. Sections open when a link leads into them.
const openMenus = () => $$("details.menu[open], details.secjump[open]");

addEventListener("click", (event) => openMenus().forEach((menu) => {
  if (!menu.contains(event.target)) menu.open = false;
}));
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  openMenus().forEach((menu) => {
    menu.open = false;
    $("summary", menu).focus();
  });
});
on("click", "details.menu a[data-soft]", (event, link) => {
  const menu = link.closest("details");
  menu.open = false;
  $("summary", menu).focus();
});

// On wide screens every section is open; on narrow ones the server opens those with a problem.
if (matchMedia("(min-width: 47.5625em)").matches) $$("details.sect[data-wide]").forEach((section) => { section.open = true; });

const openTarget = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const section = target && target.closest("details.sect");
  if (section) section.open = true;
  const links = $$(".subnav a");
  const current = links.find((link) => link.hash && link.hash === location.hash);
  if (!current) return;
  links.forEach((link) => link.removeAttribute("aria-current"));
  current.setAttribute("aria-current", "true");
};
addEventListener("hashchange", openTarget);
openTarget();
on("click", ".secjump a", (event, link) => { link.closest("details").open = false; });
