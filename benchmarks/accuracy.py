"""How right the codes are: the sample charts and the frozen cases, scored by the common scorer where it is at hand."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from leadterm.cases import load_cases
from leadterm.domain import CodedEncounter, Document, Encounter
from leadterm.pipeline import Coder
from leadterm.schemas import decode

from .figures import ROOT, Figure, answer, shared

FROZEN = ROOT / "benchmarks/frozen/cases.jsonl"
SCORER = "tools/score_codes.py"
SHARES = ("precision", "recall", "f1", "exact_set")


@dataclass(frozen=True, slots=True)
class Case:
    """A chart, the diagnoses that it must get in order, and those that it may get (neither rewarded nor punished)."""

    encounter: Encounter
    required: tuple[str, ...]
    optional: frozenset[str]


def measure(quick: bool) -> dict[str, Any]:
    """Precision, recall, F1, exact set and exact first code of each set of cases."""
    sets = {"examples": list(_examples())}
    skipped = ["CodiEsp-EN dev: it is for the profile `concepts`, which the command line does not offer yet"]
    inputs = sorted((ROOT / "examples").glob("*/*"))
    if FROZEN.is_file():
        sets["frozen cases"] = list(_frozen())
        inputs.append(FROZEN)
    else:
        skipped.append("benchmarks/frozen/cases.jsonl is absent")
    sets["practice cases"] = list(_practice())
    if not (shared() / SCORER).is_file():
        skipped.append(f"{SCORER} is absent: only first codes are scored; set LEADTERM_SHARED")
    coder = Coder()
    figures: list[Figure] = []
    for name, cases in sets.items():
        figures += _figures(name, cases, [coder.code(case.encounter) for case in cases])
    # Sums only: whoever reads what is wrong with a frozen case will mend it, and it measures nothing any more.
    return answer(figures, skipped=skipped, inputs=inputs)


def _examples() -> Iterator[Case]:
    for folder in sorted(p.parent for p in (ROOT / "examples").glob("*/codes.toml")):
        key = tomllib.loads((folder / "codes.toml").read_text(encoding="utf-8"))["code"]
        value = json.loads((folder / "encounter.json").read_text(encoding="utf-8"))
        text = (folder / "chart.txt").read_bytes().decode("utf-8")
        encounter = replace(decode.encounter(value, folder.name), documents=(Document("d1", text),))
        key = [k for k in key if k.get("system", "icd10cm") == "icd10cm"]
        required = tuple(k["code"] for k in key if not k.get("optional"))
        yield Case(encounter, required, frozenset(k["code"] for k in key if k.get("optional")))


def _practice() -> Iterator[Case]:
    """The shipped practice cases: for teaching and for development; their first run stands in the README."""
    for case in load_cases().values():
        required = tuple(key.code.value for key in case.require)
        yield Case(case.encounter, required, frozenset(key.code.value for key in case.optional))


def _frozen() -> Iterator[Case]:
    for line in FROZEN.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        encounter = decode.encounter(row, row["id"])
        yield Case(encounter, tuple(row["diagnoses"]), frozenset(row.get("optional", ())))


def _figures(name: str, cases: list[Case], coded: list[CodedEncounter]) -> Iterator[Figure]:
    yield Figure(f"{name}: charts", len(cases), "")
    scored = _scored(cases, coded)
    for share in SHARES if scored else ():
        yield Figure(f"{name}: {share.replace('_', ' ')}", 100 * scored[share], "%")
    firsts = [
        [a.code.value for a in given.diagnoses[:1]] == [case.required[0]]
        for case, given in zip(cases, coded, strict=True)
        if case.required
    ]
    yield Figure(f"{name}: first code exact", 100 * sum(firsts) / len(firsts), "%")


def _scored(cases: list[Case], coded: list[CodedEncounter]) -> dict[str, Any]:
    """What the common scorer says of the codes without the optional ones; empty where it is absent."""
    scorer = shared() / SCORER
    if not scorer.is_file():
        return {}
    with tempfile.TemporaryDirectory(prefix="leadterm-bench-") as folder:
        gold, predicted = Path(folder) / "gold.jsonl", Path(folder) / "predicted.jsonl"
        _write(gold, [{"id": case.encounter.id, "diagnoses": case.required} for case in cases])
        _write(predicted, [_prediction(case, given) for case, given in zip(cases, coded, strict=True)])
        command = [sys.executable, str(scorer), str(gold), str(predicted), "--json"]
        return dict(json.loads(subprocess.run(command, capture_output=True, check=True).stdout))


def _prediction(case: Case, coded: CodedEncounter) -> dict[str, Any]:
    codes = [(a.code.value, a.confidence) for a in coded.diagnoses if a.code.value not in case.optional]
    return {"id": case.encounter.id, "codes": [{"code": code, "score": score} for code, score in codes]}


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
