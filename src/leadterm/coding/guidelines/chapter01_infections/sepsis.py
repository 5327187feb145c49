"""I.C.1.d: sepsis, severe sepsis, septic shock; SIRS of noninfectious origin (I.C.18.g)."""

from __future__ import annotations

import re
from dataclasses import replace

from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact

SEPSIS = tuple("A02.1 A22.7 A26.7 A32.7 A39.4 A40 A41 A42.7 A54.86 B37.7 O85 O86.04 O75.3 P36".split())
SEVERE = "ICD10CM:I.C.1.d/severe-sepsis"
DYSFUNCTION = "ICD10CM:I.C.1.d.1.b/dysfunction"
PROCEDURE = "ICD10CM:I.C.1.d.5/procedure"
ONE = "ICD10CM:I.C.1.d.6/one-code"
FIRST = "ICD10CM:I.C.1.d.4/first"
SIRS = "ICD10CM:I.C.18.g/dysfunction"
# Acute dysfunctions of organs that sepsis causes (notes at R65.2).
ORGANS = tuple("G92.8 G92.9 N17 J96.0 J96.2 J80 D65 G93.41 K72.0 K76.82 G72.81 G62.81 I21.A1 D69.59 E87.2".split())
_WITH = compiled(
    r"\b(?:sepsis|septic|septicemia)\b[^.;\n]{0,60}"
    r"\b(?:with|w/|and|causing|complicated by|c/b|leading to|resulting in)\b"
    r"[^.;\n]{0,30}(?:organ (?:dysfunction|failure|damage)|multi-?organ|mods)"
    r"|\bsepsis[- ](?:related|induced|associated)[^.;\n]{0,30}\b(?:organ|dysfunction|failure|injury|aki|encephalopathy)"
    r"|\borgan (?:dysfunction|failure) (?:due to|from|secondary to|of) (?:the )?sepsis"
)
_DENIED = compiled(r"\b(?:no|not|without|w/o|denies|never)\b[^.;,\n]{0,40}$")
_JOINED = compiled(
    r"\b(?:sepsis|septicemia|urosepsis)\b(?P<between>[^.;,\n]{0,60}?)\b"
    r"(?:with|w/|causing|complicated by|c/b|leading to|resulting in)\s*"
    r"(?P<what>[^.;\n]{0,90})"
)
_LATER = compiled(
    r"\bnot (?:present|poa)\b|\bhospital day\b|\bhd ?#?[2-9]|\bpost-?op(?:erative)? day|\b(?:on )?day (?:[2-9]|1\d)\b"
    r"|\bhospital[- ]acquired\b|\bdeveloped (?:later|during|on|in (?:the )?hospital)|\blater in the stay\b"
    r"|\bafter admission\b|\bpoa[ :-]*(?:no|n)\b"
)


