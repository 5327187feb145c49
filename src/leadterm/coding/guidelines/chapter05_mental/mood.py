"""F30 to F33: mood disorders by episode, severity, psychotic features and remission, as the sentence says them."""

from __future__ import annotations

from dataclasses import dataclass

from leadterm.coding.chart import Chart, Opening
from leadterm.coding.passages import clause
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact, PathwayStep, Step

RULE = "ICD10CM:I.B.2/mood"
MOOD = ("F30", "F31", "F32", "F33")
# Diagnoses of the four categories that are complete as they are.
_FINAL = ("F31.8", "F32.8", "F33.8")
_PSYCHOTIC = compiled(r"\bpsychotic|\bpsychosis|\bhallucinat|\bdelusion|\bw/ ?psych")
_NOT_PSYCHOTIC = compiled(r"\bnon-?psychotic")
_EPISODES = (
    ("mixed", compiled(r"\bmixed\b")),
    ("hypomanic", compiled(r"\bhypomani")),
    ("depressed", compiled(r"\bdepress(?:ed|ive|ion)\b(?! disorder)")),
    ("manic", compiled(r"\bmani(?:c|a)\b(?!-? ?depress)")),
)
_SEVERITY = compiled(r"\b(?:(?P<severe>severe(?:ly)?)|(?P<moderate>mod(?:erate(?:ly)?)?)|(?P<mild>mild(?:ly)?))\b")
_PARTIAL = compiled(r"\bpartial(?:ly)?(?: in)? remi(?:ssion|tted)|\bpartially in remission")
_FULL = compiled(r"\b(?:full|complete|sustained)(?:ly)?(?: sustained)?(?: in)? remi(?:ssion|tted)")
_REMISSION = compiled(r"\bremi(?:ssion|tted)\b|\beuthymic\b")
_RECURRENT = compiled(r"\brecurr|\brepeated episodes")
_MAJOR = compiled(r"\bmajor\b|\bmdd\b|\bsingle[- ]episode\b|\bdepressive episode\b")
_TWO = compiled(r"\b(?:bipolar|type|bd|bpd|bpad)[ -]*(?:disorder[ ,-]*)?(?:type[ -]*)?(?:ii|2)\b")


@dataclass(frozen=True, slots=True)
class _Said:
    """What a sentence says of a mood disorder."""

    words: str
    severity: str
    psychotic: bool
    remission: str

    @property
    def episode(self) -> str:
        return next((name for name, pattern in _EPISODES if pattern.search(self.words)), "")


def open_mood(chart: Chart, fact: Fact) -> Opening | None:
    """Where a mood disorder opens that the sentence says more of than its name does; None for any other fact."""
    if not fact.targets or not fact.targets[0].startswith(MOOD) or fact.targets[0].startswith(_FINAL):
        return None
    said = _said(clause(chart, fact, MOOD))
    code = _code(chart, fact, said)
    if code is None or not chart.book.is_billable(code):
        return None
    step = PathwayStep(Step.GUIDELINE, f"\u201c{fact.mention.text}\u201d: {code}. {reason(RULE)}", RULE)
    return Opening(code, (step,), settled=True)


def _said(words: str) -> _Said:
    psychotic = bool(_PSYCHOTIC.search(_NOT_PSYCHOTIC.sub(" ", words)))
    remission = "partial" if _PARTIAL.search(words) else "full" if _FULL.search(words) else ""
    if not remission and _REMISSION.search(words):
        remission = "unspecified"
    severity = _SEVERITY.search(words)
    return _Said(words, (severity.lastgroup or "") if severity else "", psychotic, remission)


def _code(chart: Chart, fact: Fact, said: _Said) -> str | None:
    if "bipolar" in said.words or fact.targets[0].startswith("F31"):
        return "F31.81" if _TWO.search(said.words) else _bipolar(said)
    if fact.targets[0].startswith("F30"):
        return _manic(said)
    recurrent = fact.targets[0].startswith("F33") or bool(_RECURRENT.search(said.words))
    if not recurrent and fact.targets[0] == "F32.A" and not _MAJOR.search(said.words):
        return "F32.3" if said.psychotic else None
    return _recurrent(said) if recurrent else _single(said)


def _single(said: _Said) -> str:
    """F32: in remission, by severity; one with psychotic features is severe whether said or not (Index: Depression)."""
    if said.remission:
        return "F32.4" if said.remission == "partial" else "F32.5"
    if said.psychotic:
        return "F32.3"
    return {"mild": "F32.0", "moderate": "F32.1", "severe": "F32.2"}.get(said.severity, "F32.9")


def _recurrent(said: _Said) -> str:
    """F33, the same."""
    if said.remission:
        return {"partial": "F33.41", "full": "F33.42"}.get(said.remission, "F33.40")
    if said.psychotic:
        return "F33.3"
    return {"mild": "F33.0", "moderate": "F33.1", "severe": "F33.2"}.get(said.severity, "F33.9")


def _manic(said: _Said) -> str | None:
    """F30: a manic episode without bipolar disorder."""
    if said.episode == "hypomanic":
        return "F30.8"
    if said.remission:
        return {"partial": "F30.3"}.get(said.remission, "F30.4")
    if said.psychotic:
        return "F30.2"
    return {"mild": "F30.11", "moderate": "F30.12", "severe": "F30.13"}.get(said.severity)


_REMITTED = {"hypomanic": 1, "manic": 3, "depressed": 5, "mixed": 7}


def _bipolar(said: _Said) -> str | None:
    """F31 by the current or most recent episode; None where the sentence says nothing of it."""
    if said.remission:
        if said.episode not in _REMITTED or said.remission == "unspecified":
            return "F31.70"
        return f"F31.7{_REMITTED[said.episode] + (said.remission == 'full')}"
    number = {"mild": 1, "moderate": 2, "severe": 3}.get(said.severity, 0)
    match said.episode:
        case "hypomanic":
            return "F31.0"
        case "manic":
            return "F31.2" if said.psychotic else f"F31.1{number}"
        case "mixed":
            return "F31.64" if said.psychotic else f"F31.6{number}"
        case "depressed":
            if said.psychotic:
                return "F31.5"
            return "F31.4" if number == 3 else f"F31.3{number}"
        case _:
            return None
