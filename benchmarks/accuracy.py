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

from leadterm.cases import Case as ShippedCase
from leadterm.cases import guideline_cases, load_cases
from leadterm.codesets import open_book
from leadterm.codesets.installing.changing import install
from leadterm.domain import CodedEncounter, Document, Encounter
from leadterm.pipeline import Coder
from leadterm.schemas import decode

from .figures import AT_LEAST, ROOT, Figure, answer, shared
from .process import leadterm

FROZEN = {
    "frozen cases": "cases.jsonl",
    "cases frozen later": "later.jsonl",
    "whole charts": "charts.jsonl",
    "cases frozen last": "last.jsonl",
    "whole charts frozen last": "last_charts.jsonl",
}
CODIESP = "benchmarks/codiesp-en/dev.jsonl"
SCORER = "tools/score_codes.py"
SHARES = ("precision", "recall", "f1", "exact_set")
# What the product promises of concepts, and of unseen cases.
CONCEPTS = {"f1": 44, "map": 24}
UNSEEN = 85


@dataclass(frozen=True, slots=True)
class Case:
    """A chart, the diagnoses that it must get in order, and those that it may get (neither rewarded nor punished)."""

    encounter: Encounter
    required: tuple[str, ...]
    optional: frozenset[str]


def measure(quick: bool) -> dict[str, Any]:
    """Precision, recall, F1, exact set and exact first code of each set of cases, by what is installed."""
    sets, inputs, skipped = _sets()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="leadterm-bench-home-") as folder:
        for name, home in _homes(Path(folder)):
            coder = Coder(open_book(home))
            for kind, cases in sets.items():
                coded = [coder.code(case.encounter) for case in cases]
                figures += _figures(f"{name}, {kind}", cases, coded, UNSEEN if kind in FROZEN else None)
            figures += _concepts(name, home) if not quick else ()
    if not (shared() / "releases").is_dir():
        skipped.append("the official files of the common data are absent: measured on the embedded data alone")
    # Sums only: whoever reads what is wrong with a frozen case will mend it, and it measures nothing any more.
    return answer(figures, skipped=skipped, inputs=inputs)


def _homes(folder: Path) -> Iterator[tuple[str, Path]]:
    """A data home with the embedded data alone, and one with the official files of the common data too."""
    for name in ("embedded", "installed"):
        home = folder / name
        open_book(home)
        if name == "installed":
            official = shared() / "releases" / "icd10cm"
            if not official.is_dir():
                return
            install([official], home)
        yield name, home


def _sets() -> tuple[dict[str, list[Case]], list[Path], list[str]]:
    """The sets of cases by name, the files that they stand in, and what is absent."""
    guideline = guideline_cases()
    sets = {"examples": list(_examples())}
    inputs, skipped = sorted((ROOT / "examples").glob("*/*")), []
    for name, file in FROZEN.items():
        path = ROOT / "benchmarks" / "frozen" / file
        if path.is_file():
            sets[name] = list(_frozen(path))
            inputs.append(path)
        else:
            skipped.append(f"benchmarks/frozen/{file} is absent")
    sets["practice cases"] = [_shipped(case) for id, case in load_cases().items() if id not in guideline]
    sets["guideline cases"] = [_shipped(case) for case in guideline.values()]
    if not (shared() / SCORER).is_file():
        skipped.append(f"{SCORER} is absent: only first codes are scored; set LEADTERM_SHARED")
    return sets, inputs, skipped


def _concepts(name: str, home: Path) -> Iterator[Figure]:
    """CodiEsp-EN dev in the profile `concepts`, by the common scorer; no labelled report is used for anything."""
    gold, scorer = shared() / CODIESP, shared() / SCORER
    if not gold.is_file() or not scorer.is_file():
        return
    with tempfile.TemporaryDirectory(prefix="leadterm-bench-") as folder:
        predicted = Path(folder) / "predicted.jsonl"
        run = leadterm("code", str(gold), "--profile", "concepts", "--jsonl", LEADTERM_HOME=str(home))
        predicted.write_bytes(run.out)
        command = [sys.executable, str(scorer), str(gold), str(predicted), "--json"]
        scored = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    for share, least in CONCEPTS.items():
        yield Figure(f"{name}, CodiEsp-EN dev, concepts: {share}", 100 * scored[share], "%", least, AT_LEAST)


def _examples() -> Iterator[Case]:
    for folder in sorted(p.parent for p in (ROOT / "examples").glob("*/codes.toml")):
        key = tomllib.loads((folder / "codes.toml").read_text(encoding="utf-8"))["code"]
        value = json.loads((folder / "encounter.json").read_text(encoding="utf-8"))
        text = (folder / "chart.txt").read_bytes().decode("utf-8")
        encounter = replace(decode.encounter(value, folder.name), documents=(Document("d1", text),))
        key = [k for k in key if k.get("system", "icd10cm") == "icd10cm"]
        required = tuple(k["code"] for k in key if not k.get("optional"))
        yield Case(encounter, required, frozenset(k["code"] for k in key if k.get("optional")))


def _shipped(case: ShippedCase) -> Case:
    """A shipped case: for teaching and for development; the first run of each stands in the README."""
    required = tuple(key.code.value for key in case.require)
    return Case(case.encounter, required, frozenset(key.code.value for key in case.optional))


def _frozen(path: Path) -> Iterator[Case]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        encounter = decode.encounter(row, row["id"])
        yield Case(encounter, tuple(row["diagnoses"]), frozenset(row.get("optional", ())))


def _figures(name: str, cases: list[Case], coded: list[CodedEncounter], least: float | None) -> Iterator[Figure]:
    yield Figure(f"{name}: charts", len(cases), "")
    scored = _scored(cases, coded)
    for share in SHARES if scored else ():
        asked = (least, AT_LEAST) if share == "f1" and least is not None else ()
        yield Figure(f"{name}: {share.replace('_', ' ')}", 100 * scored[share], "%", *asked)
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
