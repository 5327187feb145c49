"""Etiology and manifestation (guideline I.A.13): a manifestation, or a code whose Code first note always holds, alone.

What comes first is `sequencing`'s; here is asked whether what the note names is on the encounter at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from leadterm.codesets.relations.references import names_one
from leadterm.codesets.relations.relations import CodeFirst, Relations
from leadterm.edits._coding import Coding, Diagnosis, Entry, named, shortened
from leadterm.edits._findings import Check, Draft

from ._agents import done_by_drug
from ._bits import ENTRIES_KEPT

# A note that gives examples names some of the codes that it means, and not all.
EXAMPLES = "such as"
# Weeks of gestation also add to supervision and screening; `companions.tsv` asks for what they belong to. What was
# inhaled may be blood, for which there is no toxic agent.
NOT_ALWAYS = frozenset({"Z3A", "J69.8"})


@lru_cache(maxsize=ENTRIES_KEPT)
def _notes(relations: Relations, entry: Entry) -> tuple[CodeFirst, ...]:
    """The notes that always hold for a code and name every code that they mean."""
    notes = relations.code_first_notes(entry.code) if entry.node else ()
    return tuple(n for n in notes if n.required and n.references and not _open(n))


def _open(note: CodeFirst) -> bool:
    return EXAMPLES in note.text or note.at in NOT_ALWAYS


def _missing(coding: Coding) -> Iterator[Draft]:
    relations = coding.relations
    for d in coding.secondary:
        if notes := _notes(relations, d.entry):
            others = [o for o in coding.diagnoses if o.code != d.code]
            if note := next((n for n in notes if not _met(n, others)), None):
                yield _draft(d, note)


def _met(note: CodeFirst, others: list[Diagnosis]) -> bool:
    return any(names_one(note.references, o.entry.bare) for o in others) or done_by_drug(note, others)


def _draft(d: Diagnosis, note: CodeFirst) -> Draft:
    message = f"{named(d)} stands without the code that comes first: Code first at {note.at}, “{shortened(note.text)}”."
    source = f"ICD-10-CM Tabular List, Code first note at {note.at}; Official Guidelines I.A.13"
    return Draft(message, (d.code,), (d.assignment.id,), source=source)


CHECKS: Mapping[str, Check[Coding]] = {"ICD10CM:I.A.13/etiology-missing": _missing}
