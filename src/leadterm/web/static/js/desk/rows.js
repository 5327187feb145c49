// The rows of codes: which one is meant, and moving between them. One row is in the tab order (roving tabindex).
import { say } from "../said.js";

const all = () => [...document.querySelectorAll("#codes [data-row]")];
const CURRENT = '#codes [data-row][tabindex="0"], #codes [data-row][aria-current]';
export const row = (id) => document.getElementById(`row-${id}`);
export const rowOf = (element) => element?.closest?.("#codes [data-row]") ?? null;
const undecided = (each) => each.dataset.status === "suggested";

let here = ""; // the row that was last gone to
let displaced = ""; // the row that the focus came to because its own had moved away

export const displace = (id) => (displaced = id);

export function current() {
  return row(here) ?? document.querySelector(CURRENT) ?? all()[0] ?? null;
}

export const focusedRow = () => rowOf(document.activeElement);

export function setCurrent(next) {
  here = next?.dataset.row ?? "";
  if (here !== displaced) displaced = "";
  for (const each of document.querySelectorAll(CURRENT)) {
    if (each === next) continue;
    each.tabIndex = -1;
    each.removeAttribute("aria-current");
  }
  if (!next) return;
  next.tabIndex = 0;
  next.setAttribute("aria-current", "true");
}

export function focusRow(next) {
  if (!next) return say("There is no code yet.");
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

// What scrolls an element: a pane, or the page where the panes stand below each other.
export function scrollerOf(element) {
  for (let each = element.parentElement; each; each = each.parentElement)
    if (each.scrollHeight > each.clientHeight && /auto|scroll/.test(getComputedStyle(each).overflowY)) return each;
  return document.scrollingElement;
}

// Shows a row in its pane; never by scrolling the page, which would take the text away.
export function reveal(each) {
  const scroller = scrollerOf(each);
  if (scroller !== document.scrollingElement) each.scrollIntoView({ block: "nearest" });
}

// The next row, or the one before; from elsewhere, the one that was left.
export function step(by) {
  const rows = all();
  const from = rows.indexOf(focusedRow());
  const next = from < 0 ? current() : rows[from + by];
  if (next || !rows.length) focusRow(next);
  else say(by > 0 ? "This is the last code." : "This is the first code.");
}

export function edge(by) {
  focusRow(all().at(by > 0 ? -1 : 0));
}

// The next row that nobody has decided on, around the end; null where there is none.
export function stepUndecided(by) {
  const rows = by > 0 ? all() : all().reverse();
  const from = focusedRow() ?? current();
  const at = rows.indexOf(from);
  const stay = from && undecided(from) && (!focusedRow() || from.dataset.row === displaced);
  const next = stay ? from : [...rows.slice(at + 1), ...rows.slice(0, Math.max(at, 0))].find(undecided);
  displaced = "";
  if (next) focusRow(next);
  else say(from && undecided(from) ? "This is the only suggestion left." : "Every suggestion is decided.");
  return next ?? null;
}

// In words, as the live region says it.
export const described = (each) =>
  undecided(each) ? each.dataset.code : `${each.dataset.code}, ${each.dataset.status}`;
