"""The assertion suite and the frozen sentences, judged by Leadterm and by its peers in the same run.

One sentence each, the mention given, so that nothing but the assertion is measured. medspaCy has five of the seven
words that are not `present`, negspacy one: each is also measured on what it can say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from leadterm.abstraction import said_of

from .figures import AT_LEAST, OURS, Figure, answer, cpu_seconds
from .peers import MEDSPACY, NEGSPACY, Peer

FOLDER = Path(__file__).parents[1] / "tests" / "abstraction"
SUITES = {"suite": "assertions.tsv", "frozen": "frozen.tsv", "frozen later": "frozen_later.tsv"}
KNOWN_TO_MEDSPACY = frozenset({"present", "absent", "uncertain", "historical", "family", "hypothetical"})

Row = tuple[str, int, int, str, str]
"""Sentence, start and end of its mention, what it says, kind of section."""


def measure(quick: bool) -> dict[str, Any]:
    """Per cent right of each set, ours and the peers'; precision and recall of negation."""
    figures: list[Figure] = []
    skipped: list[str] = []
    for name, file in SUITES.items():
        rows = read(FOLDER / file)
        ours = _judged(rows)
        figures += _scores(name, rows, ours, OURS)
        if name == "suite":
            figures.append(Figure("a sentence, CPU", cpu_seconds(partial(_judged, rows)) / len(rows) * 1000, "ms"))
        for peer, script in ((MEDSPACY, "medspacy_assertion.py"), (NEGSPACY, "negspacy_assertion.py")):
            if quick or not peer.ready:
                skipped.append(f"{peer.name}: quick run" if quick else peer.why_not)
                continue
            figures += _of_peer(peer, script, name, rows, skipped)
    return answer(figures, skipped=list(dict.fromkeys(skipped)), inputs=[FOLDER / file for file in SUITES.values()])


def _judged(rows: Sequence[Row]) -> list[str]:
    return [said_of(text, (a, b), section) for text, a, b, _, section in rows]


def read(path: Path) -> list[Row]:
    """The sentences of a set: the mention in braces, `⏎` for a line end."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if "\t" not in line or line.startswith("sentence\t"):
            continue  # a remark, or the names of the columns
        marked, expected, section = line.split("\t")[:3]
        text = marked.replace("⏎", "\n")
        start, end = text.index("{"), text.index("}") - 1
        rows.append((text.replace("{", "", 1).replace("}", "", 1), start, end, expected, section))
    return rows


def _of_peer(peer: Peer, script: str, name: str, rows: Sequence[Row], skipped: list[str]) -> list[Figure]:
    try:
        theirs = peer.run(script, {"sentences": [(text, a, b) for text, a, b, _, _ in rows]})
    except RuntimeError as error:
        skipped.append(str(error))
        return []
    of = f"{peer.name} {theirs['version']}"
    said = theirs["said"]
    figures = _scores(name, rows, said, of)
    if peer is MEDSPACY:
        able = [(row, word) for row, word in zip(rows, said, strict=True) if row[3] in KNOWN_TO_MEDSPACY]
        right = _per_cent(able, lambda pair: pair[0][3] == pair[1])
        figures.append(Figure(f"{name}: right, of the words that it has", right, "%", of=of))
    if name == "suite":
        figures.append(Figure("a sentence, CPU", theirs["ms"], "ms", of=of))
    return figures


def _scores(name: str, rows: Sequence[Row], said: Sequence[str], of: str) -> list[Figure]:
    pairs = [(row[3], word) for row, word in zip(rows, said, strict=True)]
    promised = (name, of) == ("suite", OURS)
    denied = [p for p in pairs if p[1] == "absent"]
    asked = [p for p in pairs if p[0] == "absent"]
    precision, recall = (_per_cent(group, lambda p: p[0] == p[1]) for group in (denied, asked))
    figures = [
        Figure(f"{name}: negation, precision", precision, "%", of=of),
        Figure(f"{name}: negation, recall", recall, "%", of=of),
        Figure(f"{name}: negation, F1", 2 * precision * recall / max(precision + recall, 1e-9), "%", of=of),
    ]
    if of.startswith(NEGSPACY.name):
        return figures
    right = _per_cent(pairs, lambda p: p[0] == p[1])
    floor, direction = (100, AT_LEAST) if promised else (None, None)
    return [Figure(f"{name}: right, of {len(rows)}", right, "%", floor, direction, of), *figures]


def _per_cent(items: Sequence[Any], right: Callable[[Any], bool]) -> float:
    return 100 * sum(map(right, items)) / max(len(items), 1)
