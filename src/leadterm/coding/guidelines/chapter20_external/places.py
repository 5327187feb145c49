"""The place of occurrence (Y92), once, at the initial encounter (I.C.20.b); the status (Y99, I.C.20.k)."""

from __future__ import annotations

from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.patterns import compiled

from .story import Hit, account, cause, hits, spelled, standing

PLACE = "ICD10CM:I.C.20.b/place"
STATUS = "ICD10CM:I.C.20.k/status"
UNKNOWN_HOME = "Y92.00"
# "At home" is said of much that is no accident: only near the account of one.
HOMES = ("Y92.0", "Y92.1")
_LIVING = compiled(r"Y92\.(?:0|1)\d?")
_WORKING = (
    r"\b(?:(?<!stress )(?<!busy )(?<!problems )(?<!issues )(?<!back )at work"
    r"|working at the time|on the job|work[- ]related|workers'? ?comp(?:ensation)?|wc (?:form|claim"
    r"|injury)|while working|during (?:her|his|their) shift"
    r"|on (?:his|her) shift|occupational injury|on duty)\b"
)
_OFF = (
    r"\b(?:off[- ]duty|day off|not at work|recreational(?:ly)?|hobby|leisure|playing (?:\w+ )?(?:basketball|soccer"
    r"|football|baseball|softball"
    r"|tennis|volleyball|hockey|lacrosse|rugby|golf|pickleball)|non-?work[- ]related)\b"
)


# Where something stands beside a place it did not happen there.
_BESIDE = compiled(
    r"\b(?:in front of|outside(?: of)?|near|next to|behind|across from|opposite|by"
    r"|(?:home|back|coming|driving|walking) from"
    r"|(?:way|going|drive|driving|walking|heading) (?:back )?(?:home )?(?:to|from))\s+(?:\S+\s+){0,2}$"
)


# What the patient does as a rule, or did once, tells no place of an accident.
_FORMERLY = compiled(r"\bused to\b|\byears ago\b|\bas a (?:child|kid|teenager)\b|\broutine\b|\bmembership\b")


def _before(hit: Hit) -> str:
    """The words right before a place."""
    return " ".join(hit.document.text[max(0, hit.start - 40) : hit.start].lower().split()) + " "


@cache
def _table(name: str) -> tuple[dict[str, str], ...]:
    return rows(f"guidelines/chapter20_external/{name}")


def place(chart: Chart, told: Candidate) -> Candidate | None:
    """The place; None where the account names none. `told`: the cause, near which the place is looked for first."""
    span = told.facts[0].mention.span
    found: list[tuple[int, int, Hit, str]] = []
    for order, row in enumerate(standing(chart, "places")):
        for hit in hits(chart, row["pattern"]):
            if _BESIDE.search(_before(hit)) or _FORMERLY.search(hit.sentence):
                continue
            far = _far(hit, span.start, span.end, chart)
            if far < 2 or not row["node"].startswith(HOMES):
                found.append((far, order, hit, row["node"]))
    if not found:
        return None
    _, _, hit, node = min(found, key=lambda f: (f[0], f[1]))
    if node == UNKNOWN_HOME:
        # "Her bedroom" is that of the place of living which the account names elsewhere.
        node = next((n for *_, n in sorted(found, key=lambda f: f[:2]) if _LIVING.fullmatch(n) and n != node), node)
    rooms = " ".join(h.sentence for _, _, h, n in found if n in (UNKNOWN_HOME, node))
    return cause(
        chart, hit, _room(chart, node, hit.sentence) or _room(chart, node, rooms) or _any_room(chart, node), PLACE, 1
    )


def _far(hit: Hit, start: int, end: int, chart: Chart) -> int:
    """0 in the sentence of the cause, 1 in one next to it, 2 anywhere else."""
    text = next(text for document, text in account(chart) if document is hit.document)
    at = text.find(hit.sentence)
    if at <= start < at + len(hit.sentence):
        return 0
    return 1 if abs(hit.start - start) < 250 else 2


def _room(chart: Chart, node: str, near: str) -> str | None:
    """The room of a place of living that a text names; the node itself where it is no place of living."""
    if not _LIVING.fullmatch(node):
        return node
    titles = {n.title.lower(): n.code for n in chart.book.tree(node)}
    for row in _table("rooms"):
        if spelled(row["pattern"]).search(near):
            for title, code in titles.items():
                if title.startswith(row["title"]) or f" {row['title']}" in title[:24]:
                    return code
    return None


def _any_room(chart: Chart, node: str) -> str:
    """The code for an unspecified place of living."""
    return next((n.code for n in chart.book.tree(node) if n.title.lower().startswith("unspecified place")), node)


def status(chart: Chart, told: Candidate) -> Candidate | None:
    """What the person was doing it for, where the account says so near the cause (`told`)."""
    span = told.facts[0].mention.span
    for pattern, code in ((_OFF, "Y99.8"), (_WORKING, "Y99.0")):
        for hit in hits(chart, pattern):
            vague = code == "Y99.8" or "at work" in hit.document.text[hit.start : hit.end].lower()
            if vague and _far(hit, span.start, span.end, chart) > int(code == "Y99.0"):
                continue
            return cause(chart, hit, code, STATUS, 3)
    return None
