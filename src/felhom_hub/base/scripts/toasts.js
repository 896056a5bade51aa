// A toast leaves after six seconds, but not while it is pointed at or focused. Its cookie goes at once, so that the
// next page does not say it again.
const TOAST_SECONDS = 6;
const toast = $("[data-toast]");

if (toast) {
  remember("hub_toast", "", 0);
  let leaving = 0;
  const leave = () => { leaving = setTimeout(() => toast.remove(), TOAST_SECONDS * 1000); };
  const stay = () => clearTimeout(leaving);
  ["mouseenter", "focusin"].forEach((type) => toast.addEventListener(type, stay));
  ["mouseleave", "focusout"].forEach((type) => toast.addEventListener(type, leave));
  leave();
}
on("click", "[data-toast-close]", (event, button) => button.closest("[data-toast]").remove());
