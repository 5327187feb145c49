// What each key does, by the names of the key sheet; and what the buttons do that are more than a form.
import { moveBy } from "../lists.js";
import { say } from "../said.js";
import { send } from "./actions.js";
import { shownDocument, toDocument, toggleMarks } from "./address.js";
import { openKeys, openPermit, openReasons } from "./dialogs.js";
import { goToLinked, linkedRow, showWords } from "./evidence.js";
import { addCode, replaceCode } from "./find.js";
import { current, described, focusedRow, focusRow, row, rowOf, step, stepUndecided } from "./rows.js";
import { rangeOf, select, show, text } from "./text.js";
import { openPanel, togglePanel } from "./why.js";
import { enterWords } from "./words.js";

const get = (id) => document.getElementById(id);
const go = (address) => window.location.assign(address);

// The row that a key is meant for: the one with the focus, in the text the first that the selected words stand for.
const meant = () => focusedRow() ?? (document.activeElement === text() ? linkedRow() : null);

function onRow(act) {
  return () => (meant() ? act(meant()) : say("Choose a code first: no code has the focus."));
}

// Presses the button of a row, or says why there is none.
function pressed(name) {
  return onRow((each) => {
    const button = each.querySelector(`[data-act="${name}"]`);
    if (button) perform(button);
    else say(`${described(each)}: that cannot be done now.`);
  });
}

// A button of the page that is more than a form: by key, by pointer, or through the form it belongs to.
export function perform(button, form = null) {
  if (button.getAttribute("aria-disabled") === "true") return refuse(button);
  const act = ACTS[button.dataset.act];
  if (act) return act(button);
  const fields = form && form.id !== "work" ? Object.fromEntries(new FormData(form)) : {};
  send({ ...fields, do: button.value }, { button, sent: form && form.id !== "work" ? form : null });
}

const ENDS = {
  undo: "There is nothing to undo.",
  redo: "There is nothing to do again.",
  up: "It is the first already.",
  down: "It is the last already.",
};

function refuse(button) {
  say(ENDS[button.dataset.act] ?? "");
  if (button.dataset.act !== "finish") return;
  nextItem();
  say(`It cannot be finished yet: ${get("obstacles").querySelector("li").firstChild.textContent.trim()}`);
}

export const ACTS = {
  reject: (button) => openReasons(rowOf(button)),
  replace: (button) => {
    const id = button.dataset.rowId ?? rowOf(button).dataset.row;
    replaceCode(id, row(id)?.dataset.code ?? "", button.dataset.query, button.dataset.method);
  },
  add: addCode,
  permit: openPermit,
  keys: openKeys,
  jump: (button) => showWords(rowOf(button).dataset.row, "jump"),
  why: (link) => togglePanel(rowOf(link)),
  quote: ({ dataset: { document, start, end } }) => showQuote({ document, start: Number(start), end: Number(end) }),
  go: toCause,
  encounter: () => go(get("encounter").href),
  late: () => (get("late") ? go(get("late").href) : say("Nothing comes late to a practice case.")),
};

function showQuote(quote) {
  const range = rangeOf(quote);
  if (!range) return;
  select(quote);
  show(range, "jump");
}

function toCause(button) {
  const about = (button.dataset.about ?? "").split(" ").map(row).find(Boolean);
  const finding = get(`finding-${button.dataset.findingId}`);
  if (!about) return finding?.focus();
  focusRow(about);
  showWords(about.dataset.row, "seen");
}

// The next of the obstacles and findings, around the end.
function nextItem() {
  const items = [...document.querySelectorAll("#obstacles:not([hidden]) li, #findings [data-finding]")];
  const at = items.findIndex((item) => item.contains(document.activeElement));
  focusItem(items[(at + 1) % items.length], "There are no findings.");
}

function focusItem(item, none) {
  if (!item) return say(none);
  if (item.tabIndex < 0) item.tabIndex = -1; // without the attribute it would not take the focus
  item.focus();
}

function nextQuery() {
  const items = [...document.querySelectorAll("#queries summary")];
  const at = items.findIndex((item) => item.parentElement.contains(document.activeElement));
  focusItem(items[(at + 1) % items.length], "There are no queries.");
}

function unfold(id) {
  const details = get(id);
  details.open = !details.open;
  details.querySelector("summary").focus();
}

function nextPane(by) {
  const panes = [...document.querySelectorAll("[data-pane]")];
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  const pane = panes[at < 0 ? 0 : (at + by + panes.length) % panes.length];
  if (pane.contains(text())) toText();
  else if (pane.id === "codes" && current()) focusRow(current());
  else pane.focus();
}

function toText() {
  text().focus({ preventScroll: true });
  enterWords();
}

const otherSuggestion = (by) => () => {
  const next = stepUndecided(by);
  if (next) showWords(next.dataset.row, "seen");
};

function toPoa(each) {
  const list = each.querySelector('[data-act="poa"]');
  if (list) list.focus();
  else say(`${each.dataset.code} asks for no indicator.`);
}

// Opens the particulars, and goes to the first of them.
function edit(each) {
  openPanel(each, (panel) => {
    const field = panel.querySelector("input:not([type=hidden]), select, textarea");
    field?.focus();
    field?.select?.();
  });
}

// Everywhere, and on a chart.
export const ANYWHERE = {
  queue: () => go("/desk"),
  compliance: () => go("/desk/compliance"),
  book: () => go("/"),
  keys: openKeys,
  next_code: () => moveBy(1),
  previous_code: () => moveBy(-1),
};

export const COMMANDS = {
  ...ANYWHERE,
  next_code: () => step(1),
  previous_code: () => step(-1),
  next_suggestion: otherSuggestion(1),
  previous_suggestion: otherSuggestion(-1),
  accept: pressed("accept"),
  reject: pressed("reject"),
  reconsider: pressed("reconsider"),
  replace: pressed("replace"),
  up: pressed("up"),
  down: pressed("down"),
  why: pressed("why"),
  edit: onRow(edit),
  poa: onRow(toPoa),
  jump: onRow((each) => showWords(each.dataset.row, "jump")),
  add: addCode,
  undo: () => perform(get("undo")),
  redo: () => perform(get("redo")),
  finish: () => perform(get("finish")),
  finding: nextItem,
  query: nextQuery,
  next_document: () => toDocument(shownDocument(), 1),
  previous_document: () => toDocument(shownDocument(), -1),
  text: toText,
  codes: () => focusRow(current()),
  marks: toggleMarks,
  pane: (stroke) => nextPane(stroke.startsWith("Shift+") ? -1 : 1),
  worth: () => unfold("worth"),
  out: () => unfold("out"),
  leads: () => (get("leads").hidden ? say("The record bears no codes.") : unfold("leads")),
  encounter: ACTS.encounter,
  late: ACTS.late,
};

// Enter, where it is more than the browser's: from words to their codes, from a finding to its cause.
export function enter(target) {
  const item = target.matches("[data-finding], #obstacles li") && target.querySelector('[data-act="go"]');
  if (target === text()) goToLinked();
  else if (item) toCause(item);
  else return false;
  return true;
}
