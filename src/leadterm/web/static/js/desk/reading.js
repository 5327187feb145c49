// What somebody reads stays where it is on the screen, whatever is swapped around it.
import { focusedRow, scrollerOf } from "./rows.js";
import { blocksSeen, text } from "./text.js";

// Notes where the text and the codes stand; calling what comes back puts them there again.
export function anchored() {
  const holds = text() ? [blocksSeen()[0], listed()].filter(Boolean).map(held) : [];
  return () => holds.forEach((hold) => hold());
}

// The row with the focus, else the first that is seen.
function listed() {
  const rows = [...document.querySelectorAll("#codes [data-row]")];
  const top = rows.length ? scrollerOf(rows[0]).getBoundingClientRect().top : 0;
  return focusedRow() ?? rows.find((each) => each.getBoundingClientRect().bottom > Math.max(top, 0));
}

const place = (element) => [...element.parentElement.children].indexOf(element);

function held(element) {
  const [id, top, at] = [element.id, element.getBoundingClientRect().top, place(element)];
  return () => {
    const now = document.getElementById(id);
    if (!now) return;
    // What was moved by the coder moves; only what is around it stays.
    if (place(now) !== at) return now.contains(document.activeElement) && now.scrollIntoView({ block: "nearest" });
    const by = now.getBoundingClientRect().top - top;
    const scroller = scrollerOf(now);
    if (Math.abs(by) >= 1 && scroller) scroller.scrollBy({ top: by, behavior: "instant" });
  };
}
