// The chart's text as it is shown: its blocks, places in them, and what is selected, counted as the server counts.
import { codePoints, spanOf, utf16 } from "./offsets.js";

export const text = () => document.getElementById("text");
export const blocks = (within = text()) => [...within.querySelectorAll(".block")];

const start = (block) => Number(block.dataset.start);

// The first of an ordered list for which `reached` holds.
function first(list, reached) {
  let from = 0;
  let to = list.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (reached(list[middle])) to = middle;
    else from = middle + 1;
  }
  return from;
}

// The blocks from the first that is seen on.
export function blocksSeen() {
  const top = text().getBoundingClientRect().top;
  const all = blocks();
  return all.slice(first(all, (block) => block.getBoundingClientRect().bottom > top));
}

// How many units of the block's text stand before a place in it.
export function unitsBefore(block, node, offset) {
  const before = document.createRange();
  before.setStart(block, 0);
  before.setEnd(node, offset);
  return before.toString().length;
}

// The node and offset of a place in a block: at the beginning of a node rather than at the end of the one before.
export function pointIn(block, units) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  let left = units;
  let last = [block, 0];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (left < node.length) return [node, left];
    last = [node, node.length];
    left -= node.length;
  }
  return last;
}

export function rangeIn(block, from, to, last = block) {
  const range = document.createRange();
  range.setStart(...pointIn(block, from));
  const [node, before] = pointIn(last, Math.max(to - 1, 0));
  range.setEnd(node, Math.min(before + 1, node.length ?? 0));
  return range;
}

// The selection where it touches the text, else null.
export function shown() {
  const selection = document.getSelection();
  if (!text() || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  return range.intersectsNode(text()) ? range : null;
}

// What is selected: {document, start, end} in code points and its text, without blanks around it; null for nothing. Of a
// selection over several documents, the part in the first.
export function selected(range = shown()) {
  if (!range || range.collapsed) return null;
  const all = blocks();
  const from = first(all, (block) => range.comparePoint(block, block.childNodes.length) >= 0);
  const behind = first(all, (block) => range.comparePoint(block, 0) > 0);
  const touched = all.slice(from, behind);
  const article = touched[0]?.closest("[data-document]");
  const own = touched.filter((block) => article.contains(block));
  if (!own.length) return null;
  const texts = own.map((block) => block.textContent);
  const whole = texts.join("");
  const units = (block, node, offset, other) => (block.contains(node) ? unitsBefore(block, node, offset) : other);
  const begins = units(own[0], range.startContainer, range.startOffset, 0);
  const rest = texts.at(-1).length;
  const ends = units(own.at(-1), range.endContainer, range.endOffset, rest);
  const span = spanOf(whole, begins, whole.length - rest + ends);
  const base = start(own[0]);
  return span && { ...span, document: article.dataset.document, start: base + span.start, end: base + span.end };
}

// The range of a quote as `selected` gave it; null where the document is not shown.
export function rangeOf(quote) {
  const article = document.querySelector(`#text [data-document="${CSS.escape(quote.document)}"]`);
  const all = article ? blocks(article) : [];
  const holding = (point) => all[first(all, (block) => start(block) > point) - 1];
  const [head, tail] = [holding(quote.start), holding(quote.end - 1)];
  if (!head || !tail) return null;
  const within = (block, point) => utf16(block.textContent, point - start(block));
  return rangeIn(head, within(head, quote.start), within(tail, quote.end), tail);
}

export function select(quote) {
  const range = quote && rangeOf(quote);
  if (range) document.getSelection().setBaseAndExtent(...ends(range));
}

export const ends = (range) => [range.startContainer, range.startOffset, range.endContainer, range.endOffset];

// The block that a place stands in, and the units before it there; null outside of the blocks.
export function placeOf(node, offset) {
  const block = (node instanceof Element ? node : node.parentElement)?.closest("#text .block");
  return block ? { block, units: unitsBefore(block, node, offset) } : null;
}

const MARGIN = 24;
const moving = () => window.matchMedia("(prefers-reduced-motion: no-preference)").matches;

// The part of the text's box that is on the screen.
function view() {
  const box = text().getBoundingClientRect();
  return { top: Math.max(box.top, 0), bottom: Math.min(box.bottom, window.innerHeight), height: box.height };
}

// Whether an element or a range is wholly in view.
export function isSeen(one) {
  const { top, bottom } = view();
  const rect = one.getBoundingClientRect();
  return rect.top >= top && rect.bottom <= bottom;
}

// Brings a range into view by scrolling the text, not the page: "jump" into the middle; "seen" into the middle unless it
// is in view; "edge" by as little as possible.
export function show(range, how) {
  if (view().bottom <= view().top) text().scrollIntoView({ block: "nearest" });
  if (how !== "jump" && isSeen(range)) return;
  const { top, bottom, height } = view();
  const rect = range.getBoundingClientRect();
  const edge = rect.top < top ? rect.top - top - MARGIN : rect.bottom - bottom + MARGIN;
  const by = how === "edge" ? edge : rect.top - (top + bottom - Math.min(rect.height, bottom - top)) / 2;
  const near = Math.abs(by) < 2 * height;
  text().scrollBy({ top: by, behavior: how === "jump" && near && moving() ? "smooth" : "instant" });
}
