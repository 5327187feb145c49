"""Joints, tendons, muscles and nerves that a needle entered, by the rows of `injections.tsv`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.coding.sentences import Place, place
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.service import Service
from leadterm.coding.statements import day_of, documents

from . import near

NEEDLE, SEEN, POINTS = "NCCI:4/needle", "NCCI:4/guided", "NCCI:4/points"
_ACT = compiled(
    r"(?i)\b(?:inject(?:ed|ion|ions)?|inj|arthrocentesis|aspirat(?:ed|ion)|cortisone shot|steroid shot"
    r"|viscosupplementation)\b"
)
_DONE = compiled(
    r"(?i)\b(?:kenalog|triamcinolone|depo-?medrol|methylprednisolone|betamethasone|celestone|dexamethasone"
    r"|hyaluron\w*|synvisc"
    r"|euflexxa|lido\w*|marcaine|bupivacaine|ropivacaine|needle|gauge|\d\d ?g\b|prepped|sterile|tolerated"
    r"|cc of|ml of|fluid)\b"
)
_GUIDED = compiled(r"(?i)(?:ultraso\w+|\bus)[- ]?guid\w+|under (?:ultrasound|us)\b|sonograph\w+")
_KEPT = compiled(r"(?i)\b(?:image|picture|stored|saved|archiv\w+|recorded|permanent|pacs|clips?)\w*")
_MUSCLES = compiled(
    r"(?i)\b(?:trapezi\w+|levator|rhomboid\w*|splenius|scalene\w*|sternocleidomastoid|scm|paraspinal\w*"
    r"|quadratus|gluteus \w+"
    r"|gluteal|piriformis|infraspinatus|supraspinatus|deltoid|latissimus|masseter|temporalis|multifidus)\b"
)


@cache
def _sites() -> tuple[tuple[dict[str, str], re.Pattern[str]], ...]:
    return tuple((row, re.compile(rf"(?i)\b(?:{row['site']})\b")) for row in rows("offices/injections"))


def read(chart: Chart) -> Iterator[Service]:
    """A line for each place of the body that a needle entered now, with its side."""
    if "inject" not in chart.text and "aspirat" not in chart.text and "arthrocentesis" not in chart.text:
        return
    acts = list(_acts(chart))
    # A mention that names no place is told again in full elsewhere, unless none does.
    named = [where for where in acts if _row(_own(where))]
    found: dict[tuple[str, tuple[str, ...]], Service] = {}
    for where in named or acts[:1]:
        for service in _service(chart, where, near.zone(where)):
            found.setdefault((service.code.value, service.modifiers), service)
    sided = {code for code, modifiers in found if modifiers}
    yield from (s for (code, modifiers), s in found.items() if modifiers or code not in sided)


def _acts(chart: Chart) -> Iterator[Place]:
    """The places that tell of a needle's act as done, with what it was done with."""
    for document in documents(chart):
        for act in _ACT.finditer(document.text):
            where = place(document, act.start(), act.end())
            if near.happened(chart, where) and _DONE.search(near.zone(where)):
                yield where


def _own(where: Place) -> str:
    return f"{where.line}\n{where.said}"


def _service(chart: Chart, where: Place, said: str) -> Iterator[Service]:
    row = _row(_own(where)) or _row(said)
    if row is None:
        return
    code, name = row["code"], row["name"]
    around = near.paragraph(where) if _alone(where) else said
    guided = bool(row["seen"] and _GUIDED.search(around) and _KEPT.search(around))
    muscles = {m[0].lower() for m in _MUSCLES.finditer(said)}
    code = row["seen"] if guided else "20553" if code == "20552" and len(muscles) > 2 else code
    if not known(chart, code):
        return
    rule = SEEN if guided else POINTS if code in ("20552", "20553") else NEEDLE
    service = coded(chart, code, "procedure", name, [where.evidence], day_of(chart, where.document))
    service = service.stepped(reason(rule), rule)
    yield near.sided(service, where, reason(near.SIDE)) if row["sided"] else service


def _alone(where: Place) -> bool:
    """Whether the paragraph of an act names one place of the body, so that all its words speak of that one."""
    said = near.paragraph(where)
    return sum(1 for _, pattern in _sites() if pattern.search(said)) == 1


def _row(said: str) -> dict[str, str] | None:
    return next((row for row, pattern in _sites() if pattern.search(said)), None)
