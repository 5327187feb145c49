// The panel under a row that says why it is there: fetched when it is opened first, kept open by the keeper.
import { row } from "./rows.js";

const linkOf = (panel) => document.querySelector(`[aria-controls="${CSS.escape(panel.id)}"]`);
const panelOf = (each) => document.getElementById(`details-${each.dataset.row}`);

export function load(panel) {
  return htmx.ajax("GET", linkOf(panel).href, { target: panel, source: panel, swap: "innerHTML" });
}

export function togglePanel(each) {
  const panel = panelOf(each);
  if (panel.hidden) return openPanel(each);
  // What is closed must not take the focus with it.
  if (panel.contains(document.activeElement)) linkOf(panel).focus();
  panel.hidden = true;
  linkOf(panel).setAttribute("aria-expanded", "false");
}

// Opens it, and calls `then` with it when it is filled.
export async function openPanel(each, then = () => {}) {
  const id = each.dataset.row;
  const panel = panelOf(each);
  panel.hidden = false;
  linkOf(panel).setAttribute("aria-expanded", "true");
  if (!panel.childElementCount) await load(panel);
  const now = row(id);
  if (now) then(panelOf(now));
}
