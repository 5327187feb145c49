// Starts what the pages of the desk need; without scripts every page still works by its links and forms.
import { keepSwitch } from "../strokes.js";
import { guardLeaving, send, watchTrouble } from "./actions.js";
import { followAddress, keepRow } from "./address.js";
import { ACTS, perform } from "./commands.js";
import { openKeys, watchDialogs } from "./dialogs.js";
import { watchDrop } from "./drop.js";
import { light, watchText } from "./evidence.js";
import { watchFind } from "./find.js";
import { watchSwaps } from "./keeper.js";
import { listenToKeys } from "./keys.js";
import { watchRemap } from "./remap.js";
import { rowOf, setCurrent } from "./rows.js";
import { text } from "./text.js";
import { load } from "./why.js";

// One listener for the whole page: rows, findings and panels come and go.
function watchChart() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (!button || !ACTS[button.dataset.act] || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    perform(button);
  });
  // Before htmx, whose queue would send the button that was pressed last.
  const ours = (form) => form.action === document.getElementById("work").action;
  const submit = (event) => {
    if (!ours(event.target) || !event.submitter) return;
    event.preventDefault();
    event.stopPropagation();
    perform(event.submitter, event.target);
  };
  document.addEventListener("submit", submit, { capture: true });
  document.addEventListener("change", ({ target }) => {
    if (target.matches('[data-act="poa"]')) send({ do: target.id.replace("-", ":"), poa: target.value });
  });
  document.addEventListener("focusin", ({ target }) => {
    const row = rowOf(target);
    if (!row || row.getAttribute("aria-current") === "true") return row && light(row.dataset.row);
    setCurrent(row);
    keepRow(row);
    light(row.dataset.row);
  });
}

keepSwitch();
document.querySelector("[data-keys-open]:not([data-act])")?.addEventListener("click", openKeys);
listenToKeys();
watchRemap();
watchDrop();
if (text()) {
  watchDialogs();
  watchFind();
  watchText();
  watchSwaps(load);
  watchTrouble();
  guardLeaving();
  watchChart();
  followAddress();
}
// Whoever drives the page, a test or a reader of screens, can tell that its keys are heard.
document.body.dataset.ready = "";
