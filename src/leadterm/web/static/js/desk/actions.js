// Actions go to the server one after another, in the order in which they were asked for. A key that is pressed while an
// answer is on its way waits for it, and then acts on what is there. What could not be sent stays, and can be sent again.
import { say } from "../said.js";
import { goBack, keep, whereabouts } from "./keeper.js";

const PATIENCE = 30_000; // milliseconds after which a server that says nothing counts as gone
const QUIET = 300; // milliseconds before it is said that something is being saved
const GONE = "Not saved: the desk does not answer. Nothing after the last tick was kept.";
const UNTOLD = "The desk could not do that. Load the page again.";

const outbox = []; // actions: {fields, button, sent}
const held = []; // keys behind them: functions
let running = false;
let stuck = false; // the desk did not answer; keys act at once again, and their actions queue up
let outdated = false; // the encounter is another by now: the page is loaded again when nothing is on its way
let troubled = 0; // how many actions there were when trouble was told
let asked = 0;
let from = null; // where the focus was before it came to the trouble

export const busy = () => running && !stuck;
export const hold = (key) => held.push(key);
export const holding = () => held.length > 0;

// Somebody went elsewhere with the pointer: keys that wait would act on a row that was not meant.
export function letGo() {
  if (held.splice(0).length) say("What was pressed while the desk was saving was not done.");
}

// Asks for an action. `button`: what was pressed, which must still be there when the action's turn comes; `sent`: the
// form whose fields it takes.
export function send(fields, { button = null, sent = null } = {}) {
  const last = outbox.at(-1);
  asked += 1;
  const action = { fields, button, sent, number: asked };
  // Of several values chosen in one list while waiting, the last is meant.
  if (outbox.length > 1 && last.fields.do === fields.do && "poa" in fields) outbox[outbox.length - 1] = action;
  else outbox.push(action);
  run();
}

async function run() {
  if (running) return;
  running = true;
  try {
    while (!stuck && (outbox.length || held.length)) {
      if (outbox.length) await deliver(outbox[0]);
      else held.shift()();
    }
  } finally {
    running = false;
  }
  while (stuck && held.length) held.shift()();
  if (outdated && !outbox.length) window.location.reload();
}

function gone({ name, value }) {
  const like = `[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`;
  return !document.querySelector(`${like}:not([aria-disabled="true"])`);
}

async function deliver(action) {
  if (action.button && gone(action.button)) return outbox.shift();
  const soon = setTimeout(() => saved("Saving…"), QUIET);
  let answer;
  try {
    answer = await post(action.fields);
  } catch {
    return giveUp();
  } finally {
    clearTimeout(soon);
  }
  outbox.shift();
  saved("Saved");
  if (answer.ok) done(action, answer.words);
  else refused(action, answer.words);
}

async function post(fields) {
  const version = document.getElementById("version").value;
  const answer = await fetch(document.getElementById("work").action, {
    method: "POST",
    headers: { "HX-Request": "true" },
    body: new URLSearchParams({ ...fields, version }),
    signal: AbortSignal.timeout(PATIENCE),
  });
  const plain = answer.headers.get("content-type")?.startsWith("text/plain");
  outdated ||= answer.headers.has("HX-Refresh");
  return { ok: answer.ok, words: answer.ok || plain ? await answer.text() : UNTOLD };
}

function done(action, html) {
  if (action.number > troubled) trouble("");
  // Settled at once: what follows acts on the page as it then is.
  keep(() => htmx.swap(document.body, html, { swapStyle: "none", swapDelay: 0, settleDelay: 0 }), action.sent);
}

function refused(action, sentence) {
  // A list shows again what stands.
  const list = action.fields.do.startsWith("poa:") && document.getElementById(action.fields.do.replace(":", "-"));
  if (list) list.value = (list.querySelector("option[selected]") ?? list.options[0]).value;
  troubled = asked;
  trouble(sentence);
}

function giveUp() {
  stuck = true;
  // It may have been done, and only the answer have been lost: the server looks before it does it again.
  outbox[0].fields = { ...outbox[0].fields, again: "1" };
  saved("Not saved");
  trouble(GONE, retry);
}

function retry() {
  stuck = false;
  trouble("");
  goBack(from);
  saved("Saving…");
  run();
}

const LOOKS = { "Saving…": "busy", "Not saved": "failed" };

function saved(words) {
  const place = document.getElementById("saved");
  place.classList.remove("busy", "failed");
  if (LOOKS[words]) place.classList.add(LOOKS[words]);
  if (place.textContent !== words) place.textContent = words;
}

// Takes a refusal off the page. Whether there was one; what could not be sent stays in sight.
export function dismiss() {
  const shown = !stuck && !document.getElementById("trouble").hidden;
  if (shown) trouble("");
  return shown;
}

function trouble(words, again = null) {
  const place = document.getElementById("trouble");
  place.hidden = !words;
  place.replaceChildren(words);
  if (!again) return;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Retry";
  button.addEventListener("click", again);
  place.append(" ", button);
}

export function watchTrouble() {
  const place = document.getElementById("trouble");
  place.addEventListener("focusin", (event) => {
    const left = event.relatedTarget ?? document.getElementById("codes");
    if (!place.contains(left)) from = whereabouts(left);
  });
}

// Leaving the page would lose what could not be sent.
export function guardLeaving() {
  window.addEventListener("beforeunload", (event) => outbox.length && event.preventDefault());
}
