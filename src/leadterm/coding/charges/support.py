"""Whether the documents tell anything of what a captured charge is for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leadterm.codesets.charge_master import ChargeMaster
from leadterm.codesets.lists.cpt import Cpt
from leadterm.codesets.lists.hcpcs import Hcpcs
from leadterm.coding.chart import Chart
from leadterm.coding.rules import reason
from leadterm.coding.services.service import Service
from leadterm.domain import CodeSystem, Finding, Severity

from .descriptors import plain
from .wording import words

RULE = "LEADTERM:charges/no-words"
LEAST = 200  # characters: a stub of a note proves nothing
TOLD_BY_NAME = frozenset("JEL")  # drugs, equipment, orthotics: HCPCS names the thing, and a chart does, too
VISITS = ("99202", "99499")
LONG = 4  # letters of a word that tells something
# Words that stand in many descriptions and in every chart.
COMMON = frozenset(
    "with without injection injectable other unit milligram gram oral dose form through under over administered"
    " patient physician visit treatment therapy service supply device single type time minute hour code used only"
    " health care professional evaluation management additional first complete limited simple left right".split()
)


def unsupported(chart: Chart, services: Sequence[Service]) -> Iterator[Finding]:
    """A finding for each captured line of whose description no word stands in the record."""
    if len(chart.text) < LEAST:
        return
    for number, s in enumerate(services, 1):
        if s.captured and not s.evidence and not VISITS[0] <= s.code.value <= VISITS[1]:
            names = frozenset(w for text in _descriptions(chart, s) for w in words(text) if _tells(w))
            if names and names.isdisjoint(chart.once("charges.words", lambda: _said(chart))):
                yield _finding(s, number)


def _said(chart: Chart) -> frozenset[str]:
    """The words of the record, with the plain names of what it tells by other ones (a brand of a drug)."""
    return frozenset(words(f"{chart.text} {' '.join(f.concept for f in chart.facts)}"))


def _tells(word: str) -> bool:
    return len(word) >= LONG and word not in COMMON


def _descriptions(chart: Chart, s: Service) -> Iterator[str]:
    """What the charge master, the HCPCS release or the licensed file calls the code."""
    code = s.code.value
    if master := chart.book.find(ChargeMaster, chart.on):
        yield from (row.description for row in master.of_code(code))
    if code[0] in TOLD_BY_NAME and (hcpcs := chart.book.find(Hcpcs, chart.on)):
        entry = hcpcs.code(code, chart.on)
        if entry is not None:
            yield entry.long or entry.short
    if s.code.system is CodeSystem.CPT and (cpt := chart.book.find(Cpt, chart.on)) and (licensed := cpt.code(code)):
        yield plain(licensed.description)


def _finding(s: Service, number: int) -> Finding:
    message = f"No document tells anything of line {number} ({s.code})."
    fix = "Add the document that tells of it, or take the charge off."
    weight = Severity.WARNING if s.code.value[0] == "J" else Severity.INFO
    return Finding("k0", RULE, weight, message, fix, (s.code.value,), (f"c{number}",), source=reason(RULE))
