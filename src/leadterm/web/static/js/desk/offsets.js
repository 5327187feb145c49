// The server counts code points, the browser UTF-16 units. They are turned into each other here and nowhere else.

const low = (unit) => unit >= 0xdc00 && unit <= 0xdfff;
const high = (unit) => unit >= 0xd800 && unit <= 0xdbff;
const inside = (text, at) => at > 0 && low(text.charCodeAt(at)) && high(text.charCodeAt(at - 1));

// How many code points stand before a unit. One in the middle of a character counts as before it.
export function codePoints(text, units) {
  const end = inside(text, units) ? units - 1 : Math.min(units, text.length);
  let count = 0;
  for (let at = 0; at < end; at += 1) if (!inside(text, at)) count += 1;
  return count;
}

// Where in the text that many code points end.
export function utf16(text, points) {
  let at = 0;
  for (let left = points; left > 0 && at < text.length; left -= 1) at += inside(text, at + 1) ? 2 : 1;
  return at;
}

// The code points from `start` up to `end`, both in units: every character that they touch, blanks around it left out.
// Null where nothing but blanks is left.
export function spanOf(text, start, end) {
  let from = inside(text, start) ? start - 1 : start;
  let to = inside(text, end) ? end + 1 : end;
  while (from < to && /\s/.test(text[from])) from += 1;
  while (from < to && /\s/.test(text[to - 1])) to -= 1;
  return from < to ? { start: codePoints(text, from), end: codePoints(text, to), text: text.slice(from, to) } : null;
}
