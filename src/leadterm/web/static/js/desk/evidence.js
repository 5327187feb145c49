// The words of codes and the codes of words. The marks are looked up once, afterwards only in blocks that were replaced.
import { say } from "../said.js";
import { described, focusRow, reveal, row } from "./rows.js";
import { isSeen, rangeOf, selected, show, shown, text } from "./text.js";

const MOST = 20_000; // characters of a selection for which codes are lit up
const SAID = 6; // codes that are told
const LOOKED = 100; // marks of a code of which one may be in view
const index = new Map(); // id of a code -> its marks
let watcher = null;
let linked = []; // ids of the codes of the selected words
let told = "";
let lit = "";

const codesOf = (mark) => mark.dataset.codes.split(" ").filter(Boolean);
const marksIn = (node) => (node instanceof Element ? [...node.querySelectorAll("mark[data-codes]")] : []);

function add(mark) {
  for (const id of codesOf(mark)) {
    if (!index.has(id)) index.set(id, new Set());
    index.get(id).add(mark);
  }
}

const take = (mark) => codesOf(mark).forEach((id) => index.get(id)?.delete(mark));

function read(records) {
  for (const record of records) {
    record.removedNodes.forEach((node) => marksIn(node).forEach(take));
    record.addedNodes.forEach((node) => marksIn(node).forEach(add));
  }
}

export function watchText() {
  marksIn(text()).forEach(add);
  watcher = new MutationObserver(read);
  watcher.observe(text(), { childList: true, subtree: true });
  let frame = 0;
  document.addEventListener("selectionchange", () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(link);
  });
}

// The marks of a code, in the order of the text. Those of a block keep theirs; blocks that were replaced came in last.
export function marksOf(id) {
  if (watcher) read(watcher.takeRecords());
  const articles = [...text().querySelectorAll("[data-document]")];
  const placed = [...(index.get(id) ?? [])].map((mark) => {
    const block = mark.closest(".block");
    return { mark, article: articles.indexOf(block.closest("[data-document]")), start: Number(block.dataset.start) };
  });
  placed.sort((one, other) => one.article - other.article || one.start - other.start);
  return placed.map(({ mark }) => mark);
}

// --- from a code to its words ---

export function light(id) {
  if (lit === id) return;
  lit = id;
  paint();
}

function paint() {
  for (const mark of [...text().getElementsByClassName("lit")]) mark.classList.remove("lit");
  for (const mark of marksOf(lit)) mark.classList.add("lit");
}

let jumped = null; // the mark that was jumped to last

// Brings the words of a code into view: the first, unless others are in view ("seen"); with "jump" the next ones.

export function showWords(id, how) {
  const marks = marksOf(id);
  const again = how === "jump" && marks.includes(jumped);
  const mark = again ? marks[(marks.indexOf(jumped) + 1) % marks.length] : marks[0];
  if (!mark) return how === "jump" && say("This code has no words in the chart.");
  if (how === "seen" && marks.slice(0, LOOKED).some(isSeen)) return;
  const range = document.createRange();
  range.selectNodeContents(mark);
  show(range, how);
  if (how === "jump") flash(mark);
  if (how === "jump" && marks.length > 1) say(`Words ${marks.indexOf(mark) + 1} of ${marks.length}.`);
}

function flash(mark) {
  jumped?.classList.remove("jumped");
  jumped = mark;
  mark.classList.add("jumped");
  setTimeout(() => mark.classList.remove("jumped"), 1200);
}

// --- from words to their codes ---

function touched() {
  const range = shown();
  const caret = range?.collapsed && range.startContainer.parentElement?.closest("#text mark, #text .said");
  if (caret) return [caret];
  const quote = selected(range);
  const exact = quote && rangeOf(quote);
  if (!exact || quote.text.length > MOST) return [];
  const root = exact.commonAncestorContainer;
  const around = (root instanceof Element ? root : root.parentElement).closest(".block, [data-document]");
  return [...around.querySelectorAll("mark, .said")].filter((each) => exact.intersectsNode(each));
}

function link() {
  const marks = touched();
  const ids = [...new Set(marks.flatMap((mark) => (mark.dataset.codes ? codesOf(mark) : [])))].filter(row);
  const asserted = [...new Set(marks.map((mark) => mark.dataset.say).filter(Boolean))];
  const before = told;
  linked = ids;
  told = [...ids, ...asserted].join(" ");
  decorate();
  if (told === before || document.activeElement !== text()) return;
  if (ids.length) reveal(row(ids[0]));
  const places = [...new Set(marks.map((mark) => mark.title).filter(Boolean))];
  const words = [...ids.map((id) => described(row(id))), ...asserted, ...places.map((place) => `in the original: ${place}`)];
  say(words.slice(0, SAID).join("; ") + (words.length > SAID ? `; and ${words.length - SAID} more` : ""));
}

// The classes that the page's pieces come without: after each swap, and when the selection changed.
export function decorate() {
  for (const each of document.querySelectorAll("#codes .linked")) each.classList.remove("linked");
  for (const id of linked) row(id)?.classList.add("linked");
}

export function relight() {
  decorate();
  if (lit) paint();
}

export const linkedRow = () => linked.map(row).find(Boolean) ?? null;

export function goToLinked() {
  if (!linkedRow()) return say("These words have no code yet.");
  focusRow(linkedRow());
}
