"""What readers make of the records of the common data, as tables that are committed beside the tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from leadterm.domain import Encounter

HERE = Path(__file__).parent


def row(name: str, encounters: Iterable[Encounter]) -> str:
    """Encounters, documents, characters of them, codes by kind, what was told: one line of a table."""
    encounters = list(encounters)
    documents = [d for e in encounters for d in e.documents]
    kinds = Counter(code.kind.value if code.kind else "untold" for e in encounters for code in e.codes)
    notes = Counter(note.rule.rpartition("/")[2] for e in encounters for note in e.notes)
    cells = (len(encounters), len(documents), sum(len(d.text) for d in documents), _counts(kinds), _counts(notes))
    return "\t".join((name, *map(str, cells)))


def _counts(counted: Counter[str]) -> str:
    return " ".join(f"{name}:{count}" for name, count in sorted(counted.items())) or "-"


def agrees(table: str, rows: Iterable[str]) -> bool:
    """Whether the rows are those of the committed table; what was found is written beside it where not."""
    path = HERE / table
    found = "file\tencounters\tdocuments\tcharacters\tcodes\ttold\n" + "".join(f"{line}\n" for line in rows)
    same = path.is_file() and path.read_text(encoding="utf-8") == found
    if not same:
        path.with_suffix(".found.tsv").write_text(found, encoding="utf-8")
    return same
