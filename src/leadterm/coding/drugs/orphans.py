"""What a record tells of a drug in sentences that do not name it: its dose, its waste, the log of its running."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from leadterm.coding.patterns import compiled

from ._cues import cue
from .clock import CLOCK, Times, minutes
from .mentions import Mention

_TELLS = compiled(
    r"\b(?:dose[ds]?|total|given|gave|infused|injected|administered|received|instilled|pt got)\b[^\n]{0,60}?\d"
    r"|\d[^\n]{0,40}\b(?:given|infused|injected|administered|instilled|total|reconstituted)\b"
)
_NOT_ONE = compiled(r"\b(?:ordered|max\w*|goal|cumulative|lifetime|per protocol|next|usual|home)\b")
SENTENCE = compiled(r"[^\n]+?(?:(?<=[a-z)0-9])\.(?=\s|$)|(?=\n)|$)")
_BLANK = compiled(r"\n[ \t]*\n")
# A log: lines that begin with a time and say that something began, paused, went on, ended.
_ROW = compiled(rf"(?m)^[ \t|*-]*(?P<time>{CLOCK})(?P<rest>[^\n]*)$")
_BEGAN = compiled(r"\b(?:start(?:ed)?|began|begin|begun|initiated|hung|infusion on)\b(?! (?:iv|line|piv|peripheral))")
_PAUSED = compiled(r"\b(?:paused?|on hold|held|interrupted|stopped for|temporarily)\b")
_RESUMED = compiled(r"\b(?:resumed?|restart(?:ed)?|re-started)\b")
_ENDED = compiled(
    r"\b(?:end(?:ed)?|stop(?:ped)?|complete[d]?|finished|infused|done|off|down|all in|bag (?:empty|dry)|empty|over)\b"
)
_NO_DRUG = compiled(r"\b(?:bp|iv|line|vitals?|fluids?|pump|obs\w*)\W{0,3}(?:dc|d/c|out|off|done|removed|stop\w*)")
# What logs call drugs for short, by what their full names begin with.
_SHORT = {
    **dict.fromkeys(("k", "kcl"), "potassium"),
    **dict.fromkeys(("mg", "ma", "mag"), "magnesium"),
    **dict.fromkeys(("bolus", "ivf", "fluid", "fluids", "liter"), "ns"),
    **dict.fromkeys("abx bag infusion drip gtt ivpb med drug chemo treatment tx".split(), ""),
}


def told_apart(mention_spans: Sequence[Mention], document_id: str, lower: str) -> Iterator[tuple[int, int]]:
    """Where sentences stand that tell a dose and name no drug, each with what follows to the next drug or paragraph."""
    names = [(m.start, m.end) for m in mention_spans if m.document.id == document_id]
    for found in SENTENCE.finditer(lower):
        words = found[0]
        if any(found.start() <= start < found.end() for start, _ in names) or not _TELLS.search(words):
            continue
        if cue("planned").search(words) or cue("refused").search(words) or cue("elsewhere").search(words):
            continue
        if _NOT_ONE.search(words):
            continue
        ends = [start for start, _ in names if start >= found.end()]
        if blank := _BLANK.search(lower, found.end()):
            ends.append(blank.start())
        yield found.start(), min(ends, default=len(lower))


def running(lower: str) -> tuple[Times, tuple[int, int]] | None:
    """Start and stop of the only thing that a log tells the running of, less its pauses, and where it stands."""
    rows = [(minutes(m["time"]), m["rest"], m.start("time"), m.end()) for m in _ROW.finditer(lower)]
    begin = next((r for r in rows if _BEGAN.search(r[1]) and not _RESUMED.search(r[1])), None)
    if begin is None:
        return None
    after = [r for r in rows if r[2] > begin[2]]
    end = next((r for r in reversed(after) if _ends(r[1])), None)
    if end is None or end[0] <= begin[0]:
        return None
    inner = [r for r in after if r[2] < end[2]]
    return Times(begin[0], end[0], None, begin[2], begin[2] + 5, _pauses(inner)), (begin[2], end[3])


def _ends(words: str) -> bool:
    return bool(_ENDED.search(words)) and not _PAUSED.search(words) and not _NO_DRUG.search(words)


def _pauses(rows: Iterable[tuple[int, str, int, int]]) -> int:
    total, since = 0, None
    for at, words, _, _ in rows:
        if since is None and _PAUSED.search(words):
            since = at
        elif since is not None and _RESUMED.search(words):
            total, since = total + at - since, None
    return total


def ends(lower: str) -> Iterator[tuple[int, str, int, int]]:
    """(minute, what, start, end) of lines that say for short what was done: "1035 Mg done", "0942 dapto complete"."""
    for row in _ROW.finditer(lower):
        found = _SAYS_END.match(row["rest"])
        if found:
            yield minutes(row["time"]), found["what"], row.start("time"), row.end()


_SAYS_END = compiled(
    r"[ \t|:;,-]*(?:iv )?(?P<what>[a-z0-9-]{1,14}) (?:(?:is|was|infusion|ivpb|bag|drip|iv|now|has|rider|bolus) )*"
    r"(?:done|complete[d]?|finished|off|down|stopped|ended|infused|empty|dry|all in|in)\b"
)


def is_short_for(word: str, names: Iterable[str]) -> bool:
    """Whether a log's word can mean a drug of these names: its beginning, or a short form that is known."""
    full = _SHORT.get(word)
    if full is not None:
        return not full or any(name.startswith(full) for name in names)
    return len(word) > 2 and any(name.startswith(word) for name in names)
