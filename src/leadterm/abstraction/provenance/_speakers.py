"""Who may speak in a chart, and the words of `speakers.tsv` that show it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from leadterm.domain import InternalError

from .._tables import read_table


class Speaker(StrEnum):
    """Who may be found to have said something; the head of the table says who stands with whom."""

    PROVIDER = "provider"
    NURSE = "nurse"
    PATIENT = "patient"
    FAMILY = "family"
    RADIOLOGIST = "radiologist"
    PATHOLOGIST = "pathologist"
    LABORATORY = "laboratory"
    THERAPIST = "therapist"
    EMT = "emt"
    DIETITIAN = "dietitian"
    PHARMACIST = "pharmacist"
    SOCIAL_WORKER = "social worker"
    CONSULTANT = "consultant"


LAY = frozenset({Speaker.PATIENT, Speaker.FAMILY})
_DIAGNOSTIC = frozenset({Speaker.RADIOLOGIST, Speaker.PATHOLOGIST})
_PHYSICIANS = (Speaker.CONSULTANT, Speaker.PROVIDER)
# Of several names in one title or signature the narrowest says who it is ("Radiology Nurse", "Cardiology, MD").
_RANK = {
    speaker: rank
    for rank, group in enumerate(
        (frozenset(Speaker) - LAY - _DIAGNOSTIC - {*_PHYSICIANS}, _DIAGNOSTIC, LAY, {_PHYSICIANS[0]}, {_PHYSICIANS[1]})
    )
    for speaker in group
}
_NAMES = frozenset({"any", "advanced", "not", "text", "author", "type", "document"})
_SIGNS = frozenset({"verb", "start", "source", "turn", "sign", "noun", "head"})
_BETWEEN = frozenset({"skip", "adverb", "request"})
_WORD = re.compile(r"[a-z][a-z/']*")
_PLAIN = str.maketrans({".": "", "-": " ", "_": " ", "&": " and "})

Names = Mapping[str, Speaker | None]
"""Names of speakers as written, folded; None for what sounds like one and is none ("nursing home")."""


class Sign(NamedTuple):
    """What a word of the table can do where it stands in a text; the uses are explained at the head of the table."""

    verb: str
    start: bool
    source: bool
    turn: bool
    sign: bool
    noun: str
    head: Speaker | None


class Table(NamedTuple):
    """The words by use, and the automaton over those that are looked for."""

    automaton: AhoCorasick
    signs: tuple[Sign, ...]
    said: Names
    written: Names
    typed: Names
    documents: Names
    advanced: Names
    skipped: frozenset[str]
    adverbs: frozenset[str]
    requests: frozenset[str]


def narrowest(*speakers: Speaker | None) -> Speaker | None:
    """Of those that are known, the one that says most; None where none is."""
    return min((s for s in speakers if s is not None), key=_RANK.__getitem__, default=None)


def writer(words: str, names: Names) -> Speaker | None:
    """Whom an author's role, a type, a title or a signature (folded) names; None where nobody.

    Of neighbouring words the most that make a name are read together; a nurse practitioner is a provider.
    """
    parts, found, at = _WORD.findall(words.translate(_PLAIN)), [], 0
    while at < len(parts):
        count = next((n for n in (3, 2, 1) if " ".join(parts[at : at + n]) in names), 0)
        if count:
            name = " ".join(parts[at : at + count])
            if name in table().advanced:
                return Speaker.PROVIDER
            found.append(names[name])
        at += max(1, count)
    return narrowest(*found)


@cache
def table() -> Table:
    """The table, read once. Raises InternalError for a use or a speaker that is not known."""
    rows = list(read_table("provenance/speakers.tsv", ("words", "use", "means")))
    if unknown := {row["use"] for row in rows} - _NAMES - _SIGNS - _BETWEEN:
        raise InternalError(f"The table speakers.tsv has a use that is not known: {min(unknown)}.")

    def names(*uses: str) -> Names:
        return {row["words"]: _speaker(row["means"]) for row in rows if row["use"] in uses}

    signs: dict[str, dict[str, str]] = {}
    for row in rows:
        if row["use"] in _SIGNS:
            signs.setdefault(row["words"], {})[row["use"]] = row["means"]
    everywhere = ("any", "advanced", "not")
    return Table(
        AhoCorasick(list(signs), matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA),
        tuple(_sign(uses) for uses in signs.values()),
        names(*everywhere, "text"),
        names(*everywhere, "author"),
        names(*everywhere, "author", "type"),
        names("document"),
        names("advanced"),
        *(frozenset(row["words"] for row in rows if row["use"] == use) for use in ("skip", "adverb", "request")),
    )


def _sign(uses: Mapping[str, str]) -> Sign:
    start, source, turn, sign = (use in uses for use in ("start", "source", "turn", "sign"))
    return Sign(uses.get("verb", ""), start, source, turn, sign, uses.get("noun", ""), _speaker(uses.get("head", "-")))


def _speaker(means: str) -> Speaker | None:
    try:
        return Speaker(means) if means != "-" else None
    except ValueError:
        raise InternalError(f"The table speakers.tsv names a speaker that is not known: {means}.") from None
