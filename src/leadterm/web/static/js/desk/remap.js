// Choosing keys in the settings: the key is pressed in its field. What is given twice is told at once, and not kept.
import { single, strokeOf } from "../strokes.js";

const PAUSE = 1000; // milliseconds in which the second key of two must follow
// What the server keeps as a key; Tab, Escape and Enter stay the browser's.
const KEYS = /^(?:Alt\+|Shift\+)*(?:\S|F[0-9]{1,2}|Arrow(?:Up|Down|Left|Right)|Home|End|PageUp|PageDown)$/;
const fields = () => [...document.querySelectorAll("input[data-remap]")];
const nameOf = (field) => field.closest("label").textContent.trim();
let last = { field: null, at: 0 };

function press(event) {
  const stroke = strokeOf(event);
  const field = event.target;
  if (stroke === "Backspace" || stroke === "Delete") field.value = "";
  else if (!KEYS.test(stroke)) return;
  else {
    const second = last.field === field && event.timeStamp - last.at < PAUSE && single(field.value) && single(stroke);
    field.value = second ? `${field.value} ${stroke}` : stroke;
    last = { field: second ? null : field, at: event.timeStamp };
  }
  event.preventDefault();
  check();
}

// Two fields clash when one begins what the other is.
const clash = (one, other) => one === other || one.startsWith(`${other} `) || other.startsWith(`${one} `);

function check() {
  const said = [];
  for (const field of fields()) {
    const other = fields().find((each) => each !== field && field.value && each.value && clash(field.value, each.value));
    const trouble = other ? `${field.value}: also “${nameOf(other)}” (${other.value}).` : "";
    field.setCustomValidity(trouble);
    field.setAttribute("aria-invalid", String(Boolean(trouble)));
    if (trouble) said.push(`${nameOf(field)}, ${trouble}`);
  }
  document.getElementById("remap-said").textContent = said.join(" ");
}

export function watchRemap() {
  if (!fields().length) return;
  document.addEventListener("keydown", (event) => event.target.matches("input[data-remap]") && press(event));
  document.addEventListener("input", (event) => event.target.matches("input[data-remap]") && check());
}
