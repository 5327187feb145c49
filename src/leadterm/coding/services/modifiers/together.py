"""What lines say of each other: 51 of several operations, 59 and X{EPSU} of distinct ones, 27 of several visits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

from leadterm.codesets.payment.ncci import OutpatientPtp, PractitionerPtp, PtpEdit
from leadterm.domain import Evidence

from .judged import Judged, Line
from .sides import PARTS
from .words import told

MULTIPLE = "CMS:100-04.12.40.6/multiple-51"
DISTINCT = "CMS:100-04.23.20.9.1.1/distinct-59"
SUBSETS = "CMS:100-04.23.20.9.1.1/distinct-x"
VISITS = "CMS:100-04.4.20.6/several-visits-27"
BESIDE_DRUGS = "CMS:100-04.12.30.5/visit-25"
CARE_PLANNED = "CMS:100-04.18.140.8/care-planning-33"
GIVING = (("96360", "96425"), ("98925", "98942"))  # drugs infused, injected, pushed; manipulation
LEVELLED = ("9920", "9921", "9934", "9935")  # visits in an office and at home
WELLNESS, CARE_PLANNING = ("G0438", "G0439"), ("99497", "99498")
REDUCED = ("2", "3")  # multiple procedures: the usual reduction, that of endoscopies
ADD_ON = "ZZZ"
ANATOMIC = frozenset(("LT", "RT")) | PARTS
TELLING_APART = ANATOMIC | frozenset("59 XE XS XP XU 24 25 57 58 78 79 27 91".split())
# How the record may tell a service apart: the subset of 59 for it, which is the name of its words.
X = ("XE", "XP", "XS", "XU")


def read(judged: Judged) -> None:
    """The modifiers that tell several lines of one claim apart."""
    if len(judged.lines) < 2:
        _alone(judged)
        return
    _distinct(judged)
    _alone(judged)
    _multiple(judged)
    if judged.about.claim == "institutional":
        _visits(judged)
    elif judged.about.claim == "professional":
        _beside_drugs(judged)
        _beside_wellness(judged)


def _beside_drugs(judged: Judged) -> None:
    """25 on a visit of a day of injections, infusions, manipulations: each holds a look at the patient of its own."""
    days = {_day(judged, n) for n in judged.lines if any(first <= n.code <= last for first, last in GIVING)}
    for line in list(judged.lines):
        beside = line.code.startswith(LEVELLED) and _day(judged, line) in days
        if beside and not line.service.captured and not {"25", "57"}.intersection(line.service.modifiers):
            judged.give(line, "25", BESIDE_DRUGS)


def _beside_wellness(judged: Judged) -> None:
    """33 on advance care planning of the day of a yearly wellness visit, of which Medicare makes it a part."""
    days = {_day(judged, n) for n in judged.lines if n.code in WELLNESS}
    for line in list(judged.lines):
        if line.code in CARE_PLANNING and _day(judged, line) in days and judged.about.payer == "medicare":
            judged.give(line, "33", CARE_PLANNED)


def _day(judged: Judged, line: Line) -> date:
    return line.service.day or judged.chart.on


def _distinct(judged: Judged) -> None:
    """59, or for Medicare its subset, on the second code of a pair that may stand beside the first for a reason."""
    face = OutpatientPtp if judged.about.claim == "institutional" else PractitionerPtp
    pairs = judged.chart.book.find(face, judged.chart.on)
    if pairs is None:
        return
    for one, other in combinations(judged.lines, 2):
        if _day(judged, one) == _day(judged, other) and (edit := pairs.either(one.code, other.code, _day(judged, one))):
            _told_apart(judged, one, other, edit)


def _told_apart(judged: Judged, one: Line, other: Line, edit: PtpEdit) -> None:
    """What the record says to an edit of two lines."""
    second = judged.now(other if edit.column2 == other.code else one)
    if not edit.modifier_allowed or TELLING_APART.intersection(second.service.modifiers) or "visit" in second.classes:
        return
    way = _way(judged)
    if way is None:
        return
    subset, words = way
    medicare = judged.about.payer == "medicare"
    modifier, rule = (subset, SUBSETS) if medicare else ("59", DISTINCT)
    judged.give(second, modifier, rule, (words,), "warning", f"apart from {edit.column1}")


def _way(judged: Judged) -> tuple[str, Evidence] | None:
    """How the record tells a service apart, and where."""
    found = ((name, told(judged.chart, name)) for name in X)
    return next(((name, words) for name, words in found if words is not None), None)


def _alone(judged: Judged) -> None:
    """59 or a subset on a captured line that no words tell apart from the others."""
    for line in judged.lines:
        borne = sorted(frozenset((*X, "59")).intersection(line.service.modifiers))
        if not borne or not line.service.captured or _way(judged) is not None or _other_place(judged, line):
            continue
        rule = DISTINCT if borne[0] == "59" else SUBSETS
        judged.question(line, borne[0], rule, "which no words of the record bear out")


def _other_place(judged: Judged, line: Line) -> bool:
    """Whether its side or part tells a line apart from every other."""
    places = [frozenset(n.service.modifiers) & ANATOMIC for n in judged.lines if n is not line]
    own = frozenset(line.service.modifiers) & ANATOMIC
    return bool(own) and all(own != place for place in places if place)


def _multiple(judged: Judged) -> None:
    """51 on the operations of a day after the one of most work; Medicare wants none."""
    for day in sorted({_day(judged, n) for n in judged.lines}):
        _of_a_day(judged, [n for n in judged.lines if _day(judged, n) == day and _is_operation(n)])


def _is_operation(line: Line) -> bool:
    return line.fee is not None and line.fee.multiple in REDUCED and line.fee.global_days != ADD_ON


def _of_a_day(judged: Judged, operations: Sequence[Line]) -> None:
    if judged.about.claim != "professional":
        return
    for line in sorted(operations, key=lambda n: (-n.work, n.number))[1:]:
        if judged.about.payer == "other":
            judged.give(line, "51", MULTIPLE, (), "info")
        elif judged.about.payer == "medicare":
            judged.step(line, MULTIPLE, "no 51: Medicare reduces several operations of a day itself")
    for line in judged.lines:
        if line.service.captured and "51" in line.service.modifiers:
            _question_51(judged, line)


def _question_51(judged: Judged, line: Line) -> None:
    if line.fee is not None and line.fee.multiple not in REDUCED:
        judged.question(line, "51", MULTIPLE, "which a code takes that is no operation of several")
    elif judged.about.payer == "medicare":
        judged.question(line, "51", MULTIPLE, "which Medicare does not want: it reduces several operations itself")


def _visits(judged: Judged) -> None:
    """27 on the visits of a hospital's outpatient day after the first, in another clinic or department."""
    for line, first in _later_visits(judged):
        other = line.service.revenue_code != first.service.revenue_code
        if other and not {"27", "25"}.intersection(line.service.modifiers) - {"25"}:
            judged.give(line, "27", VISITS, (), "warning")


def _later_visits(judged: Judged) -> Iterator[tuple[Line, Line]]:
    first: dict[date, Line] = {}
    for line in judged.lines:
        if "visit" in line.classes or line.code == "G0463":
            day = _day(judged, line)
            if day in first:
                yield line, first[day]
            first.setdefault(day, line)