def systemic(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Severe sepsis and septic shock with the systemic infection ahead of them; A41.9 where the chart names none."""
    severe = next((c for c in candidates if c.code.startswith("R65.2")), None)
    if severe is None or any(c.code.startswith(SEPSIS) for c in candidates):
        return candidates
    infection = replace(severe, alternatives=()).stepped(
        f"A41.9 before {severe.code}. {reason(SEVERE)}", SEVERE, code="A41.9"
    )
    at = candidates.index(severe)
    return [*candidates[:at], infection, *candidates[at:]]


def severe(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with severe sepsis where the chart ties an acute organ dysfunction to the sepsis."""
    sepsis = next((c for c in candidates if c.code.startswith(SEPSIS)), None)
    if sepsis is None or any(c.code.startswith(("R65.2", "T81.12")) for c in candidates) or sepsis.code[0] == "P":
        return candidates
    organs = [c for c in candidates if c.code.startswith(ORGANS) and _of_sepsis(chart, sepsis, c)]
    if not organs and not any(_with_dysfunction(chart.sentence(f)) for f in sepsis.facts):
        return candidates
    facts = organs[0].facts if organs else sepsis.facts
    text = f"{organs[0].code if organs else 'organ dysfunction'} due to the sepsis. {reason(DYSFUNCTION)}"
    return [*candidates, stated("R65.20", facts, text, DYSFUNCTION, beside=sepsis)]


def _with_dysfunction(sentence: str) -> bool:
    return any(not _DENIED.search(sentence[: m.start()]) for m in _WITH.finditer(sentence))


def _of_sepsis(chart: Chart, sepsis: Candidate, organ: Candidate) -> bool:
    """Whether the chart ties a dysfunction to the sepsis; another cause that it names parts them (I.C.1.d.1.a.iv)."""
    for fact in organ.facts:
        cause = fact.attributes.get("cause", "")
        if re.search(r"\bsep(?:sis|tic)", cause):
            return True
        if cause:
            return False
    said = chart.linked(sepsis, organ)
    if said is not None:
        return said
    words = {f.mention.text.lower() for f in organ.facts}
    return any(
        any(" ".join(word.split()) in m["what"] for word in words)
        for f in sepsis.facts
        for m in _JOINED.finditer(chart.sentence(f))
    )


def inflammation(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """SIRS of noninfectious origin with the organ dysfunction that the chart ties to it (R65.11)."""
    at = next((n for n, c in enumerate(candidates) if c.code == "R65.10"), None)
    if at is None:
        return candidates
    organs = [c for c in candidates if c.code.startswith(ORGANS)]
    tied = [
        c
        for c in organs
        for f in c.facts
        if re.search(r"\bsirs\b|inflammatory response", f.attributes.get("cause", ""))
    ]
    if not tied:
        return candidates
    new = candidates[at].stepped(f"{tied[0].code} due to it. {reason(SIRS)}", SIRS, code="R65.11")
    return [*candidates[:at], new, *candidates[at + 1 :]]


def one_code(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """At most one code of R65, and none of shock or low pressure that septic shock says."""
    codes = {c.code for c in candidates}
    gone: set[str] = set()
    if any(code.startswith(SEPSIS) for code in codes) or any(code.startswith("R65.2") for code in codes):
        gone |= {"R65.10", "R65.11", "R78.81"}
    if "R65.21" in codes or any(code.startswith("T81.12") for code in codes):
        gone |= {"R65.20", "R57.9", "R57.8", "I95.9", "I95.89", "R57.1"}
    return [c for c in candidates if c.code not in gone]


def order(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Sepsis that was there on admission before the local infection, its severity right behind it (I.C.1.d.3, d.4)."""
    sepsis = [c for c in candidates if c.code.startswith(SEPSIS)]
    if not sepsis:
        return candidates
    told = [f for f in chart.facts if f.targets and f.targets[0].startswith((*SEPSIS, "R65.2"))]
    later = any(_is_later(chart, f) for f in (*told, *(f for c in sepsis for f in c.facts)))
    source = min((c.rank for c in candidates if _is_source(c)), default=None)
    rank = min(c.rank for c in sepsis)
    if not later and source is not None and source < rank and source[0] <= 2:
        rank = (*source[:1], -1)
    return [_ranked(c, rank) for c in candidates]


def _is_later(chart: Chart, fact: Fact) -> bool:
    """Whether the chart lets it begin during the stay; by when something of it was over tells nothing."""
    text = chart.encounter.document(fact.mention.document).text
    end = fact.mention.span.end
    before = text[max(fact.segment.start if fact.segment else 0, fact.mention.span.start - 80) : end].lower()
    stop = min(fact.segment.end if fact.segment else end, end + 90)
    behind = " ".join(text[end:stop].lower().split("\n\n")[0].split(";")[0].split())
    near = behind[:30]
    return bool(_LATER.search(before) or _ABSENT.search(behind) or (_LATER.search(near) and not _OVER.search(near)))


_ABSENT = compiled(r"\bnot (?:present|poa)\b|\bhospital[- ]acquired\b|\bpoa[ :-]*(?:no|n)\b")
_OVER = compiled(r"\b(?:by|clear\w*|resolv\w*|improv\w*|wean\w*|off|until|through|recover\w*|negative|neg)\b")


def _ranked(c: Candidate, sepsis: tuple[int, ...]) -> Candidate:
    if c.code.startswith(SEPSIS):
        return replace(c, rank=(*sepsis, 0))
    if c.code.startswith(("R65.2", "T81.12")):
        return replace(c, rank=(*sepsis, 9))
    return c


_LOCAL = tuple(
    "J0 J1 J20 J21 J22 J69 J85 J86 J95.851 J44.0 N10 N12 N13.6 N30 N39.0 N41 L0 K35 K57 K65 K80 K81 K83 M00 M86 I33 G00"
    " N13.6 N20 N15.1 K61 K75.0 L89 L97 E11.62 E10.62 E11.69 M46 R57 R41 R50"
    " M72.6 A48.0 I96 N45 N49 N61 N70 N71 N73 U07.1 A04 A09 A49 B9 J96 N17 G93.41 E86 R65".split()
)


def _is_source(c: Candidate) -> bool:
    return c.code.startswith(_LOCAL)
