"""What the hand did counts where no name of an operation tells the same part, and then in the place of a bare name."""

from __future__ import annotations

from leadterm.coding.chart import Chart
from leadterm.coding.procedures.candidates import Procedure
from leadterm.coding.procedures.terms import DEED

_LOOKED = "J"
_TAKEN = "BTRY"  # what takes a part away leaves no other deed to it
_SURGERY = "0"  # the section whose third character with the fourth says what was done to which part


def apply(chart: Chart, procedures: list[Procedure]) -> list[Procedure]:
    """The procedures without deeds that a name tells, and without bare names ("biopsies") that deeds tell."""
    del chart
    deeds = [p for p in procedures if _deed(p)]
    if not deeds:
        return procedures
    names = [p for p in procedures if not _deed(p)]
    kept = [p for p in deeds if not any(_tells(name, p) for name in names) and not any(_learned(d, p) for d in deeds)]
    bare = [p for p in names if p.act.term.general and any(_same_deed(p, deed) for deed in kept)]
    return [p for p in procedures if p in kept or (p in names and p not in bare)]


def _deed(p: Procedure) -> bool:
    return p.act.term.told == DEED


def _tells(name: Procedure, deed: Procedure) -> bool:
    """Whether an operation that is named is that of a deed: of the same part, or the same operation in one system."""
    if name.act.statement.report != deed.act.statement.report or name.act.term.general:
        return False
    if name.code[:2] != deed.code[:2] or name.code[2] == _LOOKED:
        return False
    if name.code[0] != _SURGERY and name.code[2] != deed.code[2]:
        return False
    sampled = deed.code.endswith("X") and not name.code.endswith("X")
    same = name.code[2] == deed.code[2] or (name.code[3] == deed.code[3] and name.code[2] in _TAKEN)
    return same and not sampled


def _learned(sample: Procedure, p: Procedure) -> bool:
    """Whether another deed tells that what was cut out in the same words was taken to learn from it."""
    same = {a.statement for a in sample.acts} & {a.statement for a in p.acts}
    return bool(same) and sample.code == f"{p.code[:6]}X" and sample.code != p.code


def _same_deed(bare: Procedure, deed: Procedure) -> bool:
    """Whether a deed is the operation of a bare name, with the part that this left open."""
    same = bare.act.statement.report == deed.act.statement.report
    return same and bare.code[2] == deed.code[2] and bare.code[6] == deed.code[6]
