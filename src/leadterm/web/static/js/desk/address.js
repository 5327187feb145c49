// The address names the code, the document and the marks that are shown, so that a reload or a bookmark loses nothing.
import { focusRow, row } from "./rows.js";
import { light, marksOf, showWords } from "./evidence.js";
import { text } from "./text.js";

const PAUSE = 250; // milliseconds without a change after which the address is written
const state = new URLSearchParams(window.location.search);
const boxes = () => [...document.querySelectorAll("[data-marks]")];
const articles = () => [...text().querySelectorAll("[data-document]")];
let timer = 0;

function keep(name, value) {
  if (value) state.set(name, value);
  else state.delete(name);
  clearTimeout(timer);
  timer = setTimeout(write, PAUSE);
}

function write() {
  clearTimeout(timer);
  const query = state.toString().replaceAll("%2C", ",");
  // A document that was gone to is gone to again: where it then stands is for the page of that time to say.
  const at = isAimed() ? {} : { top: text().scrollTop };
  history.replaceState(at, "", query ? `?${query}` : window.location.pathname);
}

export const keepRow = (each) => keep("at", each.dataset.row);

// --- the documents ---

const NEAR = 2; // pixels by which a place that was scrolled to may be off
// The document that was gone to, until the text is scrolled: a short one at the end never comes to the upper edge.
let aimed = null;

const below = (article) => article.getBoundingClientRect().top - text().getBoundingClientRect().top;
const isAtEnd = () => text().scrollHeight - text().clientHeight - text().scrollTop <= NEAR;

// Whether the text stands as it was left when a document was gone to: asked of the page as it is now, whose height may
// have changed since.
const isAimed = () => aimed && (Math.abs(below(aimed)) <= NEAR || (below(aimed) > 0 && isAtEnd()));

// The document at the upper edge of the text.
export function shownDocument() {
  if (isAimed()) return aimed;
  aimed = null;
  const edge = text().getBoundingClientRect().top + 40;
  return articles().findLast((article) => article.getBoundingClientRect().top <= edge) ?? articles()[0];
}

export function toDocument(from, by) {
  const all = articles();
  const next = all[Math.min(Math.max(all.indexOf(from) + by, 0), all.length - 1)];
  if (next) scrollTo(next);
}

function scrollTo(article) {
  text().scrollBy({ top: below(article), behavior: "instant" });
  aimed = article;
  nameDocument();
}

function nameDocument() {
  const article = shownDocument();
  if (!article) return;
  for (const tab of document.querySelectorAll("#document-tabs [data-document]")) {
    if (tab.dataset.document === article.dataset.document) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
  keep("doc", articles().length > 1 ? article.dataset.document : "");
}

// --- the marks of what is not plainly there ---

export function toggleMarks() {
  const none = boxes().every((box) => !box.checked);
  for (const box of boxes()) box.checked = none;
  showMarks();
}

function showMarks() {
  for (const box of boxes()) text().classList.toggle(`show-${box.dataset.marks}`, box.checked);
  const on = boxes().filter((box) => box.checked);
  keep("marks", on.map((box) => box.dataset.marks).join(","));
}

// --- from the address ---

export function followAddress() {
  const at = state.get("at");
  const named = at && row(at);
  const doc = articles().find((article) => article.dataset.document === state.get("doc"));
  if (doc) scrollTo(doc);
  if (named) {
    focusRow(named);
    light(at);
    if (!doc || marksOf(at).some((mark) => doc.contains(mark))) showWords(at, "seen");
  }
  if (history.state?.top !== undefined) text().scrollTop = history.state.top;
  nameDocument();
  document.addEventListener("change", (event) => event.target.matches("[data-marks]") && showMarks());
  document.getElementById("document-tabs")?.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-document]");
    const article = tab && articles().find((each) => each.dataset.document === tab.dataset.document);
    if (!article) return;
    event.preventDefault();
    scrollTo(article);
  });
  let pause = 0;
  text().addEventListener("scroll", () => {
    clearTimeout(pause);
    pause = setTimeout(nameDocument, PAUSE);
  });
  window.addEventListener("pagehide", write);
}
