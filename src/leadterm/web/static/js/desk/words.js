// The word cursor of the text: arrows select the next word or line, Shift holds the other end.
import { blocks, blocksSeen, ends, isSeen, placeOf, pointIn, rangeIn, show, shown, text } from "./text.js";

const segmenter = new Intl.Segmenter("en", { granularity: "word" });
const MOST = 100; // marks of a code that are looked at
const split = new WeakMap(); // blocks, each with its words as pairs of units
// The words that were selected last and the range over them; `fresh`: a caret was put there, and no word is selected yet.
let held = null;

const MOVES = {
  ArrowRight: (at) => beside(at, 1),
  ArrowLeft: (at) => beside(at, -1),
  ArrowDown: (at) => otherLine(at, 1),
  ArrowUp: (at) => otherLine(at, -1),
  Home: (at) => lineEnd(at, "backward"),
  End: (at) => lineEnd(at, "forward"),
};

// Whether the stroke moved the cursor.
export function moveWord(stroke) {
  const move = MOVES[stroke.replace("Shift+", "")];
  if (!move) return false;
  const now = cursor();
  const head = now?.fresh === false ? move(now.head) : (now?.head ?? firstSeen());
  if (head) put(stroke.startsWith("Shift+") && now ? now.anchor : head, head);
  return true;
}

// Where what was selected is out of sight: the first word that is seen, of the code at hand where that is in sight.
export function enterWords() {
  const now = cursor();
  if (now && isSeen(shown())) return;
  const mark = [...text().getElementsByClassName("lit")].slice(0, MOST).find(isSeen);
  const place = mark && placeOf(mark, 0);
  const head = place ? wordAt(place.block, place.units) : firstSeen();
  if (head) put(head, head);
}

function words(block) {
  if (!split.has(block)) {
    const parts = [...segmenter.segment(block.textContent)].filter((part) => part.isWordLike);
    split.set(block, parts.map((part) => [part.index, part.index + part.segment.length]));
  }
  return split.get(block).map(([from, to]) => ({ block, from, to }));
}

// The words that are selected: as the arrows left them, or as the pointer did.
function cursor() {
  const range = shown();
  if (!range) return null;
  if (held && same(range, held.range)) return held;
  const from = placeOf(range.startContainer, range.startOffset);
  const to = placeOf(range.endContainer, range.endOffset);
  const anchor = from && wordAt(from.block, from.units);
  if (!anchor) return null;
  const last = to && words(to.block).findLast((word) => word.from < to.units);
  return { anchor, head: range.collapsed || !last ? anchor : last, fresh: range.collapsed };
}

const same = (one, other) =>
  one.compareBoundaryPoints(Range.START_TO_START, other) === 0 &&
  one.compareBoundaryPoints(Range.END_TO_END, other) === 0;

function put(anchor, head) {
  const backward = before(head, anchor);
  const [first, last] = backward ? [head, anchor] : [anchor, head];
  const range = rangeIn(first.block, first.from, last.to, last.block);
  const [a, b, c, d] = ends(range);
  document.getSelection().setBaseAndExtent(...(backward ? [c, d, a, b] : [a, b, c, d]));
  held = { anchor, head, range, fresh: false };
  show(rangeIn(head.block, head.from, head.to), "edge");
}

function before(one, other) {
  if (one.block === other.block) return one.from < other.from;
  return Boolean(one.block.compareDocumentPosition(other.block) & Node.DOCUMENT_POSITION_FOLLOWING);
}

// The word at a place, or the next one in its block, else the last.
function wordAt(block, units) {
  const all = words(block);
  return all.find((word) => word.to > units) ?? all.at(-1);
}

function beside(at, by) {
  const all = words(at.block);
  const next = all[all.findIndex((word) => word.from === at.from) + by];
  return next ?? otherBlock(at, by);
}

// The nearest word of the blocks before or behind.
function otherBlock(at, by) {
  const all = blocks();
  for (let n = all.indexOf(at.block) + by; all[n]; n += by) {
    const found = words(all[n]).at(by > 0 ? 0 : -1);
    if (found) return found;
  }
  return at;
}

// Lines are those on the screen: the browser knows them.
function otherLine(at, by) {
  const found = modified(at, by > 0 ? "forward" : "backward", "line");
  const same = !found || (found.block === at.block && found.from === at.from);
  if (same || before(found, at) !== by < 0) return otherBlock(at, by);
  return found;
}

const lineEnd = (at, way) => modified(at, way, "lineboundary") ?? at;

function modified(at, way, unit) {
  const selection = document.getSelection();
  const kept = [selection.anchorNode, selection.anchorOffset, selection.focusNode, selection.focusOffset];
  selection.collapse(...pointIn(at.block, at.from));
  selection.modify("move", way, unit);
  const place = placeOf(selection.focusNode, selection.focusOffset);
  selection.setBaseAndExtent(...kept);
  if (!place) return null;
  if (unit === "lineboundary" && way === "forward")
    return words(place.block).findLast((word) => word.from < place.units && !before(word, at)) ?? at;
  return wordAt(place.block, place.units);
}

// The first word at or below the upper edge of the text.
function firstSeen() {
  const top = text().getBoundingClientRect().top;
  for (const block of blocksSeen()) {
    const seen = words(block).find((word) => rangeIn(block, word.from, word.to).getBoundingClientRect().bottom > top);
    if (seen) return seen;
  }
  return null;
}
