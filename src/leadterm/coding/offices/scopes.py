"""What was done through a scope of the bowel or the stomach: each way of taking tissue once, else looking alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.rules import reason
from leadterm.coding.sentences import Place, places
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.payers import is_medicare
from leadterm.coding.services.service import Service
from leadterm.coding.statements import Told, day_of, documents, told
from leadterm.domain import Document

SCOPED = "NCCI:6/scopes"
HEAD = 400  # characters in which a report names its scope; a history does so further down
# How a report names the scope, and how far it must have come.
_ORGANS = (
    (
        "colon",
        compiled(r"(?i)\bcolonoscop(?:y|e)\b"),
        compiled(r"(?i)\b(?:cecum|cecal|appendiceal orifice|terminal ileum|ileocecal|ileocolonic anastomosis)\b"),
    ),
    (
        "stomach",
        compiled(r"(?i)\b(?:egd|esophagogastroduodenoscopy|upper (?:gi )?endoscopy|gastroscop(?:y|e))\b"),
        compiled(r"(?i)\b(?:duoden\w+|second portion|d2)\b"),
    ),
)
_REPORT = compiled(
    r"(?i)\b(?:(?:scope|colonoscope|endoscope|gastroscope)\b[^.\n]{0,40}\b(?:advanced|inserted|introduced|passed|to)"
    r"|withdrawal|scope (?:in|out)|boston|bowel prep"
    r"|prep(?:aration)?(?: quality)?\W{1,3}(?:good|excellent|fair|adequate)"
    r"|(?:advanced|inserted|passed|intubated)[^.\n]{0,40}\b(?:cecum|ileum|duodenum))"
)
# What has codes of its own, or tells that the end was not reached: a person decides.
_OTHERWISE = compiled(
    r"(?i)\b(?:emr\b|endoscopic mucosal resection|esd\b|stent\w*|(?:endo)?clip\w* for|hemospray|argon|apc\b"
    r"|band(?:ed|ing)|varic\w+|foreign body|food bolus|incomplete|aborted|not reached|unable to (?:reach|pass|advance)"
    r"|could not be|terminated|colostomy|ileostomy|stoma\b|peg\b|ultrasound|eus\b"
    r"|(?:anesthesia|mac) (?:record|start|end|stop|time|note|log))"
)
_SCREENING = compiled(r"(?i)\b(?:screening|surveillance)\b")


@cache
def _acts(organ: str) -> tuple[tuple[dict[str, str], Pattern | None], ...]:
    table = [row for row in rows("offices/scopes") if row["organ"] == organ]
    return tuple((row, compiled(rf"(?i)\b(?:{row['said']})\b") if row["said"] else None) for row in table)


def read(chart: Chart) -> Iterator[Service]:
    """A line for each kind of act of a report whose scope came to its end."""
    if "scop" not in chart.text and "egd" not in chart.text:
        return
    for document in documents(chart):
        text = document.text
        if not _REPORT.search(text) or _OTHERWISE.search(text):
            continue
        for organ, named, reached in _ORGANS:
            first = next(_done(chart, named, document), None)
            if first is not None and first.span.start < HEAD and reached.search(text):
                yield from _lines(chart, document, organ, first)


def _done(chart: Chart, pattern: Pattern, document: Document) -> Iterator[Place]:
    return (where for where in places(pattern, document) if told(chart, where) is Told.DONE)


def _lines(chart: Chart, document: Document, organ: str, first: Place) -> Iterator[Service]:
    found = False
    for row, pattern in _acts(organ):
        where = next(_done(chart, pattern, document), None) if pattern else None if found else first
        # What Medicare screens and nothing is taken from has codes of its own.
        screened = pattern is None and is_medicare(chart) and organ == "colon" and _SCREENING.search(document.text)
        if where is None or screened or not known(chart, row["code"]):
            continue
        found = True
        service = coded(chart, row["code"], "procedure", row["name"], [where.evidence], day_of(chart, document))
        yield service.stepped(reason(SCOPED), SCOPED)
