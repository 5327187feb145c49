"""From text to facts, beside a full medspaCy pipeline with the same dictionary over the same notes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from leadterm.abstraction import read
from leadterm.codesets.phrasebook import load_terms
from leadterm.domain import Document, Encounter
from leadterm.pipeline import Coder, dictionary
from leadterm.schemas import decode

from .figures import AT_LEAST, AT_MOST, Figure, answer, cpu_seconds, median_of, missing, shared
from .peers import MEDSPACY
from .process import leadterm
from .wrapping import wrapped

PEER_NOTES = 40
LARGE = 1_000_000  # characters
ASSESSING = frozenset({"assessment", "assessment-plan"})


def measure(quick: bool) -> dict[str, Any]:
    """Figures of CPU a note, memory and growth; the peer's where its environment is at hand."""
    path = shared() / "benchmarks/aci-bench/notes.jsonl"
    if not path.is_file():
        return missing(path)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][: 20 if quick else None]
    charts = [decode.encounter(row, row["id"]) for row in rows]
    coder = Coder()
    for chart in charts[:5]:
        coder.facts(chart)
    spent = median_of(1 if quick else 5, lambda: cpu_seconds(lambda: [coder.facts(chart) for chart in charts]))
    ours = spent / len(charts) * 1000
    size = sum(len(row["text"]) for row in rows) / len(rows)
    figures = [
        Figure("a note to facts, CPU", ours, "ms"),
        Figure("notes to facts", 1000 / ours, "notes/s CPU", 800, AT_LEAST),
        Figure("characters a note", size, "characters"),
        Figure("peak RSS of `code --facts` over the notes", _peak(path), "MB", 250, AT_MOST),
        Figure("terms", len(load_terms(coder.book)), "terms"),
        Figure("notes with an assessment", _assessed(coder, charts), "%", 98, AT_LEAST),
        Figure("notes whose facts change when wrapped", _changed(coder, charts, quick), "", 0, AT_MOST),
        Figure("words shown that are not those of the note", _misquoted(coder, charts), "", 0, AT_MOST),
        *_growth(coder, "\n\n".join(row["text"] for row in rows), 100_000 if quick else LARGE),
    ]
    if quick or not MEDSPACY.ready:
        return answer(figures, skipped=["quick run" if quick else MEDSPACY.why_not], inputs=[path])
    phrases = sorted({term.phrase for term in load_terms(coder.book)})
    try:
        theirs = MEDSPACY.run(
            "medspacy_notes.py", {"phrases": phrases, "texts": [r["text"] for r in rows[:PEER_NOTES]]}
        )
    except RuntimeError as error:
        return answer(figures, skipped=[str(error)], inputs=[path])
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


def _peak(notes: Path) -> float:
    """Peak memory of a process that reads the notes, in MB, once the dictionary is compiled."""
    return max(leadterm("code", "--facts", str(notes), "--jsonl").rss for _ in range(2))


def _assessed(coder: Coder, charts: list[Encounter]) -> float:
    """Per cent of the charts in which a section that assesses was found."""
    terms = dictionary(coder.book)
    found = sum(bool(ASSESSING & read(chart.documents, terms).sections) for chart in charts)
    return found / len(charts) * 100


def _changed(coder: Coder, charts: list[Encounter], quick: bool) -> int:
    """Charts that say something else when their lines are wrapped at some width from 40 to 120 columns."""
    widths = (40, 80) if quick else range(40, 121, 8)
    return sum(len({_meaning(coder, chart, width) for width in (None, *widths)}) > 1 for chart in charts)


def _meaning(coder: Coder, chart: Encounter, width: int | None) -> tuple[object, ...]:
    texts = [d.text if width is None else wrapped(d.text, width) for d in chart.documents]
    found = coder.facts(Encounter(chart.id, documents=tuple(Document(f"d{n}", t) for n, t in enumerate(texts)))).facts
    return tuple((f.concept, f.kind, f.assertion, tuple(f.attributes.items()), f.targets, f.section) for f in found)


def _misquoted(coder: Coder, charts: list[Encounter]) -> int:
    """Words that facts show and that do not stand at their offsets."""
    wrong = 0
    for chart in charts:
        texts = {d.id: d.text for d in chart.documents}
        shown = (e for f in coder.facts(chart).facts for e in (*f.evidence, *f.cues))
        wrong += sum(e.span.of(texts[e.document]) != e.text for e in shown)
    return wrong


def _growth(coder: Coder, text: str, large: int) -> list[Figure]:
    """What a character of a large note costs beside a character of a tenth of it."""
    text = (text * (large // len(text) + 1))[:large]

    def cost(size: int) -> float:
        chart = Encounter("large", documents=(Document("d1", text[:size]),))
        return median_of(3, lambda: cpu_seconds(lambda: coder.facts(chart))) / size

    tenth, whole = cost(large // 10), cost(large)
    return [
        Figure(f"a note of {large:,} characters, CPU", whole * large, "s"),
        Figure("a character of it, beside one of a tenth of it", whole / tenth, "×", 1.5, AT_MOST),
    ]
