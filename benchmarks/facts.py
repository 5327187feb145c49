"""From text to facts, beside a full medspaCy pipeline with the same dictionary over the same notes."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from leadterm.codesets.phrasebook import load_terms
from leadterm.pipeline import Coder
from leadterm.schemas import decode

from . import peers
from .figures import Figure, answer, cpu_seconds, median_of, missing, shared

PEER_NOTES = 40


def measure(quick: bool) -> dict[str, Any]:
    """Figures of CPU a note; the peer's where its environment is at hand."""
    path = shared() / "benchmarks/aci-bench/notes.jsonl"
    if not path.is_file():
        return missing(path)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][: 20 if quick else None]
    charts = [decode.encounter(row, row["id"]) for row in rows]
    coder = Coder()
    for chart in charts[:5]:
        coder.facts(chart)
    spent = median_of(1 if quick else 3, lambda: cpu_seconds(lambda: [coder.facts(chart) for chart in charts]))
    ours = spent / len(charts) * 1000
    figures = [
        Figure("a note to facts, CPU", ours, "ms"),
        Figure("notes to facts", 1000 / ours, "notes/s CPU"),
        Figure("characters a note", sum(len(row["text"]) for row in rows) / len(rows), "characters"),
    ]
    if quick or not peers.ready():
        why = "quick run" if quick else peers.WHY_NOT
        return answer(figures, skipped=[f"medspaCy: {why}"], inputs=[path])
    phrases = sorted({term.phrase for term in load_terms(coder.book)})
    try:
        theirs = _peer(phrases, [row["text"] for row in rows[:PEER_NOTES]])
    except RuntimeError as error:
        return answer(figures, skipped=[f"medspaCy: {error}"], inputs=[path])
    peer = f"medspaCy {theirs['version']}"
    return answer(
        [
            *figures,
            Figure("a note to facts, CPU", theirs["ms"], "ms", of=peer),
            Figure("notes to facts", 1000 / theirs["ms"], "notes/s CPU", of=peer),
            Figure("a note to facts, ratio to the peer", theirs["ms"] / ours, "×"),
        ],
        inputs=[path],
        phrases=len(phrases),
        peer=theirs,
    )


def _peer(phrases: list[str], texts: list[str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="leadterm-bench-") as folder:
        file = Path(folder) / "work.json"
        file.write_text(json.dumps({"phrases": phrases, "texts": texts}), encoding="utf-8")
        return dict(json.loads(peers.run("medspacy_notes.py", str(file))))
