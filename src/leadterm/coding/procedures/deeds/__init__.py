"""Operations that an account tells by what the hand did and never names: "the gallbladder was removed entire".

Each deed of an account is bound to the organ that it was done to (`binding`), from which its objective follows
(`objectives`). They count only in reports whose list names no operation that is known, and only where the account names
none for the same part: a report that speaks the language of operations is believed by its names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from functools import cache, cached_property
from itertools import groupby

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.procedures.passages import Statement, Telling
from leadterm.coding.procedures.terms import DEED, OPEN, Term

from .binding import Done, done, topic, verbs
from .objectives import RULES, Around, objective, template
from .organs import Mention, mentions

OUT, UNSAID = "out", "unsaid"
Told = tuple[Term, Statement, int, int]  # what was done, and where its words stand
_NOTHING = compiled(r"(?!)")
_ELSEWHERE = compiled(r"\b(?:donor|back ?table|bench)\b")
# What comes out to be looked at goes back.
_BACK = compiled(
    r"\b(?:wiped|exteriori[sz]\w+|returned|put back|replaced in|replaced into|dropped back|reposited|back in(?:to)?)\b"
)
_SPECIMENS = compiled(
    r"\b(?:specimens?|sent to path\w*|to path\w*)(?: removed| sent)?\s?[:=.-]+\s?([^\n]{3,120})", re.IGNORECASE
)
_AGAIN = compiled(
    r"\b(?:the same|likewise|similarly|identical\w*|in (?:like|similar|the same) (?:fashion|manner|way)|repeated)\b"
    r"[^.;]{0,40}\b(right|left|other|opposite|contralateral)\b"
    r"|\b(right|left|other|opposite|contralateral)\b[^.;]{0,40}\b(?:the same|likewise|similarly|identical\w*"
    r"|in (?:like|similar|the same) (?:fashion|manner|way))\b"
)


def told(chart: Chart, every: Sequence[Statement], named: Set[tuple[str, int]]) -> Iterator[Told]:
    """What accounts of reports tell, but for reports whose list names an operation."""
    for own, several in groupby(every, key=lambda s: s.report):
        mine = tuple(several)
        if own not in named and any(s.telling is Telling.ACCOUNT for s in mine):
            yield from _Account(chart, mine).told()


class _Account:
    """The account of one report, read from its first statement to its last."""

    def __init__(self, chart: Chart, every: Sequence[Statement]) -> None:
        self.every = every
        self._chart = chart

    @cached_property
    def whole(self) -> str:
        """All that the report tells."""
        return " . ".join(s.text for s in self.every)

    @cached_property
    def specimens(self) -> tuple[Mention, ...]:
        """The organs that its list of specimens has."""
        return _specimens(self._chart.encounter.document(self.every[0].document).text)

    def told(self) -> Iterator[Told]:
        """What it tells, in its order."""
        last: list[Told] = []
        for n, s in enumerate(self.every):
            if s.telling is not Telling.ACCOUNT:
                continue
            if _AGAIN.search(s.text):
                yield from ((term, s, 0, len(s.text)) for term, _, _, _ in last if OPEN in term.codes[0][3])
                continue
            found = list(self._of_statement(n, s))
            yield from found
            last = found or last

    def _of_statement(self, n: int, s: Statement) -> Iterator[Told]:
        told = verbs(s.text)
        if not told or _ELSEWHERE.search(s.text):
            return
        seen: set[tuple[str, str]] = set()
        found = tuple(done(s.text, told, self._organs(s.text), lambda: self._spoken(n)))
        around = Around(s.text, self._beside(n), self.whole) if found else Around(s.text, "", "")
        for one in found:
            if one.deed == OUT and _BACK.search(s.text):
                continue
            for mention in self._meant(one):
                what = objective(one, mention, around)
                code = template(mention, what, s.text) if what else ""
                if code and (code, mention.organ.label) not in seen:
                    seen.add((code, mention.organ.label))
                    yield _term(code, mention.organ.label), s, *_place(one, mention)

    def _organs(self, text: str) -> tuple[Mention, ...]:
        """The organs that a statement names, of words of several meanings those that the report has."""
        return tuple(m for m in mentions(text) if m.organ.report is None or m.organ.report.search(self.whole))

    def _spoken(self, n: int) -> tuple[Mention, ...]:
        """What the statements before the n-th spoke of last."""
        before = (s.text for s in reversed(self.every[:n]) if s.telling is Telling.ACCOUNT)
        return next(filter(None, (topic(text, self._organs(text)) for text in before)), ())

    def _meant(self, one: Done) -> tuple[Mention, ...]:
        """What a deed was done to: where "it" says so, what the list of specimens has, if that is one thing."""
        if not one.pointed:
            return one.to
        sent = {m.organ for m in self.specimens}
        if one.pointed == UNSAID:
            return self.specimens if len(sent) == 1 and one.deed == OUT else ()
        if one.pointed != "it" or not sent or any(m.organ in sent for m in one.to):
            return one.to
        return self.specimens if len(sent) == 1 and one.deed == OUT else ()

    def _beside(self, n: int) -> str:
        return " . ".join(self.every[k].text for k in (n - 1, n + 1) if 0 <= k < len(self.every))


def _specimens(text: str) -> tuple[Mention, ...]:
    """The organs that a document lists as what was sent."""
    return tuple(m for found in _SPECIMENS.finditer(text) for m in mentions(found[1].lower()))


def _place(one: Done, mention: Mention) -> tuple[int, int]:
    if one.pointed:
        return one.start, one.end
    return min(one.start, mention.start), max(one.end, mention.end)


@cache
def _term(code: str, label: str) -> Term:
    """A row of the lexicon for what was done."""
    parts = (tuple(label.split()),)
    return replace(_ROW, name=code, codes=(code,), parts=parts, rule=RULES[code[2]])


# What all of them have alike: no device, no qualifier but what the code says, behind every row of the lexicon.
_ROW = Term(
    name="",
    pattern=_NOTHING,
    codes=(),
    parts=((),),
    approach="",
    device="Z",
    qualifier="Z",
    when=None,
    unless=None,
    report_when=None,
    report_unless=None,
    told=DEED,
    rule="",
    order=1_000_000,
)
