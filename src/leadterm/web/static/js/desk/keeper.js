// A swap replaces elements, and with them go the focus, the caret, what was typed and what was open. The keeper notes it
// all before an answer is swapped in and gives it back afterwards: nobody is ever dropped to the page itself.
import { relight } from "./evidence.js";
import { anchored } from "./reading.js";
import { current, displace, row, rowOf, setCurrent } from "./rows.js";
import { select, selected, text } from "./text.js";

// What stands in a list, and the lists.
const ITEMS = "[data-row], [data-finding], #obstacles li, .query";
const LISTS = "ol[id], section[id]";
const REACHED = "a[href], button, input:not([type=hidden]), select, textarea, summary";
const TYPED = "input[id]:not([type=hidden], [type=checkbox]), textarea[id], select[id]";
let reload = () => {};

// Swaps with `swap`, which is done when it returns. What was typed into `sent` is the server's now.
export function keep(swap, sent = null) {
  const before = note(sent);
  swap();
  restore(before);
}

// Swaps that htmx does by itself. `again` asks the server anew for an open panel whose row was replaced.
export function watchSwaps(again) {
  let before = null;
  reload = again;
  // What comes into a dialog, at every letter that is typed there, moves nothing of the page behind it.
  document.body.addEventListener("htmx:beforeSwap", ({ target }) => {
    if (!target.closest("dialog")) before = note(null);
  });
  document.body.addEventListener("htmx:afterSwap", () => {
    if (before) restore(before);
    before = null;
  });
}

function note(sent) {
  return {
    where: whereabouts(),
    hold: anchored(),
    panels: [...document.querySelectorAll(".details:not([hidden])")],
    opened: [...document.querySelectorAll("details[open]")].map(named),
    typed: [...document.querySelectorAll(TYPED)].filter((field) => dirty(field) && !sent?.contains(field)).map(asTyped),
    sent,
  };
}

function restore(before) {
  before.panels.forEach((panel) => reopen(panel, before.sent));
  for (const find of before.opened) if (find()) find().open = true;
  before.typed.forEach(retype);
  if (text()) {
    setCurrent(current());
    relight();
  }
  before.hold();
  goBack(before.where);
}

// --- where somebody is ---

export function whereabouts(element = document.activeElement ?? document.body) {
  const item = element.closest(ITEMS);
  const list = item?.closest(LISTS);
  const around = element.parentElement?.closest("[id]");
  return {
    element,
    id: element.id,
    // Fields and buttons of a panel have no ids of their own.
    name: element.closest(".details") || !rowOf(element) ? (element.name ?? "") : null,
    row: rowOf(element)?.dataset.row,
    status: rowOf(element)?.dataset.status,
    list: list?.id,
    place: list ? [...list.querySelectorAll(ITEMS)].indexOf(item) : -1,
    around: around?.id,
    reached: around ? [...around.querySelectorAll(REACHED)].indexOf(element) : -1,
    quote: element === text() ? selected() : null,
    caret: caretOf(element),
  };
}

// Gives the focus to the first that takes it: the element, the one of its id, the one at its place in what is around it,
// its row, what stands at the same place of the list, the codes.
export function goBack(to) {
  if (to.element === document.body) return;
  for (const candidate of successors(to)) {
    if (document.activeElement !== candidate) candidate.focus({ preventScroll: true });
    if (document.activeElement !== candidate) continue;
    if (to.caret && to.element !== candidate && candidate.matches(to.element.tagName)) setCaret(candidate, to.caret);
    if (to.quote && candidate === text()) select(to.quote);
    return;
  }
}

function successors(to) {
  const own = to.row ? row(to.row) : null;
  const items = [...(document.getElementById(to.list)?.querySelectorAll(ITEMS) ?? [])];
  const beside = items[Math.min(to.place, items.length - 1)];
  const twin = document.getElementById(to.around)?.querySelectorAll(REACHED)[to.reached];
  const left = own && own !== beside && rejected(own) && to.status !== "rejected" && beside && !rejected(beside);
  // A code that was rejected goes behind those that stand; the reader stays, with the code that took its place.
  if (left) displace(beside.dataset.row);
  return [
    left && beside,
    to.element.isConnected && to.element,
    to.id && document.getElementById(to.id),
    twin && (twin.name ?? "") === to.name && twin,
    own,
    beside,
    beside?.querySelector(REACHED),
    current(),
    document.getElementById("codes"),
  ].filter(Boolean);
}

const rejected = (each) => each.dataset.status === "rejected";

function caretOf(field) {
  try {
    return field.selectionStart == null ? null : [field.selectionStart, field.selectionEnd, field.selectionDirection];
  } catch {
    return null; // a kind of field without a caret
  }
}

function setCaret(field, caret) {
  try {
    field.setSelectionRange?.(...caret);
  } catch {
    // a kind of field without a caret
  }
}

// --- what was typed, what was open ---

function initial(field) {
  if (field.tagName !== "SELECT") return field.defaultValue;
  return (field.querySelector("option[selected]") ?? field.options[0])?.value ?? "";
}

const dirty = (field) => field.value !== initial(field);
const asTyped = (field) => ({ id: field.id, value: field.value, from: initial(field) });

// What the server changed meanwhile is not written over.
function retype({ id, value, from }) {
  const field = document.getElementById(id);
  if (field && field.value === from && initial(field) === from) field.value = value;
}

// Finds the element that took the place of one: by its id, else by its place in what is around it.
function named(details) {
  if (details.id) return () => document.getElementById(details.id);
  const around = details.parentElement.closest("[id]")?.id;
  const inside = () => [...(document.getElementById(around)?.querySelectorAll("details") ?? [])];
  const place = inside().indexOf(details);
  return () => inside()[place];
}

// What a panel held goes into the one that took its place, until the server has told it anew.
function reopen(panel, sent) {
  const now = document.getElementById(panel.id);
  if (!now || (now === panel && !sent)) return;
  if (now !== panel) now.append(...panel.childNodes);
  now.hidden = false;
  document.querySelector(`[aria-controls="${CSS.escape(now.id)}"]`)?.setAttribute("aria-expanded", "true");
  const fields = [...now.querySelectorAll("input, textarea, select")];
  if (!fields.some(dirty) || now.contains(sent)) reload(now);
}
