"""`leadterm code notes.jsonl --jsonl` as a process over ACI-Bench: speed, and what must hold of every answer."""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from leadterm.codesets import CodeBook, open_book
from leadterm.domain import Code, CodeSystem

from .excludes import forbidden
from .figures import AT_LEAST, AT_MOST, Figure, answer, missing, shared
from .process import Run, leadterm


def measure(quick: bool) -> dict[str, Any]:
    """Figures of coding 207 outpatient visit notes."""
    path = shared() / "benchmarks/aci-bench/notes.jsonl"
    if not path.is_file():
        return missing(path)
    lines = path.read_text(encoding="utf-8").splitlines()[: 20 if quick else None]
    one, all_ = _runs(lines[:1], 1 if quick else 3), _runs(lines, 1 if quick else 3)
    coded = [json.loads(line) for line in all_[0].out.splitlines()]
    whole = [row for row in coded if "assignments" in row]
    start, total = (statistics.median(r.cpu for r in runs) for runs in (one, all_))
    book = open_book()
    texts = {row["id"]: row["text"] for row in map(json.loads, lines)}
    said = [a for row in whole for a in row["assignments"]]
    pairs = list(_unreported(whole, book))
    return answer(
        [
            Figure("notes coded", len(whole), f"of {len(lines)}", len(lines), AT_LEAST),
            Figure("after start-up", (len(lines) - 1) / (total - start), "notes/s CPU", 300, AT_LEAST),
            Figure("start-up: one note, CPU", start, "s", 3, AT_MOST),
            Figure("whole run, wall", statistics.median(r.wall for r in all_), "s"),
            Figure("peak RSS", max(r.rss for r in all_), "MB", 400, AT_MOST),
            Figure("codes a note", len(said) / len(lines), "codes"),
            Figure("codes without evidence or with a span that is not its text", _spans(whole, texts), "", 0, AT_MOST),
            Figure("codes not billable on the note's date", _unbillable(whole, book), "", 0, AT_MOST),
            Figure("Excludes1 pairs without a finding", len(pairs), "", 0, AT_MOST),
        ],
        inputs=[path],
        pairs=pairs,
    )


def _runs(lines: list[str], times: int) -> list[Run]:
    with tempfile.TemporaryDirectory(prefix="leadterm-bench-") as folder:
        file = Path(folder) / "notes.jsonl"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        leadterm("code", str(file), "--jsonl")  # compiles the dictionary when the lexicon is new
        return [leadterm("code", str(file), "--jsonl") for _ in range(times)]


def _spans(rows: list[dict[str, Any]], texts: dict[str, str]) -> int:
    """Codes whose evidence is absent or is not what stands at its offsets in the note as it was given."""
    return sum(
        not a["evidence"] or any(texts[row["id"]][e["start"] : e["end"]] != e["text"] for e in a["evidence"])
        for row in rows
        for a in row["assignments"]
    )


def _unbillable(rows: list[dict[str, Any]], book: CodeBook) -> int:
    return sum(
        not book.valid_on(Code(CodeSystem(a["system"]), a["code"]), date.fromisoformat(row["date_of_service"]))
        for row in rows
        for a in row["assignments"]
    )


def _unreported(rows: list[dict[str, Any]], book: CodeBook) -> Iterator[list[str]]:
    for row in rows:
        codes = sorted({a["code"] for a in row["assignments"] if a["system"] == "icd10cm"})
        reported = [set(f["codes"]) for f in row["findings"] if "excludes1" in f["rule"]]
        for pair in set(forbidden(codes, book)):
            if not any(pair <= found for found in reported):
                yield [row["id"], *sorted(pair)]
