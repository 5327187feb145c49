// Swapping a fragment takes away the element that had the focus, and the browser drops it to the page. Afterwards it
// is given to what the fragment asks for ([data-focus]), else to the element of the same id, else to the same place
// among the links and fields of the fragment.

const INSIDE = "a[href], button, input, select, summary, [tabindex]";

export function keepFocus() {
  let id = "";
  let place = -1;
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const held = document.activeElement;
    const target = event.detail.target;
    id = target.contains(held) ? held.id : "";
    place = target.contains(held) ? [...target.querySelectorAll(INSIDE)].indexOf(held) : -1;
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (place < 0 || (document.activeElement !== document.body && document.activeElement !== null)) return;
    const target = document.getElementById(event.detail.target.id) ?? document.body;
    const all = [...target.querySelectorAll(INSIDE)];
    const next = target.querySelector("[data-focus]") ?? (id && document.getElementById(id)) ?? null;
    (next || all[Math.min(place, all.length - 1)])?.focus();
    place = -1;
  });
}
