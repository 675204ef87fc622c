/* The way out. The link alone already leaves; this also takes the page out of the history and blanks it at once.
   Pressing Shift three times in a row, with nothing in between, does the same as the link. */

const PRESSES = 3;
const WITHIN_MS = 3000;

const link = document.querySelector("[data-exit]");
let presses = [];

function leave(event) {
  event?.preventDefault();
  document.body.hidden = true;
  document.title = "";
  window.location.replace(link.href);
}

function countShift(event) {
  if (event.repeat) return;
  if (event.key !== "Shift") {
    presses = [];
    return;
  }
  const now = Date.now();
  presses = [...presses.filter((at) => now - at < WITHIN_MS), now];
  if (presses.length >= PRESSES) leave();
}

if (link) {
  link.addEventListener("click", leave);
  document.addEventListener("keydown", countShift);
}
