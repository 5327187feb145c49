// The dialogs of the desk. Each gives the focus back to where it was opened, or to the row that stands there by then.
import { say } from "../said.js";
import { send } from "./actions.js";
import { goBack, whereabouts } from "./keeper.js";
import { current } from "./rows.js";

const get = (id) => document.getElementById(id);
const openOne = () => document.querySelector("dialog[open]");
let target = ""; // the id of the row or of the finding that an open dialog is about

export const isOpen = () => Boolean(openOne());

export function openDialog(dialog, first = null) {
  // Nobody is left on the page itself, nor in a field of a dialog that is closed.
  const nowhere = document.activeElement === document.body;
  const back = whereabouts(nowhere ? (current() ?? get("codes") ?? get("main")) : document.activeElement);
  dialog.addEventListener("close", () => goBack(back), { once: true });
  dialog.showModal();
  (first ?? dialog.querySelector("button"))?.focus();
}

export const openKeys = () => openDialog(get("keys"), get("keys").querySelector("form button"));

export function openReasons(row) {
  target = row.dataset.row;
  get("reasons-note").value = "";
  openDialog(get("reasons"), get("reasons").querySelector("[data-reason]"));
}

function reject(reason) {
  const note = get("reasons-note").value.trim();
  get("reasons").close();
  send({ do: `reject:${target}`, reason, ...(note && { note }) });
}

export function openPermit(button) {
  target = button.value;
  get("permit-reason").value = "";
  get("permit-about").textContent = button.closest("[data-finding]")?.querySelector("p")?.innerText ?? "";
  openDialog(get("permit"), get("permit-reason"));
}

function permit() {
  const reason = get("permit-reason").value.trim();
  if (!reason) {
    get("permit-reason").focus();
    return get("permit-reason").setAttribute("aria-invalid", "true");
  }
  get("permit").close();
  send({ do: `permit:${target}`, reason });
}

// Keys of an open dialog that are not the browser's: the number of a reason, with Alt while a note is typed. Whether the
// stroke was one.
export function dialogKey(stroke) {
  const dialog = openOne();
  if (dialog?.id !== "reasons") return false;
  const typing = document.activeElement === get("reasons-note");
  if (typing && stroke === "Enter") say("Choose a reason.");
  const number = (typing ? /^Alt\+([1-9])$/ : /^(?:Alt\+)?([1-9])$/).exec(stroke)?.[1];
  const button = number && dialog.querySelectorAll("[data-reason]")[number - 1];
  if (button) reject(button.dataset.reason);
  return Boolean(button) || (typing && stroke === "Enter");
}

export function watchDialogs() {
  get("reasons")?.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reason]");
    if (button) reject(button.dataset.reason);
  });
  get("permit-do")?.addEventListener("click", permit);
  get("permit-reason")?.addEventListener("input", (event) => event.target.removeAttribute("aria-invalid"));
}
