/* A page that waits for the worker looks again by itself; without JavaScript its link does. Not while somebody is
   reading something else in another tab, and not while they have chosen a link or button of the page. */

const LOOK_AGAIN_MS = 3000;

function lookAgain() {
  const busy = document.hidden || document.activeElement?.closest?.("main a, main button");
  if (busy) window.setTimeout(lookAgain, LOOK_AGAIN_MS);
  else window.location.reload();
}

if (document.querySelector("[data-goes-on]")) window.setTimeout(lookAgain, LOOK_AGAIN_MS);
