"""Present or past (I.C.2.d, I.C.2.m): a cancer that was removed, is treated no more and has not come back is history.

It is present while anything is directed at it, adjuvant treatment too, or while it is still there. Follow-up of a past
cancer without recurrence is its own reason for a contact (I.C.21.c.8).
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from leadterm.coding._tables import longest, prefixed, rows
from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.navigating import navigate
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact, FactKind

from .cues import cue
from .places import ROOM

RULE, AFTER, ABSENCE = "ICD10CM:I.C.2.m/past", "ICD10CM:I.C.21.c.8/follow-up", "ICD10CM:I.C.21.c.3/absence"
_REASONS = tuple("chief-complaint indication hpi unknown other assessment impression assessment-plan plan".split())
_NOT_PRIMARY = ("C77", "C78", "C79", "C7B", "C80", "C81", "C82", "C83", "C84", "C85", "C86", "C88", "C9")
SKIN = ("C44", "C4A")
_LISTED = ("past-medical-history", "past-surgical-history", "problem-list")
_SAYS_HISTORY = compiled(r"hist|h/o|hx|h\.o\.")
# A report says in its first words what the contact is for.
OPENING = 120
_ONCOLOGIC = compiled(
    r"\b(?:onc\w*|cancer|tumou?r|malignan\w+|\w{4,}oma|surveillance|survivor\w*|neoplas\w+|colonoscopy)\b"
)
_DRUGS = (
    "alkylating agent",
    "antimetabolite",
    "antitumor antibiotic",
    "mitotic inhibitor",
    "topoisomerase inhibitor",
    "chemotherapy",
    "targeted cancer therapy",
    "immune checkpoint inhibitor",
    "serm",
    "aromatase inhibitor",
    "estrogen suppressing agent",
    "antiandrogen",
)


def past_cancers(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with primaries that are over at their history codes."""
    candidates = [_still_there(chart, c, candidates) for c in candidates]
    over = {c.code: code for c in candidates if (code := _history_of(c.code)) and _is_past(chart, c, candidates, code)}
    return [
        c.stepped(f"removed, not treated any more, not back: {over[c.code]}. {reason(RULE)}", RULE, code=over[c.code])
        if c.code in over
        else c
        for c in candidates
    ]


def _still_there(chart: Chart, c: Candidate, candidates: list[Candidate]) -> Candidate:
    """A cancer that the chart puts in the past but treats still ("resected last month, adjuvant chemotherapy")."""
    fact = c.facts[0]
    node = fact.targets[0] if fact.targets else ""
    if fact.assertion is not Assertion.HISTORICAL or not node.startswith("C") or c.code != _history_of(node):
        return c
    if any(_SAYS_HISTORY.search(cue_.text.lower()) for cue_ in fact.cues) or not cue("current").search(
        chart.sentence(fact)
    ):
        return c
    arrival = navigate(chart, fact, node)
    return c.stepped(f"still treated: {arrival.code}. {reason(RULE)}", RULE, code=arrival.code) if arrival else c


def _history_of(code: str) -> str | None:
    if not code.startswith("C") or code.startswith(_NOT_PRIMARY):
        return None
    return longest(prefixed("history", "personal"), code) or None


def _is_past(chart: Chart, c: Candidate, candidates: list[Candidate], history: str) -> bool:
    """Whether the words about a cancer say that it is over, and nothing says that it is treated or there."""
    own, told = _own(chart, c), _about(chart, c, candidates)
    if _treated(chart) or cue("current").search(own) or cue("under treatment").search(told):
        return False
    if cue("recurred").search(told):
        return False
    if any(o.code == history for o in candidates):
        return True
    # A skin cancer that was cut out years ago is over though nobody says that it stayed away.
    if c.code.startswith(SKIN) and all(f.section in _LISTED for f in c.facts) and cue("done").search(own):
        return True
    return bool(cue("done").search(told) and cue("free").search(told))


def _about(chart: Chart, c: Candidate, candidates: list[Candidate]) -> str:
    """The sentences about the cancer, and where the chart has no other, those about recurrence and treatment."""
    mine = [_own(chart, c)]
    others = {o.code[:3] for o in candidates if _history_of(o.code)} - {c.code[:3]}
    if not others:
        mine += [" ".join(d.text.lower().split()) for d in chart.encounter.documents]
    return " ".join(mine)


