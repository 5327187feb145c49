// What is pressed, in the notation of the key sheets: "a", "U", "Alt+ArrowUp", "F6", and "g q" for two after each other.

const PAUSE = 1000; // milliseconds in which the second key of two must follow
const SWITCH = "leadterm.single-keys";
const SILENT = ["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "Dead", "Process", "Unidentified"];
const BUTTONS = "[type=button], [type=submit], [type=reset], [type=checkbox], [type=radio], [type=file]";
// Where characters are typed: keys of one character are inert there (WCAG 2.1.4).
export const FIELDS = `input:not(${BUTTONS}), select, textarea, [contenteditable]`;

// One key with what is held down beside it; "" for what is no key of ours.
export function strokeOf(event) {
  // Third-level characters such as [ come with Ctrl and Alt on some keyboards, with Alt alone on others.
  const third = event.getModifierState("AltGraph") || (event.altKey && /^[^a-z0-9]$/i.test(event.key));
  if (event.isComposing || SILENT.includes(event.key)) return "";
  if (event.metaKey || (event.ctrlKey && !third)) return "";
  const name = event.key === " " ? "Space" : event.key;
  const alt = event.altKey && !third ? "Alt+" : "";
  return alt + (event.shiftKey && name.length > 1 ? "Shift+" : "") + name;
}

export const single = (stroke) => [...stroke].length === 1;

// Finds what a key stands for, or the two that were pressed last.
export class Sequence {
  constructor() {
    this.first = "";
    this.at = 0;
  }

  find(known, stroke, at) {
    const both = this.first && at - this.at < PAUSE ? `${this.first} ${stroke}` : "";
    this.first = known.has(both) ? "" : stroke;
    this.at = at;
    return known.get(both) ?? known.get(stroke);
  }
}

function stored() {
  try {
    return localStorage.getItem(SWITCH);
  } catch {
    return null; // storage is switched off: the keys are on until the page is left
  }
}

export const singleKeysOn = () => stored() !== "off";

// The switch in the sheet of the keys.
export function keepSwitch() {
  const box = document.getElementById("single-keys");
  if (!box) return;
  box.checked = singleKeysOn();
  box.addEventListener("change", () => localStorage.setItem(SWITCH, box.checked ? "on" : "off"));
}
