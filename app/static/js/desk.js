/* Proposals by keyboard: j and k walk the rows, x chooses, a approves, d opens the decline page.
   a, d and x act only on the row that has the focus, so that a stray key decides nothing. */

const form = document.querySelector("[data-proposals]");

const rows = () => [...form.querySelectorAll("[data-row]")];
const choices = () => [...form.querySelectorAll("[data-choice]")];
const rowInFocus = () => document.activeElement?.closest?.("[data-row]") ?? null;

function walk(step) {
  const all = rows();
  const at = all.indexOf(rowInFocus());
  const next = at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1);
  all[next]?.focus();
  all[next]?.scrollIntoView({ block: "nearest" });
}

function inRow(selector) {
  rowInFocus()?.querySelector(selector)?.click();
}

const KEYS = {
  j: () => walk(1),
  k: () => walk(-1),
  x: () => inRow("[data-choice]"),
  a: () => inRow("[data-act='approve']"),
  d: () => inRow("[data-act='decline']"),
};

function isTyping(target) {
  return target.matches?.("input:not([type='checkbox']), textarea, select, [contenteditable]");
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return;
  const elsewhere = document.activeElement !== document.body && !form.contains(document.activeElement);
  const act = KEYS[event.key];
  if (!act || elsewhere) return;
  event.preventDefault();
  act();
}

function showChosen() {
  const chosen = choices().filter((choice) => choice.checked);
  const output = form.querySelector("[data-chosen]");
  output.textContent = chosen.length ? `${output.dataset.some} ${chosen.length}` : output.dataset.none;
  for (const choice of choices()) choice.closest("[data-row]").classList.toggle("chosen", choice.checked);
  const all = form.querySelector("[data-choose-all] input");
  all.checked = chosen.length > 0 && chosen.length === choices().length;
  all.indeterminate = chosen.length > 0 && !all.checked;
}

function chooseAll(event) {
  for (const choice of choices()) choice.checked = event.target.checked;
  showChosen();
}

if (form) {
  for (const hidden of form.querySelectorAll("[data-choose-all], [data-keys]")) hidden.hidden = false;
  form.querySelector("[data-choose-all] input").addEventListener("change", chooseAll);
  form.addEventListener("change", showChosen);
  document.addEventListener("keydown", onKey);
  showChosen();
}
