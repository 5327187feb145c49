"""Whether the chart is that of a birth, of a newborn or of an older infant, and how it was born (I.C.16.a, I.C.21.c.12)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from leadterm.coding.chart import Chart
from leadterm.domain import Fact

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
_COUNT = r"(?P<n>\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_AGE = re.compile(
    rf"\b{_COUNT}(?:[ -]?\d/\d)?[ -]?(?P<unit>hours?|hrs?|h|days?|d|do|dol|weeks?|wks?|wk|w|months?|mos?|mo|m)(?:[ -]?(?:old|o\b|olds)|(?= ?(?:/o|y/o)? ?(?:f|m|girl|boy|male|female|infant|baby|"
    r"ex-?term|former|ex-|term|preterm|newborn|check|visit|well|wcc|wcv)\b))"
    rf"|\bage:? {_COUNT.replace('<n>', '<m>')} ?(?P<unit2>hours?|h|days?|d|weeks?|wks?|months?|mo)\b"
    rf"|\b(?:dol|day of life|day) ?#? ?(?P<dol>\d{{1,3}})\b|(?:check|visit|exam|weight check|wt check|f/u|supervision),? (?:at )?{_COUNT.replace('<n>', '<k>')} ?(?P<unit3>days?|d|weeks?|wks?|w)\b"
    rf"|\bat {_COUNT.replace('<n>', '<j>')} (?P<unit4>days|weeks) (?:of age|of life)\b|\b(?P<do>\d{{1,2}}) ?do\b"
)
_UNITS = {"h": 0, "d": 1, "w": 7, "m": 30}
_BORN_HERE = re.compile(
    r"\bborn\b|\binborn\b|\bnewborn\b|\bneonat\w+|\bbirth ?(?:weight|wt)|\bbw\b|\bdob\b|\bapgars?\b|\bn?svd\b|\bnursery\b|\bdate of birth\b|\bvaginal (?:birth|delivery)|\bc/s\b|\bcesarean|\bnicu\b|\bdelivered\b|\bterm (?:boy|girl|male|female|infant)"
)
_CAME = re.compile(
    r"\b(?:received|transferred in|transfer(?:red)? from|accepted|outborn|outside (?:birth )?hospital|referring hospital)\b|\breadmi\w+|\badmitted (?:\w+ ){0,3}(?:from (?:home|clinic|ed\b|the ed|emergency|pediatrician|pcp))"
    r"|\b(?:brought|presented|presents?) (?:in (?!with mother)|to|by|with (?!mother|mom))|\bwent home (?:on|at|with) (?:day|dol|mother)[^.\n]{0,60}\b(?:return|now|back)|\bfrom (?:home|clinic) (?:for|with)\b|\buncomplicated birth\b|\badmitted for (?:elective )?(?:repair|surgery|phototherapy)"
)
_OUT = re.compile(
    r"\bhome (?:birth|delivery)\b|\bborn (?:at home|in (?:the |an? )?(?:car|ambulance|taxi|parking|family car|field|birthing center|birth center))|\bborn en route|\bborn before arrival|\bbba\b|\bborn outside|\bout[- ]of[- ]hospital|\bdelivered (?:at home|in (?:the |an? )?(?:car|ambulance|taxi)|en route)|\bbirth(?:ing)? center (?:birth|delivery)|\bunplanned home"
)
_CESAREAN = re.compile(r"\bcesarean|\bcaesarean|\bc-?section|\bc section|\b[pr1]*l[ts]cs\b|\bc/s\b|\bcs\b")
_MOTHERS = re.compile(r"\b(?:prior|previous|hx|history of|past|after|one|two|mother'?s? (?:had|with))\s(?:\w+ ){0,3}\Z")
_VAGINAL = re.compile(
    r"\bn?svd\b|\bvaginal(?:ly)?\b|\bvbac\b|\bvacuum\b|\bforceps\b|\bsvb\b|\bnsvb\b|\bv[af]vd\b|\bspontaneous delivery\b"
)
_TWIN = re.compile(r"\btwins?\b|\bdi[/-]?di\b|\bmono?[/-]di\b|\bd[ci]/?da\b")
_TRIPLET, _QUAD, _QUINT = (
    re.compile(r"\btriplets?\b"),
    re.compile(r"\bquadruplets?\b|\bquads?\b"),
    re.compile(r"\bquintuplets?\b"),
)
_OTHERS = re.compile(r"\b(?:sister|brother|sibling|mother|family|father|older|history)\b[^.;\n]{0,20}\Z")
_GRAMS = re.compile(
    r"\b(?P<g>\d[,.]?\d{3}|\d{3}) ?(?:g|gm|gms|grams?)\b|\b(?P<kg>\d\.\d{1,3}) ?(?:kg|kilos?)\b|\b(?P<lb>\d{1,2}) ?(?:lb|lbs|pounds?),? ?(?P<oz>\d{1,2})? ?(?:oz|ounces?)?|\bbw:? (?P<bare>\d\.\d{1,3})\b|\bbw:? (?P<bareg>\d{3,4})\b"
)
_BIRTHWEIGHT = re.compile(r"\b(?:bw|birth ?(?:weight|wt)|birthweight|weigh\w+)\b\W{0,4}(?:was |of |is )?")
_NOT_WEIGHT = re.compile(
    r"\b(?:discharge|dc|d/c|today|current|now|wt|weight at discharge|clot|placenta)\b[^.;,\n]{0,12}\Z"
)
_WEEKS = re.compile(
    r"\b(?P<w>[2-4]\d)(?: ?(?:w|\+|wk\w*|weeks?)? ?(?P<d>[0-6])(?:/7|d\b| days?\b)?)? ?-?(?:w\b|wk|wks|week|weeks|weeker|weekers|/7|w\d|gestation|\d/7)|\b(?P<w2>[2-4]\d)(?:w|\+| )[0-6](?:d|/7)?(?![\d/])"
)


def infant(chart: Chart) -> Infant:
    """The patient as a newborn; of stage OTHER where older than a year."""
    return chart.once("infant", lambda: _infant(chart))


def _infant(chart: Chart) -> Infant:
    stage, days = _stage(chart)
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
        chart.tells(_OUT) is not None,
    )


def _stage(chart: Chart) -> tuple[Stage, int | None]:
    if chart.age is None or chart.age > 0:
        return Stage.OTHER, None
    days = chart.encounter.patient.age_days
    if days is None:
        days = _days(chart.text)
    born = chart.stay and _BORN_HERE.search(chart.text) and not _CAME.search(chart.text)
    if born and (days is None or days <= NEONATAL or "birth" in chart.text[:400] or "dob" in chart.text[:400]):
        first = _days(chart.text[:200])
        if first is None or first <= 2 or _STAYED.search(chart.text):
            return Stage.BIRTH, 0
    if days is None:
        return (Stage.NEWBORN if _YOUNG.search(chart.text) else Stage.INFANT), None
    return (Stage.NEWBORN if days <= NEONATAL else Stage.INFANT), days


_STAYED = re.compile(r"\b(?:dol|day of life|nicu|nursery|date of birth|dob)\b")
_YOUNG = re.compile(r"\bnewborn\b|\bneonat\w+|\bfirst (?:office )?visit\b|\bdays? old\b")


def _days(text: str) -> int | None:
    """The age in days as the chart first tells it."""
    for m in _AGE.finditer(text):
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
    for named in _BIRTHWEIGHT.finditer(chart.text):
        if (m := _GRAMS.match(chart.text, named.end())) or (m := _GRAMS.match(chart.text, named.start())):
            return _in_grams(m)
    plain = (
        m for m in _GRAMS.finditer(chart.text) if not _NOT_WEIGHT.search(chart.text[max(0, m.start() - 30) : m.start()])
    )
    return next((w for m in plain if 250 <= (w := _in_grams(m)) <= 7_000), None)


def _in_grams(m: re.Match[str]) -> int:
    if m["g"]:
        return int(m["g"].replace(",", "").replace(".", ""))
    if m["bareg"]:
        return int(m["bareg"])
    if m["lb"]:
        return round((int(m["lb"]) * 16 + int(m["oz"] or 0)) * 28.35)
    return round(float(m["kg"] or m["bare"]) * 1000)


_CORRECTED = re.compile(r"\b(?:until|at|by|to|corrected|pma|since|oxygen at)\W{1,2}\Z")
_NOW = re.compile(r"\A[^.;\n]{0,12}\b(?:corrected|pma|cga|postmenstrual|old)\b")


def _weeks(chart: Chart) -> int | None:
    for m in _WEEKS.finditer(chart.text):
        number = int(m["w"] or m["w2"])
        before, behind = chart.text[max(0, m.start() - 20) : m.start()], chart.text[m.end() : m.end() + 25]
        born_at = re.search(r"\bborn (?:\w+ ){0,3}at\W{1,2}\Z", before)
        if 21 <= number <= 44 and (born_at or not _CORRECTED.search(before)) and not _NOW.match(behind):
            return number
    return None


def _siblings(chart: Chart) -> int:
    for count, words in ((5, _QUINT), (4, _QUAD), (3, _TRIPLET), (2, _TWIN)):
        found = chart.tells(words)
        if found is not None and not _OTHERS.search(chart.text[max(0, found.start() - 30) : found.start()]):
            return count
    return 1


_BY = re.compile(r"\b(?:born|delivered|delivery|deliv|via|by|birth)\W{1,2}(?:\w+[ -]){0,4}\Z")


def _cesarean(text: str) -> bool | None:
    cut = [m for m in _CESAREAN.finditer(text) if not _MOTHERS.search(text[max(0, m.start() - 40) : m.start()])]
    vaginal = [m for m in _VAGINAL.finditer(text) if not _MOTHERS.search(text[max(0, m.start() - 40) : m.start()])]
    if cut and vaginal:
        told = [m.start() for m in cut if _BY.search(text[max(0, m.start() - 30) : m.start()])]
        return bool(told) or cut[0].start() < vaginal[0].start()
    return True if cut else False if vaginal else None
