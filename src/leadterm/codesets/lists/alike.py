"""Names that may be one: as they are compared where no number tells persons and businesses apart."""

from __future__ import annotations

from itertools import groupby

from ..accents import without_accents

# What follows a name and is not always written.
SUFFIXES = frozenset({"JR", "SR", "II", "III", "IV", "MD", "DO", "RN", "DDS", "DC", "DPM", "PHD"})
LEGAL_FORMS = frozenset(
    {"INC", "INCORPORATED", "LLC", "LLP", "LP", "LTD", "LIMITED", "PLLC", "PC", "PA", "PSC", "CORP", "CORPORATION"}
    | {"CO", "COMPANY"}
)
ARTICLE = "THE"


def plain(name: str) -> str:
    """A name in capitals, letters and digits, with single blanks."""
    return " ".join("".join(c if c.isalnum() else " " for c in name.upper()).split())


def person(last_name: str, first_name: str) -> str:
    """What persons of such a name share: the last name without accents, blanks and suffixes, and the first forename.

    Empty where one of the two is missing.
    """
    last, first = _words(last_name), _words(first_name)
    return f"{_joined(last, SUFFIXES)},{first[0]}" if last and first else ""


def business(name: str) -> str:
    """What businesses of such a name share: the name without accents, blanks, article and legal form."""
    words = [word for single, run in groupby(_words(name), lambda w: len(w) == 1) for word in _run(single, list(run))]
    return _joined(words[1:] if words[:1] == [ARTICLE] and words[1:] else words, LEGAL_FORMS)


def _run(single: bool, words: list[str]) -> list[str]:
    """Letters one by one are one word: L. L. C."""
    return ["".join(words)] if single else words


def _words(name: str) -> list[str]:
    return plain(without_accents(name)).split()


def _joined(words: list[str], without: frozenset[str]) -> str:
    while len(words) > 1 and words[-1] in without:
        words = words[:-1]
    return "".join(words)
