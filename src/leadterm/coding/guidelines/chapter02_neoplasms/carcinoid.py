"""Carcinoid and other neuroendocrine tumors at their sites, malignant or benign (Index: Tumor, carcinoid)."""

from __future__ import annotations

import re

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart, Opening
from leadterm.coding.patterns import compiled
from leadterm.domain import Fact, FactKind, PathwayStep, Step

from .places import ROOM

_TUMOR = compiled(r"\b(?:carcinoids?|neuroendocrine (?:tumou?rs?|neoplasms?)|p?nets?)\b(?! syndrome| heart)")
_MALIGNANT = compiled(r"\b(?:malignant|metasta\w+|mets|carcinoma|stage iv|chemo\w*|grade 3|g3|unresectable)\b")
_SYNDROME = compiled(r"syndrome|heart|crisis")


def open_carcinoid(chart: Chart, fact: Fact) -> Opening | None:
    """The opening of a carcinoid tumor at its site; None for anything else, and where the dictionary knows the site."""
    said = fact.mention.text.lower()
    known = fact.targets[0] if fact.targets else ""
    if fact.kind is not FactKind.CONDITION or not _TUMOR.search(said) or _SYNDROME.search(said):
        return None
    if known and known not in ("D3A.00", "D3A", "C7A", "C7A.00", "C7A.8", "C7A.1"):
        return None
    sentence = chart.sentence(fact)
    kind = "malignant" if known.startswith("C7A") or _MALIGNANT.search(sentence) else "benign"
    code = next(
        (r[kind] for r in rows(f"{ROOM}/carcinoid_sites") if re.search(rf"\b(?:{r['site']})\b", sentence)), None
    )
    code = code or ("C7A.00" if kind == "malignant" else "D3A.00")
    if known in ("C7A.1", code):
        return None
    step = PathwayStep(Step.INDEX, f"\u201c{fact.mention.text}\u201d: Tumor, carcinoid, {kind}, {code}")
    return Opening(code, (step,))
