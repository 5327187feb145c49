"""Coronary arteries bypassed and opened: how many, from where, with what, how many stents (B3.6b, B3.9, B4.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from leadterm.coding.numerals import number_of
from leadterm.coding.patterns import compiled
from leadterm.coding.procedures.acts import report
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.passages import Statement, Telling, statements
from leadterm.coding.procedures.terms import Term

from .drawing import asked, cue, drawn, fixed, whole

_ARTERY = cue("coronary.artery")
_SOURCE = cue("coronary.source")
_TO = compiled(r"\b(?:to|onto|into|for|->|→)\b|[-–→>:]")
_ENDOSCOPIC = cue("coronary.endoscopic_harvest")
_SIDE = (("right", cue("coronary.right_vein")), ("left", cue("coronary.left_vein")))
_NOT_TAKEN = cue("coronary.not_taken")
_SENTENCES = compiled(r"(?<=[.;])\s")
_TIMES = cue("coronary.times")


def bypass(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The codes of coronary grafts, one for each source, and of what was harvested from elsewhere (B3.6b, B3.9)."""
    del argument
    yield from grafted(legal, term, context, _grafts(context))


def grafted(legal: Legal, term: Term, context: Context, grafts: Mapping[str, int]) -> Iterator[Built]:
    """The codes of so many arteries fed from each source, and of the vessels that were taken for it."""
    approach = "4" if compiled(r"\btotally endoscopic|\btecab\b").search(whole(context)) else "0"
    for source, ends in (("left", "Z9"), ("right", "Z8"), ("vein", "9W"), ("radial", "AW")):
        number = grafts.get(source, 0)
        if number:
            yield from fixed(legal, f"021{min(number, 4) - 1}{approach}{ends}")
    if not grafts:
        yield asked("021_0__", (), "arteries bypassed and the source of each bypass")
    if grafts.get("vein"):
        yield from _vein(legal, term, context)
    if grafts.get("radial"):
        way = (
            "4" if compiled(r"\bendoscop\w+[^.]{0,40}radial|\bradial[^.]{0,40}endoscop").search(whole(context)) else "0"
        )
        yield from drawn(legal, term, context, f"03B_{way}ZZ", "radial artery")


def _grafts(context: Context) -> dict[str, int]:
    """How many arteries each source feeds: as the names of the operation tell, else as its account does."""
    named = pairs(" . ".join(level.text for level in context.of("sentence", "names")))
    told = named or pairs(" . ".join(level.text for level in context.of("account", "beside"))) or pairs(whole(context))
    counts = {source: len(ends) for source, ends in told.items()}
    total = _total(context)
    if total and counts and sum(counts.values()) < total and "vein" in counts and named:
        counts["vein"] += total - sum(counts.values())
    return counts


def _total(context: Context) -> int:
    found = _TIMES.search(context.act.statement.text)
    return number_of(found[1] or found[2]) if found else 0


def pairs(text: str) -> dict[str, set[str]]:
    """The arteries that each source goes to: "SVG to OM1 and to the diagonal"."""
    found: dict[str, set[str]] = {}
    places = list(_SOURCE.finditer(text))
    for n, place in enumerate(places):
        end = min(places[n + 1].start() if n + 1 < len(places) else len(text), place.end() + 160)
        piece = text[place.end() : end].split(" . ")[0]
        link = _TO.search(piece)
        if link is None or link.start() > 45:
            continue
        source = _source(place[0])
        found.setdefault(source, set()).update(arteries(piece[link.end() :]))
    return {source: ends for source, ends in found.items() if ends}


def _source(words: str) -> str:
    if any(name in words for name in ("lima", "lita", "left internal")):
        return "left"
    if any(name in words for name in ("rima", "rita", "right internal")):
        return "right"
    return "radial" if "radial" in words else "vein"


def arteries(text: str) -> list[str]:
    """The coronary arteries that a text names, each in one form."""
    return list(dict.fromkeys(_one_form(m[0]) for m in _ARTERY.finditer(text)))


_FORMS = (
    ("lad", cue("coronary.lad")), ("lcx", cue("coronary.lcx")), ("rca", cue("coronary.rca")),
    ("pda", cue("coronary.pda")), ("pl", cue("coronary.pl")), ("lm", cue("coronary.lm")),
)  # fmt: skip


def _one_form(words: str) -> str:
    for name, pattern in _FORMS:
        if pattern.search(words):
            return name
    number = next((c for c in words if c.isdigit()), "")
    if words.startswith(("om", "obtuse")) or "marginal" in words:
        return f"om{number or _ordinal(words)}"
    if words.startswith("d") or "diagonal" in words:
        return f"d{number or _ordinal(words)}"
    return "ramus"


def _ordinal(words: str) -> str:
    return next((n for word, n in (("second", "2"), ("third", "3")) if word in words), "1")


def _vein(legal: Legal, term: Term, context: Context) -> Iterator[Built]:
    """The saphenous vein taken for grafts, by the leg that the report tells."""
    text = " ".join(told for told in _SENTENCES.split(whole(context)) if not _NOT_TAKEN.search(told))
    way = "4" if _ENDOSCOPIC.search(text) else "0"
    sides = [side for side, pattern in _SIDE if pattern.search(text)]
    codes = {"right": "P", "left": "Q"}
    if sides:
        for side in sides:
            yield from fixed(legal, f"06B{codes[side]}{way}ZZ")
    else:
        yield from drawn(legal, term, context, f"06B_{way}ZZ", "saphenous vein")


# --- dilated from inside ---

