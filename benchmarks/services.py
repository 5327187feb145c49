"""What was done, as codes: cases, frozen cases, codes that no table makes, procedures of CodiEsp-EN, speed."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from leadterm.cases import ServiceCase, read_service_cases, service_cases
from leadterm.codesets import CodeBook, open_book
from leadterm.codesets.installing.changing import install
from leadterm.codesets.pcs.tables import PcsTables
from leadterm.domain import CodedEncounter, CodeSystem, Document, Encounter, Setting
from leadterm.pipeline import Coder, Profile
from leadterm.review import differences
from leadterm.schemas import decode

from .figures import AT_LEAST, AT_MOST, ROOT, Figure, answer, shared
from .process import leadterm
from .soundness import texts

RELEASES = ("icd10pcs", "hcpcs/2025-10", "pfs/rvu25d")
FROZEN = ROOT / "benchmarks" / "frozen"
SETS = {
    "frozen cases of services": "services.toml",
    "frozen operative notes": "operations.toml",
    "later frozen cases of services": "services_later.toml",
    "later frozen operative notes": "operations_later.toml",
    "frozen plain operative notes": "operations_plain.toml",
    "frozen operative notes that name nothing": "operations_unnamed.toml",
    "frozen cases of services, third hand": "services_third.toml",
    "frozen half of dictated operative notes": "operations_half.toml",
    "frozen dictated operative notes": "operations_fourth.toml",
    "frozen cases of services of clinics": "services_fourth.toml",
}
CODIESP, SCORER = "benchmarks/codiesp-en/dev.jsonl", "tools/score_codes.py"
DAY = date(2026, 5, 14)
PROCEDURES = frozenset({CodeSystem.ICD10PCS})
FAST, UNSEEN = 200, 75


def measure(quick: bool) -> dict[str, Any]:
    """Figures of coding what was done, by the official files of the common data."""
    official = [shared() / "releases" / name for name in RELEASES]
    if not all(path.is_dir() for path in official):
        return answer(skipped=["the official files of the common data are absent; set LEADTERM_SHARED"])
    with tempfile.TemporaryDirectory(prefix="leadterm-bench-home-") as folder:
        home = Path(folder)
        open_book(home)
        install(official, home)
        coder = Coder(open_book(home))
        figures = [
            *_shipped(coder),
            *_frozen(coder),
            *_impossible(coder, quick),
            *(() if quick else _concepts(home)),
            *_speed(home, quick),
        ]
    return answer(figures, inputs=[path for name in SETS.values() if (path := FROZEN / name).is_file()])


def _shipped(coder: Coder) -> Iterator[Figure]:
    """The cases that the engine was made with, by what they are about."""
    groups: dict[str, list[ServiceCase]] = {}
    for case in service_cases().values():
        groups.setdefault("procedures" if case.systems == PROCEDURES else "lines", []).append(case)
    for name, cases in groups.items():
        yield Figure(f"cases of {name}", len(cases), "")
        yield Figure(f"cases of {name} without any difference", 100 * _right(coder, cases), "%", 100, AT_LEAST)


def _frozen(coder: Coder) -> Iterator[Figure]:
    """Cases written afterwards: sums only, for whoever reads what is wrong with one will mend it."""
    for name, file in SETS.items():
        path = FROZEN / file
        if not path.is_file():
            continue
        cases = read_service_cases(file, path.read_text(encoding="utf-8"))
        yield Figure(f"{name}", len(cases), "")
        yield Figure(f"{name}: without any difference", 100 * _right(coder, cases), "%")
        for share, value in _shares(coder, cases).items():
            yield Figure(f"{name}: {share}", 100 * value, "%", UNSEEN, AT_LEAST)


def _encounter(case: ServiceCase) -> Encounter:
    return decode.encounter(dict(case.record), case.id)


def _right(coder: Coder, cases: Iterable[ServiceCase]) -> float:
    """The share of cases without any difference."""
    return statistics.fmean(not any(differences(case, coder.code(_encounter(case)))) for case in cases)


def _shares(coder: Coder, cases: Iterable[ServiceCase]) -> Mapping[str, float]:
    """Precision, recall and F1 of the codes alone, those that a key lets pass left out."""
    right = given = wanted = 0
    for case in cases:
        codes = {a.code for a in coder.code(_encounter(case)).assignments if a.code.system in case.systems}
        keys = {key.code for key in case.require}
        codes -= set(case.optional) - keys
        right, given, wanted = right + len(codes & keys), given + len(codes), wanted + len(keys)
    precision, recall = right / max(given, 1), right / max(wanted, 1)
    return {"precision": precision, "recall": recall, "F1": 2 * precision * recall / max(precision + recall, 1e-9)}


def _impossible(coder: Coder, quick: bool) -> Iterator[Figure]:
    """Procedure codes on every text at hand, coded as a stay and mapped mention by mention, that no table makes."""
    mapped = Coder(coder.book, profile=Profile.CONCEPTS)
    coded = [one.code(e) for e in _encounters(quick) for one in (coder, mapped)]
    codes = [a.code for c in coded for a in c.assignments if a.code.system is CodeSystem.ICD10PCS]
    yield Figure("texts coded as a stay, and mapped", len(coded), "")
    yield Figure("procedure codes on them", len(codes), "")
    tables = coder.book.component(PcsTables, DAY)
    illegal = [c for c in codes if not tables.is_legal(c.value) and not coder.book.valid_on(c, DAY)]
    yield Figure("that no table makes", len(illegal), "", 0, AT_MOST)
    yield Figure("not in force on the day", sum(_ended(c, coder.book) for c in coded), "", 0, AT_MOST)


def _ended(coded: CodedEncounter, book: CodeBook) -> int:
    day = coded.on or DAY
    return sum(a.code.system is CodeSystem.ICD10PCS and not book.valid_on(a.code, day) for a in coded.assignments)


def _encounters(quick: bool) -> Iterator[Encounter]:
    for id, text in texts(quick):
        yield Encounter(id, Setting.INPATIENT, discharge=DAY, documents=(Document("d1", text),))
    for case in service_cases().values():
        yield Encounter(
            case.id, Setting.INPATIENT, discharge=DAY, documents=(Document("d1", case.record["documents"][0]["text"]),)
        )


def _concepts(home: Path) -> Iterator[Figure]:
    """CodiEsp-EN dev, procedures, in the profile `concepts`; half of its gold codes have four characters."""
    gold, scorer = shared() / CODIESP, shared() / SCORER
    if not gold.is_file() or not scorer.is_file():
        return
    with tempfile.TemporaryDirectory(prefix="leadterm-bench-") as folder:
        predicted = Path(folder) / "predicted.jsonl"
        predicted.write_bytes(
            leadterm("code", str(gold), "--profile", "concepts", "--jsonl", LEADTERM_HOME=str(home)).out
        )
        options = ("--field", "procedures", "--system", "icd10pcs", "--json")
        command = [sys.executable, str(scorer), str(gold), str(predicted), *options]
        scored = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    for share in ("precision", "recall", "f1", "f1_category"):
        yield Figure(f"CodiEsp-EN dev, procedures as concepts: {share}", 100 * scored[share], "%")


def _speed(home: Path, quick: bool) -> Iterator[Figure]:
    """Notes with operations a second, diagnoses and procedures together, after the start."""
    rows = [{**case.record} for case in service_cases().values() if case.systems == PROCEDURES]
    lines = [json.dumps(row) for row in rows[: 20 if quick else None]]
    if len(lines) < 2:
        return
    one, every = (_cpu(some, home, 1 if quick else 3) for some in (lines[:1], lines))
    yield Figure(
        "operative notes, diagnoses and procedures", (len(lines) - 1) / (every - one), "notes/s CPU", FAST, AT_LEAST
    )


def _cpu(lines: list[str], home: Path, times: int) -> float:
    with tempfile.TemporaryDirectory(prefix="leadterm-bench-") as folder:
        file = Path(folder) / "notes.jsonl"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        runs = [leadterm("code", str(file), "--jsonl", LEADTERM_HOME=str(home)) for _ in range(times + 1)]
    return statistics.median(run.cpu for run in runs[1:])
