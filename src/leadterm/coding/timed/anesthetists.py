"""Who gave an anesthetic and who directed it: the modifier of each one's line (AA, AD, QK, QX, QY, QZ)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from leadterm.coding.chart import Chart
from leadterm.coding.numerals import number_of, words_to
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.querying._asking import query
from leadterm.domain import Document, Evidence, ProviderRole, Query, Span

PERSONAL, DIRECTED, ALONE = "MCPM:12.50.B/personal", "MCPM:12.50.C/direction", "MCPM:12.50.J/crna-alone"
SUPERVISED, TEACHING = "MCPM:12.50.D/supervision", "MCPM:12.100.1.2/teaching"
MOST_DIRECTED = 4
_N = rf"(?P<n>[1-8]|{words_to(8)})"
_NOBODY = r"(?!\s*[:=|-]*\s*(?:none|n/?a|no\b|-+\s*$))"
_PHYSICIAN = compiled(
    rf"\banesthesiologists?\b(?! assistant){_NOBODY}|\battending anesthesi\w+{_NOBODY}|\bMDA\b{_NOBODY}", re.IGNORECASE
)
_AIDE = compiled(
    rf"\b(?:s?rna|crna|(?:certified registered )?nurse anesthetist|anesthesiologist assistant|caa)\b{_NOBODY}",
    re.IGNORECASE,
)
_NO_DIRECTION = compiled(
    r"\b(?:without (?:medical|physician|anesthesiologist) (?:direction|supervision|involvement)"
    r"|non-?medically[ -]directed"
    r"|not medically directed|no (?:medical direction|anesthesiologist)|(?:practic\w+|provid\w+|care) independently"
    r"|independent practice"
    r"|opt-?out state|independent CRNA|CRNA[ -](?:only|alone)|solo CRNA|CRNA (?:alone|solo|independently|without)"
    r"|(?:un|not )supervised CRNA|no MDA?(?: on site)?|no (?:physician )?(?:supervision|anesthesiologist on site))\b",
    re.IGNORECASE,
)
_DIRECTION = compiled(
    r"\bmedical(?:ly)?[ -]+direct(?:ed|ing|ion)\b|\b(?:under|with) (?:the )?(?:medical )?direction\b",
    re.IGNORECASE,
)
_SUPERVISION = compiled(r"\bmedical(?:ly)?[ -]+supervis(?:ed|ing|ion)\b", re.IGNORECASE)
_PERSONALLY = compiled(r"\bpersonally (?:performed|administered|provided|gave|present|did|delivered)\b", re.IGNORECASE)
_CONCURRENT = (
    compiled(rf"\b{_N}\s+(?:other\s+)?(?:concurrent|simultaneous)\b", re.IGNORECASE),
    compiled(
        r"\bconcurren\w+(?:\s+(?:cases?|procedures?|rooms?|count|ratio))*(?:\s*\(?\w*\)?)?\s*(?:[:=|]|of|was|were"
        r"|-)*\s*"
        rf"(?:1:)?{_N}\b(?!\d)",
        re.IGNORECASE,
    ),
    compiled(rf"\b(?:direct\w*|supervis\w*|ratio)\s*(?:of\s*)?[:=]?\s*1:{_N}\b", re.IGNORECASE),
    compiled(
        rf"\b(?:direct(?:ed|ing|ion of)|supervis(?:ed|ing|ion of))\s+{_N}\s+(?:rooms?|cases?|procedures?|CRNAs?"
        rf"|locations?)\b",
        re.IGNORECASE,
    ),
)
_RESIDENT = compiled(r"\b(?:anesthesia resident|resident\s*[:=]|resident physician|CA-?[123]\b|PGY-?\d)", re.IGNORECASE)
_PRESENT = compiled(
    r"\bteaching (?:physician|anesthesiologist)\b|\bpresent (?:during|for|throughout) (?:all )?(?:the )?(?:key"
    r"|critical)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One anesthetist's line: the modifier that tells the part, its rule, further modifiers with theirs, the words."""

    modifier: str
    rule: str
    more: tuple[tuple[str, str], ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Staff:
    """The lines of those who bill, or what must be asked before there are any."""

    lines: tuple[Line, ...] = ()
    question: Query | None = None


def staffed(chart: Chart, document: Document) -> Staff | None:
    """Who takes part in this anesthetic; None where the one who bills is no anesthetist."""
    biller = _biller(chart)
    if biller == "another":
        return None
    physician, aide = _first(_PHYSICIAN, document), _first(_AIDE, document)
    if physician is None and biller == "physician" and aide is None:
        return Staff((_personal(document, ()),))
    if aide is None and (physician is not None or biller == "physician"):
        return Staff((_personal(document, (physician,) if physician else ()),))
    if aide is not None and (physician is None or _first(_NO_DIRECTION, document)):
        words = _first(_NO_DIRECTION, document)
        return Staff((Line("QZ", ALONE, (), tuple(e for e in (aide, words) if e)),))
    if physician is None or aide is None:
        return Staff(question=_asked(document, ()))
    return _team(document, physician, aide, biller)


def _team(document: Document, physician: Evidence, aide: Evidence, biller: str) -> Staff:
    """An anesthesiologist and an anesthetist together: direction by the number of concurrent cases, or a question."""
    direction, supervision = _first(_DIRECTION, document), _first(_SUPERVISION, document)
    number = _number(document)
    if direction is None and supervision is None and number is None:
        if _first(_PERSONALLY, document):
            return Staff((_personal(document, (physician,)),))
        return Staff(question=_asked(document, (physician, aide)))
    if number is None:
        return Staff(question=_number_asked(tuple(e for e in (direction or supervision, physician, aide) if e)))
    n, words = number
    modifier, rule = ("AD", SUPERVISED) if n > MOST_DIRECTED else ("QY" if n == 1 else "QK", DIRECTED)
    lines = (Line(modifier, rule, (), (physician, words)), Line("QX", DIRECTED, (), (aide, words)))
    if biller == "unknown":
        return Staff(lines)
    return Staff(lines[:1] if biller == "physician" else lines[1:])


def _personal(document: Document, evidence: tuple[Evidence, ...]) -> Line:
    teaching = _first(_RESIDENT, document) and _first(_PRESENT, document)
    return Line("AA", PERSONAL, (("GC", TEACHING),) if teaching else (), evidence)


def _biller(chart: Chart) -> str:
    """`physician`, `aide` or `another` by the taxonomy of who renders the service; `unknown` where there is none."""
    rendering = chart.encounter.provider(ProviderRole.RENDERING)
    taxonomy = (rendering.taxonomy or "") if rendering else ""
    if not taxonomy:
        return "unknown"
    if taxonomy.startswith(("367500", "367H")):
        return "aide"
    return "physician" if taxonomy.startswith(("207L", "208VP")) else "another"


def _number(document: Document) -> tuple[int, Evidence] | None:
    """How many cases were directed at once, this one among them."""
    for pattern in _CONCURRENT:
        if m := pattern.search(document.text):
            others = "other" in m[0].lower()
            return number_of(m["n"]) + others, Evidence.quote(document, Span(m.start(), m.end()))
    return None


_NONE = compiled(r"\b(?:no|without|not|w/o|nor)\b[^.;,\n]{0,12}\Z", re.IGNORECASE)


def _first(pattern: Pattern, document: Document) -> Evidence | None:
    """The first words that a pattern finds and no denial stands before."""
    for m in pattern.finditer(document.text):
        if not _NONE.search(document.text[max(0, m.start() - 24) : m.start()]):
            return Evidence.quote(document, Span(m.start(), m.end()))
    return None


def _number_asked(evidence: tuple[Evidence, ...]) -> Query:
    question = "How many concurrent anesthesia procedures did the anesthesiologist direct during this one?"
    return query("service", question, (), ("one", "two, three or four", "more than four"), evidence)


def _asked(document: Document, evidence: tuple[Evidence, ...]) -> Query:
    question = "Who gave this anesthetic, and was it medically directed?"
    options = (
        "an anesthesiologist personally",
        "an anesthetist with medical direction; concurrent procedures: ____",
        "an anesthetist without medical direction",
    )
    head = Evidence.quote(document, Span(0, min(80, len(document.text))))
    return query("service", question, (), options, evidence or (head,))
