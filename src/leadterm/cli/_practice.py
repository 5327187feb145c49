"""Cases and grades as contract JSON (leadterm.practice/1, case/1, grade/1) and as plain lines, words quoted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from leadterm.cases import Case, KeyCode
from leadterm.review import Grade, Leading, Mark, Missed, Outcome, Reason, ReasonKind
from leadterm.schemas.encode_parts import evidence

from .plain import styled

Json = dict[str, Any]
DIFFICULTY = {1: "easy", 2: "usual", 3: "hard"}
UNREVIEWED = "Not reviewed by a credentialed coder: doubt the key where you have reasons."
SIGNS = {Outcome.RIGHT: "✓", Outcome.OPTIONAL: "·", Outcome.WRONG: "✗"}
STYLES = {Outcome.RIGHT: "bold", Outcome.OPTIONAL: "dim", Outcome.WRONG: "red"}
RULE = "─" * 80


def list_json(cases: Iterable[Case]) -> Json:
    """The cases without their charts, as leadterm.practice/1."""
    return {"schema": "leadterm.practice/1", "cases": [_head(c) for c in cases]}


def case_json(case: Case) -> Json:
    """What a learner may see of a case, as leadterm.case/1: never the key."""
    return {
        "schema": "leadterm.case/1",
        **_head(case),
        "claim_type": case.claim_type.value,
        "date": case.date.isoformat(),
        "age": case.age,
        "sex": case.sex.value,
        "guidelines": case.guidelines,
        "leading_role": case.leading_role.value,
        "text": case.document.text,
    }


def grade_json(case: Case, value: Grade, reveal: bool) -> Json:
    """A graded attempt, as leadterm.grade/1; `key` is null unless it is revealed."""
    lead = value.leading
    return {
        "schema": "leadterm.grade/1",
        "case": case.id,
        "title": case.title,
        "guidelines": case.guidelines,
        "reviewed_by": case.reviewed_by,
        "score": value.score,
        "correct": value.correct,
        "entered": value.entered,
        "wanted": value.wanted,
        "leading": {
            "role": lead.role.value,
            "outcome": lead.outcome.value,
            "entered": lead.entered and lead.entered.value,
            **_key_code(lead.wanted),
        },
        "marks": [_mark(m) for m in value.marks],
        "missed": [_missed(m) for m in value.missed],
        "duplicates": [c.value for c in value.duplicates],
        "key": _key(case) if reveal else None,
    }


def _head(case: Case) -> Json:
    return {
        "id": case.id,
        "number": case.number,
        "title": case.title,
        "specialty": case.specialty,
        "difficulty": case.difficulty,
        "setting": case.setting.value,
        "reviewed_by": case.reviewed_by,
    }


def _key_code(key: KeyCode) -> Json:
    quotes = [evidence(e) for e in key.evidence]
    return {"code": key.code.value, "evidence": quotes, "why": key.why, "paragraphs": list(key.paragraphs)}


def _mark(mark: Mark) -> Json:
    return {
        "code": mark.code.value,
        "description": mark.description,
        "outcome": mark.outcome.value,
        "near": mark.near and mark.near.value,
        "reasons": [{"kind": r.kind.value, "text": r.text, "paragraphs": list(r.paragraphs)} for r in mark.reasons],
    }


def _missed(missed: Missed) -> Json:
    near = [c.value for c in missed.near]
    key = missed.key
    return {**_key_code(key), "role": key.role.value, "description": missed.description, "near": near}


def _key(case: Case) -> Json:
    forbid = [{"code": f.code.value, "why": f.why, "paragraphs": list(f.paragraphs)} for f in case.forbid]
    return {
        "require": [{**_key_code(k), "role": k.role.value} for k in case.require],
        "optional": [{"code": o.code.value, "why": o.why} for o in case.optional],
        "forbid": forbid,
    }


def print_list(cases: Iterable[Case]) -> None:
    """One line a case, and who reviewed them."""
    shown = list(cases)
    for c in shown:
        reviewed = f" · reviewed by {c.reviewed_by}" if c.reviewed_by else ""
        kind = f"{c.specialty} · {DIFFICULTY[c.difficulty]} · {c.setting}"
        print(f"{styled(c.number, 'bold')}  {c.title}  {styled(kind + reviewed, 'dim')}")
    unread = sum(c.reviewed_by is None for c in shown)
    if unread:
        print(f"{unread} of {len(shown)} not reviewed by a credentialed coder. Begin: leadterm practice start NUMBER")


def print_case(case: Case) -> None:
    """The chart, what is known of the patient, and what to do; never the key."""
    print(f"{styled(case.id, 'bold')}  {case.title}")
    age = "under one year" if case.age == 0 else f"{case.age} years"
    print(f"{case.specialty} · {DIFFICULTY[case.difficulty]} · {case.setting} · {case.claim_type} claim")
    print(f"{case.date} · {age} · {case.sex} · Official Guidelines {case.guidelines}")
    print_reviewed(case)
    print(f"{RULE}\n{case.document.text.rstrip()}\n{RULE}")
    print(f"Code the diagnoses in ICD-10-CM, the {case.leading_role} one first, external causes too; then:")
    print(f'leadterm practice grade {case.number} --codes "…"')


def print_reviewed(case: Case) -> None:
    """Who reviewed the key, or that nobody did."""
    print(f"Reviewed by {case.reviewed_by}." if case.reviewed_by else UNREVIEWED)


def print_grade(case: Case, value: Grade, reveal: bool) -> None:
    """The grade, each entered code, each missing one with the words of the chart; the whole key where revealed."""
    print(f"{styled(case.id, 'bold')}  {case.title}")
    print_reviewed(case)
    counted = f"{value.correct} right of {value.wanted} in the key and {value.entered} entered"
    print(f"{styled(f'Score {value.score:g}', 'bold')}  {counted}")
    _print_leading(value)
    for mark in value.marks:
        known = mark.description or "(unknown)"
        print(f"{styled(SIGNS[mark.outcome], STYLES[mark.outcome])} {mark.code.value:<9} {known}")
        for reason in mark.reasons:
            print(f"    {_reason(reason)}")
    for code in value.duplicates:
        print(f"{code} was entered more than once and counts once.")
    if value.missed:
        print("Missing:")
    for missed in value.missed:
        print(f"{styled('–', 'yellow')} {missed.key.code.value:<9} {missed.description or ''}")
        _print_key_code(missed.key)
    if reveal:
        _print_key(case)


def _print_leading(value: Grade) -> None:
    lead = value.leading
    if lead.outcome is Leading.RIGHT:
        print(f"{lead.role.capitalize()}: {lead.entered}, right.")
        return
    entered = f"{lead.entered} is not right, " if lead.entered else "none entered, "
    # Where the wanted code is missing altogether, it is explained below.
    later = any(m.key.code == lead.wanted.code for m in value.missed)
    print(f"{lead.role.capitalize()}: {entered}{lead.wanted.code} is wanted.{'' if later else f' {lead.wanted.why}'}")


def _reason(reason: Reason) -> str:
    prefix = "optional: " if reason.kind is ReasonKind.OPTIONAL else ""
    return f"{prefix}{reason.text}{_cited(reason.paragraphs)}"


def _print_key_code(key: KeyCode) -> None:
    for quote in key.evidence:
        print(f"    “{_one_line(quote.text)}” {quote.span.start}–{quote.span.end}")
    print(f"    {key.why}{_cited(key.paragraphs)}")


def _print_key(case: Case) -> None:
    print(f"{RULE}\nThe key, in claim order:")
    for key in case.require:
        print(f"{styled(key.code.value, 'bold'):<9} {key.role}")
        _print_key_code(key)
    for title, entries in (("Optional", case.optional), ("Tempting and wrong", case.forbid)):
        if entries:
            print(f"{title}:")
        for entry in entries:
            print(f"  {entry.code.value:<9} {entry.why}")


def _cited(paragraphs: tuple[str, ...]) -> str:
    return f" [{', '.join(paragraphs)}]" if paragraphs else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())
