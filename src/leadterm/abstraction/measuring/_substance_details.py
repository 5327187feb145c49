"""How much, how long, until when, in which form a substance is used: the words around its name that say so."""

from __future__ import annotations

import re
from collections.abc import Iterable

from . import _substance_words as words
from ._substance_names import Surrounded
from ._substance_words import ABUSE, CURRENT, DEPENDENCE, FORMER, IN_REMISSION, USE_DISORDER

Attributes = tuple[tuple[str, str], ...]
_ORDER = ("product", "route", "quantity", "duration", "quit", "severity", "remission", "time")
# What is injected, where the chart says so.
_INJECTED = frozenset(("other", "opioids", "cocaine", "stimulants"))
_SMOKED = re.compile(r"ppd|(?<!-)(?<!six\s)(?<!12\s)pack|pk|cig")
_CIGARETTES = re.compile(r"ppd|pack(?!s?[\s-]?years?)|pk/|cig(?!ar\b|ars\b)")
_JOINT = re.compile(r",|\s(?:and|but)\s")
_PIECE = re.compile(r"[,;:]|\sand\s")
_HISTORY = re.compile(r"(?:history|h/o|hx|former|past|prior|previous)(?:\sof)?\s(?:\w+\s)?$")
# How often something is used stands near its name.
_SOON = 45


def ordered(attributes: Iterable[tuple[str, str]]) -> Attributes:
    """The attributes in their usual order."""
    return tuple(sorted(attributes, key=lambda a: _ORDER.index(a[0])))


def details(around: Surrounded, pattern: str) -> tuple[Attributes, int]:
    """The attributes of a statement, and where the last of the words ends that gave them."""
    anchor, folded, ends = around.anchor, around.sentence.folded, [around.anchor.end]
    said: dict[str, str] = {}
    if anchor.product:
        said["product"] = anchor.product
    elif anchor.substance == "cannabis" and (form := words.PRODUCT.search(folded, anchor.start, around.sentence.last)):
        said["product"] = form.lastgroup or ""
    if anchor.substance in _INJECTED and words.INJECTED.search(around.before[-20:] + anchor.word):
        said["route"] = "intravenous"
    if pattern in (CURRENT, FORMER):
        ends += [*_how_much(around, said), *_how_long(around, pattern, said)]
    if pattern in (ABUSE, DEPENDENCE, USE_DISORDER, IN_REMISSION):
        ends += _how_bad(around, pattern, said)
    return ordered(said.items()), max(ends)


def _how_bad(around: Surrounded, pattern: str, said: dict[str, str]) -> list[int]:
    """Puts severity, remission and history of a disorder among the attributes; where its words end."""
    anchor, folded, last = around.anchor, around.sentence.folded, around.sentence.last
    found = words.DISORDER.match(folded, anchor.end)
    ends = [found.end()] if found else []
    if found and found.lastgroup == "disorder" and (severity := words.severity(around.before, around.behind)):
        said["severity"] = severity
    if pattern != IN_REMISSION:
        if _HISTORY.search(around.before):
            said["time"] = "history"
        return ends
    if (kind := words.REMISSION.search(around.before + anchor.word + around.behind)) and kind["kind"]:
        said["remission"] = kind["kind"]
    if sober := words.SOBER_FOR.search(folded, anchor.start, last):
        said["duration"] = sober["for"]
        ends.append(sober.end())
    return ends


def _how_much(around: Surrounded, said: dict[str, str]) -> list[int]:
    """Puts the quantity among the attributes; where its words end."""
    anchor, folded = around.anchor, around.sentence.folded
    near = anchor.start - len(_PIECE.split(around.before)[-1])
    tail = _own_words_end(around)
    soon = folded.find(",", anchor.end + 8, min(tail, anchor.end + _SOON))
    soon = min(tail, anchor.end + _SOON) if soon < 0 else soon
    found = (
        words.QUANTITY.search(folded, near, tail)
        or words.FREQUENCY.search(folded, near, anchor.start)
        or words.FREQUENCY.search(folded, anchor.end, soon)
    )
    if found is None or (anchor.substance != "tobacco" and _SMOKED.search(found.group())):
        return []
    said["quantity"] = " ".join(found.group().split())
    if anchor.substance == "tobacco" and not anchor.product and _CIGARETTES.search(found.group()):
        said["product"] = "cigarettes"
    return [found.end()]


def _own_words_end(around: Surrounded) -> int:
    """Where the words about another substance begin, or the sentence ends."""
    anchor, sentence = around.anchor, around.sentence
    later = sentence.anchors[around.number + 1 :]
    other = next((o.start for o in later if o.substance != anchor.substance), None)
    if other is None:
        return sentence.last
    joints = [m.start() for m in _JOINT.finditer(sentence.folded, anchor.end, other)]
    return joints[-1] if joints else other


def _how_long(around: Surrounded, pattern: str, said: dict[str, str]) -> list[int]:
    """Puts duration and end of use among the attributes; where their words end."""
    anchor, folded, last, ends = around.anchor, around.sentence.folded, around.sentence.last, []
    if pattern == FORMER and (gone := _gone(around)):
        said["quit"] = gone["for"]
        return [gone.end() if gone.re is words.SOBER_FOR else anchor.end + gone.end()]
    if not around.sentence.trying and (lasted := words.DURATION.search(folded, anchor.end, last)):
        said["duration"] = lasted["for"]
        ends.append(lasted.end())
    if pattern == FORMER and (found := _quit(around)):
        said["quit"] = words.bare_date(found)
        ends += [found.end()] if found.end() <= last else []
    return ends


def _gone(around: Surrounded) -> re.Match[str] | None:
    """For how long there has been no use: sober for 8 months, no cigarettes in 6 months."""
    if around.anchor.word.startswith("sob"):
        return words.SOBER_FOR.search(around.sentence.folded, around.anchor.start, around.sentence.last)
    denied = any(m.lastgroup in ("none", "minus") for m in words.CUE.finditer(around.before))
    return words.SINCE_NONE.match(around.behind) if denied else None


def _quit(around: Surrounded) -> re.Match[str] | None:
    """When use ended: in the sentence, at the head of the next, or so long ago."""
    sentence, folded = around.sentence, around.sentence.folded
    return (
        words.QUIT.search(folded, sentence.first, sentence.last)
        or words.NEXT_QUIT.match(folded, sentence.last)
        or words.AGO.search(folded, around.anchor.end, around.anchor.end + len(around.behind))
    )
