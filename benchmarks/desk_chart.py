"""A chart of 1.5 million characters with 5,000 highlights, and the server that has it.

The samples are coded one by one and their texts repeated; each repetition that is to be marked carries the words of its
codes and facts at its own place. (How long coding takes is measured by `notes`; here such a chart is looked at.)
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from leadterm.app.desk import Desk
from leadterm.app.samples import samples
from leadterm.codesets import open_book
from leadterm.desk import family
from leadterm.domain import Assertion, Assignment, CodedEncounter, Document, Encounter, Evidence, Fact, Span
from leadterm.pipeline import Coder
from leadterm.storage import open_database

LENGTH, HIGHLIGHTS = 1_500_000, 5_500
TOKEN = "invented-token-of-the-benchmark-and-of-no-desk"
LONG = "long"


@dataclass(frozen=True, slots=True)
class Part:
    """One sample at its place in the long chart; `marked`: whether its words are highlighted there."""

    start: int
    coded: CodedEncounter
    marked: bool


class LongCoder:
    """The engine, but for the long chart, whose coding is put together."""

    def __init__(self, coder: Coder) -> None:
        self._coder = coder

    def code(self, encounter: Encounter) -> CodedEncounter:
        """The coded encounter."""
        return self._coder.code(encounter) if encounter.id != LONG else long_chart(self._coder, encounter)


def long_text(coded: Sequence[CodedEncounter]) -> str:
    """The texts of the samples, again and again, to the length that is wanted."""
    one = "".join(f"{c.encounter.documents[0].text}\n\n" for c in coded)
    return one * (LENGTH // len(one)) + one[: LENGTH % len(one)]


def long_chart(coder: Coder, encounter: Encounter) -> CodedEncounter:
    """The coding of the long chart: each code of each sample once, with its words in every part that is marked."""
    coded = [coder.code(sample) for sample in samples()]
    document = Document("d1", long_text(coded))
    parts = list(_parts(coded, len(document.text)))
    marked = [part for part in parts if part.marked]
    facts = tuple(fact for part in marked for fact in _facts(part, document))
    return replace(
        coded[0],
        encounter=replace(encounter, documents=(document,)),
        assignments=tuple(_assignments(coded, marked, document)),
        facts=facts,
        findings=(),
        queries=(),
    )


def _parts(coded: Sequence[CodedEncounter], length: int) -> Iterator[Part]:
    """The parts in order, so many of them marked, evenly, that there are as many highlights as are wanted."""
    whole = sum(len(c.encounter.documents[0].text) + 2 for c in coded)
    times = length // whole
    each = sum(len(list(_told(c))) for c in coded) + sum(len(a.evidence) for _, a in _different(coded))
    wanted = -(-HIGHLIGHTS // each)
    at = 0
    for turn in range(times):
        marked = int((turn + 1) * wanted / times) > int(turn * wanted / times)
        for one in coded:
            yield Part(at, one, marked)
            at += len(one.encounter.documents[0].text) + 2


def _told(coded: CodedEncounter) -> Iterator[Fact]:
    return (f for f in coded.facts if f.assertion is not Assertion.PRESENT)


def _facts(part: Part, document: Document) -> Iterator[Fact]:
    for fact in _told(part.coded):
        mention = _moved(fact.mention, part.start, document)
        yield replace(fact, id=f"{fact.id}-{part.start}", evidence=(mention,), cues=(), segment=None, copied_from=None)


def _moved(quote: Evidence, by: int, document: Document) -> Evidence:
    return Evidence.quote(document, Span(quote.span.start + by, quote.span.end + by))


def _different(coded: Sequence[CodedEncounter]) -> list[tuple[CodedEncounter, Assignment]]:
    """The first assignment of each code."""
    first: dict[str, tuple[CodedEncounter, Assignment]] = {}
    for one in coded:
        for assignment in one.assignments:
            first.setdefault(assignment.code.value, (one, assignment))
    return list(first.values())


def _assignments(coded: Sequence[CodedEncounter], marked: Sequence[Part], document: Document) -> Iterator[Assignment]:
    places: Counter[int] = Counter()
    for number, (one, assignment) in enumerate(_different(coded), 1):
        places[family(assignment)] += 1
        evidence = tuple(_moved(e, p.start, document) for p in marked if p.coded is one for e in assignment.evidence)
        place = places[family(assignment)]
        yield replace(assignment, id=f"a{number}", sequence=place, evidence=evidence, pointers=(), facts=())


def serve(port: int, home: Path, kept: Path) -> None:
    """Serves the desk over the code sets of `home` with a database of its own."""
    import uvicorn

    from leadterm.web import create_app
    from leadterm.web.access import Access

    book = open_book(home)
    coder = LongCoder(Coder(book))
    desk = Desk(open_database(kept, f"sqlite:///{kept / 'desk.db'}"), book, coder=coder)  # type: ignore[arg-type]
    app = create_app(book, desk=lambda _: desk, access=Access.at(port=port, token=TOKEN))
    uvicorn.run(app, port=port, log_level="critical", access_log=False, ws="none")


def long_encounter() -> bytes:
    """What is given to the desk to open the long chart."""
    chart = {"schema": "leadterm.encounter/1", "id": LONG, "setting": "outpatient", "date_of_service": "2026-05-14"}
    return json.dumps(chart | {"documents": [{"id": "d1", "text": "The long chart."}]}).encode()


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
