// The keys of the page. What they are stands in the list under `?`, which the server writes from one table.

import { arrow } from "./lists.js";
import { FIELDS, Sequence, keepSwitch, singleKeysOn } from "./strokes.js";

const dialog = () => document.getElementById("keys");

function jumps() {
  const found = new Map();
  for (const line of document.querySelectorAll("#keys [data-go]")) {
    const keys = [...line.querySelectorAll("kbd")].map((kbd) => kbd.textContent).join(" ");
    found.set(keys, () => window.location.assign(line.dataset.go));
  }
  for (const link of document.querySelectorAll("[data-key]")) found.set(link.dataset.key, () => link.click());
  found.set("/", () => focusAll(document.getElementById("q")));
  found.set("d", () => focusAll(document.getElementById("on")));
  found.set("?", () => dialog().showModal());
  return found;
}

function focusAll(field) {
  field.focus();
  if (field.type === "search" || field.type === "text") field.select();
}

// Arrow right and left open and close a term whose subterms are not shown yet; so does its button.
function fold(event) {
  const button = event.target.closest?.(".folded")?.querySelector(".fold");
  if (!button || !["ArrowRight", "ArrowLeft"].includes(event.key)) return false;
  if ((event.key === "ArrowRight") !== (button.getAttribute("aria-expanded") === "true")) button.click();
  return true;
}

function toggle(event) {
  const button = event.target.closest?.(".fold");
  if (!button) return;
  const open = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(open));
  button.parentElement.nextElementSibling.hidden = !open;
}

// In a list of values a character chooses the value that it stands for, as long as the focus is in that list. Who types
// faster than the server answers is heard all the same: characters wait for the list that they are meant for.
let choosing = false;
let waiting = [];
let answered = null;

function pick(event) {
  if (choosing && /^[0-9a-z]$/i.test(event.key)) return Boolean(waiting.push(event.key));
  return choose(event.target.closest?.("[data-pick]"), event.key);
}

function choose(list, key) {
  const value = list?.querySelector(`[data-char="${CSS.escape(key.toUpperCase())}"]`);
  choosing = Boolean(value);
  value?.click();
  return choosing;
}

function chosen(event) {
  // One answer settles in several parts of the page, and is one answer all the same.
  if (!choosing || event.detail.xhr === answered) return;
  answered = event.detail.xhr;
  const key = waiting.shift();
  if (key === undefined || !choose(document.querySelector("[data-pick]"), key)) stopChoosing();
}

function stopChoosing() {
  choosing = false;
  waiting = [];
}

export function listen() {
  const sequence = new Sequence();
  keepSwitch();
  document.querySelector("[data-keys-open]").addEventListener("click", () => dialog().showModal());
  document.addEventListener("click", toggle);
  document.body.addEventListener("htmx:afterSettle", chosen);
  document.body.addEventListener("htmx:sendError", stopChoosing);
  document.body.addEventListener("htmx:responseError", stopChoosing);
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (dialog().open) return;
    if (arrow(event) || fold(event) || pick(event)) return event.preventDefault();
    if (event.key.length !== 1 || event.target.matches(FIELDS) || !singleKeysOn()) return;
    const act = sequence.find(jumps(), event.key, event.timeStamp);
    if (act) {
      event.preventDefault();
      act();
    }
  });
}
