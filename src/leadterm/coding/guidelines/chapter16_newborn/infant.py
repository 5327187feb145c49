"""Whether the chart is of a birth, a newborn or an older infant, and how it was born (I.C.16.a, I.C.21.c.12)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import stands_before
from leadterm.domain import Fact

from . import signs

NEONATAL = 28


class Stage(StrEnum):
    """What chapter 16 has to do with the patient."""

    OTHER = "other"
    BIRTH = "birth"
    NEWBORN = "newborn"
    INFANT = "infant"


@dataclass(frozen=True, slots=True)
class Infant:
    """The patient as a newborn.

    Attributes:
        stage: Where the child stands.
        days: Its age, where the chart tells.
        weight: At birth, in grams, and the fact that tells it, if one does.
        weeks: Completed weeks of gestation at birth.
        told: A fact that tells of birth or weeks, for evidence.
        siblings: How many were born together.
        cesarean: Whether by cesarean; None where the manner is not told.
        outside: Whether it was born outside the hospital.
    """

    stage: Stage
    days: int | None
    weight: int | None
    weeks: int | None
    told: Fact | None
    siblings: int
    cesarean: bool | None
    outside: bool

    @property
    def young(self) -> bool:
        """Whether it is at most 28 days old, so that conditions are taken to be perinatal (I.C.16.a.5)."""
        return self.stage in (Stage.BIRTH, Stage.NEWBORN)


_NUMBER = {w: n for n, w in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())}
_UNITS = {"h": 0, "d": 1, "w": 7, "m": 30}


# No rule asks how an older patient was born.
_NOBODY = Infant(Stage.OTHER, None, None, None, None, 1, None, outside=False)


def infant(chart: Chart) -> Infant:
    """The patient as a newborn; of stage OTHER where older than a year."""
    return chart.once("infant", lambda: _infant(chart))


def _infant(chart: Chart) -> Infant:
    stage, days = _stage(chart)
    if stage is Stage.OTHER:
        return _NOBODY
    told = next(
        iter(
            chart.said(
                "newborn",
                "APGAR",
                "birth weight",
                "gestational age at birth",
                "weeks of gestation",
                "liveborn infant",
                "vaginal delivery",
                "cesarean section",
            )
        ),
        None,
    )
    return Infant(
        stage,
        days,
        _weight(chart),
        _weeks(chart),
        told or next(iter(chart.facts), None),
        _siblings(chart),
        _cesarean(chart.text),
        chart.tells(signs.OUT) is not None,
    )


def _stage(chart: Chart) -> tuple[Stage, int | None]:
    if chart.age is None or chart.age > 0:
        return Stage.OTHER, None
    days = chart.encounter.patient.age_days
    if days is None:
        days = _days(chart.text)
    born = chart.stay and signs.BORN_HERE.search(chart.text) and not signs.CAME.search(chart.text)
    if born and (days is None or days <= NEONATAL or "birth" in chart.text[:400] or "dob" in chart.text[:400]):
        first = _days(chart.text[:200])
        if first is None or first <= 2 or signs.STAYED.search(chart.text):
            return Stage.BIRTH, 0
    if days is None:
        return (Stage.NEWBORN if signs.YOUNG.search(chart.text) else Stage.INFANT), None
    return (Stage.NEWBORN if days <= NEONATAL else Stage.INFANT), days


def _days(text: str) -> int | None:
    """The age in days as the chart first tells it."""
    for m in signs.AGE.finditer(text):
        if m["dol"]:
            return int(m["dol"])
        if m["do"]:
            return int(m["do"])
        count = m["n"] or m["m"] or m["k"] or m["j"]
        unit = m["unit"] or m["unit2"] or m["unit3"] or m["unit4"]
        number = int(count) if count.isdigit() else _NUMBER[count]
        if unit[0] == "w" and 22 <= number <= 44 and "old" not in m.group() and "o" not in m.group().split()[-1:]:
            continue
        if unit[0] in _UNITS:
            return number * _UNITS[unit[0]]
    return None


def _weight(chart: Chart) -> int | None:
    given = chart.encounter.patient.birth_weight_g
    if given is not None:
        return given
    for named in signs.BIRTHWEIGHT.finditer(chart.text):
        if (m := signs.GRAMS.match(chart.text, named.end())) or (m := signs.GRAMS.match(chart.text, named.start())):
            return _in_grams(m)
    plain = (m for m in signs.GRAMS.finditer(chart.text) if not stands_before(signs.NOT_WEIGHT, chart.text, m, 30))
    return next((w for m in plain if 250 <= (w := _in_grams(m)) <= 7_000), None)


def _in_grams(m: re.Match[str]) -> int:
    if m["g"]:
        return int(m["g"].replace(",", "").replace(".", ""))
    if m["bareg"]:
        return int(m["bareg"])
    if m["lb"]:
        return round((int(m["lb"]) * 16 + int(m["oz"] or 0)) * 28.35)
    return round(float(m["kg"] or m["bare"]) * 1000)


def _weeks(chart: Chart) -> int | None:
    for m in signs.WEEKS.finditer(chart.text):
        number = int(m["w"] or m["w2"])
        before, behind = chart.text[max(0, m.start() - 20) : m.start()], chart.text[m.end() : m.end() + 25]
        born_at = re.search(r"\bborn (?:\w+ ){0,3}at\W{1,2}\Z", before)
        if 21 <= number <= 44 and (born_at or not signs.CORRECTED.search(before)) and not signs.NOW.match(behind):
            return number
    return None


def _siblings(chart: Chart) -> int:
    for count, words in ((5, signs.QUINT), (4, signs.QUAD), (3, signs.TRIPLET), (2, signs.TWIN)):
        found = chart.tells(words)
        if found is not None and not stands_before(signs.OTHERS, chart.text, found, 30):
            return count
    return 1


def _cesarean(text: str) -> bool | None:
    cut = [m for m in signs.CESAREAN.finditer(text) if not stands_before(signs.MOTHERS, text, m, 40)]
    vaginal = [m for m in signs.VAGINAL.finditer(text) if not stands_before(signs.MOTHERS, text, m, 40)]
    if cut and vaginal:
        told = [m.start() for m in cut if stands_before(signs.BY, text, m, 30)]
        return bool(told) or cut[0].start() < vaginal[0].start()
    return True if cut else False if vaginal else None
