"""The ICD-10-CM Alphabetic Index and the External Cause of Injuries Index (XML, icd10cm-index-2025.xsd)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from leadterm.domain import InputError

from ..sources import US_GOVERNMENT
from ..store import Store
from ._cross_references import CrossReferences
from ._dates import fiscal
from ._offered import Format, Offered, Recognised, Table
from ._term_parts import compared, term_parts
from ._terms_xml import opening, read_terms, year

INDEX, EXTERNAL = "icd10cm:index", "icd10cm:eindex"
WHAT = {INDEX: "ICD-10-CM Alphabetic Index", EXTERNAL: "ICD-10-CM External Cause of Injuries Index"}
# By the title of the file; a file without one is told by its name.
TITLED = ((EXTERNAL, re.compile(r"(?i)external\s+cause")), (INDEX, re.compile(r"(?i)diseases\s+and\s+injuries")))
NAMED = ((EXTERNAL, re.compile(r"(?i)eindex|external")), (INDEX, re.compile(r"(?i)index")))
_TITLE = re.compile(r"<title>(?P<title>[^<]*)</title>")
# (name shown, what the reader counted)
COUNTED = (
    ("main_terms", "main_terms"),
    ("subterms", "subterms"),
    ("codes", "codes"),
    ("manifestations", "manifestations"),
    ("see", "see"),
    ("see_also", "seeAlso"),
    ("see_category", "seecat"),
    ("see_subcategory", "subcat"),
    ("warnings", "warning"),
    ("nonessential_modifiers", "nonessential_modifiers"),
    ("see_resolved", "see_resolved"),
    ("see_elsewhere", "see_elsewhere"),
    ("see_unresolved", "see_unresolved"),
    ("codes_unread", "codes_unread"),
)


def _recognise(component: str) -> Callable[[Offered], Recognised | None]:
    def recognise(offered: Offered) -> Recognised | None:
        text = opening(offered)
        # Files with columns are tables of the same root.
        if text is None or "<indexHeading" in text or _component(text, offered) != component:
            return None
        # A listing that somebody rebuilt stands back behind the owner's file.
        rank = int(offered.mentions("reconstructed") or "reconstructed" in offered.name.lower())
        return Recognised(component, fiscal(offered, year(text, offered.name)), US_GOVERNMENT, rank)

    return recognise


def _component(text: str, offered: Offered) -> str | None:
    before = text.partition("<letter")[0]
    found = _TITLE.search(before)
    title, told = (found["title"], TITLED) if found else (offered.name, NAMED)
    return next((component for component, pattern in told if pattern.search(title)), None)


def _read(files: Sequence[Offered], recognised: Recognised) -> Table:
    read = read_terms(files[0], WHAT[recognised.name])
    if read.heads:
        raise InputError(f"The file {files[0].name} has columns, which the {WHAT[recognised.name]} has not.")
    counts, parts = term_parts(read, CrossReferences(read.mains))
    counts += read.counts
    # `codes` and `manifestations` count codes; the reader's own `code` and `manif` count elements.
    return Table(tuple((shown, counts[kind]) for shown, kind in COUNTED), parts)


def _compared(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    return compared(store)


FORMATS = tuple(Format(WHAT[component], _recognise(component), _read) for component in (INDEX, EXTERNAL))
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {
    INDEX: _compared,
    EXTERNAL: _compared,
}
