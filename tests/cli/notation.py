"""Invented charts and rows, and short ways to read an answer."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import leadterm

# Seconds after which a process is given up: how long one takes on a busy machine is no matter here.
HUNG = 300
LEADTERM = [sys.executable, "-m", "leadterm"]

CONTRACT_CODES = {0, 1, 2, 3, 4}
DAY = "2026-05-14"
BEFORE_ANY_RELEASE = "2014-01-02"
AFTER_THE_NEWEST = "2031-01-02"

CHART = "Assessment:\r\n1. Type 2 diabetes mellitus.\r\n2. Hypertension.\r\n"
CODES = ["E11.9", "I10"]
# What must never be seen outside an answer: words of a chart, a name.
SECRET = "Zebediah Quillfeather"
PRIVATE = f"Patient: {SECRET}\nAssessment: Hypertension.\n"


def environment(**added: str) -> dict[str, str]:
    """Ours, with the package that is tested findable from any folder."""
    return {**os.environ, "PYTHONPATH": str(Path(leadterm.__file__).parents[1]), **added}


def row(id: str | None, text: str = "Assessment: Hypertension.", **rest: object) -> str:
    """One line of a jsonl; without an id where none is given."""
    named = {} if id is None else {"id": id}
    return json.dumps({**named, "text": text, "date_of_service": DAY, **rest})


def rows(*lines: str, end: str = "\n") -> bytes:
    return "".join(line + end for line in lines).encode("utf-8")


def codes(coded: Any) -> list[str]:
    """The codes of a coded encounter's JSON, in order, charges left out."""
    return [a["code"] for a in coded["assignments"] if a["role"] != "charge"]


def rules(answer: Any, severity: str | None = None) -> list[str]:
    """The rules of the findings, of one severity where it is named."""
    return [f["rule"] for f in answer["findings"] if severity in (None, f["severity"])]


def quotes_hold(coded: Any) -> bool:
    """Whether every evidence is what stands in the text at its place, and there is some."""
    texts = {d["id"]: d["text"] for d in coded["encounter"]["documents"]}
    quoted = [e for a in coded["assignments"] for e in a["evidence"]]
    return bool(quoted) and all(texts[e["document"]][e["start"] : e["end"]] == e["text"] for e in quoted)
