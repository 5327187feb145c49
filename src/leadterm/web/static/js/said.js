// What a screen reader is told. An open dialog makes the rest of the page silent, so it is told in there.

export function say(words) {
  const dialog = document.querySelector("dialog[open]");
  const place = dialog?.querySelector('[role="status"]') ?? document.getElementById("said");
  if (place.textContent !== words) place.textContent = words;
}
