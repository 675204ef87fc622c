/* One button that opens the browser's own print window; without JavaScript it stays hidden and the menu does it. */

const button = document.querySelector("[data-print]");

if (button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