def _own(chart: Chart, c: Candidate) -> str:
    """The sentences and list items about the cancer."""
    mine = [f for f in chart.facts if _same_organ(f, c) and f.assertion is not Assertion.FAMILY]
    return " ".join(dict.fromkeys(chart.sentence(f) for f in (*c.facts, *mine)))


def _same_organ(fact: Fact, c: Candidate) -> bool:
    return bool(fact.targets) and fact.targets[0][:3] == c.code[:3]


def _treated(chart: Chart) -> bool:
    """Whether a drug against cancer is in use, by what its own sentence says."""
    return any(
        f.attributes.get("class") in _DRUGS and not cue("over").search(chart.sentence(f))
        for f in chart.facts
        if f.kind is FactKind.DRUG and f.assertion in (Assertion.PRESENT, Assertion.PLANNED)
    )


def followed_up(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the follow-up after completed treatment, where the contact is for it and nothing has come back."""
    past = next((c for c in candidates if c.code.startswith(("Z85", "Z86.00"))), None)
    if past is None or chart.stay or any(c.code.startswith(("C", "D0", "Z08", "Z12")) for c in candidates):
        return candidates
    if not _followed(chart, past):
        return candidates
    step = f"surveillance of {past.code}, nothing found: Z08. {reason(AFTER)}"
    return [*candidates, replace(stated("Z08", past.facts, step, AFTER), rank=(-1,))]


def _followed(chart: Chart, past: Candidate) -> bool:
    """Whether the chart is the report of a follow-up, and finds no recurrence."""
    whole = " ".join(" ".join(d.text.lower().split()) for d in chart.encounter.documents)
    opening = whole[:OPENING]
    near = [
        opening if _ONCOLOGIC.search(opening) else "",
        *(chart.sentence(f) for f in past.facts if f.section in _REASONS),
    ]
    return bool(cue("free").search(whole) and any(cue("following").search(s) for s in near))


@cache
def _operations() -> tuple[tuple[Pattern, str, tuple[str, ...]], ...]:
    return tuple(
        (compiled(rf"\b(?:\w*)(?:{row['operation']})\b"), row["node"], tuple(row["of"].split()))
        for row in rows(f"{ROOM}/absence")
    )


def absent_organs(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the absence of the organ whose past cancer the chart tells of, where an operation took it."""
    past = [c for c in candidates if c.code.startswith(("Z85", "Z86.00", "I97.2"))]
    besides = [
        (next((c for c in past if c.code.startswith(of)), None), pattern, node) for pattern, node, of in _operations()
    ]
    added: dict[str, Candidate] = {}
    for fact in chart.facts if past else ():
        for beside, pattern, node in besides:
            if beside is None or not _took(chart, fact, pattern):
                continue
            code = _absence(chart, fact, node, beside)
            if code and not any(c.code[:4] == code[:4] for c in (*candidates, *added.values())):
                step = f"\u201c{fact.mention.text}\u201d: {code}. {reason(ABSENCE)}"
                added[code] = stated(code, (fact,), step, ABSENCE, beside)
            break
    return [*candidates, *added.values()]


def _of(past: list[Candidate], prefixes: tuple[str, ...]) -> Candidate | None:
    return next((c for c in past if c.code.startswith(prefixes)), None)


def _took(chart: Chart, fact: Fact, pattern: Pattern) -> bool:
    """Whether the fact is an operation that took the organ, done before."""
    said = fact.mention.text.lower()
    if fact.kind not in (FactKind.PROCEDURE, FactKind.STATUS) or not pattern.search(said):
        return False
    wrong = fact.assertion in (Assertion.ABSENT, Assertion.FAMILY, Assertion.PLANNED, Assertion.HYPOTHETICAL)
    return not wrong and not re.search(r"\b(?:partial|segmental|prophylactic)\b", said)


def _absence(chart: Chart, fact: Fact, node: str, beside: Candidate) -> str | None:
    """The billable code of the absence, with the side that the operation or the cancer has."""
    for f in (fact, *(f for f in beside.facts if "laterality" in f.attributes)):
        arrival = navigate(chart, f, node)
        if arrival is not None and (f is not fact or "laterality" in fact.attributes or not _sided(chart, node)):
            return arrival.code
    arrival = navigate(chart, fact, node)
    return arrival.code if arrival else None


def _sided(chart: Chart, node: str) -> bool:
    found = chart.book.node(node)
    return found is not None and not found.billable
