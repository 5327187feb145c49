"""I.C.15.a.1: what ails a pregnant patient goes to chapter 15 first, by the table `ordinary.tsv`."""

from __future__ import annotations

from functools import cache

from leadterm.coding._tables import longest, rows
from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.navigating import navigate
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason

from .mother import Mother, State, mother
from .opening import ENDED, phase_for
from .phases import entered, phased

RULE = "ICD10CM:I.C.15.a.1/complicating"
INCIDENTAL = "ICD10CM:I.C.15.a.1/incidental"
SUPERIMPOSED = "ICD10CM:I.C.15.d/superimposed"
GESTATIONAL = "ICD10CM:I.C.15.i/control"
LATE_VOMITING = 20


@cache
def _table() -> dict[str, dict[str, str]]:
    return {p: row for row in rows("guidelines/chapter15_pregnancy/ordinary") for p in row["ordinary"].split()}


def incidental(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Where the provider calls the pregnancy incidental, nothing but that of chapter 15."""
    if not any(c.code == "Z33.1" for c in candidates):
        return candidates
    return [
        c.stepped(reason(INCIDENTAL), INCIDENTAL) if c.code == "Z33.1" else c
        for c in candidates
        if c.code[0] != "O" and not c.code.startswith("Z34")
    ]


def complicating(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with the code of chapter 15 before, or in place of, each condition of the table."""
    her = mother(chart)
    if her.state in (State.NONE, State.LATER, State.LOST) or any(c.code == "Z33.1" for c in candidates):
        return candidates
    found: list[Candidate] = []
    known = {c.code for c in candidates}
    for c in candidates:
        row = longest(_table(), c.code)
        code = _code(chart, c, row, her) if row is not None else None
        if code is not None and her.state is State.PUERPERIUM and code.startswith(ENDED):
            continue
        if row is None or code is None or _told_already(c, known) or _explained(c, known):
            found.append(c)
            continue
        if code in known:
            found += [c] if row["keeps"] == "yes" else []
            continue
        found.append(c.stepped(f"{c.code} in this patient: {code}. {reason(RULE)}", RULE, code=code))
        if row["keeps"] == "yes":
            found.append(Candidate(c.code, c.facts, c.pathway, c.alternatives, (*c.rank, 1), c.confidence))
    return found


# What another code of the chapter takes in: kidney disease in hypertension, injuries in abuse, heart failure too.
_TAKEN_IN = (
    (("N18", "N19"), ("O10.2", "O10.3")),
    (("S", "T"), ("O9A.3", "O9A.4", "O9A.5")),
    (("I50", "I42"), ("O90.3",)),
)


# Conditions of pregnancy and birth that explain an ache: it is none of the "other conditions" then (I.B.5).
_ACHES = ("R10", "R12", "R51")
_EXPLAINING = tuple("O14 O11 O15 O23 O00 O03 O45 O44 O60 O47 O86 O85 O42 O41 O20 O46 O71.1 O74.5 O26.61 O21".split())


def _explained(c: Candidate, known: set[str]) -> bool:
    return c.code.startswith(_ACHES) and any(k.startswith(_EXPLAINING) for k in known)


def _told_already(c: Candidate, known: set[str]) -> bool:
    return any(c.code.startswith(what) and any(k.startswith(by) for k in known) for what, by in _TAKEN_IN)


_CHRONIC = compiled(
    r"\b(?:chronic|essential|pre-?existing|since age|prior to pregnancy|before (?:the )?pregnancy"
    r"|chtn|throughout|years?|longstanding)\b"
)


def hypertension(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Plain "hypertension" beside that of this pregnancy is the same, unless the chart calls it chronic (I.C.15.d)."""
    own = [c for c in candidates if c.code.startswith(("O13", "O14", "O16"))]
    both = any(c.code.startswith("O11") for c in candidates)
    if not own or both or not mother(chart).expecting:
        return candidates
    return [c for c in candidates if c.code != "I10" or any(_CHRONIC.search(chart.sentence(f)) for f in c.facts)]


def superimposed(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Pre-eclampsia of one who was hypertensive before is superimposed: both codes (I.C.15.d; note at O11)."""
    if not any(c.code.startswith("O10") for c in candidates):
        return candidates
    code = phased(chart.book, "O11.9", mother(chart), mother(chart).phase)
    return [
        c.stepped(f"{c.code} on pre-existing hypertension: {code}. {reason(SUPERIMPOSED)}", SUPERIMPOSED, code=code)
        if c.code.startswith(("O14.0", "O14.1", "O14.9"))
        else c
        for c in candidates
    ]


def no_body_mass(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """No body mass index while pregnant (I.C.21.c.3)."""
    if mother(chart).state not in (State.PREGNANT, State.DELIVERED):
        return candidates
    return [c for c in candidates if not c.code.startswith("Z68")]


def _code(chart: Chart, c: Candidate, row: dict[str, str], her: Mother) -> str | None:
    node = row["puerperium"] if row["puerperium"] and _after_birth(chart, c, her) else row["node"]
    if c.code.startswith("R11") and her.number is not None and her.number >= LATE_VOMITING:
        node = "O21.2"
    phase = phase_for(chart, c.facts[0], her)
    at = entered(chart.book, node, her, phase)
    if chart.book.is_billable(at):
        return phased(chart.book, at, her, phase)
    arrival = navigate(chart, c.facts[0], at)
    return arrival.code if arrival else None


# What comes with the birth rather than before it, where the chart names it so.
_WITH_BIRTH = ("D62",)


def _after_birth(chart: Chart, c: Candidate, her: Mother) -> bool:
    return her.state is State.PUERPERIUM or (her.state is State.DELIVERED and c.code.startswith(_WITH_BIRTH))


_CONTROL = (
    ("4", ("insulin",)),
    ("5", ("oral hypoglycemic",)),
)


def gestational_diabetes(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Gestational diabetes by what controls it: insulin before tablets before diet (I.C.15.i)."""
    kind = _controlled(chart)
    done: list[Candidate] = []
    for c in candidates:
        if c.code.startswith("O24.4") and kind is not None and c.code[-1] == "9":
            code = c.code[:-1] + kind
            c = c.stepped(f"{code}: {reason(GESTATIONAL)}", GESTATIONAL, code=code)
        done.append(c)
    gestational = any(c.code.startswith("O24.4") for c in done)
    before = any(c.code.startswith(("E08", "E10", "E11", "E13")) for c in done)
    if not gestational or before:
        return done
    return [c for c in done if c.code not in ("Z79.4", "Z79.84", "R73.9", "R73.03", "R73.09", "R73.01", "R73.02")]


def _controlled(chart: Chart) -> str | None:
    for character, classes in _CONTROL:
        if chart.classed(*classes):
            return character
    return (
        "0"
        if any(
            word in chart.text
            for word in (
                "diet control",
                "diet-control",
                "diet only",
                "diet and exercise",
                "a1gdm",
                "gdma1",
                "gdm a1",
                "on diet",
                "with diet",
                "by diet",
                "class a1",
                "diet alone",
                ", diet",
                "diet-managed",
                "diet managed",
            )
        )
        else None
    )
