/* After a form came back with errors: read the summary first, then go straight to the field that needs mending. */

const summary = document.querySelector("[data-error-summary]");

function goToField(event) {
  const link = event.target.closest("a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  const block = field.closest(".field") ?? field;
  block.scrollIntoView({ block: "start" });
  field.focus({ preventScroll: true });
}

if (summary) {
  summary.focus();
  summary.addEventListener("click", goToField);
}
