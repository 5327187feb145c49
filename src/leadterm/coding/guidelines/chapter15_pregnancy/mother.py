"""Whether the patient is pregnant, delivers in this stay, or has delivered: from the whole chart (I.C.15)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from leadterm.coding.chart import Chart
from leadterm.coding.gestation import trimester_of
from leadterm.coding.patterns import stands_before
from leadterm.domain import Assertion, Fact, Setting, Sex

from . import signs

YOUNGEST, OLDEST = 9, 60
TERM = 37


class State(StrEnum):
    """What chapter 15 has to do with the patient."""

    NONE = "none"
    PREGNANT = "pregnant"
    DELIVERED = "childbirth"
    PUERPERIUM = "puerperium"
    LOST = "abortive"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Mother:
    """The patient as a mother.

    Attributes:
        state: Where she stands.
        phase: How titles of chapter 15 name it: a trimester, childbirth, puerperium; None where nothing tells.
        trimester: Of the stay's first day, for codes that have no childbirth of their own.
        weeks: The value that tells the weeks; None after the birth.
        fetuses: How many she carries or bore in this pregnancy.
        cesarean, vaginal, labor: How she delivered in this stay, and whether labor is told.
        parous: Whether she delivered before; None where nothing tells.
        nursing: Whether she breastfeeds.
    """

    state: State
    phase: str | None
    trimester: str | None
    weeks: Fact | None
    fetuses: int
    cesarean: bool
    vaginal: bool
    labor: bool
    parous: bool | None
    nursing: bool

    @property
    def number(self) -> int | None:
        """Completed weeks."""
        return int(float(self.weeks.attributes["value"])) if self.weeks else None

    @property
    def days(self) -> int | None:
        """Days since the first of the last period, as far as the chart tells them."""
        if self.weeks is None or self.number is None:
            return None
        return 7 * self.number + int(self.weeks.attributes.get("days", "0"))

    @property
    def expecting(self) -> bool:
        """Whether codes of pregnancy, birth and puerperium have a place in this chart."""
        return self.state not in (State.NONE, State.LATER)


_LOSS = ("O00", "O01", "O02", "O03", "O04", "O07", "Z33.2")


# Who is no mother has no phase, no weeks and no labor.
_NOBODY = Mother(
    State.NONE, None, None, None, 1, cesarean=False, vaginal=False, labor=False, parous=None, nursing=False
)


def mother(chart: Chart) -> Mother:
    """The patient as a mother; the state is NONE where nothing speaks of a pregnancy or she cannot be one."""
    return chart.once("mother", lambda: _mother(chart))


def _mother(chart: Chart) -> Mother:
    state = _state(chart)
    if state is State.NONE:
        return _NOBODY
    weeks = chart.weeks if state in (State.PREGNANT, State.DELIVERED) else None
    trimester = trimester_of(weeks.attributes["value"]) if weeks else _named_trimester(chart)
    phase = {State.DELIVERED: "childbirth", State.PUERPERIUM: "puerperium"}.get(state, trimester)
    cesarean, vaginal = _manner(chart) if state is State.DELIVERED else (False, False)
    labor = chart.tells(signs.LABOR) is not None and not (
        cesarean and not vaginal and signs.NO_LABOR.search(chart.text)
    )
    return Mother(
        state,
        phase,
        trimester,
        weeks,
        _fetuses(chart),
        cesarean,
        vaginal,
        labor,
        _parous(chart),
        chart.tells(signs.NURSING) is not None,
    )


def _state(chart: Chart) -> State:
    patient = chart.encounter.patient
    if patient.sex is Sex.MALE or (chart.age is not None and not YOUNGEST <= chart.age <= OLDEST):
        return State.NONE
    if any(f.concept == "sequelae of complication of pregnancy, childbirth, and the puerperium" for f in chart.present):
        return State.LATER
    undelivered = signs.UNDELIVERED.search(chart.text) is not None
    if not undelivered and _delivered_here(chart):
        return State.DELIVERED
    if not undelivered and _lost(chart):
        return State.LOST
    if not undelivered and _after(chart):
        return State.PUERPERIUM
    return State.PREGNANT if undelivered or _pregnant(chart) else State.NONE


def _delivered_here(chart: Chart) -> bool:
    """Whether the birth is part of this stay: an outcome is told, and the patient did not come back after it."""
    if not (chart.stay or chart.encounter.setting is Setting.EMERGENCY):
        return False
    if signs.READMITTED.search(chart.text) or signs.ELSEWHERE.search(chart.text):
        return False
    return chart.tells(signs.BORN) is not None and signs.BIRTH_WORDS.search(chart.text) is not None


def _lost(chart: Chart) -> bool:
    told = [f for f in chart.facts if f.assertion is Assertion.PRESENT and f.targets and f.targets[0].startswith(_LOSS)]
    known = [f for f in told if f.section not in ("obstetric-history", "past-medical-history", "family-history")]
    return bool(known) and (chart.weeks is None or float(chart.weeks.attributes["value"]) < 20)


def _after(chart: Chart) -> bool:
    """Whether she has delivered: weeks of a pregnancy may be told of the birth, a living fetus may not."""
    lately = any(not _long_ago(chart.text, m) for m in signs.AFTER.finditer(chart.text))
    after = (lately and chart.tells(signs.AFTER) is not None) or signs.ELSEWHERE.search(chart.text) is not None
    return after and not _expecting_now(chart)


def _long_ago(text: str, found: re.Match[str]) -> bool:
    """Whether what followed a birth is told of years past."""
    behind = text[found.end() : found.end() + 70]
    return stands_before(signs.HISTORY, text, found, 30) or signs.YEARS.match(behind) is not None


def _expecting_now(chart: Chart) -> bool:
    found = chart.tells(signs.NOW)
    return found is not None and not signs.PAST.search(chart.text, 0, found.start())


def _pregnant(chart: Chart) -> bool:
    if chart.weeks is not None:
        return True
    return any(not stands_before(signs.PAST, chart.text, m, 40) for m in signs.PREGNANT.finditer(chart.text))


_ORDINALS = {"1st": "first", "2nd": "second", "3rd": "third"}


def _named_trimester(chart: Chart) -> str | None:
    named = {_ORDINALS.get(m[1], m[1]) for m in signs.TRIMESTER.finditer(chart.text)}
    return named.pop() if len(named) == 1 else None


def _manner(chart: Chart) -> tuple[bool, bool]:
    """Whether this birth was by cesarean, whether vaginal; of twins it may be both."""
    cesarean = any(_this_cesarean(chart.text, m) for m in signs.CESAREAN.finditer(chart.text))
    vaginal = any(
        not stands_before(signs.NOT_THIS_VAGINAL, chart.text, m, 40) for m in signs.VAGINAL.finditer(chart.text)
    )
    if cesarean and vaginal:
        vaginal = bool(
            re.search(r"\bvbac\b|vaginal birth after|\bn?svd\b|vaginal delivery", chart.text)
        ) and not signs.DONE.search(chart.text)
        cesarean = not vaginal
    return cesarean, vaginal


def _this_cesarean(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - 40) : found.start()]
    return bool(signs.REPEAT.search(before)) or not signs.NOT_THIS_CESAREAN.search(before)


def _fetuses(chart: Chart) -> int:
    for count, words in ((4, signs.QUADS), (3, signs.TRIPLETS), (2, signs.TWINS)):
        found = chart.tells(words)
        if found is not None and not signs.MULTIPLE_BEFORE.search(
            chart.text[max(0, found.start() - 40) : found.start()]
        ):
            return count
    return 1


def _parous(chart: Chart) -> bool | None:
    """Whether this is not her first pregnancy: codes part primigravida from multigravida by gravidity."""
    if (said := signs.PARITY.search(chart.text)) is not None:
        return int(said["g"] or said["gg"]) > 1
    if signs.OTHER.search(chart.text):
        return True
    return False if signs.FIRST.search(chart.text) else None
