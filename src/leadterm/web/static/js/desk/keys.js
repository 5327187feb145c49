// From strokes to commands. The sheet under `?`, which the server writes, says which key stands for which name.
import { arrow } from "../lists.js";
import { FIELDS, Sequence, single, singleKeysOn, strokeOf } from "../strokes.js";
import { busy, dismiss, hold, holding, letGo } from "./actions.js";
import { ANYWHERE, COMMANDS, enter } from "./commands.js";
import { dialogKey, isOpen } from "./dialogs.js";
import { edge, focusRow, rowOf, step } from "./rows.js";
import { text } from "./text.js";
import { moveWord } from "./words.js";

const ROWS = { ArrowDown: () => step(1), ArrowUp: () => step(-1), Home: () => edge(-1), End: () => edge(1) };
const ENTER = { key: "Enter", bubbles: true, cancelable: true };
const sequence = new Sequence();
let known = new Map(); // strokes, and pairs of them -> commands

function read() {
  const commands = text() ? COMMANDS : ANYWHERE;
  const lines = document.querySelectorAll("#keys [data-key][data-keys]");
  known = new Map([...lines].map((line) => [line.dataset.keys, commands[line.dataset.key]]).filter(([, act]) => act));
  for (const [keys, act] of [...known]) if (/^F[0-9]+$/.test(keys)) known.set(`Shift+${keys}`, act);
}

export function listenToKeys() {
  read();
  document.addEventListener("keydown", (event) => {
    const stroke = event.defaultPrevented ? "" : strokeOf(event);
    if (stroke === "Tab" || stroke === "Shift+Tab") letGo();
    else if (stroke && (pressed(stroke, event) || (!text() && arrow(event)))) event.preventDefault();
  });
  document.addEventListener("pointerdown", letGo, { capture: true });
}

function pressed(stroke, event) {
  const { target, timeStamp } = event;
  if (!busy() || isOpen() || target.matches(FIELDS)) return follow(stroke, target, timeStamp);
  if (!waits(stroke, target)) return false;
  if (!event.repeat || stroke.includes("Arrow")) hold(() => replay(stroke, timeStamp));
  return true;
}

// Whether a key waits for the answer that is on its way: every one that the desk may have a use for by then.
function waits(stroke, target) {
  return single(stroke) || known.has(stroke) || (stroke === "Enter" && holding()) || moves(stroke, target);
}

const arrows = (stroke) => /^(Alt\+|Shift\+)*(Arrow\w+|Home|End)$/.test(stroke);
const moves = (stroke, target) => arrows(stroke) && (target === text() || rowOf(target) === target);

// A key that waited: by now a dialog or a field may be open, and then it is typed there.
function replay(stroke, at) {
  const target = document.activeElement ?? document.body;
  if (follow(stroke, target, at)) return;
  if (target.matches(FIELDS) && single(stroke)) type(target, stroke);
  else if (stroke === "Enter" && target.matches(FIELDS)) target.dispatchEvent(new KeyboardEvent("keydown", ENTER));
  else if (stroke === "Enter" && target.matches("button, a, summary")) target.click();
}

function type(field, character) {
  if (field.matches("select")) return choose(field, character);
  field.setRangeText?.(character, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, data: character, inputType: "insertText" }));
}

// As a browser does it in a list: the first of the options that begins with the character.
function choose(list, character) {
  const option = [...list.options].find((each) => each.text.toUpperCase().startsWith(character.toUpperCase()));
  if (!option || option.selected) return;
  option.selected = true;
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

// What a stroke does in the place where it is pressed. Whether it did something.
function follow(stroke, target, at) {
  if (isOpen()) return dialogKey(stroke);
  const typing = target.matches(FIELDS);
  if (stroke === "Escape") return leave(target) || (text() !== null && dismiss());
  if (typing && (!/^(Alt\+|(Shift\+)?F[0-9])/.test(stroke) || (target.matches("select") && arrows(stroke)))) return false;
  if (stroke === "Enter") return enter(target);
  if (target === text() && moveWord(stroke)) return true;
  if (rowOf(target) === target && ROWS[stroke]) return Boolean(ROWS[stroke]() ?? true);
  if (stroke === "Space" && target.matches("a[role=button]")) return Boolean(target.click() ?? true);
  if (single(stroke) && !singleKeysOn()) return false;
  const act = sequence.find(known, stroke, at);
  act?.(stroke);
  return Boolean(act);
}

// Escape leaves a field or a button of a row for the row itself.
function leave(target) {
  const each = rowOf(target);
  if (!each || each === target) return false;
  focusRow(each);
  return true;
}
