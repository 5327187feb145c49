// The queue: files dropped anywhere on the page are opened, a text that is pasted outside of a field is put into its field.
import { FIELDS } from "../strokes.js";

const form = () => document.getElementById("open");
const withFiles = (event) => Boolean(event.dataTransfer?.types.includes("Files"));
const hang = (on) => document.body.classList.toggle("dropping", on);

function over(event) {
  if (!withFiles(event)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  hang(true);
}

function dropped(event) {
  if (!withFiles(event)) return;
  event.preventDefault();
  hang(false);
  const field = document.getElementById("files");
  field.files = event.dataTransfer.files;
  if (field.files.length) form().requestSubmit();
}

function pasted(event) {
  if (event.target.closest?.(FIELDS)) return;
  const field = document.getElementById("pasted");
  const words = event.clipboardData.getData("text/plain");
  if (!words) return;
  event.preventDefault();
  field.value = words;
  field.focus();
}

export function watchDrop() {
  if (!form()) return;
  document.addEventListener("dragover", over);
  document.addEventListener("drop", dropped);
  // Leaving one element for another is no leaving of the page.
  document.addEventListener("dragleave", (event) => event.relatedTarget === null && hang(false));
  document.addEventListener("paste", pasted);
}
