"""Lesions of the skin cut out: by nature, site and the diameter with its margins; and the layers closed beneath."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.coding.sentences import Place, place
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.service import Service
from leadterm.coding.statements import day_of, documents
from leadterm.domain import Document

from . import near

EXCISED, LAYERS = "NCCI:3/excised", "NCCI:3/closed"
SMALL = Decimal("0.5")  # centimetres up to which a closing in layers is part of the excision of a benign lesion
_CUT = compiled(
    r"(?i)\b(?:excised|excision (?:was )?(?:performed|done|completed|carried out|of (?:the|a|this) (?:\w+ ){0,4}"
    r"(?:lesion|cyst|nevus|mole|carcinoma))|(?:elliptical|fusiform)(?:ly)? (?:excis\w+|incision)|cut out"
    r"|came out (?:intact|whole|in one piece)|removed (?:intact|in toto|en bloc|completely|with (?:its |the )?capsule)"
    r"|delivered (?:intact|whole)|taken out (?:intact|whole|with))\b"
)
_SHARP = compiled(r"(?i)\b(?:ellip\w+|fusiform|excis\w+)\b")
_LESION = r"(?:cysts?|lesions?|nev(?:us|i)|moles?|papules?|nodules?|plaques?|tumou?rs?|carcinoma|bcc|scc|melanoma)"
_N = r"(\d{1,2}(?:\.\d{1,2})?)"
_SIZE = compiled(
    rf"(?i)\b{_LESION}\b[^.\n]{{0,60}}?(?<![\d.]){_N}(?: ?(?:cm|mm))?(?: ?x ?{_N})? ?(cm|mm)\b(?! margin)"
    rf"|(?<![\d.]){_N}(?: ?(?:cm|mm))?(?: ?x ?{_N})? ?(cm|mm)\b (?:\w+[- ]){{0,4}}?{_LESION}\b"
)
_MARGIN = compiled(
    rf"(?i)(?<![\d.]){_N} ?(cm|mm) (?:\w+ ){{0,2}}?margins?\b|\bmargins?[^.\n]{{0,25}}?(?<![\d.]){_N} ?(cm|mm)\b"
)
_WHOLE = compiled(rf"(?i)\bexcised (?:diameter|size)[^.\n\d]{{0,25}}{_N} ?(cm|mm)\b")
_MALIGNANT = compiled(
    r"(?i)(?<!r/o )(?<!rule out )(?<!hx )(?<!history of )(?<!no )(?<!not )(?<!hx of )\b(?:basal cell ca\w*"
    r"|squamous cell ca\w*|bcc|scc|melanoma|carcinoma|malignan\w+)\b(?! elsewhere|[^.\n]{0,20}\b(?:ruled out|20\d\d))"
)
_BENIGN = compiled(
    r"(?i)\b(?:(?:epidermal|epidermoid|sebaceous|pilar|inclusion|trichilemmal|keratin)[\w ]{0,20}cysts?|cysts?|benign"
    r"|dermatofibroma|neurofibroma|seborrheic keratosis|intradermal nevus|compound nevus|blue nevus)\b"
)
_DEEP = compiled(r"(?i)\b(?:lipoma|ganglion|subfascial|intramuscular|breast|pilonidal|bartholin|baker|thyroglossal)\b")
_LAYERED = compiled(
    r"(?i)\b(?:clos\w+ in (?:two |2 |three )?layers|layered (?:closure|repair)|intermediate (?:closure|repair)"
    r"|deep dermal|buried|subcutaneous (?:sutures?|layer))\b"
)
_LONG = compiled(
    rf"(?i)\b(?:wound|defect|closure|repair|incision|suture line|length)\b[^.\n\d]{{0,30}}{_N} ?(cm|mm)\b"
    rf"|(?<![\d.]){_N} ?(cm|mm) (?:\w+ )?(?:wound|closure|repair|incision|defect)\b"
)
_NOT_LAYERED = compiled(r"(?i)\b(?:no (?:deep|layer\w*|buried)|single[- ]layer|one layer)\b")
_SITES = (
    ("face", compiled(r"(?i)\b(?:face|facial|cheek|chin|forehead|eyebrow|brow|eyelid|nose|nasal|lip|ear"
                      r"|temple|jaw\w*)\b")),
    ("scalp", compiled(r"(?i)\b(?:scalp|neck|nape|hands?|fingers?|thumb|foot|feet|toes?|genital\w*"
                       r"|scrot\w+|vulva\w*)\b")),
    ("trunk", compiled(r"(?i)\b(?:trunk|chest|back|abdom\w+|flank|arm|forearm|elbow|shoulder|leg|shin|calf|thigh|knee"
                       r"|axilla|buttock|breast skin|wrist|ankle|hip|groin)\b")),
)  # fmt: skip


def read(chart: Chart) -> Iterator[Service]:
    """A line for the lesion that a note tells as cut out, and one for layers closed beneath it."""
    if "excis" not in chart.text and "ellip" not in chart.text:
        return
    for document in documents(chart):
        where = next((w for w in _cuts(document) if near.happened(chart, w)), None)
        if where is not None and _SHARP.search(document.text) and not _DEEP.search(near.zone(where)):
            yield from _lines(chart, document, where)


def _cuts(document: Document) -> Iterator[Place]:
    return (place(document, m.start(), m.end()) for m in _CUT.finditer(document.text))


def _lines(chart: Chart, document: Document, where: Place) -> Iterator[Service]:
    size, group, nature = _size(where), _group(where), _nature(document.text)
    if size is None or group is None or nature is None:
        return
    code = _code(nature, group, size)
    day = day_of(chart, document)
    if not known(chart, code):
        return
    service = coded(chart, code, "procedure", f"{nature} lesion cut out, {size} cm", [where.evidence], day)
    yield service.stepped(reason(EXCISED), EXCISED)
    if nature == "benign" and size <= SMALL:
        return
    if (closed := _closed(chart, document, where, group)) is not None:
        yield closed


def _nature(text: str) -> str | None:
    """What the lesion is by the words of the note; None where they leave it open."""
    if _MALIGNANT.search(text):
        return "malignant"
    return "benign" if _BENIGN.search(text) else None


def _size(where: Place) -> Decimal | None:
    """The greatest diameter of the lesion with the narrowest margin twice, in centimetres."""
    own, whole = near.written(where), where.document.text
    if said := _WHOLE.search(own) or _WHOLE.search(whole):
        return _cm(said[1], said[2])
    lesion = _SIZE.search(own) or _SIZE.search(whole)
    if lesion is None:
        return None
    unit = lesion[3] or lesion[6]
    diameter = max(_cm(n, unit) for n in (lesion[1], lesion[2], lesion[4], lesion[5]) if n)
    margins = [_cm(m[1] or m[3], m[2] or m[4]) for m in _MARGIN.finditer(whole)]
    return diameter + 2 * min(margins, default=Decimal(0))


def _cm(number: str, unit: str) -> Decimal:
    return Decimal(number) / (10 if unit.lower() == "mm" else 1)


def _group(where: Place) -> str | None:
    """The group of the first site that the sentence of the excision names, else of the first lesion's sentence."""
    lesion = re.search(rf"(?i)\b{_LESION}\b", where.document.text)
    about = place(where.document, lesion.start(), lesion.end()).said if lesion else ""
    return next((g for said in (where.said, about) if (g := _site(said)) is not None), None)


