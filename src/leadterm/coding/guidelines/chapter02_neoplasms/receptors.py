"""Receptor and hormone status beside the cancer that asks for it (notes at Z17, Z19, C50, C56, C61)."""

from __future__ import annotations

from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason

RULE = "ICD10CM:I.A.17/receptor-status"
_PLUS = r"(?:\+|positive|pos\b|amplified|\+ve|strongly positive|3\+|\(\+\)|\d{1,3} ?%)"
_MINUS = r"(?:negative|neg\b|\u2212|-(?!\w)|-ve|not amplified|non-amplified|[01]\+|\(-\)|0 ?%)"
_HORMONE = r"(?:hr|hormone[ -]receptors?)"
_HER2 = r"her[ -]?2(?:/neu| neu)?"
_LINK = r"[ \-:,=/]*(?:receptors?|status|is|are|ihc|fish|by ihc|by fish|was|were)?[ \-:,=]*"
# The combined status is coded where the chart gives it combined (note at Z17.4); each receptor has its code else.
_COMBINED = (
    (
        "Z17.421",
        compiled(rf"\b(?:triple[ -]negative|tnbc|{_HORMONE}{_LINK}{_MINUS}[\s,/;&and]*{_HER2}{_LINK}{_MINUS})"),
    ),
    ("Z17.410", compiled(rf"\b(?:triple[ -]positive|{_HORMONE}{_LINK}{_PLUS}[\s,/;&and]*{_HER2}{_LINK}{_PLUS})")),
    ("Z17.411", compiled(rf"\b{_HORMONE}{_LINK}{_PLUS}[\s,/;&and]*{_HER2}{_LINK}{_MINUS}")),
    ("Z17.420", compiled(rf"\b{_HORMONE}{_LINK}{_MINUS}[\s,/;&and]*{_HER2}{_LINK}{_PLUS}")),
)
_ER, _PR = r"(?:er|estrogen[ -]receptors?)", r"(?:pr|pgr|progesterone[ -]receptors?)"
_BOTH = rf"(?:er ?[/,&] ?pr|er and pr|estrogen and progesterone receptors?|{_ER}/{_PR})"
_SINGLE = (
    ("Z17.1", compiled(rf"\b(?:{_ER}|{_BOTH}){_LINK}{_MINUS}")),
    ("Z17.0", compiled(rf"\b(?:{_ER}|{_BOTH}){_LINK}{_PLUS}")),
    ("Z17.22", compiled(rf"\b(?:{_PR}|{_BOTH}){_LINK}{_MINUS}")),
    ("Z17.21", compiled(rf"\b(?:{_PR}|{_BOTH}){_LINK}{_PLUS}")),
    ("Z17.32", compiled(rf"\b{_HER2}{_LINK}{_MINUS}")),
    ("Z17.31", compiled(rf"\b{_HER2}{_LINK}{_PLUS}")),
)
_RESISTANT = compiled(r"\b(?:castrat\w+|hormone|androgen)[ -](?:resistant|refractory|independent)|\bm?crpc\b")
_SENSITIVE = compiled(r"\b(?:castrat\w+|hormone|androgen)[ -](?:sensitive|naive|dependent)|\bm?c?hspc\b")
_BREAST, _PROSTATE = ("C50", "C56", "C79.81"), ("C61",)


def receptor_status(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the receptor status of a breast cancer and the hormone sensitivity of a prostate cancer, as documented."""
    text = " ".join(" ".join(d.text.lower() for d in chart.encounter.documents).split())
    breast = next((c for c in candidates if c.code.startswith(_BREAST)), None)
    prostate = next((c for c in candidates if c.code.startswith(_PROSTATE)), None)
    added: list[Candidate] = []
    if breast is None:
        candidates = [
            c for c in candidates if not c.code.startswith("Z17") or any(o.code.startswith("D05") for o in candidates)
        ]
    if breast is not None:
        candidates = [c for c in candidates if not c.code.startswith("Z17")]
        added += [_status(breast, code, words) for code, words in _receptors(text)]
    if prostate is not None and not any(c.code.startswith("Z19") for c in candidates):
        for code, pattern in (("Z19.2", _RESISTANT), ("Z19.1", _SENSITIVE)):
            if not added and (m := pattern.search(text)):
                added.append(_status(prostate, code, m.group()))
    return [*candidates, *added]


def _status(beside: Candidate, code: str, words: str) -> Candidate:
    return stated(code, beside.facts[:1], f"\u201c{words}\u201d: {code}. {reason(RULE)}", RULE, beside)


def _receptors(text: str) -> list[tuple[str, str]]:
    """The codes that the words give, each with its words; what is said of one receptor is read once."""
    for code, pattern in _COMBINED:
        if m := pattern.search(text):
            return [(code, m.group())]
    found: dict[str, tuple[str, str]] = {}
    for code, pattern in _SINGLE:
        if code[:5] not in _taken(found) and (m := pattern.search(text)):
            found[code] = (code, m.group())
    return list(found.values())


def _taken(found: dict[str, tuple[str, str]]) -> set[str]:
    """Stems of the receptors that are read: Z17.0 and Z17.1 are one."""
    pairs = {"Z17.1": "Z17.0", "Z17.22": "Z17.2", "Z17.32": "Z17.3"}
    return {pairs.get(code, code)[:5] for code in found}
