"""Operations that an account tells by what the hand did and never names: "the gallbladder was removed entire".

Each deed of an account is bound to the organ that it was done to (`binding`), from which its objective follows
(`objectives`). They count only in reports whose list names no operation that is known, and only where the account names
none for the same part: a report that speaks the language of operations is believed by its names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from functools import cache

from leadterm.coding.patterns import compiled
from leadterm.coding.procedures.passages import Statement, Telling
from leadterm.coding.procedures.terms import DEED, OPEN, Term

from .binding import Done, done, topic
from .objectives import RULES, Around, objective, template
from .organs import Mention, mentions

Told = tuple[Term, Statement, int, int]  # what was done, and where its words stand
_NOTHING = compiled(r"(?!)")
_ELSEWHERE = compiled(r"\b(?:donor|back ?table|bench)\b")
_AGAIN = compiled(
    r"\b(?:the same|likewise|similarly|identical\w*|in (?:like|similar|the same) (?:fashion|manner|way)|repeated)\b"
    r"[^.;]{0,40}\b(right|left|other|opposite|contralateral)\b"
    r"|\b(right|left|other|opposite|contralateral)\b[^.;]{0,40}\b(?:the same|likewise|similarly|identical\w*"
    r"|in (?:like|similar|the same) (?:fashion|manner|way))\b"
)


def told(every: Sequence[Statement], named: Set[tuple[str, int]]) -> Iterator[Told]:
    """What accounts of reports tell, but for reports whose list names an operation."""
    last: list[Told] = []
    spoken: tuple[Mention, ...] = ()
    for n, s in enumerate(every):
        if s.telling is not Telling.ACCOUNT or s.report in named:
            last, spoken = [], ()
            continue
        if _AGAIN.search(s.text):
            yield from ((term, s, 0, len(s.text)) for term, _, _, _ in last if OPEN in term.codes[0][3])
            continue
        organs = _meant(every, s)
        found = list(_of_statement(every, n, organs, spoken))
        yield from found
        last = found or last
        spoken = topic(s.text, organs) or ()


def _meant(every: Sequence[Statement], s: Statement) -> tuple[Mention, ...]:
    """The organs of a statement that may be meant in its report."""
    return tuple(m for m in mentions(s.text) if m.organ.report is None or m.organ.report.search(_report(every, s)))


def _report(every: Sequence[Statement], s: Statement) -> str:
    return " . ".join(one.text for one in every if one.report == s.report)


def _of_statement(
    every: Sequence[Statement], n: int, organs: Sequence[Mention], spoken: Sequence[Mention]
) -> Iterator[Told]:
    s = every[n]
    if not (organs or spoken) or _ELSEWHERE.search(s.text):
        return
    seen: set[tuple[str, str]] = set()
    for one in done(s.text, organs, spoken):
        around = _around(every, n)
        for mention in one.to:
            what = objective(one, mention, around)
            code = template(mention, what, s.text) if what else ""
            if code and (code, mention.organ.label) not in seen:
                seen.add((code, mention.organ.label))
                yield _term(code, mention.organ.label), s, *_place(one, mention)


def _place(one: Done, mention: Mention) -> tuple[int, int]:
    if one.pointed:
        return one.start, one.end
    return min(one.start, mention.start), max(one.end, mention.end)


def _around(every: Sequence[Statement], n: int) -> Around:
    s = every[n]
    beside = [every[k].text for k in (n - 1, n + 1) if 0 <= k < len(every) and every[k].report == s.report]
    aims = " . ".join(one.text for one in every if one.report == s.report and one.telling is Telling.AIM)
    return Around(s.text, " . ".join(beside), aims)


@cache
def _term(code: str, label: str) -> Term:
    """A row of the lexicon for what was done."""
    parts = (tuple(label.split()),)
    return replace(_ROW, name=code, codes=(code,), parts=parts, rule=RULES[code[2]])


_ROW = Term(
    "", _NOTHING, (), ((),), "", "Z", "Z", None, None, None, None, DEED, "", 1_000_000
)  # fmt: skip
