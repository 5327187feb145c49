"""The record of a delivery: outcome, sterilization, what is left where nothing complicated it (I.C.15.b, I.C.15.n)."""

from __future__ import annotations

from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact

from .mother import Mother, State, mother

OUTCOME = "ICD10CM:I.C.15.b.5/outcome"
NORMAL = "ICD10CM:I.C.15.n/normal"
WITHOUT = "ICD10CM:I.C.15.b.4/no-indication"
STERILE = "ICD10CM:I.C.21.c.11/sterilization"
_STILL = compiled(r"\bstill ?-?born\b|\bstillbirth\b|\bapgars? (?:of )?0[/, ]")
# By the number of fetuses: all liveborn, some, none.
_OUTCOMES = {
    1: ("Z37.0", "Z37.1", "Z37.1"),
    2: ("Z37.2", "Z37.3", "Z37.4"),
    3: ("Z37.51", "Z37.61", "Z37.7"),
    4: ("Z37.52", "Z37.62", "Z37.7"),
}
_TERM, _LAST = 37, 43
_INSTRUMENTS = compiled(r"\bvacuum|\bforceps|\bbreech")


def outcome(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the outcome of the delivery, on the record of the stay in which it took place."""
    her = mother(chart)
    if her.state is not State.DELIVERED:
        return candidates
    live = chart.said("liveborn infant")
    still = chart.tells(_STILL) is not None
    demise = any(c.code.startswith("O36.4") for c in candidates)
    every, some, none = _OUTCOMES[her.fetuses]
    code = (
        every if not (still or demise) else some if live and her.fetuses > 1 else none if still or not live else every
    )
    told = live or _births(chart)
    if not told:
        return candidates
    return [*candidates, stated(code, told[:2], f"{code}: {reason(OUTCOME)}", OUTCOME)]


def _births(chart: Chart) -> tuple[Fact, ...]:
    """The facts that tell of the birth where none names the child: scores, the manner, its code."""
    named = chart.said("APGAR", "vaginal delivery", "cesarean section")
    coded = tuple(f for f in chart.facts if f.targets and f.targets[0].startswith(("O80", "O82", "P95", "O36.4")))
    return named or coded or tuple(f for f in chart.present if f.concept == "weeks of gestation")


def sterilization(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the sterilization done in the stay of the delivery, in place of the status that it leaves."""
    her = mother(chart)
    done = tuple(f for f in chart.said("tubal ligation", "salpingectomy") if f.assertion is Assertion.PRESENT)
    if her.state is not State.DELIVERED or not done or not _meant(chart, done[0]):
        return candidates
    kept = [c for c in candidates if c.code != "Z98.51"]
    if any(c.code == "Z30.2" for c in kept):
        return kept
    return [*kept, stated("Z30.2", done[:1], reason(STERILE), STERILE)]


def _meant(chart: Chart, fact: Fact) -> bool:
    """Whether the tubes were tied or taken to end fertility: both, and not for an ectopic pregnancy."""
    history = fact.section in ("past-surgical-history", "past-medical-history", "obstetric-history")
    return not history and (fact.concept == "tubal ligation" or "bilateral" in chart.sentence(fact))


def nothing_else(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """A delivery without codes of the prenatal period, with O80 or O82 where nothing else of chapter 15 stands."""
    her = mother(chart)
    if her.state is not State.DELIVERED:
        return candidates
    kept = [c for c in candidates if not c.code.startswith(("O09", "Z34", "Z39", "Z33", "Z36", "Z32", "Z63.4"))]
    if any(c.code[0] == "O" for c in kept):
        return kept
    told = _births(chart)[:2] or chart.said("liveborn infant")[:1]
    code, rule = ("O82", WITHOUT) if her.cesarean else ("O80", NORMAL)
    if not told or (not her.cesarean and not _normal(chart, her)):
        return kept
    first = stated(code, told, f"{code}: {reason(rule)}", rule)
    return [Candidate(first.code, first.facts, first.pathway, (), (-1, 0), first.confidence), *kept]


def _normal(chart: Chart, her: Mother) -> bool:
    """Whether it was one child, alive, at term or so, spontaneously and head first (I.C.15.n.1)."""
    term = her.number is None or _TERM <= her.number < _LAST
    return her.fetuses == 1 and term and not chart.tells(_INSTRUMENTS) and not chart.tells(_STILL)
