"""What was done through an endoscope of the gut, site by site: biopsies, polyps, dilations, bleeding (B3.2, B3.4).

The list of such a report names the scope; its findings tell what was done and where. Each deed is of the site that is
named nearest; one whose site nobody tells is asked for, unless it has a usual one. Without a deed it was Inspection.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.passages import Statement, Telling, lowered, statements
from leadterm.coding.procedures.terms import OPEN, Term

from .drawing import asked, fixed, whole

LOOKED = {"upper": "0DJ08ZZ", "lower": "0DJD8ZZ"}
NEAR = 4  # statements of the course of a stay that tell of one scope
_NOT_NOW = compiled(
    r"\b(?:plan|repeat|recommend\w*|consider\w*|if (?:needed|necessary|bleed\w*)|await\w*|pending|follow[- ]?up|prior|"
    r"previous(?:ly)?|history of|years? ago|last (?:egd|colonoscopy)|consent\w*|risks?|schedul\w*|will be|outpatient)\b"
)
_NOT_DONE = compiled(r"\A[^.;]{0,30}\bnot (?:attempted|performed|done|taken|needed|required|obtained)\b")
_SURGERY = compiled(r"\b(?:trocars?|laparoscop|laparotomy|incision was made|ports? (?:was|were))")
_SCOPE = compiled(r"\b(?:\w*scope|egd|endoscop\w+|\w*scopy)\b")
_FIRST = ("endoscop", "colonoscop", "egd", "gastroenterology", "gi procedure", "sigmoidoscop")
_ELSEWHERE = compiled(r"\b(?:plan|recommendations?|disposition|consent|history|impression|impression and plan)\b")


def codes(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The codes of an endoscopy of the upper or lower tract."""
    found = dict.fromkeys(_deeds(context, argument))
    told = {_deed(code) for code, _ in found if OPEN not in code}
    for code, usual in found:
        if OPEN not in code:
            yield from fixed(legal, code, "account")
        elif _deed(code) not in told:
            yield from fixed(legal, code.replace(OPEN, usual), "names") if usual else (asked(code, (), "body part"),)
    if not found:
        yield from fixed(legal, LOOKED[argument], "names")


def _deed(code: str) -> str:
    """A code without its site."""
    return code[:3] + code[4:]


def _deeds(context: Context, tract: str) -> Iterator[tuple[str, str]]:
    """The code of each deed, `_` for a site that is not told, with the usual one."""
    mine = _scope(context)
    told = whole(context)
    passage, site = -1, ""
    for s in mine:
        if s.passage != passage:
            passage, site = s.passage, _headed(context.chart, s, tract)
        places = list(_places(s.text, tract))
        for row, deed, unless, report in _table():
            if row["tract"] not in (tract, "both") or (report and not report.search(told)):
                continue
            for m in deed.finditer(s.text):
                if _NOT_NOW.search(s.text[: m.start()]) or _NOT_DONE.search(s.text[m.end() :]):
                    continue
                if not (unless and unless.search(s.text)):
                    yield row["code"].replace(OPEN, _nearest(s.text, places, m.start()) or site or OPEN), row["site"]
        site = places[-1][1] if places else site


def _scope(context: Context) -> list[Statement]:
    """The statements that tell of the scope: its report, or what stands beside it in the course of a stay."""
    at = context.act.statement
    mine = [s for s in statements(context.chart) if s.report == at.report]
    if at.telling is Telling.COURSE and not _report(context.chart, at):
        # A profile that maps every mention asks for sentences that tell of nothing done, which are not among these.
        near = [s for s in mine if s.passage == at.passage and s.start > at.start]
        return [at, *near[: NEAR - 1]]
    mine = [s for s in mine if not _ELSEWHERE.search(_header(context.chart, s)) and not s.text.startswith("indication")]
    if any(_SURGERY.search(s.text) for s in mine):
        return [s for s in mine if _SCOPE.search(s.text)]
    return mine


def _report(chart: Chart, statement: Statement) -> bool:
    """Whether a document is the report of an endoscopy by its first line."""
    first = chart.encounter.document(statement.document).text.strip()[:90].lower().split("\n")[0]
    return any(word in first for word in _FIRST)


def _header(chart: Chart, statement: Statement) -> str:
    passage = chart.passages[statement.passage]
    return lowered(chart.encounter.document(statement.document).text[passage.start : passage.body])


def _headed(chart: Chart, statement: Statement, tract: str) -> str:
    """The site that the header of a passage names."""
    places = list(_places(_header(chart, statement), tract))
    return places[-1][1] if places else ""


def _places(text: str, tract: str) -> Iterator[tuple[int, str]]:
    """The sites that a text names, with where; of names that overlap the first of the table."""
    taken: list[tuple[int, int, str]] = []
    for row in rows("procedures/rooms/endoscopy_sites"):
        if row["tract"] == tract:
            for m in compiled(rf"\b(?:{row['words']})").finditer(text):
                if all(m.end() <= start or end <= m.start() for start, end, _ in taken):
                    taken.append((m.start(), m.end(), row["part"]))
    return ((start, part) for start, _, part in sorted(taken))


def _nearest(text: str, places: list[tuple[int, str]], at: int) -> str:
    """The site named last before a deed, else the first behind it, as far as the same half of a sentence goes."""
    before = [part for start, part in places if start < at]
    end = text.find(";", at)
    after = [part for start, part in places if start >= at and not 0 <= end < start]
    return before[-1] if before else after[0] if after else ""


@cache
def _table() -> tuple[tuple[dict[str, str], Pattern, Pattern | None, Pattern | None], ...]:
    return tuple(
        (row, compiled(row["words"]), _maybe(row["unless"]), _maybe(row["report"]))
        for row in rows("procedures/rooms/endoscopy_deeds")
    )


def _maybe(words: str) -> Pattern | None:
    return compiled(words) if words else None
