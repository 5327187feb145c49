// Finding a code to add, or to put in another's place: a combobox in a dialog, on the words that were selected.
import { Combobox, options } from "../combobox.js";
import { say } from "../said.js";
import { send } from "./actions.js";
import { openDialog } from "./dialogs.js";
import { focusedRow } from "./rows.js";
import { selected } from "./text.js";

const LONGEST = 200; // characters that are asked for
const get = (id) => document.getElementById(id);
const bare = (code) => code.replace(/[\s.]/g, "").toUpperCase();
let finder = null;

class Finder extends Combobox {
  constructor(dialog) {
    super(dialog);
    this.dialog = dialog;
    this.input.addEventListener("htmx:beforeRequest", () => (this.asked = this.input.value));
    this.input.addEventListener("htmx:sendError", () => this.failed());
    this.input.addEventListener("htmx:responseError", () => this.failed());
    this.input.addEventListener("input", () => (this.wanted = false));
  }

  // `fields`: what is posted with the code. `words`: what is looked for at first.
  find(title, fields, quote, words) {
    this.fields = fields;
    this.wanted = false;
    this.answered = null;
    this.list.replaceChildren();
    this.close();
    get("find-title").textContent = title;
    get("find-quote").hidden = !quote;
    get("find-quote").textContent = quote ? `“${quote.text}”` : "";
    openDialog(this.dialog, this.input);
    this.input.value = words.replace(/\s+/g, " ").slice(0, LONGEST);
    this.input.select();
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  named(option) {
    return option?.dataset.code;
  }

  left() {} // the list stays while a button of the dialog has the focus

  arrived() {
    this.answered = this.asked;
    super.arrived();
    if (this.wanted && this.fresh()) this.choose();
  }

  failed() {
    this.wanted = false;
    say("The desk does not answer.");
  }

  fresh() {
    return this.answered === this.input.value;
  }

  key(event) {
    if (event.key === "Escape") return; // closes the dialog
    super.key(event);
    if (event.key !== "Enter" || event.defaultPrevented || event.isComposing) return;
    event.preventDefault();
    this.choose();
  }

  // What is typed is taken where it is a code to the letter, as soon as the answer to it is here.
  choose() {
    this.wanted = Boolean(this.input.value.trim()) && !this.fresh();
    if (this.wanted) return;
    const exact = options(this.list)[0];
    if (exact && bare(exact.dataset.code) === bare(this.input.value)) this.open(exact);
    else say(exact ? "Choose a code from the list with the arrows." : "Type words or a code.");
  }

  open(option) {
    if (!option) return;
    this.dialog.close();
    send({ ...this.fields, code: option.dataset.code, system: option.dataset.system });
  }
}

export function addCode() {
  const quote = focusedRow() ? null : selected(); // who is with a code means no words
  const words = quote && { document: quote.document, start: quote.start, end: quote.end };
  finder.find("Add a code", { do: "add", method: quote ? "text" : "search", ...words }, quote, quote?.text ?? "");
}

export function replaceCode(id, code, query = "", method = "search") {
  finder.find(`Another code for ${code}`, { do: `replace:${id}`, method }, null, query || code);
}

export function watchFind() {
  if (get("find")) finder = new Finder(get("find"));
}
