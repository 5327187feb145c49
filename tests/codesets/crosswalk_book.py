"""A code book with crosswalks beside the embedded releases, made without the installer, for the tests of crosswalks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from leadterm.codesets import CodeBook
from leadterm.codesets.formats import Format, Offered
from leadterm.codesets.store import Kept, Manifest

from .made import read, release, store


def book_with(book: CodeBook, folder: Path, *given: tuple[Format, Iterable[Offered]]) -> CodeBook:
    """The releases of `book`, and those that the files become."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = list(Manifest.load(book.folder).kept)
    for one in kept:
        (folder / one.release.path).symlink_to(book.folder / one.release.path)
    for number, (form, files) in enumerate(given):
        found, table = read(form, *files)
        name = f"made-{number}"
        store(folder, table, name)
        kept.append(Kept(release(found, table, f"{name}.sqlite"), "", 0, ""))
    return CodeBook(folder, Manifest(tuple(kept)))


def check_digit(digits: str) -> str:
    """`digits` made an identifier of SNOMED CT: with the check digit of Verhoeff's tables."""
    product = [
        [(a + b) % 5 + 5 * (b > 4) if a < 5 else (a - b) % 5 + 5 * (b < 5) for b in range(10)] for a in range(10)
    ]
    permutation = [list(range(10)), [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
    for _ in range(6):
        permutation.append([permutation[1][i] for i in permutation[-1]])
    for last in "0123456789":
        check = 0
        for place, digit in enumerate(reversed(digits + last)):
            check = product[check][permutation[place % 8][int(digit)]]
        if check == 0:
            return digits + last
    raise AssertionError(digits)
