"""What must hold of every code on every text at hand: in force, billable, explained beside others, truly quoted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from leadterm.cases import load_cases
from leadterm.codesets import CodeBook, open_book
from leadterm.domain import DIAGNOSIS_ROLES, CodedEncounter, Document, Encounter, Setting
from leadterm.pipeline import Coder

from .excludes import forbidden
from .figures import AT_MOST, ROOT, Figure, answer, shared

DAY = date(2026, 5, 14)
CORPORA = ("aci-bench/notes.jsonl", "codiesp-en/train.jsonl", "codiesp-en/dev.jsonl")
SETTINGS = (Setting.OUTPATIENT, Setting.INPATIENT)


def measure(quick: bool) -> dict[str, Any]:
    """Faults over every text at hand, each coded as a visit and as a stay; the shipped cases as what they are."""
    coder = Coder(open_book())
    coded = [coder.code(encounter) for encounter in _encounters(quick)]
    pairs = [pair for c in coded for pair in _unexplained(c, coder.book)]
    return answer(
        [
            Figure("texts coded", len(coded), ""),
            Figure("diagnoses", sum(len(c.diagnoses) for c in coded), "codes"),
            Figure(
                "not in force on the date or not billable", sum(_invalid(c, coder.book) for c in coded), "", 0, AT_MOST
            ),
            Figure("in an Excludes1 pair without a finding", len(pairs), "", 0, AT_MOST),
            Figure(
                "without evidence, or quoting what does not stand there", sum(map(_misquoted, coded)), "", 0, AT_MOST
            ),
            Figure("without a pathway", sum(not a.pathway for c in coded for a in c.diagnoses), "", 0, AT_MOST),
            Figure("given twice", sum(_doubled(c) for c in coded), "", 0, AT_MOST),
        ],
        pairs=pairs,
        skipped=[] if (shared() / "benchmarks").is_dir() else ["the common data is absent: shipped charts alone"],
    )


def _encounters(quick: bool) -> Iterator[Encounter]:
    for id, text in texts(quick):
        for setting in SETTINGS:
            stay = setting is Setting.INPATIENT
            visit, leaving = (None, DAY) if stay else (DAY, None)
            documents = (Document("d1", text),)
            yield Encounter(f"{id}-{setting}", setting, date_of_service=visit, discharge=leaving, documents=documents)
    yield from (case.encounter for case in load_cases().values())


def texts(quick: bool) -> Iterator[tuple[str, str]]:
    """Every text at hand that nobody here wrote, with its id, and the examples."""
    for file in CORPORA:
        path = shared() / "benchmarks" / file
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        for row in map(json.loads, lines[: 20 if quick else None]):
            yield row["id"], row["text"]
    for chart in sorted((ROOT / "examples").glob("*/chart.txt")):
        yield chart.parent.name, chart.read_bytes().decode("utf-8")


def _invalid(coded: CodedEncounter, book: CodeBook) -> int:
    day = coded.on or DAY
    return sum(not (book.is_billable(a.code.value) and book.valid_on(a.code, day)) for a in coded.diagnoses)


def _unexplained(coded: CodedEncounter, book: CodeBook) -> list[list[str]]:
    reported = [set(f.codes) for f in coded.findings if "excludes1" in f.rule]
    pairs = set(forbidden(sorted(a.code.value for a in coded.diagnoses), book))
    return [[coded.encounter.id, *sorted(p)] for p in pairs if not any(p <= found for found in reported)]


def _misquoted(coded: CodedEncounter) -> int:
    texts = {d.id: d.text for d in coded.encounter.documents}
    return sum(
        not a.evidence or any(e.span.of(texts[e.document]) != e.text for e in a.evidence) for a in coded.diagnoses
    )


def _doubled(coded: CodedEncounter) -> int:
    codes = [a.code for a in coded.assignments if a.role in DIAGNOSIS_ROLES]
    return len(codes) - len(set(codes))
