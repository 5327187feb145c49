"""Pregnancies that end early: abortion, its complications, what it leaves; ectopic and molar pregnancy (I.C.15.q)."""

from __future__ import annotations

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.rules import reason

from .mother import State, mother

RETAINED = "ICD10CM:I.C.15.q/retained"
COMPLICATED = "ICD10CM:I.C.15.q/complicated"
# What complicates an abortion, with its character: of an incomplete one, of a complete one, of an induced one; ectopic.
_KINDS = (
    (("A40", "A41", "O85"), "O03.37", "O03.87", "O04.87", "O08.82"),
    (("N71", "O86.1", "N73", "N70"), "O03.0", "O03.5", "O04.5", "O08.0"),
    (("D62", "O72"), "O03.1", "O03.6", "O04.6", "O08.1"),
    (("N17", "O90.4"), "O03.32", "O03.82", "O04.82", "O08.4"),
    (("R57", "T81.1"), "O03.31", "O03.81", "O04.81", "O08.3"),
    (("N39.0", "N30", "O23", "O86.2"), "O03.38", "O03.88", "O04.88", "O08.83"),
    (("I26", "O88"), "O03.2", "O03.7", "O04.7", "O08.2"),
)
_STAY = ("D62", "A40", "A41", "N17", "I26")


def after_loss(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The loss at the code that says its kind and its complication, without what it explains."""
    if mother(chart).state is not State.LOST:
        return candidates
    kept = _retained(candidates)
    codes = [c.code for c in kept]
    if any(c.startswith("O04") for c in codes):
        kept = [c for c in kept if not c.code.startswith(("Z33.2", "O03"))]
    if any(c.startswith(("O00", "O01", "O02", "O03", "O04")) for c in codes):
        kept = [c for c in kept if not c.code.startswith(("O20", "O46", "N93", "O36", "Z34", "Z32", "O26"))]
    return _complicated(kept)


def _retained(candidates: list[Candidate]) -> list[Candidate]:
    """Products retained after a miscarriage make it incomplete, though it was called complete (I.C.15.q.2)."""
    left = [c for c in candidates if c.code.startswith(("O73.1", "O72.2"))]
    incomplete = any(c.code.startswith(("O03.0", "O03.1", "O03.2", "O03.3", "O03.4")) for c in candidates)
    found = []
    for c in candidates:
        if c in left or (incomplete and c.code == "O03.9"):
            continue
        if c.code == "O03.9" and left:
            c = c.joined(*left).stepped(reason(RETAINED), RETAINED, code="O03.4")
        found.append(c)
    return found


def _complicated(candidates: list[Candidate]) -> list[Candidate]:
    plain = next((c for c in candidates if c.code in ("O03.4", "O03.9", "Z33.2")), None)
    if plain is None:
        return candidates
    column = {"O03.4": 1, "O03.9": 2, "Z33.2": 3}[plain.code]
    for row in _KINDS:
        causes = [c for c in candidates if c.code.startswith(row[0])]
        if causes:
            code = str(row[column])
            one = plain.joined(*causes).stepped(
                f"{plain.code} with {causes[0].code}: {code}. {reason(COMPLICATED)}", COMPLICATED, code=code
            )
            gone = {id(c) for c in causes if not c.code.startswith(_STAY)}
            return [one if c is plain else c for c in candidates if id(c) not in gone]
    return candidates
