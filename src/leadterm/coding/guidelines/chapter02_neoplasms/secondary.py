"""What secondary sites are called by their primary (I.C.2): carcinoid has codes of its own, lymphoma has none.

A lymphoma that has gone beyond the nodes is the extranodal form of its own code; a neuroendocrine tumor has its
secondary sites in C7B; of a cancer that is only said to be metastatic the secondary site is unspecified.
"""

from __future__ import annotations

from leadterm.coding._tables import longest, rows
from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion

from .detail import blood_kind
from .places import ROOM

LYMPHOMA, OF_CARCINOID, UNSITED = (
    "ICD10CM:I.C.2.s/extranodal",
    "ICD10CM:I.C.2/secondary-carcinoid",
    "ICD10CM:I.C.2/metastatic",
)
SECONDARY = ("C77", "C78", "C79", "C7B")
_LYMPHOMA = ("C81", "C82", "C83", "C84", "C85", "C86", "C88")
_PRIMARY = tuple(f"C{n:02d}" for n in range(77))
_EXTRANODAL = compiled(
    r"\b(?:extranodal|extra-nodal|stage (?:iv|4)\b[^.]{0,40}\b(?:lung|liver|marrow|bone|adrenal|kidney|cns))"
)
_METASTATIC = compiled(r"\bmetasta\w+\b")


def of_lymphoma(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with the spread of a lymphoma in the lymphoma's own code, where there is no other cancer."""
    lymphomas = [c for c in candidates if c.code.startswith(_LYMPHOMA)]
    if not lymphomas or any(c.code.startswith((*_PRIMARY, "C7A")) for c in candidates):
        return candidates
    spread = [c for c in candidates if c.code.startswith(("C77", "C78", "C79"))]
    said = any(_EXTRANODAL.search(chart.sentence(f)) for c in lymphomas for f in c.facts)
    beyond = said or any(c.code.startswith(("C78", "C79")) for c in spread)
    kept = [c for c in candidates if c not in spread]
    return [_beyond_nodes(chart, c) if beyond and c in lymphomas else c for c in kept]


def _beyond_nodes(chart: Chart, c: Candidate) -> Candidate:
    """A lymphoma without a site at its extranodal form."""
    kind = blood_kind(c.code)
    for code in (f"{kind}9", f"{kind}98"):
        if c.code[len(kind) :] in "012345678" and chart.book.is_billable(code):
            return c.stepped(f"beyond the nodes: {code}. {reason(LYMPHOMA)}", LYMPHOMA, code=code)
    return c


def of_carcinoid(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with the secondary sites of a neuroendocrine or Merkel cell tumor at its own codes."""
    kinds = [c.code[:3] for c in candidates if c.code.startswith(("C7A", "C4A"))]
    if not kinds or any(c.code.startswith(_PRIMARY) and not c.code.startswith("C4A") for c in candidates):
        return candidates
    table = {row["secondary"]: row["C7B" if kinds[0] == "C7A" else "C4A"] for row in rows(f"{ROOM}/carcinoid")}
    return [
        c.stepped(f"of the {kinds[0]}: {code}. {reason(OF_CARCINOID)}", OF_CARCINOID, code=code)
        if c.code.startswith(("C77", "C78", "C79")) and (code := longest(table, c.code))
        else c
        for c in candidates
    ]


def without_site(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the unspecified secondary site of a primary that is only said to be metastatic."""
    if any(c.code.startswith((*SECONDARY, "C80")) for c in candidates):
        return candidates
    for c in candidates:
        if not c.code.startswith(_PRIMARY):
            continue
        for f in c.facts:
            words = chart.sentence(f)
            at = words.find(f.mention.text.lower())
            if f.assertion is Assertion.PRESENT and _METASTATIC.search(
                words[max(0, at - 20) : at + len(f.mention.text)]
            ):
                step = f"metastatic, no site named: C79.9. {reason(UNSITED)}"
                return [*candidates, stated("C79.9", (f,), step, UNSITED, c)]
    return candidates
