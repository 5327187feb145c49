"""What leads the record of a delivery or of a stay in pregnancy (I.C.15.a.1, I.C.15.b.3, I.C.15.b.4)."""

from __future__ import annotations

from dataclasses import replace

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.rules import reason

from .mother import Mother, State, mother

DELIVERY = "ICD10CM:I.C.15.b.4/principal"
PRIORITY = "ICD10CM:I.C.15.a.1/priority"
_BECAUSE = (
    r"\b(?:for|due to|d/t|because of|secondary to|2/2|given|indication|indications|in the setting of|2°|owing to|:)"
)
_CESAREAN = compiled(
    rf"\b(?:cesarean|caesarean|c-?section|c section|[pr1]?l[ts]cs|c/s|cs"
    rf"|section)\b[^.;\n]{{0,40}}{_BECAUSE}(?P<why>[^.;\n]*)"
    rf"|\bindications?(?: for[\w -]*)?\s*:(?P<named>[^.\n]*)"
)
_INDUCED = compiled(rf"\b(?:induc\w+|iol)\b[^.;\n]{{0,40}}{_BECAUSE}(?P<why>[^.;\n]*)")
_ADMITTED = compiled(
    r"\b(?:admi\w+|adm dx|reason for admission|presents?|presented|sent|came|here|arriv\w+"
    r"|transferred|brought|referred)\b(?P<why>[^.;\n]*)"
)
# From what brings a woman to the hospital to what happens in labour, to what the birth leaves.
_CLASSES = (
    (
        "O44.1",
        "O44.3",
        "O44.5",
        "O45",
        "O36.4",
        "O15",
        "O14",
        "O11",
        "O42",
        "O60",
        "O98.7",
        "O66.41",
        "O69.0",
        "O71.1",
        "O44",
        "O43.2",
    ),
    (
        "O34.2",
        "O32",
        "O13",
        "O16",
        "O10",
        "O24",
        "O41",
        "O40",
        "O36",
        "O48",
        "O31",
        "O34",
        "O35",
        "O33",
        "O46",
        "O26.6",
    ),
    ("O61", "O62", "O63", "O64", "O65", "O66", "O69.0", "O68", "O76", "O67", "O71.1"),
    (
        "O30",
        "O12",
        "O41.1",
        "O23",
        "O98",
        "O75.8",
        "O88",
        "O22",
        "O26",
        "O21",
        "O99.31",
        "O99.32",
        "O99.28",
        "O99.34",
        "O99.35",
        "O99.4",
        "O99.5",
        "O99.6",
        "O9A",
    ),
    ("O72", "O73", "O69", "O77", "O75", "O74", "O70", "O71"),
    ("O99.1", "O99.0", "O99", "O9A"),
)
_SPONTANEOUS = compiled(r"\b(?:spontaneous|active|early|latent) labou?r|\bin labou?r\b|\blabou?ring\b|\bcontractions\b")


_ANY_INDUCTION = compiled(r"\binduc(?:ed|tion)|\biol\b")
# "Cord prolapse, stat cesarean": what stands before it in the sentence.
_LED_TO = compiled(
    r"(?P<why>[^.;\n]*)\b(?:stat|emergent|emergency|urgent|crash|primary|underwent|taken for"
    r"|to or)\b[^.;\n]{0,20}(?:cesarean|c-?section|c/s|ltcs)"
)


def first(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates, the one of chapter 15 that led to the stay before all; chapter 15 before any other chapter."""
    her = mother(chart)
    own = [c for c in candidates if c.code[0] == "O" and not c.code.startswith("O94")]
    if not her.expecting or not own or any(c.rank[0] < 0 for c in candidates):
        return candidates
    if her.state is State.DELIVERED:
        best, rule = min(own, key=lambda c: (_reason(chart, c, her), _class(c), c.rank)), DELIVERY
    else:
        best, rule = min(own, key=lambda c: (_aside(c, own), c.rank, c.code)), PRIORITY
    lead = replace(best.stepped(reason(rule), rule), rank=(-1, *best.rank))
    return [lead if c is best else c for c in candidates]


def _aside(c: Candidate, own: list[Candidate]) -> bool:
    """Whether it is the supervision beside an illness, or what an infection of chapter 15 does to the lungs."""
    ill = any(not o.code.startswith("O09") for o in own)
    viral = c.code.startswith("O99.5") and any(o.code.startswith("O98.5") for o in own)
    return viral or (c.code.startswith("O09") and ill and c.rank[0] > 0)


def _class(c: Candidate) -> int:
    return next((n for n, codes in enumerate(_CLASSES) if c.code.startswith(codes)), len(_CLASSES))


def _reason(chart: Chart, c: Candidate, her: Mother) -> int:
    """How plainly it brought her, the least first: indication of a planned cesarean, then of an induction."""
    induced = _ANY_INDUCTION.search(chart.text) is not None
    if her.cesarean and not induced and _in(chart, c, _CESAREAN):
        return 0
    if _in(chart, c, _INDUCED):
        return 1
    if _in(chart, c, _ADMITTED) and _class(c) < 2:
        return 2
    if her.cesarean and (_in(chart, c, _CESAREAN) or _in(chart, c, _LED_TO)):
        return 3
    return 4


def _in(chart: Chart, c: Candidate, pattern: Pattern) -> bool:
    """Whether a fact of the candidate stands in what the pattern names as the reason."""
    for fact in c.facts:
        line, words = chart.line(fact), fact.mention.text.lower().split("\n")[0]
        for m in pattern.finditer(line):
            said = next((m[g] for g in m.groupdict() if m[g] is not None), "")
            if words in said:
                return True
    return False
