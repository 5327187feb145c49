"""Sides and parts: LT, RT, 50, fingers and toes, eyelids, coronary vessels, as the words of the service tell them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from leadterm.coding._tables import rows
from leadterm.coding.patterns import compiled
from leadterm.domain import Assertion, Evidence, FactKind, Span

from .judged import Judged, Line
from .words import asked, passage_at, sentence_at

SIDE = "CMS:100-04.4.20.6/side"
BILATERAL = "CMS:100-04.12.40.7/bilateral-50"
PART = "CMS:100-04.4.20.6/part"
PAIRED = ("1", "3")  # of the schedule: the organ is paired, and a procedure on both is told by 50
NEVER = ("0", "2", "9")
SIDED = frozenset(("LT", "RT", "50"))
MODIFIER = {"left": "LT", "right": "RT"}
PARTS = frozenset(row["modifier"] for row in rows("services/modifiers/parts"))
DONE_THERE = frozenset(("procedure", "technique", "indication", "postoperative-diagnosis", "preoperative-diagnosis"))
_SIDE = compiled(r"\b(?:right|left|bilateral(?:ly)?|both|rt\.?|lt\.?|b/l|od|os|ou)\b(?!-handed)", re.IGNORECASE)
_MEANS = {"rt": "right", "lt": "left", "bilaterally": "both", "bilateral": "both", "b/l": "both", "od": "right",
          "os": "left", "ou": "both"}  # fmt: skip
Told = tuple[frozenset[str], tuple[Evidence, ...], str]


def read(judged: Judged) -> None:
    """Give sides and parts to lines whose organ has them; question those that say another side than the record."""
    for number in range(len(judged.lines)):
        line = judged.lines[number]
        parted = sorted(line.classes & {"finger", "toe", "eyelid", "coronary"})
        if not parted and not (line.fee and line.fee.bilateral in PAIRED):
            _never(judged, line)
            continue
        told = _told(judged, line)
        if told is not None and not (parted and _parts(judged, line, parted, told)):
            _sides(judged, line, told)


def _never(judged: Judged, line: Line) -> None:
    """50 on a code that has no second side, or whose price is for both."""
    if line.service.captured and line.fee and line.fee.bilateral in NEVER and "50" in line.service.modifiers:
        why = "while the fee schedule takes none (bilateral indicator " + line.fee.bilateral + ")"
        judged.question(line, "50", BILATERAL, why)


def _told(judged: Judged, line: Line) -> Told | None:
    """The sides that the words of a line tell, where they stand, and the words themselves."""
    stretches = list(_sentences(judged, line)) or list(_of_the_only(judged, line))
    sides: set[str] = set()
    seen: list[Evidence] = []
    texts: list[str] = []
    for name, start, end in stretches:
        document = judged.chart.encounter.document(name)
        texts.append(document.text[start:end].lower())
        for found in _SIDE.finditer(document.text, start, end):
            word = found.group().lower().rstrip(".")
            sides.add(_MEANS.get(word, word))
            seen.append(Evidence.quote(document, Span(found.start(), found.end())))
    return (frozenset(sides), tuple(seen), "\n".join(texts)) if texts else None


def _sentences(judged: Judged, line: Line) -> Iterator[tuple[str, int, int]]:
    """The sentences in which the service is told."""
    for e in line.service.evidence:
        start, end = sentence_at(judged.chart, e.document, e.span.start)
        yield e.document, start, max(end, e.span.end)


def _of_the_only(judged: Judged, line: Line) -> Iterator[tuple[str, int, int]]:
    """Where the record tells of one procedure and has one such line: the sentences of that procedure."""
    alike = [n for n in judged.lines if n.classes & line.classes - {"any"} and "visit" not in n.classes]
    if len(alike) != 1:
        return
    for fact in judged.chart.facts:
        if fact.kind not in (FactKind.PROCEDURE, FactKind.DEVICE) or fact.assertion is not Assertion.PRESENT:
            continue
        passage = passage_at(judged.chart, fact.mention.document, fact.mention.span.start)
        if passage is not None and passage.kind in DONE_THERE:
            start, end = sentence_at(judged.chart, fact.mention.document, fact.mention.span.start)
            yield fact.mention.document, start, end


def _sides(judged: Judged, line: Line, told: Told) -> None:
    """Gives the line the modifier of the side that the words tell; questions a captured line that bears another."""
    sides, seen, _ = told
    if len(sides) != 1 or PARTS.intersection(line.service.modifiers):
        return  # of two sides it is not told which one the line is for
    side = next(iter(sides))
    wanted = "50" if side == "both" else MODIFIER[side]
    rule = BILATERAL if wanted == "50" else SIDE
    if wanted == "50" and not (line.fee and line.fee.bilateral in PAIRED):
        return
    borne = SIDED.intersection(line.service.modifiers)
    if not borne:
        judged.give(line, wanted, rule, seen[:1], "warning" if wanted == "50" else "info")
    elif line.service.captured and wanted not in borne and not (wanted == "50" and _both_lines(judged, line)):
        for modifier in sorted(borne):
            judged.question(line, modifier, rule, f"while the record says {side}", seen[:1])


def _both_lines(judged: Judged, line: Line) -> bool:
    """Whether both sides are billed on lines of their own."""
    same = [m for n in judged.lines if n.code == line.code for m in n.service.modifiers]
    return {"LT", "RT"} <= set(same)


def _parts(judged: Judged, line: Line, parted: Iterable[str], told: Told) -> bool:
    """Whether a part was found; it is given, or one that the record does not name is questioned."""
    sides, seen, text = told
    found = [
        row["modifier"]
        for row in rows("services/modifiers/parts")
        if row["class"] in parted
        and (not row["side"] or sides == {row["side"]} or "both" in sides)
        and asked(row["says"]).search(text)
    ]
    borne = PARTS.intersection(line.service.modifiers)
    if len(found) == 1 and not borne:
        judged.give(line, found[0], PART, seen[:1], "info")
    elif found and line.service.captured and borne and not borne.intersection(found):
        for modifier in sorted(borne):
            judged.question(line, modifier, PART, f"while the record names {' or '.join(found)}", seen[:1])
    return bool(found)
