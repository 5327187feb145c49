"""The benchmark runner answers with figures and says what they were taken on; quick runs of two topics."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from leadterm.codesets import CodeBook

ROOT = Path(__file__).parents[2]
FIGURE = {"name", "value", "unit", "floor", "direction", "of", "met"}


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.run", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def report(book: CodeBook, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    file = tmp_path_factory.mktemp("bench") / "figures.json"
    done = bench("lookup", "claims", "--quick", "--json", str(file))
    assert done.returncode == 0, done.stderr
    assert "| lookup | process, CPU (median) |" in done.stderr
    return dict(json.loads(file.read_text(encoding="utf-8")))


def test_every_figure_has_a_number_a_unit_and_its_floor(report: dict[str, Any]):
    assert list(report["topics"]) == ["lookup", "claims"]
    for topic in report["topics"].values():
        assert topic["figures"]
        for figure in topic["figures"]:
            assert set(figure) == FIGURE
            assert figure["value"] >= 0
            assert (figure["floor"] is None) == (figure["met"] is None) == (figure["direction"] is None)


def test_peers_stand_beside_our_own_figures(report: dict[str, Any]):
    for topic in report["topics"].values():
        whose = {figure["of"] for figure in topic["figures"]}
        assert "Leadterm" in whose
        assert len(whose) > 1 or topic["skipped"]


def test_report_says_what_was_measured_and_on_what(report: dict[str, Any]):
    assert report["quick"] is True
    assert report["engine"].startswith("sha256:")
    assert report["topics"]["claims"]["inputs"]["tests/claims/generate.py"]
    assert {"machine", "python", "leadterm", "rules", "packages"} <= set(report)


def test_unknown_topic_is_refused_with_the_names_that_exist():
    done = bench("lookups")
    assert done.returncode == 2
    assert "there is no topic lookups; the topics are lookup, compile_store" in done.stderr


def test_absent_data_is_said_and_not_made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LEADTERM_SHARED", str(tmp_path))
    done = bench("facts", "--quick")
    topic = json.loads(done.stdout)["topics"]["facts"]
    assert topic["figures"] == []
    assert "benchmarks/aci-bench/notes.jsonl is absent" in topic["skipped"][0]
