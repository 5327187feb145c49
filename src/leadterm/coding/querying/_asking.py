"""How every query is made: the record's own words in it, "other" and "unable to determine" among what it offers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.domain import Assignment, Evidence, Fact, FactKind, Query

ALWAYS = ("other (please specify)", "unable to determine")
_MEANS = (FactKind.DRUG, FactKind.PROCEDURE)
MOST_SHOWN = 4  # facts beside what is asked about: a provider reads a few


def query(
    reason: str, question: str, codes: Sequence[str], options: Sequence[str], evidence: Iterable[Evidence]
) -> Query:
    """The query with its indicators, which are the words of its evidence, each once; its id is given by `queries`."""
    shown = tuple({(e.document, e.span): e for e in evidence}.values())
    indicators = tuple(dict.fromkeys(_plain(e.text) for e in shown))
    return Query("q0", reason, question, tuple(codes), (*options, *ALWAYS), indicators, shown)


def quoted(evidence: Evidence) -> str:
    """The words in quotation marks, on one line."""
    return f"“{_plain(evidence.text)}”"


def named(chart: Chart, a: Assignment) -> Evidence:
    """The words that name what a code is about.

    Those of a fact that opens in its category, else of any condition (a drug is not asked about, but what it did), else
    its first words.
    """
    facts = [f for f in chart.facts if f.id in a.facts]
    category = a.code.value[:3]
    same = [f for f in facts if f.targets and f.targets[0].startswith(category)]
    return next((f.mention for f in (*same, *facts) if f.kind not in _MEANS), a.evidence[0])


def is_means(chart: Chart, words: Evidence) -> bool:
    """Whether these words name a drug or a procedure, which is not itself present or absent."""
    return any(f.kind in _MEANS and f.mention == words for f in chart.facts)


def support(chart: Chart, option: str) -> tuple[Evidence, ...] | None:
    """What in the record bears an option out; None where nothing does, empty where what is asked about does."""
    row = next((r for r in rows("querying/support") if r["option"] == option), None)
    if row is None:
        return ()
    concepts, codes = _parted(row["concepts"]), tuple(row["codes"].split())
    found = [f for f in chart.present if f.concept.lower() in concepts or _opens(f, codes)]
    return tuple(_words(found[:MOST_SHOWN])) or None


def showing(chart: Chart, concepts: str) -> tuple[Evidence, ...]:
    """The words of present facts of these concepts, parted by `;`, the newest of each."""
    wanted = _parted(concepts)
    newest = {f.concept: f for f in chart.present if f.concept.lower() in wanted}
    return tuple(_words(list(newest.values())[:MOST_SHOWN]))


def _parted(cell: str) -> frozenset[str]:
    return frozenset(word.strip().lower() for word in cell.split(";") if word.strip())


def _opens(fact: Fact, codes: tuple[str, ...]) -> bool:
    return bool(codes and fact.targets) and fact.targets[0].startswith(codes)


def _words(facts: Iterable[Fact]) -> Iterator[Evidence]:
    for fact in facts:
        yield fact.mention


def _plain(text: str) -> str:
    return " ".join(text.split())
