"""Whether whoever may counsel on vaccines (no nurse, no assistant) is said to have counseled."""

from __future__ import annotations

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled

_VACCINES = compiled(
    r"\bvaccin\w*|\bimmuni[sz]\w*|\bshots?\b|\bvis(?:s|'s|es)?\b|\bcomponents?\b|\bantigens?\b"
    r"|\b(?:mmrv?|dtap|tdap|hpv|gardasil|flu|menb|pneumo\w*|hep ?[ab]|ipv|rota\w*|varicella|prevnar)\b"
)
_COUNSELED = compiled(r"\bcounsel\w*")
_TALKED = compiled(
    r"\b(?:discuss\w*|talk(?:ed)?|went over|gone over|going over|reviewed|explain\w*|address\w*|spoke|answered"
    r"|educat\w*|conversation|advis\w*)\b"
)
_ABOUT = compiled(
    r"\b(?:risks?|benefits?|side effects?|reactions?|adverse|questions?|protect\w*|prevent\w*|diseases?|safety"
    r"|concerns?|what (?:it|each|they)|components?|why|hesita\w+|contraindications?|alternatives?)\b"
)
_NOBODY = compiled(
    r"\b(?:no|not|nobody|without|none|never|declin\w+|refus\w+|defer\w*|un)\b[^.\n]{0,40}\bcounsel\w*"
    r"|\bcounsel\w*(?: \w+){0,2} (?:not|declined|deferred|none|no\b)|\bnot counsel\w*|\bcounsel\w*: ?(?:no|none|n/a)\b"
)
_NURSE = compiled(
    r"\b(?:ma|rn|lpn|cma|nurse|assistant|pharmacist)\b[^.\n]{0,30}\b(?:counsel\w*|discuss\w*|review\w*|went over"
    r"|explain\w*|answer\w*|educat\w*|gave|handed)\b"
    r"|\b(?:by|per) (?:the )?(?:ma|rn|lpn|cma|nurse|assistant|pharmacist)\b"
)
_NOT_TODAY = compiled(r"\b(?:next|last|then|at (?:the )?\d+[- ](?:mo|month|yr|year)|will (?:discuss|talk|counsel))\b")
_SPLIT = compiled(r"(?<=[.!?])\s+|\n[ \t]*(?=[-*•\[A-Z0-9])|\n[ \t]*\n")


def counseled(chart: Chart) -> bool:
    """Whether the chart says so, of vaccines and of what they do."""
    text = chart.text
    if _NOBODY.search(text) or not (_COUNSELED.search(text) or _TALKED.search(text)):
        return False
    sentences = _SPLIT.split(text)
    return any(_is_counsel(said, " ".join(sentences[n : n + 2])) for n, said in enumerate(sentences))


def _is_counsel(said: str, both: str) -> bool:
    """Whether a sentence counsels; what it was about may stand in the next."""
    if not _VACCINES.search(said) or _NURSE.search(said):
        return False
    if _COUNSELED.search(said):
        return True
    return bool(_TALKED.search(said) and _ABOUT.search(both)) and not _NOT_TODAY.search(said)
