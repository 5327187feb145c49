// Moving between the rows of a list: through the links of [data-rows], from the page itself into the first of them.
import { FIELDS } from "./strokes.js";

const shown = (link) => link.getClientRects().length;

// Whether there was a link to go to.
export function moveBy(by, from = document.activeElement) {
  const here = from.closest?.("[data-rows]");
  const list = here ?? (by > 0 ? document.querySelector("main [data-rows]") : null);
  const links = [...(list?.querySelectorAll("a[href]") ?? [])].filter(shown);
  const next = here ? links[links.indexOf(from) + by] : links[0];
  next?.focus();
  return Boolean(next);
}

export function arrow(event) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const { target } = event;
  const inList = target === document.body || target.closest?.("[data-rows]");
  return Boolean(by && inList) && !target.matches(FIELDS) && moveBy(by, target);
}
