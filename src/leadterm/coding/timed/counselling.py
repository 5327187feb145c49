"""Counselling, care planning, care management and training by their documented minutes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.names import Names
from leadterm.coding.patterns import compiled
from leadterm.coding.querying._asking import query
from leadterm.coding.rules import reason
from leadterm.coding.sentences import Place
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.payers import is_medicare, is_other
from leadterm.coding.services.service import Offer, Service
from leadterm.coding.statements import Told, day_of, documents, says_done, told
from leadterm.domain import ClaimType, Finding, Query, Setting, Severity

from .minutes import Length, lengths

BAND, SHORT, MISSING = "MCPM:12/by-minutes", "MCPM:12/too-short", "MCPM:12/minutes-missing"
REACH = 120  # characters behind a sentence in which its minutes may follow


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of `counselling.tsv`: what it is called and how its minutes make codes."""

    name: str
    bands: tuple[tuple[int, str], ...]
    medicare: tuple[tuple[int, str], ...]
    beyond: tuple[str, int, int, int | None] | None
    per: tuple[int, str] | None
    only: str
    needs: str


@cache
def kinds() -> tuple[Kind, ...]:
    """Every row of the table."""
    return tuple(
        Kind(
            r["name"],
            _bands(r["bands"]),
            _bands(r["medicare"]),
            _beyond(r["beyond"]),
            next(iter(_bands(r["per"])), None),
            r["only"],
            r["needs"],
        )
        for r in rows("timed/counselling")
    )


def _bands(cell: str) -> tuple[tuple[int, str], ...]:
    parts = (part.split("=") for part in cell.split())
    return tuple((int(minutes), code) for minutes, code in parts)


def _beyond(cell: str) -> tuple[str, int, int, int | None] | None:
    if not cell:
        return None
    code, start, every, most = cell.split(":")
    return code, int(start), int(every), int(most) if most else None


@cache
def names() -> Names:
    """The ways to write them."""
    return Names([r["said"] for r in rows("timed/counselling")], [r["key"] for r in rows("timed/counselling")])


def units_of(kind: Kind, minutes: int, for_medicare: bool) -> tuple[tuple[str, int], ...]:
    """The codes that so many minutes make, each with its units; empty for too few."""
    if kind.per:
        every, code = kind.per
        n = (minutes + 7) // every if every == 15 else minutes // every
        return ((code, n),) if n else ()
    bands = kind.medicare if for_medicare and kind.medicare else kind.bands
    reached = [code for least, code in bands if minutes >= least]
    if not reached:
        return ()
    found = [(reached[-1], 1)]
    if kind.beyond and minutes >= kind.beyond[1]:
        code, start, every, most = kind.beyond
        n = 1 + (minutes - start) // every
        found.append((code, min(n, most) if most else n))
    return tuple(found)


def read(chart: Chart) -> Offer:
    """The services of the table that the chart tells with their minutes."""
    if chart.encounter.setting is Setting.INPATIENT and chart.encounter.claim_type is ClaimType.INSTITUTIONAL:
        return Offer()
    standing = [n for n in names().standing(chart) if kinds()[n].only != "medicare" or not is_other(chart)]
    if not standing:
        return Offer()
    told_: dict[int, list[tuple[Place, Length | None]]] = {}
    for document in documents(chart):
        for n, place in names().found(standing, document):
            if told(chart, place) is Told.DONE and _fits(kinds()[n], place):
                told_.setdefault(n, []).append((place, _length(place) or _summed(kinds()[n], place)))
    read_ = [_one(chart, kinds()[n], tellings) for n, tellings in told_.items()]
    return Offer(
        tuple(s for services, _, _ in read_ for s in services),
        tuple(f for _, findings, _ in read_ for f in findings),
        tuple(q for _, _, queries in read_ for q in queries),
    )


def _fits(kind: Kind, place: Place) -> bool:
    if not kind.needs:
        return True
    text = place.document.text[place.sentence.start : place.sentence.end + REACH].lower()
    return any(word in text for word in kind.needs.replace("\\b", "").replace("\\w+", "").split("|"))


def _length(place: Place) -> Length | None:
    """The minutes of the sentence: behind the name, else before it; else those that open the next sentence."""
    text, sentence = place.document.text, place.sentence
    after = list(lengths(text, place.span.end, sentence.end))
    before = list(lengths(text, sentence.start, place.span.start))
    if after or before:
        return after[0] if after else before[-1]
    following = text[sentence.end : sentence.end + REACH]
    stop = sentence.end + (following.find("\n\n") if "\n\n" in following else len(following))
    found = next(lengths(text, sentence.end, stop), None)
    opening = text[sentence.end : found.span.start].lower() if found else ""
    return found if found and any(w in opening for w in ("time", "spent", "total", "duration", "minutes")) else None


# Minutes of a month stand at the foot of a log: "total clinical staff time this calendar month: 46 minutes".
_TOTAL = compiled(r"(?im)^[^\n]{0,40}\btotal\b[^\n]{0,80}?(?=\d)|\btotal(?: \w+){0,4} time\b[^\n]{0,60}?(?=\d)")


def _summed(kind: Kind, place: Place) -> Length | None:
    """The total of a log of the month, where one total stands in the record."""
    if "management" not in kind.name:
        return None
    text = place.document.text
    found = [
        length
        for total in _TOTAL.finditer(text, place.span.end)
        if (length := next(lengths(text, total.end(), min(len(text), total.end() + 20)), None)) is not None
    ]
    return found[0] if len({one.minutes for one in found}) == 1 else None


def _one(
    chart: Chart, kind: Kind, tellings: list[tuple[Place, Length | None]]
) -> tuple[list[Service], list[Finding], list[Query]]:
    timed = [(place, length) for place, length in tellings if length is not None]
    if not timed:
        return [], [], list(_asked(kind, [place for place, _ in tellings]))
    place, length = max(timed, key=lambda one: one[1].minutes)
    codes = units_of(kind, length.minutes, is_medicare(chart))
    if not codes:
        return [], [_short(kind, place, length)], []
    return list(_lines(chart, kind, codes, place, length)), [], []


def _lines(
    chart: Chart, kind: Kind, codes: tuple[tuple[str, int], ...], place: Place, length: Length
) -> Iterator[Service]:
    words = place.evidence, place.evidence.quote(place.document, length.span)
    for code, units in codes:
        if known(chart, code):
            day = day_of(chart, place.document)
            service = coded(
                chart, code, "test" if "screening" in kind.name else "procedure", kind.name, words, day, Decimal(units)
            )
            yield service.stepped(f"{length.minutes} minutes. {reason(BAND)}", BAND)


def _asked(kind: Kind, tellings: list[Place]) -> Iterator[Query]:
    """A question where something was surely given and only its minutes are missing."""
    sure = [place for place in tellings if says_done(place)]
    if not sure or kind.only or "screening" in kind.name:
        return
    codes = tuple(code for _, code in (*kind.bands, *([kind.per] if kind.per else [])))
    question = f"The record tells {kind.name} without its minutes. How many minutes did it take?"
    yield query("time", question, codes, ("minutes: ____",), [place.evidence for place in sure[:2]])


def _short(kind: Kind, place: Place, length: Length) -> Finding:
    message = f"{length.minutes} minutes of {kind.name} are fewer than any of its codes asks."
    evidence = (place.evidence, place.evidence.quote(place.document, length.span))
    codes = tuple(code for _, code in kind.bands)
    return Finding(
        "f0", SHORT, Severity.INFO, message, "It is not billed on a line.", codes, (), reason(SHORT), evidence
    )
