"""Chiropractic manipulation by regions of the spine, and a month of end-stage renal disease by age and visits."""

from __future__ import annotations

import re

from leadterm.coding.chart import Chart
from leadterm.coding.numerals import number_of, words_to
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.coding.sentences import place, places, whole_line
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.payers import is_medicare
from leadterm.coding.services.service import Offer, Service
from leadterm.coding.statements import Told, day_of, documents, told
from leadterm.domain import ClaimType, Document, Evidence, Span

OSTEOPATHIC = "CPT:98925/regions"
REGIONS, MONTH, ACTIVE = "CPT:98940/regions", "MCPM:8.140/monthly", "MBPM:15.240/active-treatment"
_GATE = compiled(r"chiropract|\bcmt\b|spinal manipulation|\bdc\b")
_ADJUSTED = compiled(
    r"\b(?:adjust(?:ed|ments?)|manipulat(?:ed|ion)|cmt|hvla|diversified|activator|gonstead"
    r"|98940|98941|98942)\b",
    re.IGNORECASE,
)
_SPINE = (
    r"\b(?:cervical|c[0-7]|occiput|atlanto\w*|axis)\b",
    r"\b(?:thoracic|t1?\d|costo\w*)\b",
    r"\b(?:lumbar|l[1-5])\b",
    r"\b(?:sacral|sacrum|s[1-5])\b",
    r"\b(?:pelvi[cs]|ilium|sacro-?iliac|si(?: joint)?|psis|innominate)\b",
)
_CODES = {1: "98940", 2: "98940", 3: "98941", 4: "98941", 5: "98942"}


def read(chart: Chart) -> Offer:
    """The manipulation of a chiropractor's note."""
    if chart.encounter.claim_type is not ClaimType.PROFESSIONAL:
        return Offer()
    services = [*_monthly(chart)] if "esrd" in chart.text or "monthly" in chart.text else []
    if _GATE.search(chart.text) and ("chiropract" in chart.text or "cmt" in chart.text):
        services += [s for d in documents(chart) if (s := _manipulated(chart, d)) is not None]
    if "omt" in chart.text or "osteopathic manip" in chart.text:
        services += [s for d in documents(chart) if (s := _by_an_osteopath(chart, d)) is not None]
    return Offer(tuple(services))


def _manipulated(chart: Chart, document: Document) -> Service | None:
    """The line for the regions that the lines of the treatment name."""
    text = document.text
    done = [p for p in places(_ADJUSTED, document) if told(chart, p) is Told.DONE]
    regions: set[int] = set()
    words: list[Evidence] = []
    for p in done:
        line = whole_line(text, p.span.start)
        said = Span(line.start, max(line.end, p.sentence.end)).of(text).lower()
        found = {n for n, pattern in enumerate(_SPINE) if compiled(pattern).search(said)}
        if found:
            regions |= found
            words.append(p.evidence)
    code = _CODES.get(len(regions), "")
    if not code or not known(chart, code):
        return None
    name = "manipulation of the spine"
    service = coded(chart, code, "procedure", name, words, day_of(chart, document))
    service = service.stepped(f"{len(regions)} regions. {reason(REGIONS)}", REGIONS)
    return service.modified("AT", reason(ACTIVE), ACTIVE) if is_medicare(chart) and _is_active(text) else service


# --- by an osteopath ---

_OMT = compiled(r"\b(?:omt|omm|osteopathic manipulat(?:ion|ive)(?: (?:treatment|therapy|medicine))?)\b", re.IGNORECASE)
_BODY = (
    r"\b(?:head|cranial|oa\b|occiput)",
    r"\b(?:cervical|c[1-7])\b",
    r"\b(?:thoracic|t1?\d)\b",
    r"\b(?:lumbar|l[1-5])\b",
    r"\b(?:sacral|sacrum)\b",
    r"\b(?:pelvi[cs]|innominate|ilium|pubic)\b",
    r"\b(?:ribs?|rib cage|costal)\b",
    r"\b(?:upper extremit\w+|shoulder|arm|wrist|elbow)\b",
    r"\b(?:lower extremit\w+|hip|knee|ankle|foot|leg)\b",
    r"\b(?:abdom\w+|viscera\w*)\b",
)
_COUNTED = compiled(
    rf"\b(?P<n>\d{{1,2}}|{words_to(10)})(?: ?(?:-|to) ?(?P<m>\d{{1,2}}))? (?:body |somatic )?(?:regions?|areas?)\b",
    re.IGNORECASE,
)
_TOLD_FOLLOWED = 160  # characters behind the name in which its regions stand
_OF_REGIONS = ((9, "98929"), (7, "98928"), (5, "98927"), (3, "98926"), (1, "98925"))


