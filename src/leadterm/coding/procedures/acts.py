"""Operations as a chart names them: each mention of a term of the lexicon that tells of something done at this stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import Pattern, compiled
from leadterm.domain import Assertion, Evidence, FactKind, Span

from . import deeds
from .passages import Statement, Telling, every_statement, lowered, statements
from .terms import DEED, Found, Term
from .terms import standing as rows_standing

ANYWHERE = "any"  # what counts wherever the chart tells it, without a word that says that it was done
HAND = "hand"  # what a hand did with a device; it counts where no operation of that kind is named
CONCEPT = "concept"  # what no hospital codes: it counts only where every mention does

GIVEN_UP = "ICD10PCS:B3.3/discontinued"  # of its rows the words that it was given up are the condition


@dataclass(frozen=True, slots=True)
class Act:
    """One mention of an operation.

    Attributes:
        term: What it leads to.
        statement: Where it stands.
        start, end: Its words, within the statement's text.
        clause: (start, end) of the words that belong to it and to no other operation of the statement.
    """

    term: Term
    statement: Statement
    start: int
    end: int
    clause: tuple[int, int]

    @property
    def words(self) -> str:
        """The words of its clause."""
        return self.statement.text[self.clause[0] : self.clause[1]]

    def quoted(self, chart: Chart) -> Evidence:
        """Its words in the document."""
        at = self.statement.start
        return Evidence.quote(chart.encounter.document(self.statement.document), Span(at + self.start, at + self.end))


def acts(chart: Chart) -> tuple[Act, ...]:
    """Every operation that the chart tells as done at this stay, in the order of the text.

    Where the list of a report names none that is known, its account counts as if there were no list.
    """
    told = _standing(chart)
    listed = {id(s): tuple(_of_statement(chart, s, f, True)) for s, f in told if s.telling is Telling.NAMED}
    named = {s.report for s, _ in told if listed.get(id(s))}
    sure = {a.statement.report for some in listed.values() for a in some if _sure(a)}
    by_name = (
        act
        for s, found in told
        for act in (listed[id(s)] if id(s) in listed else _of_statement(chart, s, found, s.report in named))
    )
    by_name = (a for a in by_name if a.term.told != DEED or a.statement.report not in sure)
    return (*by_name, *_by_deed(chart, statements(chart), sure))


def _by_deed(chart: Chart, every: Sequence[Statement], named: Set[tuple[str, int]]) -> Iterator[Act]:
    """What accounts tell by what the hand did, where no list names it."""
    for term, statement, start, end in deeds.told(chart, every, named):
        if _done(chart, statement, start, end):
            yield Act(term, statement, start, end, (0, len(statement.text)))


def _sure(act: Act) -> bool:
    """Whether an operation of a list is more than a look or a sample of something that it does not name."""
    return not act.term.general and any(code[2:3] != "J" for code in act.term.codes)


def handled(chart: Chart) -> tuple[Act, ...]:
    """What an account tells of hands and devices though it names no operation: each row once a report, first told.

    A report counts as one of an operation where it tells of several things that only those have.
    """
    first: dict[tuple[str, tuple[str, int]], Act] = {}
    for statement, found in _standing(chart):
        if statement.telling is Telling.AIM:
            continue
        for term, start, end in found:
            if (
                term.told == HAND
                and (term.codes[0], statement.report) not in first
                and _holds(chart, (term, start, end), statement)
                and at_work(chart, statement.report)
                and not _spared(statement.text, start, end)
            ):
                whole = (0, len(statement.text))
                first[term.codes[0], statement.report] = Act(term, statement, start, end, whole)
    return tuple(first.values())


def _spared(text: str, start: int, end: int) -> bool:
    """Whether the words around a place say that nothing was done there, or not then."""
    clause = text[text.rfind(",", 0, start) + 1 : start]
    return bool(
        any(_told(place).search(clause) for place in ("list", "label", "past", "before"))
        or _told("after").search(text[end:])
    )


# What the record of an operation has and a visit, an image or a letter has not.
_SIGNS = tuple(
    compiled(words)
    for words in (
        r"\bebl\b|\bblood loss",
        r"\banesth\w+|\banaesth\w+|\bsedation|\bgeta?\b|\blma\b|\bspinal\b|\bmac\b|\blido\w*|\bga\b",
        r"\bincis\w+|\bopened\b|\bstab\b|\bentered\b|\barthrotomy|\bscar\b",
        r"\bprepped|\bdraped|\bsupine|\bprone\b|\bdecub\w*|\bpositioned|\btable\b|\btourniquet",
        r"\bcounts?\b",
        r"\bop(?:erative|eration)? (?:note|report|record)",
        r"\bspeculum|\bretractors?\b|\bforceps|\bscissors|\b(?:micro|the )scope|\bcauter\w+|\bbovie|\brongeurs?"
        r"|\bcurett\w+",
        r"\bclos(?:ed|ure)|\bstaples?\b|\bsutur\w+|\bvicryl|\bnylon|\bprolene|\bmonocryl|\bpds\b|\bsteri",
        r"\bdrains?\b|\bspecimens?\b|\bpath(?:ology)?\b",
        r"\bfluoro\w*|\bc-arm|\bunder (?:us\b|ultrasound)|\bus guided",
        r"\bsheath|\bmicropuncture|\bguide\w*|\bwire\b|\b\df\b|\bcatheter|\bcontrast",
        r"\bcomplications?\b|\btime-?out|\boperators?\b|\bsurgeons?\b|\bimplants?\b",
    )
)
_ENOUGH = 3


def at_work(chart: Chart, own: tuple[str, int]) -> bool:
    """Whether a report tells of an operation, by what stands around one."""

    def read() -> bool:
        text = report(chart, own)
        return sum(1 for sign in _SIGNS if sign.search(text)) >= _ENOUGH

    return chart.once(f"procedures.at_work.{own}", read)


def _standing(chart: Chart) -> list[tuple[Statement, list[Found]]]:
    """The statements that hold words of the lexicon, with their rows."""

    def read() -> list[tuple[Statement, list[Found]]]:
        every = statements(chart)
        return [(s, found) for s, found in zip(every, _rows(chart, every), strict=True) if found]

    return chart.once("procedures.standing", read)


def _rows(chart: Chart, every: Sequence[Statement]) -> list[list[Found]]:
    """The rows of the lexicon whose words stand in each statement."""
    found: list[list[Found]] = []
    for document, some in groupby(every, key=lambda s: s.document):
        text = lowered(chart.encounter.document(document).text)
        found += rows_standing(text, [(s.start, s.end) for s in some])
    return found


def _of_statement(chart: Chart, statement: Statement, standing: Sequence[Found], named: bool) -> Iterator[Act]:
    found = [f for f in standing if _counts(f[0], statement, named) or _performed(f, statement)]
    kept = _longest([f for f in found if _holds(chart, f, statement)])
    for n, (term, start, end) in enumerate(kept):
        if term.rule == GIVEN_UP or _done(chart, statement, start, end, term.told == ANYWHERE):
            yield Act(term, statement, start, end, _clause(statement, kept, n))


def mentioned(chart: Chart) -> Iterator[Act]:
    """Every operation that the chart names, whatever it says of it (for evaluation alone)."""
    every = tuple(every_statement(chart))
    for statement, found in zip(every, _rows(chart, every), strict=True):
        kept = _longest([f for f in found if f[0].told != HAND and _holds(chart, f, statement)])
        for n, (term, start, end) in enumerate(kept):
            yield Act(term, statement, start, end, _clause(statement, kept, n))


def _clause(statement: Statement, kept: Sequence[Found], n: int) -> tuple[int, int]:
    """The words that belong to the operation in the n-th place and to no other."""
    _, start, end = kept[n]
    after = _clause_start(statement.text, kept[n + 1][1], end) if n + 1 < len(kept) else len(statement.text)
    return _clause_start(statement.text, start, kept[n - 1][2] if n else 0), after


def _counts(term: Term, statement: Statement, named: bool) -> bool:
    """Whether a term counts there: an account beside a list of names tells how, and seldom what."""
    if term.told in (CONCEPT, HAND):
        return False
    if term.told == DEED:
        return statement.telling is Telling.ACCOUNT
    if statement.telling is Telling.NAMED or term.told == ANYWHERE:
        return True
    if statement.telling is Telling.AIM:
        return not term.told and bool(_EARLIER.search(statement.text))
    if statement.telling is Telling.ACCOUNT and named:
        return term.told == "sure"
    return term.told != "name"


# "On 11/16 interventional radiology had placed a pigtail": the history of a report tells of this stay too.
_SERVICE = r"(?:ir|interventional radiology|gi|gastroenterology|cardiology|pulm\w*|radiology|the (?:ed|icu) team)"
_EARLIER = compiled(
    rf"\bby {_SERVICE}\b[^.;]{{0,30}}"
    rf"(?:\b\d{{1,2}}/\d{{1,2}}\b(?!/(?:19|20)?[01]\d\b)|the day before|yesterday|earlier (?:today|this))"
    rf"|\b\d{{1,2}}/\d{{1,2}}\b(?!/)[^.;]{{0,12}}\b(?:by )?{_SERVICE}\b"
)


# What an account says was done by the name of the operation, though the list left it out.
_WAS_DONE = compiled(
    r"\A[^.;:,]{0,40}?\b(?:was|were) (?:then |also |next |subsequently )*"
    r"(?:performed|carried out|done|created|fashioned|matured|completed)\b"
)
_DONE_AS = compiled(
    r"\b(?:matured|brought (?:out|up)|fashioned|created|proceeded (?:with|to)) (?:as )?(?:an? |the )?(?:\w+ )?\Z"
)
# "The patient underwent ...": what follows in a course is a list of operations.
_UNDERWENT = compiled(
    r"\bunderw(?:ent|ent an?)\b[^.;]*\Z|\btaken (?:back )?to (?:the )?(?:or|operating (?:room|theat\w+|suite)"
    r"|endoscopy(?: suite)?|cath(?:eterization)? lab\w*)\b[^.;]{0,40}\b(?:for|where)\b[^.;]*\Z"
)
_WHOLE = frozenset("1BTYXV")  # root operations that are more than a step of another one


def _performed(found: Found, statement: Statement) -> bool:
    """Whether an account, or a course, tells by its name what was done: it counts though no list has it."""
    term, start, end = found
    if statement.telling is Telling.COURSE:
        return term.told == "name" and bool(_UNDERWENT.search(statement.text[:start]))
    if statement.telling is not Telling.ACCOUNT or term.told or any(code[2:3] not in _WHOLE for code in term.codes):
        return False
    return bool(_WAS_DONE.search(statement.text[end:]) or _DONE_AS.search(statement.text[:start]))


def _holds(chart: Chart, found: Found, statement: Statement) -> bool:
    """Whether the conditions of a row hold; what forbids it is asked of its own half of the sentence."""
    term, start, end = found
    if term.when and not term.when.search(statement.text):
        return False
    if term.unless and term.unless.search(_half(statement.text, start, end)):
        return False
    if term.report_when is None and term.report_unless is None:
        return True
    whole = report(chart, statement.report)
    if term.report_when and not term.report_when.search(whole):
        return False
    return not (term.report_unless and term.report_unless.search(whole))


def _half(text: str, start: int, end: int) -> str:
    """The words around a place between semicolons: "chest tube placed; removed on day 3" tells of a placement."""
    after = text.find(";", end)
    return text[text.rfind(";", 0, start) + 1 : after if after >= 0 else len(text)]


def report(chart: Chart, own: tuple[str, int]) -> str:
    """All that a report tells of the operations, in small letters."""
    return chart.once(
        f"procedures.report.{own}", lambda: " . ".join(s.text for s in statements(chart) if s.report == own)
    )


def _longest(found: Sequence[Found]) -> list[Found]:
    """Of words that overlap the longest, of rows with the same words the first; in the order of the text.

    General names ("resection of the nodule") stand behind those that name an operation ("wedge resection"), and what
    tells only what the hand did behind both.
    """
    kept: list[Found] = []
    for term, start, end in sorted(found, key=lambda f: (f[0].told == DEED, f[0].general, f[1] - f[2], f[0].order)):
        if all(end <= s or e <= start for _, s, e in kept):
            kept.append((term, start, end))
    return sorted(kept, key=lambda f: f[1])


# "L4-5 and L5-S1 fusion" is one operation at two levels.
_BREAK = compiled(
    r"[;:/+&]|,(?! ?(?:and )?[ctl]\d)|(?<!\d),|\band\b(?! [ctl]\d)|(?<!\d )\band\b|\bwith\b"
    r"|\bfollowed by\b|\bthen\b|\bvia\b|\bplus\b|\bw/"
)


def _clause_start(text: str, start: int, least: int) -> int:
    """Where the words of an operation begin: behind the last break before it and behind the operation before."""
    breaks = [found.end() for found in _BREAK.finditer(text, least, start)]
    return breaks[-1] if breaks else least


# --- whether it was done, here ---

_NOT_DONE = frozenset(
    {Assertion.ABSENT, Assertion.HYPOTHETICAL, Assertion.PLANNED, Assertion.FAMILY, Assertion.UNCERTAIN}
)


# "Podiatry took him to the OR for amputation": the room says that it came to it.
_TAKEN = compiled(
    r"\b(?:took|taken|brought|went|returned|proceeded)\b[^.;]{0,30}\bto (?:the )?"
    r"(?:or|operating (?:room|theat\w+|suite)|theat\w+|cath(?:eterization)? lab\w*|endoscopy(?: suite)?"
    r"|ir|angio(?:graphy)? suite)\b[^.;]{0,40}\Z"
    r"|\b(?:continued|given|done|performed) on schedule\b[^;]{0,80}\Z"
)
# "Bedside tracheostomy 2/11": a day of this stay, as logs write it.
_DATED = compiled(r"[^.;:]{0,12}\b\d{1,2}/\d{1,2}\b(?!/(?:19|20)?[01]\d\b)")
# "PICC to be arranged by medicine (placed on 1/8)": in the end it came to it.
_ON_ITS_DAY = compiled(
    r"[^.;]{0,60}\b(?:placed|inserted|done|performed|given) (?:on )?\d{1,2}/\d{1,2}\b(?!/(?:19|20)?[01]\d\b)"
)
# "As we had no tissue diagnosis it was wedged out": a pronoun begins a clause of its own.
_OWN_CLAUSE = compiled(r"(?:it|they|these) (?:was|were)\b")
# A line that begins with the name of an operation says that it was done, but not in a plan or an opinion.
_HEADING = frozenset("unknown other hospital-course procedure technique".split())
_HEAD = compiled(
    r"\W*(?:\d{1,2}/\d{1,2}[\d/,:\s-]*\W*(?:[\w/.-]+\W+){0,5}"
    r"|(?:(?:[a-z]|\d{1,2})[.)]\s*)?(?:procedure|operation)?\W*(?:[\w/-]+\W+){0,3})"
)


@cache
def _told(place: str) -> Pattern:
    """The words of `tellings.tsv` of one place, as one pattern."""
    words = "|".join(
        row["words"].replace(" ", r"[ -]+") for row in rows("procedures/tellings") if row["place"] == place
    )
    return compiled(_PLACED[place].format(words))


# Where the words stand: in the clause before an operation, in that behind it, anywhere.
_PLACED = {
    "before": r"\b(?:{})\b[^.;:]{{0,45}}\Z",
    "after": r"\A(?: ?:)?[^.;:]{{0,40}}\b(?:{})",
    "list": r"\b(?:{})\b[^.;:,]{{0,25}}\Z",
    "label": r"\b(?:{})\s?[:=-]\s*\Z",
    "past": r"\b(?:{})\b",
    "done": r"\b(?:{})\b",
}


def _done(chart: Chart, statement: Statement, start: int, end: int, anywhere: bool = False) -> bool:
    """Whether the words at a place tell of something done at this stay; `anywhere`: unless they say otherwise."""
    text = statement.text
    ahead = "" if _OWN_CLAUSE.match(text, start) else text[:start]
    if any(_told(place).search(ahead) for place in ("list", "label")):
        return False
    came = bool(_ON_ITS_DAY.match(text[end:]))
    if _told("after").search(text[end:]) and not came:
        return False
    if statement.telling is Telling.NAMED:
        return True
    if _told("before").search(ahead):
        return False
    at = statement.start
    facts = chart.near(statement.document, at + start, at + end)
    kinds = (FactKind.PROCEDURE, FactKind.DEVICE, FactKind.STATUS)
    # A "non-tunneled catheter" is a catheter.
    said = {
        f.assertion for f in facts if f.kind in kinds and not (f.cues and f.cues[0].text.strip("- ").lower() == "non")
    }
    if came or _TAKEN.search(text[:start]):
        said -= {Assertion.PLANNED, Assertion.HYPOTHETICAL}
    if said & _NOT_DONE:
        return False
    if anywhere:
        return not _told("past").search(text[:start])
    if Assertion.HISTORICAL in said or _told("past").search(text[:start]):
        # "s/p thoracentesis on 5/5" of a hospital course is of this stay.
        return (
            statement.telling in (Telling.COURSE, Telling.ACCOUNT)
            and bool(_told("done").search(text))
            and not _told("past").search(text)
        )
    if statement.telling in (Telling.ACCOUNT, Telling.AIM) or _told("done").search(text) or _DATED.match(text[end:]):
        return True
    if _LOGGED.fullmatch(text[:start]) or (not start and _headed_by_a_day(chart, statement)):
        return True
    return chart.passages[statement.passage].kind in _HEADING and bool(_HEAD.fullmatch(text[:start]))


# "12/04 interventional radiology: right nephrostomy": a line of a log, whatever stands above it.
_PLACE = (
    r"(?:or|operating (?:room|theat\w+)|theat\w+|ir|(?:interventional )?radiology|cath(?:eteri[sz]ation)? lab\w*"
    r"|endoscopy|gi|bedside|icu|procedure room|surgery|bronchoscopy|pulm\w*|urology|ent|nephrology)"
)
_LOGGED = compiled(
    rf"\W*\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?\W+(?:{_PLACE}\b[ #\d]*\W+)?"
    r"(?:(?:left|right|bilateral|emergent|urgent|bedside)\W+)*"
)
_DAY_AND_PLACE = compiled(rf"\W*\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?\W+{_PLACE}\b\W*")


def _headed_by_a_day(chart: Chart, statement: Statement) -> bool:
    """Whether a statement is the first below a header that is a day and a room: "12/14 RADIOLOGY: ..."."""
    passage = chart.passages[statement.passage]
    first = bool(passage.segments) and passage.segments[0][0] == statement.start
    text = chart.encounter.document(statement.document).text
    return first and bool(_DAY_AND_PLACE.fullmatch(lowered(text[passage.start : passage.body])))
