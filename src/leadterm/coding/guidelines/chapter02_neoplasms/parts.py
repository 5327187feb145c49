"""Parts of a neoplasm by the words of its sentence (`parts.tsv`), and the nodes that a lymphoma is in (I.C.2.s)."""

from __future__ import annotations

import re
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart, Opening
from leadterm.coding.patterns import Pattern, compiled
from leadterm.domain import Fact, PathwayStep, Step

from .places import ROOM, Zone, sites

# The last character of a lymphoma by the station of its nodes (C77.-), two stations or more being "multiple sites".
_STATIONS = {"C77.0": "1", "C77.1": "2", "C77.2": "3", "C77.3": "4", "C77.4": "5", "C77.5": "6", "C77.8": "8"}
_REGIONS = {"neck": "1", "cervical": "1", "mediastin": "2", "axill": "4", "inguinal": "5", "groin": "5"}
_LYMPHOMA = ("C81.", "C82.", "C83.", "C84.", "C85.")
_DEFAULTS = {"C81": "C81.9", "C82": "C82.9", "C83": "C83.9", "C84": "C84.9", "C85": "C85.9"}
_NODES = compiled(r"\b(?:nodes?|nodal|lns?|lymphadenopathy|adenopathy)\b")


def open_part(chart: Chart, fact: Fact) -> Opening | None:
    """The opening of a term at the part or kind that its sentence names; None where it names none."""
    target = fact.targets[0] if fact.targets else ""
    if not target.startswith(("C", "D")):
        return None
    sentence = chart.sentence(fact)
    part = next((gives for targets, words, gives in _parts() if target in targets and words.search(sentence)), None)
    code = _lymphoma(part or _DEFAULTS.get(target, target), sentence) or part
    if code is None or chart.book.node(code) is None:
        return None
    step = PathwayStep(
        Step.TABULAR, f"\u201c{fact.mention.text}\u201d: {fact.concept}, {target}; the part as named: {code}"
    )
    return Opening(code, (step,))


@cache
def _parts() -> tuple[tuple[tuple[str, ...], Pattern, str], ...]:
    return tuple(
        (tuple(row["target"].split()), compiled(rf"(?<!\w)(?:{row['words']})"), row["gives"])
        for row in rows(f"{ROOM}/parts")
    )


def _lymphoma(target: str, sentence: str) -> str | None:
    """The lymphoma at the region of its nodes; None where the sentence names none, or speaks of remission."""
    kind = target[: len("C81.1")]
    if not target.startswith(_LYMPHOMA) or target not in (kind, f"{kind}0") or "remission" in sentence:
        return None
    zone = Zone(sentence, 0, 0, sentence)
    found = {_STATIONS[p.node("secondary")] for p in sites(zone) if p.node("secondary") in _STATIONS}
    if _NODES.search(sentence):
        found |= {digit for word, digit in _REGIONS.items() if re.search(rf"\b{word}", sentence)}
    if re.search(r"\bsplen(?:ic|een) (?:involvement|lymphoma)|\bspleen\b(?! not| size)", sentence) and found:
        found.add("7")
    if not found:
        return None
    return kind + ("8" if len(found) > 1 else found.pop())
