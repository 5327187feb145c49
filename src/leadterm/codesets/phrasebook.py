"""The compiled dictionary: every term of the tabular list and the lexicon, made once and kept beside the stores.

Making 75,000 phrases takes seconds, reading them a fraction of one. The file is named by what it was made from, so a
new lexicon or release makes a new file.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from leadterm.domain import Step

from . import lexicon
from .alphabetic.index import AlphabeticIndex
from .book import CodeBook
from .terms import Term, compile_terms

LISTS = "terms"
NEWEST = 3  # files of a kind that are kept: of two versions side by side, and one to go back to
_A_LINE = 4_000  # terms
_NAMES = ("terms.py", "wording.py", "lexicon.py", "phrasebook.py", "generic.txt")


def load_terms(book: CodeBook) -> list[Term]:
    """All terms of the newest releases, the lexicon and the user's lists, the stronger reading of a phrase first.

    A user's lists are the files `terms/*.tsv` of the data home; they win over everything else. Raises InputError where
    one of them makes no sense.
    """
    return list(stream_terms(book))


def stream_terms(book: CodeBook) -> Iterator[Term]:
    """The same, one after the other, from the kept file or compiled and kept now: never all in memory at once."""
    path = book.folder / f"phrases-{digest(book)}.jsonl"
    if _is_whole(path):
        with path.open("rb") as file:
            next(file)
            for line in file:
                yield from map(_term, json.loads(line))
        return
    own = (synonym for file in _lists(book) for synonym in lexicon.read_list(file))
    terms = compile_terms(list(book.titles()), (*own, *lexicon.load()), _indexed(book))
    _keep(path, terms)
    yield from terms


def _is_whole(path: Path) -> bool:
    """Whether the kept file is there and its first line is the checksum of the others."""
    try:
        with path.open("rb") as file:
            promise = file.readline().strip()
            return promise == hashlib.file_digest(file, "sha256").hexdigest().encode()
    except OSError:
        return False


def _lists(book: CodeBook) -> list[Path]:
    return sorted((book.folder.parent / LISTS).glob("*.tsv"))


def _indexed(book: CodeBook) -> Iterator[tuple[tuple[str, ...], str]]:
    """The paths of the Alphabetic Index that is installed, with their codes; none where it is not."""
    index = book.find(AlphabeticIndex, None)
    if index is not None:
        yield from index.coded_paths()


def digest(book: CodeBook) -> str:
    """Digest of all that the terms of a code book are made from."""
    total = hashlib.sha256(lexicon.digest().encode())
    for name in ("icd10cm:tabular", AlphabeticIndex.COMPONENT):
        release = book.release_for(name, None)
        total.update((release.checksum if release else "").encode())
    for name in _NAMES:
        total.update((files("leadterm.codesets") / name).read_bytes())
    for file in _lists(book):
        total.update(file.read_bytes())
    return total.hexdigest()[:16]


def _row(t: Term) -> list[Any]:
    marks = [sorted(marks) for marks in (t.needs, t.vetoes, t.within, t.outside)]
    return [t.phrase, t.concept, t.code, t.source.value, t.exact, *(marks if any(marks) else ())]


_STEPS = {step.value: step for step in Step}
_NOTHING: frozenset[str] = frozenset()


def _term(row: list[Any]) -> Term:
    # Called for every phrase at every start: what is empty is shared.
    phrase, concept, code, source, exact, *marks = row
    return Term(phrase, concept, code, _STEPS[source], exact, *(frozenset(m) if m else _NOTHING for m in marks))


def _keep(path: Path, terms: list[Term]) -> None:
    """Written whole under another name, then renamed; a folder that cannot be written costs only time."""
    rows = (terms[at : at + _A_LINE] for at in range(0, len(terms), _A_LINE))
    lines = (json.dumps(list(map(_row, part)), ensure_ascii=False, separators=(",", ":")) for part in rows)
    rest = "".join(f"{line}\n" for line in lines).encode()
    try:
        with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=".tmp-", delete=False) as handle:
            handle.write(hashlib.sha256(rest).hexdigest().encode() + b"\n" + rest)
        Path(handle.name).replace(path)
        only_newest(path.parent, "phrases-*.json*")
    except OSError:
        return


def only_newest(folder: Path, pattern: str, kept: int = NEWEST) -> None:
    """Removes all files of a pattern but the newest: what older versions and lists of terms left behind."""
    files = sorted(folder.glob(pattern), key=lambda file: file.stat().st_mtime, reverse=True)
    for old in files[kept:]:
        old.unlink(missing_ok=True)
