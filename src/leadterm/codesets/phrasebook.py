"""The compiled dictionary: every term of the tabular list and the lexicon, made once and kept beside the stores.

Making 75,000 phrases takes seconds, reading them a fraction of one. The file is named by what it was made from, so a
new lexicon or release makes a new file.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

from leadterm.domain import Step

from . import lexicon
from .book import CodeBook
from .terms import Term, compile_terms


def load_terms(book: CodeBook) -> list[Term]:
    """All terms of the newest tabular release, from the kept file or compiled and kept now."""
    path = book.folder / f"phrases-{_digest(book)}.json"
    try:
        if kept := [_term(row) for row in json.loads(path.read_bytes())]:
            return kept
    except (OSError, ValueError, TypeError, KeyError):
        pass  # there is none, or it is damaged
    terms = compile_terms(list(book.titles()), lexicon.load())
    _keep(path, terms)
    return terms


def _digest(book: CodeBook) -> str:
    total = hashlib.sha256(lexicon.digest().encode())
    tabular = book.release_for("icd10cm:tabular", None)
    total.update((tabular.checksum if tabular else "").encode())
    for name in ("terms.py", "wording.py", "lexicon.py", "generic.txt"):
        total.update((files("leadterm.codesets") / name).read_bytes())
    return total.hexdigest()[:16]


def _row(t: Term) -> list[Any]:
    return [t.phrase, t.concept, t.code, t.source.value, t.exact, sorted(t.needs), sorted(t.vetoes)]


_STEPS = {step.value: step for step in Step}
_NOTHING: frozenset[str] = frozenset()


def _term(row: list[Any]) -> Term:
    # Called for every phrase at every start: what is empty is shared.
    phrase, concept, code, source, exact, needs, vetoes = row
    return Term(
        phrase,
        concept,
        code,
        _STEPS[source],
        exact,
        frozenset(needs) if needs else _NOTHING,
        frozenset(vetoes) if vetoes else _NOTHING,
    )


def _keep(path: Path, terms: list[Term]) -> None:
    """Written whole under another name, then renamed; a folder that cannot be written costs only time."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, prefix=".tmp-", delete=False, encoding="utf-8"
        ) as handle:
            json.dump([_row(t) for t in terms], handle, ensure_ascii=False, separators=(",", ":"))
        Path(handle.name).replace(path)
    except OSError:
        return
