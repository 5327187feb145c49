"""Screening services by Medicare's codes, and blood drawn by venipuncture."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.names import Names, phrase
from leadterm.coding.patterns import compiled
from leadterm.coding.querying._asking import query
from leadterm.coding.rules import reason
from leadterm.coding.sentences import Place, places
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.payers import is_medicare, is_other
from leadterm.coding.services.service import Offer, Service
from leadterm.coding.statements import Told, day_of, documents, told
from leadterm.domain import ClaimType, Document, Query, Setting

SCREENED, COLON, DRAWN = "MCPM:18/screening", "MCPM:18.60/colonoscopy", "MCPM:16.60.1/venipuncture"
_COLON = (
    r"(?:average[- ]risk |high[- ]risk |surveillance )?screening colonoscopy"
    r"|colonoscopy,? (?:for )?(?:colorectal |colon )?(?:cancer )?screening"
)
_DONE = compiled(
    r"\b(?:cecum|cecal|appendiceal orifice|scope was (?:advanced|withdrawn)|withdrawal time|terminal ileum)\b"
)
_MORE = compiled(
    r"\b(?:polypectomy|biops\w+|snared?|polyps? (?:was |were )?removed|fulgurat\w+|ablat\w+|clip(?:s|ped)? placed"
    r"|not reached|incomplete|aborted)\b"
)
_NO_MORE = compiled(r"\bno (?:polyps?|biops\w+|polypectomy)[^.\n]{0,60}")
_HIGH = compiled(
    r"\b(?:personal (?:history|hx) of (?:\w+ ){0,3}(?:polyps?|adenomas?|colon cancer|colorectal cancer|crc)"
    r"|(?:history|hx) of (?:adenomatous|colon|colonic|tubular)"
    r" (?:polyps?|adenomas?|cancer)|family (?:history|hx) of (?:colon|colorectal|crc)|(?:father|mother|brother"
    r"|sister|parent|sibling)[^.\n]{0,20}(?:colon|colorectal) cancer"
    r"|lynch|familial adenomatous|crohn'?s|ulcerative colitis|inflammatory bowel|high[- ]risk)"
)
_AVERAGE = compiled(
    r"\b(?:average[- ]risk|no (?:personal or )?family (?:history|hx) of (?:colon|colorectal)|no (?:personal|family))"
)
_VEIN = phrase(
    r"venipuncture(?: (?:was )?(?:performed|done|x ?1|successful))?|(?:blood|labs?|specimens?)(?: was"
    r"| were)? (?:drawn|obtained|collected)"
    r"(?: today)? (?:by|via|from)(?: the)?(?: right| left| r| l)? ?(?:venipuncture|antecubital(?: fossa)?|ac"
    r"|hand vein|forearm vein|arm)"
)
_LINE = compiled(
    r"\b(?:port|picc|central line|a-?line|arterial line|(?:midline|iv|existing) (?:catheter|line)|from (?:the )?iv"
    r"|capillary|heel|finger)\b"
)


_ORDERED = compiled(r"[^.;\n]{0,30}\bordered\b")


@cache
def _names() -> Names:
    table = rows("supplies/screening")
    return Names([*(r["said"] for r in table), _COLON], [*(r["key"] for r in table), "colonoscopy"])


def read(chart: Chart) -> Offer:
    """What the chart tells of screening services done, and of blood drawn."""
    standing = _names().standing(chart)
    drawn = (
        list(_drawn(chart)) if "veni" in chart.text or "drawn" in chart.text or "obtained from" in chart.text else []
    )
    if not standing:
        return Offer(tuple(drawn))
    services: dict[str, Service] = {}
    queries: list[Query] = []
    for document in documents(chart):
        for n, place in _names().found(standing, document):
            if told(chart, place) is not Told.DONE or _ORDERED.match(place.after):
                continue
            found = _colonoscopy(chart, place) if n == len(rows("supplies/screening")) else _screened(chart, n, place)
            if isinstance(found, Query):
                queries.append(found)
            elif found is not None:
                services.setdefault(found.code.value, found)
    return Offer((*services.values(), *drawn), (), tuple(queries[:1]))


def _screened(chart: Chart, n: int, place: Place) -> Service | None:
    row, text = rows("supplies/screening")[n], place.document.text.lower()
    code = row["medicare"] if is_medicare(chart) else row["others"] if is_other(chart) else ""
    letter = "P" if chart.encounter.claim_type is ClaimType.PROFESSIONAL else "I"
    if not code or letter not in row["claim"] or not known(chart, code):
        return None
    if (row["needs"] and not all(phrase_in(need, text) for need in row["needs"].split(" && "))) or (
        row["unless"] and phrase_in(row["unless"], text)
    ):
        return None
    kind = "test" if "test" in row["name"] or "mammo" in row["name"] else "procedure"
    service = coded(chart, code, kind, row["name"], [place.evidence], day_of(chart, place.document))
    return service.stepped(reason(SCREENED), SCREENED)


def phrase_in(pattern: str, text: str) -> bool:
    """Whether words of a table stand in a text in small letters."""
    return compiled(pattern).search(text) is not None


def _colonoscopy(chart: Chart, place: Place) -> Service | Query | None:
    """A screening colonoscopy that stayed one, for Medicare: by the patient's risk."""
    text = place.document.text.lower()
    more = _MORE.search(_NO_MORE.sub("", text))
    if not is_medicare(chart) or more or not _DONE.search(text):
        return None
    high = _HIGH.search(_negated(text))
    if high or _AVERAGE.search(text):
        code = "G0105" if high else "G0121"
        if not known(chart, code):
            return None
        name = f"screening colonoscopy, {'high' if high else 'average'} risk"
        service = coded(chart, code, "procedure", name, [place.evidence], day_of(chart, place.document))
        return service.stepped(reason(COLON), COLON)
    question = "Does the patient have a personal or family history that makes the risk of colorectal cancer high?"
    return query(
        "service", question, ("G0105", "G0121"), ("high risk, because of: ____", "average risk"), [place.evidence]
    )


_DENIAL = compiled(r"\b(?:no|denies|without)\b[^.;\n]{0,80}")


def _negated(text: str) -> str:
    """The text without its denials."""
    return _DENIAL.sub(" ", text)


def _drawn(chart: Chart) -> Iterator[Service]:
    """Blood drawn by venipuncture, once a day."""
    if chart.encounter.setting is Setting.INPATIENT or not known(chart, "36415"):
        return
    for document in documents(chart):
        if place := next((p for p in _veins(chart, document)), None):
            service = coded(
                chart, "36415", "test", "blood drawn by venipuncture", [place.evidence], day_of(chart, document)
            )
            yield service.stepped(reason(DRAWN), DRAWN)
            return


def _veins(chart: Chart, document: Document) -> Iterator[Place]:
    """Where a document tells of blood drawn from a vein, not from a line."""
    return (p for p in places(_VEIN, document) if told(chart, p) is Told.DONE and not _LINE.search(p.said))
