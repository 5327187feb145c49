"""Cases as one line of text, as `rules.toml` writes them.

A coded encounter reads `SETTING[/CLAIM TYPE] [SEX][AGE] [DATE]: CODES`, for example

    inpatient F67 2026-05-14: I50.9 E11.9 pcs:02HV33Z disp:01

`M2026` is a man whose age nobody knows. The first code is principal or first-listed as the setting wants, further
codes are secondary, those of chapter 20 external causes. `I10@3` sets the place, `I10=secondary` the role, `I10~N` the
indicator of presence on admission. With a prefix: `pcs:` procedure, `line:99213-KX` charge with modifiers
(`line:G2211?` one that nobody decided on), `icd9cm:` a code of that system, `cond:` condition code, `disp:` discharge
disposition, `bill:` type of bill, `admit:` admitting diagnosis, `editor:` what a Medicare Code Editor would answer
(`none` for a machine that has none), `los:` days from admission to discharge (none without it).

A coded encounter with documents goes on in lines below, each document under a heading of its own:

    inpatient F67 2026-05-14: I10<hypertension> E11.9<diabetes@d2> risk:E11.9
    # progress note; by nurse; signed; 2026-05-12
    Hypertension.
    # consultation; preliminary; replaces d1
    Type 2 diabetes.

The documents are `d1`, `d2`, …; behind the type stand author, `signed`, status, day of service, what it replaces.
Behind a code stand the words that prove it, the first of the record, or of a document (`@d2`); `@+3` moves their place.
`criteria:` names a criteria set, `risk:` codes that risk adjustment counts.

Claims are written as `tests/edits/bills.py` tells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from leadterm.domain import (
    Assignment,
    ClaimType,
    Code,
    CodedEncounter,
    CodeSystem,
    Document,
    DocumentStatus,
    Encounter,
    Evidence,
    PathwayStep,
    Patient,
    Poa,
    Role,
    Setting,
    Sex,
    Span,
    Status,
    Step,
)
from leadterm.edits import Options
from leadterm.edits.mce.editor import Answer

from .bills import procedure

NOBODY_KNOWS = 2026
STANDARD = Options()
_HEAD = re.compile(
    r"(?P<setting>[a-z-]+)(?:/(?P<type>[a-z]+))?(?: (?P<sex>[FMU])(?P<age>\d+)?)?(?: (?P<on>\d{4}-\d\d-\d\d))?"
)
SHORT = {"bill", "cond", "disp", "admit", "editor", "line", "los", "pcs", "criteria", "risk"}
_WORDS = re.compile(r"(?:[^\s<]|<[^>]*>)+")
_HEADING = re.compile(r"^# (.*)\n", re.MULTILINE)


@dataclass
class FakeEditor:
    """A Medicare Code Editor that answers what it is told, and remembers what it was asked."""

    edits: tuple[tuple[str, int], ...] = ()
    covers_date: bool = True
    asked: list[Mapping[str, Any]] = field(default_factory=list)

    def edit(self, claim: Mapping[str, Any]) -> Answer:
        self.asked.append(claim)
        return Answer(self.covers_date, self.edits)


@dataclass(frozen=True)
class Case:
    """A coded encounter and how it is judged.

    `editor`: what its case asks for; None for the installed one, "none" for none at all.
    """

    coded: CodedEncounter
    editor: FakeEditor | str | None = None
    options: Options = STANDARD


def case(text: str) -> Case:
    """The case that a line writes, with the documents below it."""
    line, *below = _HEADING.split(text)
    head, _, body = line.strip("\n").partition(": ")
    found = _HEAD.fullmatch(head)
    assert found, f"no head of a case: {head}"
    words = _WORDS.findall(body)
    extra = {p: [w.split(":", 1)[1] for w in words if w.startswith(f"{p}:")] for p in SHORT}
    documents = [_document(n, h, t) for n, (h, t) in enumerate(zip(below[::2], below[1::2], strict=True), 1)]
    encounter = replace(_encounter(found, extra), documents=tuple(documents))
    codes = [w for w in words if w.split(":")[0] not in SHORT]
    assignments = _diagnoses(codes, encounter) + _others(extra)
    editor = extra["editor"][0] if extra["editor"] else None
    answer = editor if editor in (None, "none") else FakeEditor(((str(editor), 1),))
    risky = frozenset(code.replace(".", "") for code in extra["risk"])
    options = Options(tuple(extra["criteria"]), (lambda _: risky) if risky else None)
    return Case(CodedEncounter(encounter, tuple(_numbered(assignments))), answer, options)


def _document(number: int, heading: str, text: str) -> Document:
    kind, *words = heading.split("; ")
    day = next((datetime.fromisoformat(w) for w in words if w[:1].isdigit()), None)
    statuses = [DocumentStatus(w) for w in words if w in set(DocumentStatus)]
    said = {w.partition(" ")[0]: w.partition(" ")[2] for w in words}
    return Document(
        f"d{number}",
        text,
        kind,
        said.get("by"),
        service_time=day,
        signed_time=(day or datetime.fromisoformat("2026-05-14")) if "signed" in words else None,
        status=statuses[0] if statuses else DocumentStatus.FINAL,
        supersedes=said.get("replaces"),
    )


def _proof(words: str, encounter: Encounter) -> Evidence:
    """The words that a code quotes; `@d2` of that document, `@+3` three places further than they stand."""
    said, _, at = words.partition("@")
    if at.startswith("d") and at not in {d.id for d in encounter.documents}:
        return Evidence(at, Span(0, len(said)), said)
    document = next(d for d in encounter.documents if said in d.text and at in ("", d.id, *_MOVES))
    start = document.text.index(said) + int(at if at in _MOVES else 0)
    return Evidence(document.id, Span(start, start + len(said)), said)


_MOVES = tuple(f"+{n}" for n in range(1, 10))


def coded(text: str) -> CodedEncounter:
    """The coded encounter that a line writes."""
    return case(text).coded


def _encounter(head: re.Match[str], extra: Mapping[str, Sequence[str]]) -> Encounter:
    setting = Setting(head["setting"])
    age = int(head["age"]) if head["age"] else None
    day = date.fromisoformat(head["on"]) if head["on"] else None
    stay = setting is Setting.INPATIENT
    unknown = age == NOBODY_KNOWS
    return Encounter(
        id="case",
        setting=setting,
        claim_type=ClaimType(head["type"]) if head["type"] else None,
        date_of_service=None if stay else day,
        admission=day - timedelta(int(extra["los"][0]) if extra["los"] else 0) if stay and day else None,
        discharge=day if stay else None,
        disposition=extra["disp"][0] if extra["disp"] else None,
        type_of_bill=extra["bill"][0] if extra["bill"] else None,
        condition_codes=tuple(extra["cond"]),
        patient=Patient(sex=Sex(head["sex"] or "U"), age=None if unknown else age),
    )


def _diagnoses(words: Sequence[str], encounter: Encounter) -> list[Assignment]:
    first = Role.PRINCIPAL if encounter.uses_section_two else Role.FIRST_LISTED
    found = []
    for place, whole in enumerate(words, start=1):
        word, *proof = re.split(r"[<>]+", whole.rstrip(">"))
        rest, _, poa = word.partition("~")
        rest, _, role = rest.partition("=")
        rest, _, given = rest.partition("@")
        system, _, value = rest.rpartition(":")
        code = Code.parse(value, CodeSystem(system or "icd10cm"))
        other = Role.EXTERNAL_CAUSE if value[0] in "VWXY" else Role.SECONDARY
        chosen = Role(role) if role else first if place == 1 else other
        made = replace(_assignment(code, chosen, int(given or place)), poa=Poa(poa) if poa else None)
        found.append(_proven(made, [_proof(p, encounter) for p in proof]) if proof else made)
    return found


def _proven(made: Assignment, evidence: Sequence[Evidence]) -> Assignment:
    """As the engine suggests it: with words and a way."""
    way = (PathwayStep(Step.LEXICON, "as the case says"),)
    return replace(made, status=Status.SUGGESTED, evidence=tuple(evidence), pathway=way)


def _others(extra: Mapping[str, Sequence[str]]) -> list[Assignment]:
    found = [_assignment(Code(CodeSystem.ICD10PCS, v), Role.PROCEDURE, n) for n, v in enumerate(extra["pcs"], 1)]
    found += [_assignment(Code.parse(v, CodeSystem.ICD10CM), Role.ADMITTING, 1) for v in extra["admit"]]
    for n, value in enumerate(extra["line"], 1):
        code, *modifiers = value.rstrip("?").split("-")
        charge = _assignment(procedure(code), Role.CHARGE, n)
        status = Status.SUGGESTED if value.endswith("?") else charge.status
        found.append(replace(charge, modifiers=tuple(modifiers), status=status))
    return found


def _assignment(code: Code, role: Role, sequence: int) -> Assignment:
    # Added by a person, so that it needs no words of a chart.
    return Assignment("a", code, None, role, sequence, 1.0, status=Status.ADDED)


def _numbered(assignments: Sequence[Assignment]) -> list[Assignment]:
    return [replace(a, id=f"a{n}") for n, a in enumerate(assignments, start=1)]
