"""I.C.21.c.3: allergy status from lists of allergies, by the allergen; the table `allergens.tsv`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.guidelines._phrases import nearest, worded
from leadterm.coding.guidelines.chapter19_injury.substances import stem_of
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion, Fact, FactKind, Span

RULE = "ICD10CM:I.C.21.c.3/allergy"
# A list behind its header or behind "allergic to": to the end of the line, of the sentence, or of the lines below.
_LIST = compiled(
    r"\ballergies\b[ \t]*(?:\([^)\n]*\))?(?:[:\-\u2013]|[ \t]*\n|[ \t]+to\b|[ \t]+include\b)"
    r"(?P<what>[^.:\n]*(?:\n(?![ \t]*\n)[^.:\n]+(?=\n|\Z))*)"
    r"|\ballerg(?:y|ic)[ \t]*(?:to\b|:)(?P<one>[^.:\n]*)"
)
_NONE = compiled(r"\b(?:no|denie[sd]|not|without|negative|non)\b[^,;\n]{0,25}$")
_NOT_AN_ALLERGY = compiled(r"^[^,;\n]{0,12}\bintoleran|^ (?:free|level|level\b|rhinitis|mites?)")
_EMPTY = compiled(r"[\s:]*(?:none\b|nkd?a\b|nkda\b|no known|denies|no (?:drug )?allerg)")
_DOSES = compiled(r"\bmedic\w+|\bmeds\b|\bhome med|\b\d+ ?m[cg]g?\b")
# The allergy was put into the record wrongly, or taken out again.
_TAKEN_BACK = compiled(
    r"\bin error\b|\bremoved\b|\bde-?label|\bnot (?:truly )?allergic|\btested negative|\btolerat(?:es|ed) (?:since|it)"
)
# A list behind its short name ("all: amoxicillin - hives").
_SHORT = compiled(r"\W*all\W*[:\-][^.:]*$")
ATTENDING = 7
ALLERGY = ("Z88", "Z91.0")


def allergies(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the allergies that the chart lists, one code an allergen's class."""
    kept = [c for c in candidates if not (c.code.startswith(ALLERGY) and all(_taken_back(chart, f) for f in c.facts))]
    known = {c.code for c in kept}
    found = {c.code: c for c in (*_of_drugs(chart), *_of_words(chart)) if c.code not in known}
    return [*kept, *found.values()]


def _taken_back(chart: Chart, fact: Fact) -> bool:
    return bool(_TAKEN_BACK.search(chart.sentence(fact)))


def _of_drugs(chart: Chart) -> Iterator[Candidate]:
    """Drugs in the section of allergies, by their stems in the Table of Drugs."""
    for f in chart.facts:
        if f.kind is not FactKind.DRUG or not _listed(chart, f) or f.assertion in (Assertion.ABSENT, Assertion.FAMILY):
            continue
        stem = stem_of(chart, f)
        line = chart.line(f)
        before, after = line.split(f.mention.text.lower(), 1) if f.mention.text.lower() in line else (line, "")
        if stem and not _NONE.search(before) and not _NOT_AN_ALLERGY.match(after):
            code = next(code for stems, code in _stems() if stem.startswith(stems))
            yield _status(code, f)


def _listed(chart: Chart, f: Fact) -> bool:
    """Whether a drug stands in a list of allergies."""
    if f.section == "allergies" and _SHORT.match(chart.line(f).split(f.mention.text.lower())[0]):
        return True
    return any(_holds(m, f.mention.span.start) for m in _lists(chart, f.mention.document))


def _lists(chart: Chart, document: str) -> list[re.Match[str]]:
    """The lists of allergies of a document, in small letters."""
    lower = chart.encounter.document(document).text.lower()
    return chart.once(f"chapter21.allergies.{document}", lambda: list(_LIST.finditer(lower)))


def _holds(stretch: re.Match[str], at: int) -> bool:
    """Whether a place lies in a list of allergies that is not empty; a line of doses is a list of drugs."""
    what = stretch["what"] if stretch["what"] is not None else stretch["one"]
    if _EMPTY.match(what) or not stretch.start() <= at < stretch.end():
        return False
    return not _DOSES.search(stretch.group()[: at - stretch.start()].split("\n", 1)[-1])


def _of_words(chart: Chart) -> Iterator[Candidate]:
    """Words of the lists that are no drug of the vocabulary."""
    for document in chart.encounter.documents:
        lower = document.text.lower()
        if "allerg" not in lower or len(lower) != len(document.text):
            continue
        for stretch in _lists(chart, document.id):
            group = "what" if stretch["what"] is not None else "one"
            for m in _words().finditer(lower, stretch.start(group), stretch.end(group)):
                if not _holds(stretch, m.start()):
                    continue
                span = Span(*m.span())
                near = nearest(chart, document.id, span)
                denied = _NONE.search(lower[stretch.start(group) : m.start()]) or _NOT_AN_ALLERGY.match(
                    lower[m.end() :]
                )
                if near is not None and not denied:
                    code = next(code for words, code in _spelled() if words.fullmatch(m.group()))
                    yield _status(code, worded(near, document.id, span, document.text))


def _status(code: str, fact: Fact) -> Candidate:
    c = stated(code, (fact,), f"allergy to {fact.mention.text}: {code}. {reason(RULE)}", RULE)
    return Candidate(c.code, c.facts, c.pathway, (), (ATTENDING, fact.mention.span.start), c.confidence)


@cache
def _stems() -> tuple[tuple[tuple[str, ...], str], ...]:
    table = rows("guidelines/chapter21_factors/allergens")
    return tuple((tuple(row["stem"].split()), row["code"]) for row in table if row["stem"])


@cache
def _spelled() -> tuple[tuple[Pattern, str], ...]:
    table = rows("guidelines/chapter21_factors/allergens")
    return tuple((compiled(row["words"]), row["code"]) for row in table if row["words"])


@cache
def _words() -> Pattern:
    return compiled(rf"\b(?:{'|'.join(words.pattern for words, _ in _spelled())})\b")
