"""An operation begun through ports and done open: the looking through ports is coded beside it (B3.2d)."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.procedures.acts import report
from leadterm.coding.procedures.building import Built, Choice
from leadterm.coding.procedures.candidates import Procedure

RULE = "ICD10PCS:B3.2/converted"
OPEN_APPROACH = "0"
_CONVERTED = compiled(
    r"\bconver(?:t\w*|sion) (?:of \w+ )?to (?:\w+ ){0,2}(?:open|laparotomy|thoracotomy|mini.?laparotomy|midline)"
    r"|\bopen conversion"
    # "It was not safe to go on and the decision was made to open": the word itself need not fall.
    r"|\b(?:decision|decided|elected|chose|opted|obliged|forced|necessary|safer|wiser?)\b[^.;]{0,30} to open\b"
    r"(?! (?:the |this )?(?:sac|bag|lesser|peritoneum|fascia|duct|cystic|bowel|stomach|gall|bladder|capsule|pleura|skin"
    r"|port|pericard|uter|dura|vein|arter|retro|hernia|abscess|cyst))"
    r"|\b(?:ports?|trocars?|instruments|laparoscope|robot)\b[^.;]{0,50}(?:withdrawn|removed|out|undocked)[.\s]{1,6}"
    r"[^.;]{0,40}\b(?:subcostal|kocher|chevron|laparotomy|thoracotomy|rooftop|midline)\b"
    r"(?![^.;]{0,60}(?:extract|specimen|hand|cm))"
)
_NOT = compiled(
    r"\b(?:no|not|without|possible|possibly|potential|may|might|need|needed|risks?|consent\w*|avoid\w*|if|"
    r"discuss\w*|understood|including)\b[^.;]{0,50}\Z"
)
_PORTS = compiled(r"\b(?:laparoscop|robot|thoracoscop|vats\b|trocar|pneumoperitoneum|insufflat|hasson|veress)")


def apply(chart: Chart, procedures: list[Procedure]) -> list[Procedure]:
    """The procedures and the inspection through ports of each report that tells of a conversion."""
    found = _without_the_attempt(chart, procedures)
    for own in dict.fromkeys(p.act.statement.report for p in procedures):
        if not _told(report(chart, own)):
            continue
        mine = (p for p in procedures if p.act.statement.report == own and p.code[4:5] == OPEN_APPROACH)
        looked = next(((p, code) for p in mine if (code := _inspection(p.code))), None)
        if looked is not None and all(p.code != looked[1] for p in procedures):
            found.append(_looked(*looked))
    return found


def _without_the_attempt(chart: Chart, procedures: list[Procedure]) -> list[Procedure]:
    """The procedures without those that were begun through ports and are told again as done open."""
    opened = {p.code[:4] for p in procedures if p.code[4:5] == OPEN_APPROACH and p.code[0] == "0"}
    kept: list[Procedure] = []
    for p in procedures:
        tried = p.code[4:5] == "4" and p.code[:4] in opened
        if not (tried and _told(report(chart, p.act.statement.report))):
            kept.append(p)
    return kept


def _told(text: str) -> bool:
    """Whether a report tells that ports were given up for an open operation."""
    return bool(_PORTS.search(text)) and any(not _NOT.search(text[: m.start()]) for m in _CONVERTED.finditer(text))


def _looked(done: Procedure, code: str) -> Procedure:
    choices = (Choice(5, code[4], "Percutaneous Endoscopic", "account"),)
    return replace(done, code=code, built=Built(code, choices), steps=(), place=done.place + 1000).stepped(RULE)


def _inspection(code: str) -> str:
    return next((row for pattern, row in _table() if pattern.match(code)), "")


@cache
def _table() -> tuple[tuple[Pattern, str], ...]:
    return tuple((compiled(row["code"]), row["inspection"]) for row in rows("procedures/guidelines/converted"))
