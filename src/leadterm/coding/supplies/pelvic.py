"""Medicare's pelvic and breast examination for screening: at least seven of its eleven elements (42 CFR 410.56)."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.coding.sentences import place
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.payers import is_medicare
from leadterm.coding.services.service import Service
from leadterm.coding.statements import day_of, documents
from leadterm.domain import Document, Evidence

ELEMENTS_RULE = "MCPM:18.40/pelvic-elements"
CODE, LEAST = "G0101", 7
_ELEMENTS = tuple(
    compiled(rf"(?i)\b(?:{words})\b")
    for words in (
        r"breasts?",
        r"rectal(?: exam)?|dre|rectovaginal",
        r"external genitalia|ext(?:ernal)? gen\w*|efg|vulva|labia",
        r"(?:urethral )?meatus",
        r"urethra(?! meat)",
        r"bladder",
        r"vagina\w*",
        r"cervix",
        r"uterus|uterine",
        r"adnexa\w*|ovar(?:y|ies)",
        r"anus|perine\w+|perianal",
    )
)
_EXAM = compiled(r"(?im)^\W*(?:physical |pelvic |gyn )?(?:exam\w*|pe)\b")
_LABELLED = compiled(r"(?im)^\W*(?:breasts?|ext(?:ernal)? gen\w*|vulva|pelvic|cervix)[ \t]*[:-]")
_END = compiled(r"(?im)^\W*(?:a ?/ ?p|assessment|plan|impression|imp)\b")
_SCREEN = compiled(
    r"(?i)\b(?:screening (?:gyn\w*|pelvic|exam|pap)|well[- ]?woman|pap (?:and|&|\+) pelvic|pelvic(?:/| and | & )breast"
    r"|breast(?:/| and | & )pelvic|routine gyn\w*|gyn\w* screening|annual gyn\w*|cancer screening)\b"
)
_NOT = compiled(r"(?i)\b(?:not (?:done|performed|examined|assessed)|deferred|declin\w+|refus\w+|omitted|absent|s/p)\b")


def read(chart: Chart) -> Iterator[Service]:
    """The line of the examination, where a screening note of a Medicare patient tells enough of its elements."""
    if ("cervix" not in chart.text and "adnexa" not in chart.text) or not is_medicare(chart) or not known(chart, CODE):
        return
    for document in documents(chart):
        found = _found(document)
        if len(found) >= LEAST and _SCREEN.search(document.text):
            name = "pelvic and breast examination for cancer screening"
            service = coded(chart, CODE, "procedure", name, found[:3], day_of(chart, document))
            yield service.stepped(f"{len(found)} elements. {reason(ELEMENTS_RULE)}", ELEMENTS_RULE)
            return


def _found(document: Document) -> list[Evidence]:
    """The elements that the examination tells, each with its words; those left out are none."""
    text = document.text
    begin = _EXAM.search(text) or _LABELLED.search(text)
    if begin is None:
        return []
    end = _END.search(text, begin.end())
    found = []
    for element in _ELEMENTS:
        if (m := element.search(text, begin.start(), end.start() if end else len(text))) is None:
            continue
        where = place(document, m.start(), m.end())
        if not _NOT.search(where.after.split(".")[0]):
            found.append(where.evidence)
    return found