def _site(said: str) -> str | None:
    hits = [(m.start(), name) for name, pattern in _SITES if (m := pattern.search(said))]
    return min(hits)[1] if hits else None


def _code(nature: str, group: str, size: Decimal) -> str:
    fitting = [r for r in rows("offices/excisions") if r["nature"] == nature and r["group"] == group]
    return next(r["code"] for r in fitting if not r["upto"] or size <= Decimal(r["upto"]))


# The group of sites of a closing in layers, for that of an excision: the scalp goes with the trunk.
_REPAIRS = {"face": "face", "trunk": "trunk"}


def _closed(chart: Chart, document: Document, where: Place, group: str) -> Service | None:
    """The line of a closing in layers whose length is told."""
    text = document.text
    layered = next((p for m in _LAYERED.finditer(text) if near.happened(chart, p := place(document, *m.span()))), None)
    long = _LONG.search(text, where.sentence.start) or _LONG.search(text)
    if layered is None or long is None or _NOT_LAYERED.search(text):
        return None
    of = _REPAIRS.get(group) or ("trunk" if re.search(r"(?i)\bscalp\b", text) else "hands")
    length = _cm(long[1] or long[3], long[2] or long[4])
    table = [r for r in rows("offices/wounds") if r["closing"] == "layered" and r["group"] == of]
    code = next(r["code"] for r in table if not r["upto"] or length <= Decimal(r["upto"]))
    if not known(chart, code):
        return None
    told = [place(document, *long.span()).evidence, layered.evidence]
    service = coded(chart, code, "procedure", f"closed in layers, {length} cm", told, day_of(chart, document))
    return service.stepped(reason(LAYERS), LAYERS)
