"""Which operation an anesthetic was for, and the anesthesia code of its region."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.names import phrase
from leadterm.coding.patterns import compiled
from leadterm.coding.services.known import known
from leadterm.coding.statements import documents
from leadterm.domain import Document, Evidence, Span

_CODE = compiled(
    r"\b(?:an(?:a?esthesia|es)|asa|cpt)(?: cpt)?(?: (?:code|procedure code))?[ \t]*[:#=]*[ \t]*(?P<code>0[01]\d{3})\b",
    re.IGNORECASE,
)
_PROCEDURE = compiled(
    r"^[ \t#*]*(?P<label>(?:(?:actual|final|surgical|performed|operative|planned|proposed"
    r"|scheduled)[ \t]+)?(?:procedures?|operations?|surgery|proc|px|case|op)"
    r"(?:\(s\))?(?:[ \t]+(?:performed|done|name|description))?)[ \t]*[:|][ \t]*(?P<text>[^\n]+(?:\n(?![ \t]*(?:\n"
    r"|[A-Z][\w /&()'-]{1,40}[:|]))[^\n]+)?)",
    re.IGNORECASE | re.MULTILINE,
)
_FOR = compiled(
    r"an(?:a?esthesia|esthetic)(?: care)?(?: was)?(?: provided| given| administered| rendered)? for (?:an? |the )?"
    r"(?P<text>[^.;\n]{6,100})",
    re.IGNORECASE,
)
_INTENDED = compiled(r"planned|proposed|scheduled", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Operation:
    """What the anesthetic was for.

    Attributes:
        codes: The anesthesia code; several where the record leaves it open; none where it is unknown.
        region: In our words.
        text: The words of the operation, in small letters.
        evidence: Where they stand.
    """

    codes: tuple[str, ...]
    region: str
    text: str
    evidence: tuple[Evidence, ...]


@cache
def _regions() -> tuple[tuple[tuple[str, ...], str, str, str], ...]:
    return tuple((tuple(r["code"].split()), r["region"], r["operation"], r["unless"]) for r in rows("timed/regions"))


def operation(chart: Chart, record: Document) -> Operation:
    """The operation that the record names, else another document of the chart."""
    ordered = [record, *(d for d in documents(chart) if d is not record)]
    found = [one for document in ordered if (one := _in(chart, document)) is not None]
    return next((one for one in found if one.codes), found[0] if found else Operation((), "", "", ()))


def _in(chart: Chart, document: Document) -> Operation | None:
    stated = _CODE.search(document.text)
    named = _named(document) or _unlabelled(chart, document)
    if stated and known(chart, stated["code"]):
        words = Evidence.quote(document, Span(stated.start(), stated.end()))
        text = " ".join(named[1].lower().split()) if named else ""
        return Operation((stated["code"],), "as the record codes it", text, (words,))
    if named is None:
        return None
    evidence, text = named
    first, *more = re.split(r"[.;\n]", text)
    text = ". ".join((first, *(part for part in more if not _UNDONE.search(part))))
    return _of(chart, " ".join(text.lower().split()), evidence)


def _named(document: Document) -> tuple[Evidence, str] | None:
    """The words of the operation done: what was performed before what was planned."""
    labelled = sorted(_PROCEDURE.finditer(document.text), key=lambda m: bool(_INTENDED.search(m["label"])))
    for m in (*labelled, *_FOR.finditer(document.text)):
        return Evidence.quote(document, Span(m.start("text"), m.end("text"))), m["text"]
    return None


TOP = 15  # lines of a record in which it says what the anesthetic was for
_UNDONE = compiled(
    r"\b(?:not done|cancel\w*|aborted before|declin\w*|refus\w*|was on (?:the )?schedule|changed (?:his|her"
    r"|their) mind|deferred"
    r"|h/?o|hx|history|s/p|prior|previous|last|ago|mother|father|sister|brother|planned for|next|considered|offered"
    r"|(?:in )?(?:19|20)\d\d(?= under|\b(?!/)))\b",
    re.IGNORECASE,
)
_NO = compiled(r"\bno\b[^.;\n]*", re.IGNORECASE)
_PARTS = compiled(r"[^\n.;]+")


def _unlabelled(chart: Chart, document: Document) -> tuple[Evidence, str] | None:
    """The words among the first lines that name an operation done, where no label leads to it."""
    kept: list[tuple[int, str]] = []
    for m in _PARTS.finditer(document.text, 0, _after_lines(document.text, TOP)):
        words = _NO.sub(" ", m[0])
        if (
            not _UNDONE.search(words)
            and _of(chart, " ".join(words.lower().split()), Evidence.quote(document, Span(*m.span()))).codes
        ):
            kept.append((m.start(), m[0]))
    if not kept:
        return None
    start, words = kept[0]
    said = " ; ".join(_NO.sub(" ", words) for _, words in kept)
    return Evidence.quote(document, Span(start, start + len(words))), said


def _after_lines(text: str, lines: int) -> int:
    at = 0
    for _ in range(lines):
        at = text.find("\n", at) + 1
        if at <= 0:
            return len(text)
    return at


def _of(chart: Chart, text: str, evidence: Evidence) -> Operation:
    """The code of the operation; the more special rows stand first, what they took is not looked at again."""
    free, found = text, []
    for codes, region, pattern, unless in _regions():
        m = phrase(pattern).search(free)
        if m and not (unless and re.search(unless, text)) and all(known(chart, c) for c in codes):
            found.append((codes, region))
            free = f"{free[: m.start()]}{'#' * (m.end() - m.start())}{free[m.end() :]}"
    every = tuple(dict.fromkeys(code for codes, _ in found for code in codes))
    return Operation(every, found[0][1] if found else "", text, (evidence,))