def _by_an_osteopath(chart: Chart, document: Document) -> Service | None:
    """The line for the regions that an osteopath treated: how many the note says, else those that it names."""
    best: tuple[int, Evidence] | None = None
    for p in places(_OMT, document):
        if told(chart, p) is not Told.DONE:
            continue
        said = document.text[p.sentence.start : p.span.end + _TOLD_FOLLOWED].partition("\n\n")[0]
        counted = _COUNTED.search(said)
        named = sum(1 for pattern in _BODY if compiled(pattern).search(said.lower()))
        number = number_of(counted["m"] or counted["n"]) if counted else named
        if number and (best is None or number > best[0]):
            best = number, p.evidence
    if best is None or not _TREATED.search(document.text):
        return None
    code = next(code for least, code in _OF_REGIONS if best[0] >= least)
    if not known(chart, code):
        return None
    service = coded(chart, code, "procedure", "osteopathic manipulation", [best[1]], day_of(chart, document))
    return service.stepped(f"{best[0]} regions. {reason(OSTEOPATHIC)}", OSTEOPATHIC)


_TREATED = compiled(
    r"\b(?:performed|applied|treated|tolerated|consent\w*|muscle energy|hvla|myofascial|counterstrain|balanced|improved"
    r"|\bme\b)",
    re.IGNORECASE,
)


def _is_active(text: str) -> bool:
    """Whether a note calls its treatment active or corrective, and not maintenance."""
    return _ACTIVE.search(text) is not None and _MAINTAINED.search(text) is None


_ACTIVE = compiled(
    r"\b(?:active|corrective|acute)[ -](?:care|treatment|tx|plan|phase|spinal|therapy)"
    r"|\bnot (?:a )?maintenance\b|\bAT\b(?= mod)",
    re.IGNORECASE,
)
_MAINTAINED = compiled(
    r"(?<!not )(?<!not a )(?<!no )(?<!non-)(?<!rather than )\bmaintenance "
    r"(?:care|therapy|treatment|visit|phase|adjust\w+)",
    re.IGNORECASE,
)


# --- a month of dialysis ---

_MONTHLY = compiled(
    r"\b(?:monthly (?:capitation|esrd|dialysis|hemodialysis|visits?|nephrology|comprehensive)|mcp|esrd monthly"
    r"|month of dialysis)\b",
    re.IGNORECASE,
)
_VISITS = compiled(
    rf"\b(?P<n>\d|{words_to(5)}) (?:\w+[ -]){{0,3}}?(?:face[- ]to[- ]face )?(?:visits?|encounters?)\b"
    r"|\bvisits?[ :=]*(?P<m>\d)\b"
    r"|\bseen (?P<o>\d|once|twice|three|four|five)(?: times| x)?\b",
    re.IGNORECASE,
)
# The least age in years, and the codes for four visits and more, two or three, one; of dialysis at home.
_AGES = (
    (20, ("90960", "90961", "90962"), "90966"),
    (12, ("90957", "90958", "90959"), "90965"),
    (2, ("90954", "90955", "90956"), "90964"),
    (0, ("90951", "90952", "90953"), "90963"),
)
_HOME = compiled(
    r"\b(?:home (?:hemo)?dialysis(?! class)|home hd|capd|ccpd|peritoneal dialysis|home pd)\b", re.IGNORECASE
)
_CENTER = compiled(r"\bin[- ]?cent(?:er|re)\b", re.IGNORECASE)


def _monthly(chart: Chart) -> list[Service]:
    """The line of a month of end-stage renal disease."""
    for document in documents(chart):
        text = document.text
        titled = [p for p in places(_MONTHLY, document) if told(chart, p) is Told.DONE]
        if not titled or not re.search(r"esrd|end[- ]stage|dialysis", text, re.IGNORECASE) or chart.age is None:
            continue
        visits, home = _visits(chart, document), _at_home(chart, document)
        codes, at_home = next((codes, at_home) for least, codes, at_home in _AGES if chart.age >= least)
        code = at_home if home else "" if visits is None else codes[0 if visits[0] >= 4 else 1 if visits[0] >= 2 else 2]
        if code and known(chart, code):
            words = [titled[0].evidence, *([visits[1]] if visits else [])]
            service = coded(chart, code, "procedure", "a month of dialysis", words, day_of(chart, document))
            return [service.stepped(reason(MONTH), MONTH)]
    return []


def _at_home(chart: Chart, document: Document) -> bool:
    """Whether the record tells of dialysis at home and not in a center."""
    told_ = any(told(chart, p) is Told.DONE for p in places(_HOME, document))
    return told_ and not _CENTER.search(document.text)


def _visits(chart: Chart, document: Document) -> tuple[int, Evidence] | None:
    for m in _VISITS.finditer(document.text):
        number = number_of(m["n"] or m["m"] or m["o"])
        if number and told(chart, place(document, m.start(), m.end())) is Told.DONE:
            return number, Evidence.quote(document, Span(m.start(), m.end()))
    return None