_BALLOON = compiled(r"\bptca|\bballoon|\bangioplast|\bpoba|\bdilat")
_STENT = compiled(r"\bstent|\bdes\b|\bbms\b|\bxience|\bonyx|\bsynergy|\bpromus|\bresolute|\borsiro")
ELUTING = cue("coronary.eluting")
BARE = compiled(r"\bbare[ -]metal|\bbms\b")
_STENTS = cue("coronary.stents")
UNTOLD = "untold"
KINDS = ("drug-eluting", "bare metal")
_PIECES = compiled(r";|,|\band\b|\bthen\b|\bfollowed by\b|\bwith\b(?! (?:a |an |one |two |three |\d ))|\. ")
FAILED = cue("coronary.failed")
_WORK = compiled(r"\bpci\b|\bstent|\bptca|\bangioplast|\bballoon|\bdes\b|\bpercutaneous coronary|\bdeployed")


def dilation(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The codes of coronary arteries dilated: with stents and without, each by its number of arteries (B4.4)."""
    del argument
    done = _dilated(context)
    if not done:
        return
    stented = [(artery, kind, n) for artery, kind, n in done if n]
    if any(told == UNTOLD for _, told, _ in stented):
        yield asked(
            f"027{_number([(artery, n) for artery, _, n in stented])}3_{_fork(context)}", KINDS, "kind of stent"
        )
    for kind, devices in (("eluting", "4567"), ("bare", "DEFG")):
        mine = [(artery, n) for artery, told, n in stented if told == kind]
        if mine:
            stents = min(sum(n for _, n in mine), 4)
            yield from fixed(legal, f"027{_number(mine)}3{devices[stents - 1]}{_fork(context)}")
    plain = [(artery, 0) for artery, _, n in done if not n]
    if plain:
        yield from fixed(legal, f"027{_number(plain)}3ZZ")


def _number(arteries: Sequence[tuple[str, int]]) -> int:
    return min(len({artery for artery, _ in arteries}), 4) - 1


def _fork(context: Context) -> str:
    return (
        "6"
        if compiled(r"\bbifurcation (?:stent|lesion|pci|disease)|\bculotte|\bdk[ -]?crush").search(whole(context))
        else "Z"
    )


def _dilated(context: Context) -> list[tuple[str, str, int]]:
    """(artery, kind of stent, number of stents) of each artery that was dilated, as the nearest telling has them."""
    mine = [s for s in statements(context.chart) if s.report == context.act.statement.report]
    for telling in (Telling.NAMED, Telling.ACCOUNT, Telling.COURSE):
        found = _of([s for s in mine if s.telling is telling and _WORK.search(s.text)], context)
        if found:
            return _with_stents(found, mine) if telling is Telling.NAMED else found
    return []


_LEFT = compiled(r"\b(?:deployed|implanted|placed|inserted|stented)\b|\bat \d{1,2} ?atm\b")


def _with_stents(listed: list[tuple[str, str, int]], mine: Sequence[Statement]) -> list[tuple[str, str, int]]:
    """A list of one artery that tells of no balloon and no stent, with the stents that the account leaves in it."""
    names = " ".join(s.text for s in mine if s.telling is Telling.NAMED)
    if len(listed) != 1 or listed[0][2] or _BALLOON.search(names):
        return listed
    text = " ".join(s.text for s in mine)
    own = "eluting" if ELUTING.search(text) else "bare" if BARE.search(text) else UNTOLD
    account = (s.text for s in mine if s.telling is not Telling.NAMED and s.telling is not Telling.AIM)
    left = sum(_stents(one) for one in account if _LEFT.search(one) and not FAILED.search(one))
    return [(listed[0][0], own, left)] if left else listed


def _of(several: Sequence[Statement], context: Context) -> list[tuple[str, str, int]]:
    """(artery, kind of stent, number of stents) of each artery that statements tell, read piece by piece."""
    text = report(context.chart, context.act.statement.report)
    kind = "eluting" if ELUTING.search(text) else "bare" if BARE.search(text) else UNTOLD
    found: dict[str, tuple[str, int]] = {}
    for statement in several:
        if FAILED.search(statement.text):
            continue
        artery, told = "", ""
        for piece in _PIECES.split(statement.text):
            named = arteries(piece)
            artery = named[0] if named else artery
            stents = _stents(piece)
            told = piece if stents or _BALLOON.search(piece) or "pci" in piece else told
            if not told:
                continue
            own = "bare" if BARE.search(piece) else kind
            for one in named or ([artery] if artery and stents else []):
                before = found.get(one, (own, 0))
                found[one] = (
                    before[0],
                    max(before[1], stents if _STENT.search(piece) else _stents(told) if named else 0),
                )
    if len(found) == 1:
        (only, (own, n)) = next(iter(found.items()))
        if n == 1:
            found[only] = (own, max(n, *(_stents(s.text) for s in several), _second(text)))
    return [(artery, own, n) for artery, (own, n) in found.items()]


def _second(text: str) -> int:
    """How many stents an account counts one after another."""
    text = " . ".join(one for one in text.split(" . ") if not FAILED.search(one))
    if compiled(r"\bthird (?:\w+ ){0,4}stent").search(text):
        return 3
    return 2 if compiled(r"\b(?:second|additional|overlapping) (?:[\w.x-]+ ){0,6}(?:stent|des\b)").search(text) else 1


def _stents(piece: str) -> int:
    """How many stents a piece tells."""
    if not _STENT.search(piece):
        return 0
    found = _STENTS.search(piece)
    if found:
        return number_of(next(g for g in found.groups() if g))
    return 2 if "overlapping" in piece and "stents" in piece else 1
