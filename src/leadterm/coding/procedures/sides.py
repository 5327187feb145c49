"""On which side of the body: what the nearest words tell of a thing that the tables know on both sides (B4.3)."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.patterns import compiled

from .context import Context, Level
from .labels import SIDES, Thing
from .passages import Telling, statements
from .terms import DEED
from .words import root, roots

_ONE_SIDE = frozenset(("right", "left"))
NEAR = 3  # words between a side and what it is of
# "Both gutters" are of one knee.
BOTH = compiled(
    r"\bbilat|\bboth (?:\w+ )?(?:sides?|knees?|hips?|shoulders?|elbows?|wrists?|ankles?|legs?|arms?|feet|hands?|eyes?"
    r"|ears?|breasts?|kidneys?|ureters?|lungs?|tubes?|ovaries|adnexa\w*|testes|testicles?|inguinal|groins?|carotids?"
    r"|tonsils?|chests?|femurs?|femora|tibias?|pleura\w*|extremities|iliacs?|vesicles|adrenals?|epididym\w+|vasa|ureteral|fallopian|maxillary|frontal|ethmoid\w*)\b"
)
_PREPPED = compiled(
    r"\b(?:right|left)\b[^.;]{0,60}\b(?:prepped|draped|prepared and draped|exsanguinated|sterilely)"
    r"|\b(?:positioned|placed)[^.;]{0,30}\b(?:right|left) side up"
)
_EYES = {"od": "right", "os": "left", "ou": "bilateral"}  # words of eyes alone: a cervix has an os too
_EYE = "08"


def side_of(context: Context, thing: Thing) -> tuple[str, str]:
    """The side that the nearest words tell, and which words those are; empty where none tell one."""
    if context.act.term.told == DEED and _several(context, thing):
        return "bilateral", "clause"
    for level in _sided_levels(context):
        words = _of_eyes(level.words if level.name != "account" else level.affirmed, context)
        found = {word for word in words if word in SIDES}
        if "bilateral" in found and not BOTH.search(level.text):
            found -= {"bilateral"}
        if "bilateral" in found or (found == {"right", "left"} and level.name == "clause"):
            return "bilateral", level.name
        if len(found) == 1:
            return found.pop(), level.name
        if found:
            nearest = _nearest(words, thing)
            if nearest:
                return nearest, level.name
    return _in_course(context, thing)


def _in_course(context: Context, thing: Thing) -> tuple[str, str]:
    """The one side that sentences beside the list of a note tell of the thing itself; empty where they tell none."""
    mine = context.act.statement
    if mine.telling is not Telling.NAMED:
        return "", ""
    told = (s for s in statements(context.chart) if s.report == mine.report and s.telling is Telling.COURSE)
    levels = (Level("account", piece) for s in told for piece in s.text.split(";"))
    sides = {_nearest(level.affirmed, thing) for level in levels if thing.strong <= set(level.affirmed)} - {""}
    return (sides.pop(), "account") if len(sides) == 1 else ("", "")


def _several(context: Context, thing: Thing) -> bool:
    """Whether the words of a deed name more than one of a thing and no side: "tubes and ovaries were removed"."""
    act = context.act
    words = [word.strip(".,;:") for word in act.statement.text[act.start : act.end].split()]
    if not _ONE_SIDE.isdisjoint(roots(act.words)):
        return False
    return any(root(word) != word and word.endswith("s") and root(word) in thing.strong for word in words)


def _of_eyes(words: tuple[str, ...], context: Context) -> tuple[str, ...]:
    if context.act.term.codes[0][:2] != _EYE:
        return words
    return tuple(_EYES.get(word, word) for word in words)


def _sided_levels(context: Context) -> Iterator[Level]:
    """The levels that may tell a side: before the diagnoses what was made ready for the operation."""
    told = False
    deed = context.act.term.told == DEED
    for level in context.levels:
        if deed and level.name not in ("clause", "sentence"):
            yield from _before(context)
            deed = False
        if level.name in ("aims", "account") and not told:
            told = True
            ready = (_PREPPED.search(one.text) for one in context.of("account", "aims"))
            yield from (Level("account", found[0]) for found in ready if found)
        yield level


def _before(context: Context) -> Iterator[Level]:
    """The side that the account told last before a deed: a hand goes on where it is at work."""
    mine = context.act.statement
    told = [s for s in statements(context.chart) if s.report == mine.report and s.telling is Telling.ACCOUNT]
    for s in reversed([s for s in told if s.start < mine.start]):
        words = [word for word in roots(s.text) if word in SIDES]
        if words:
            yield Level("account", words[-1])
            return


def _nearest(words: tuple[str, ...], thing: Thing) -> str:
    """The side that stands nearest to a word of the thing's name; of two as near the one before it."""
    places = [n for n, word in enumerate(words) if word in thing.strong]
    told = [(n, word) for n, word in enumerate(words) if word in SIDES]
    near = [(abs(place - n), n > place, word) for place in places for n, word in told if abs(place - n) <= NEAR]
    return min(near)[-1] if near else ""


def side_in(thing: Thing, level: Level) -> str:
    """The side that one level tells of a value; empty where it tells none, or both as near."""
    found = {word for word in level.words if word in SIDES}
    if len(found) == 1:
        return found.pop()
    return _nearest(level.words, thing)
