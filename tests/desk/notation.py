"""Charts, actions and codes in one line each.

A chart reads `SETTING: CODES`, suggested in that order: `outpatient: E11.22=Y I10 99213>1,2 rec:36415 q:x/N18.9`.
`=Y` is present on admission, `>1,2` points to the first and second diagnosis, `rec:` is a charge that the record bore,
`q:` a query with its reason and code, `f:RULE/CODES` a finding of the engine.

Actions read `accept E11.22; reject I10 negated; move N18.31 1; undo`. A code means the one that stands, else the one
that was rejected; `#a1` names by id. `wait 400` lets seconds pass. The rest is in `WORDS`.

Codes come out in claim order: `*E11.22+ N18.31? I10-`: the one that leads has a star, then `?` suggested, `+` accepted,
`^` added, `-` rejected; POA and pointers as in a chart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from leadterm import desk
from leadterm.desk import Action, Entry, Timeline, Work
from leadterm.domain import (
    Assignment,
    Charge,
    ClaimType,
    Code,
    CodedEncounter,
    Document,
    Encounter,
    Evidence,
    Finding,
    InputError,
    Money,
    PathwayStep,
    Patient,
    Poa,
    Query,
    Role,
    Setting,
    Severity,
    Sex,
    Span,
    Status,
    Step,
)

TEXT = "Type 2 diabetes with diabetic nephropathy. Chronic kidney disease. Hypertension. Fell on ice."
OPENED = datetime(2026, 5, 14, 9, tzinfo=UTC)
PACE = timedelta(seconds=10)
MARKS = {Status.SUGGESTED: "?", Status.ACCEPTED: "+", Status.ADDED: "^", Status.REJECTED: "-"}
LEADING = {Role.PRINCIPAL, Role.FIRST_LISTED, Role.PRINCIPAL_PROCEDURE}
_CODE = re.compile(r"(?P<code>[A-Z0-9.]+)(?:=(?P<poa>\w+))?(?:>(?P<pointers>[\d,]+))?")


def chart(text: str) -> CodedEncounter:
    """The coding that a line writes."""
    head, _, tail = text.partition(":")
    words = tail.split()
    document = Document("d1", TEXT)
    encounter = Encounter(
        id="V1",
        setting=Setting(head.strip()),
        claim_type=ClaimType.INSTITUTIONAL if head.strip() == "inpatient" else ClaimType.PROFESSIONAL,
        date_of_service=date(2026, 5, 14),
        patient=Patient(sex=Sex.FEMALE, age=67),
        documents=(document,),
        charges=tuple(Charge(code=Code.parse(w[4:]), units=Decimal(1)) for w in words if w.startswith("rec:")),
    )
    codes = [w for w in words if ":" not in w]
    return CodedEncounter(
        encounter,
        tuple(_suggested(w, n, document) for n, w in enumerate(codes, 1)),
        tuple(_finding(w, n) for n, w in enumerate((w for w in words if w.startswith("f:")), 1)),
        tuple(_query(w, n) for n, w in enumerate((w for w in words if w.startswith("q:")), 1)),
        on=date(2026, 5, 14),
    )


def _suggested(word: str, number: int, document: Document) -> Assignment:
    read = _CODE.fullmatch(word)
    assert read, word
    code = Code.parse(read["code"])
    role = desk.work.role_of(code)
    return Assignment(
        id=f"a{number}",
        code=code,
        description=f"Title of {code}",
        role=role,
        sequence=number,
        confidence=0.9,
        evidence=(Evidence.quote(document, Span(0, 15)),),
        pathway=(PathwayStep(Step.INDEX, "Diabetes, type 2"),),
        poa=Poa(read["poa"]) if read["poa"] else None,
        pointers=tuple(map(int, read["pointers"].split(","))) if read["pointers"] else (),
        units=Decimal(1) if role is Role.CHARGE else None,
        facts=(f"x{number}",),
    )


def _query(word: str, number: int) -> Query:
    reason, _, code = word[2:].partition("/")
    return Query(f"q{number}", reason, f"Which kind of {code}?", (code,), ("other", "unable to determine"))


def _finding(word: str, number: int) -> Finding:
    rule, _, codes = word[2:].rpartition("/")
    about = tuple(codes.split(","))
    return Finding(f"f{number}", rule, Severity.ERROR, f"{rule} on {codes}.", codes=about, assignments=("a1",))


def _id(work: Work, word: str) -> str:
    """The id of the code that a word means; the word itself where it names none, so that the desk refuses it."""
    if word.startswith("#"):
        return word[1:]
    found = [a for a in work.coded.assignments if a.code.value == word]
    found.sort(key=lambda a: a.status is Status.REJECTED)
    return found[0].id if found else word


def _add(_work: Work, code: str, *quoted: str) -> Action:
    """`add I10`, `add I10 0-15` from these characters of the text."""
    quotes = tuple(desk.Quote("d1", Span(*map(int, q.split("-")))) for q in quoted)
    method = desk.Method.TEXT if quotes else desk.Method.SEARCH
    return desk.Add(Code.parse(code), f"Title of {code}", method, quotes)


def _line(work: Work, code: str, *told: str) -> Action:
    """`line 99213 units=2 modifiers=25,59 points=E11.22,I10 charge=125.00`."""
    stated = dict(t.split("=") for t in told)
    pointers = tuple(_id(work, w) for w in stated["points"].split(",")) if stated.get("points") else ()
    return desk.EditLine(
        _id(work, code),
        Decimal(stated.get("units", "1")),
        tuple(stated["modifiers"].split(",")) if stated.get("modifiers") else (),
        pointers,
        Money.parse(stated["charge"]) if "charge" in stated else None,
    )


def _reject(work: Work, code: str, reason: str, *note: str) -> Action:
    return desk.Reject(_id(work, code), desk.RejectReason(reason.replace("_", " ")), " ".join(note) or None)


WORDS: dict[str, Callable[..., Action]] = {
    "accept": lambda w, c: desk.Accept(_id(w, c)),
    "reject": _reject,
    "reconsider": lambda w, c: desk.Reconsider(_id(w, c)),
    "add": _add,
    "replace": lambda w, c, d: desk.Replace(_id(w, c), Code.parse(d), f"Title of {d}"),
    "move": lambda w, c, place: desk.Move(_id(w, c), int(place)),
    "poa": lambda w, c, poa: desk.MarkPoa(_id(w, c), None if poa == "none" else Poa(poa)),
    "line": _line,
    "permit": lambda _, rule, codes, *why: desk.Permit(rule, tuple(codes.split(",")), " ".join(why)),
    "forbid": lambda _, rule, codes: desk.Forbid(rule, tuple(codes.split(","))),
    "query": lambda _, query, state, *text: desk.WriteQuery(query, desk.QueryState(state), " ".join(text)),
    "describe": lambda _, coding: desk.Describe(int(coding)),
    "late": lambda _, coding, *told: desk.Late(int(coding), "quietly" not in told),
    "finish": lambda _: desk.Finish(),
    "reopen": lambda _: desk.Reopen(),
}


def codings(*anew: str) -> Callable[[int], CodedEncounter]:
    """The codings of a chart, the second and following by these lines."""

    def coding(number: int) -> CodedEncounter:
        try:
            return chart(anew[number - 2])
        except IndexError:
            raise InputError("That coding is not kept.") from None

    return coding


def entries(text: str, timeline: Timeline, by: str = "J. Rivera") -> Iterable[Callable[[Timeline], Entry]]:
    """Each action of a line, made for the timeline that it meets."""
    passed = PACE
    for written in filter(None, map(str.strip, text.split(";"))):
        word, *told = written.split()
        if word == "wait":
            passed = timedelta(seconds=int(told[0]))
            continue
        undone = word in (desk.UNDO, desk.REDO)
        yield lambda t, word=word, told=told, undone=undone, passed=passed: Entry(
            t.number + 1, word, None if undone else WORDS[word](t.work, *told), by, (t.last or OPENED) + passed
        )
        passed = PACE


def done(begun: str, actions: str = "", *anew: str) -> Timeline:
    """The timeline of a chart after these actions. Raises InputError for one that is refused."""
    timeline = Timeline.begun(chart(begun), OPENED)
    for entry in entries(actions, timeline):
        timeline = timeline.then(entry(timeline), codings(*anew))
    return timeline


def codes(timeline: Timeline) -> str:
    """The codes of a timeline as they stand."""
    return " ".join(map(said, timeline.work.coded.assignments))


def said(assignment: Assignment) -> str:
    """One code."""
    lead = "*" if assignment.role in LEADING else ""
    poa = f"={assignment.poa}" if assignment.poa else ""
    points = f">{','.join(map(str, assignment.pointers))}" if assignment.pointers else ""
    return f"{lead}{assignment.code}{MARKS[assignment.status]}{poa}{points}"


def one(timeline: Timeline, code: str) -> Assignment:
    """The assignment that a code means."""
    return timeline.work.assignment(_id(timeline.work, code))


def after(begun: str, actions: str = "", *anew: str) -> str:
    """The codes of a chart after these actions."""
    return codes(done(begun, actions, *anew))


def without_words(work: Work) -> Work:
    """The work without its sentence, which tells how it came about."""
    return replace(work, said="")


def ids(timeline: Timeline) -> Sequence[str]:
    """The ids of the codes, in order."""
    return [a.id for a in timeline.work.coded.assignments]
