"""What the page of a chart shows, as values: two of them compared say which parts of the page changed."""

from __future__ import annotations

from dataclasses import dataclass

from leadterm import desk
from leadterm.app.desk import Opened
from leadterm.desk import Obstacle, Offer, Work
from leadterm.desk.work import CHARGES, DIAGNOSES, OTHERS, PROCEDURES
from leadterm.domain import Assignment, Encounter, Evidence, Fact, Finding, Query, Role, Status
from leadterm.review import draft, lint

from .forms import written
from .recorded import Recorded, recorded
from .remembered import remembered

LONGEST_QUOTE = 60
ROLES = {
    Role.PRINCIPAL: "Principal",
    Role.FIRST_LISTED: "First-listed",
    Role.EXTERNAL_CAUSE: "External cause",
    Role.PRINCIPAL_PROCEDURE: "Principal procedure",
    Role.ADMITTING: "Admitting",
    Role.REASON_FOR_VISIT: "Reason for visit",
}
STATUSES = {
    Status.SUGGESTED: "suggested",
    Status.AUTO_ACCEPTED: "accepted by the gate",
    Status.ACCEPTED: "accepted",
    Status.REJECTED: "rejected",
    Status.ADDED: "added",
}
FAMILIES = {
    DIAGNOSES: "Diagnoses",
    OTHERS: "Admission and reason for visit",
    PROCEDURES: "Procedures",
    CHARGES: "Charges",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One code of the list.

    Attributes:
        quote, more: The first words that it stands on, and how many others there are.
        reason: Why it was rejected.
        poa: The indicator, or empty; `asks_poa` says whether one is asked for.
        pointers: Places of the diagnoses that a charge points to.
        locked: Whether the coding is finished, so that nothing is done on it.
    """

    id: str
    family: int
    place: int
    code: str
    system: str
    title: str
    role: str
    status: str
    said: str
    quote: str
    more: int
    reason: str
    poa: str
    asks_poa: bool
    units: str
    modifiers: str
    pointers: str
    charge: str
    first: bool
    last: bool
    locked: bool


@dataclass(frozen=True, slots=True)
class Way:
    """A fix that a finding offers: a button that does it (`do`), or one that opens a search or the encounter."""

    label: str
    do: str = ""
    replace: str = ""
    query: str = ""
    encounter: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding as it is shown."""

    id: str
    rule: str
    severity: str
    message: str
    fix: str
    source: str
    about: str
    ways: tuple[Way, ...]
    permitted: str
    may_permit: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A query to the provider as it is shown: what the coder wrote, else the draft, and what is wrong with it."""

    query: Query
    state: str
    text: str
    troubles: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class View:
    """Everything of the page that an action may change, but the text.

    Attributes:
        rows: The codes of each family, those that stand first.
        open: How many suggestions are undecided.
        recorded: The codes that the record bears.
    """

    version: int
    said: str
    rows: tuple[tuple[Row, ...], ...]
    remarks: tuple[Remark, ...]
    obstacles: tuple[Obstacle, ...]
    queries: tuple[Asked, ...]
    open: int
    undo: bool
    redo: bool
    finished: str
    recorded: Recorded


def view(opened: Opened) -> View:
    """What is shown of a chart."""
    work, timeline = opened.work, opened.timeline
    return View(
        opened.number,
        work.said,
        tuple(_rows(work, part) for part in FAMILIES),
        tuple(_remark(f, work, opened.permittable) for f in opened.findings),
        opened.obstacles,
        tuple(_asked(q, work) for q in work.coded.queries),
        len(work.undecided),
        bool(timeline.done),
        bool(timeline.undone),
        f"{work.finished:%Y-%m-%d %H:%M}" if work.finished else "",
        recorded(work),
    )


def _rows(work: Work, part: int) -> tuple[Row, ...]:
    mine = [a for a in work.coded.assignments if desk.family(a) == part]
    standing = sum(a.status is not Status.REJECTED for a in mine)
    stay = work.encounter.codes_uncertain
    return tuple(_row(a, part, standing, stay, work.finished is not None) for a in mine)


@remembered(8192)
def _row(a: Assignment, part: int, standing: int, stay: bool, locked: bool) -> Row:
    rejected = a.status is Status.REJECTED
    return Row(
        id=a.id,
        family=part,
        place=a.sequence,
        code=a.code.value,
        system=a.code.system.value,
        title=a.description or "",
        role="" if rejected else ROLES.get(a.role, ""),
        status=a.status.value,
        said=STATUSES[a.status],
        quote=quoted(a.evidence[0]) if a.evidence else "",
        more=max(len(a.evidence) - 1, 0),
        reason=(a.decision.reason or "") if rejected and a.decision else "",
        poa=a.poa.value if a.poa else "",
        asks_poa=stay and part == DIAGNOSES and not rejected,
        units=f"{a.units:f}" if a.units is not None else "",
        modifiers=" ".join(a.modifiers),
        pointers=", ".join(map(str, a.pointers)),
        charge=str(a.charge) if a.charge is not None else "",
        first=a.sequence == 1,
        last=a.sequence == standing,
        locked=locked,
    )


def quoted(evidence: Evidence) -> str:
    """The words on one line, cut where they are long."""
    words = " ".join(evidence.text.split())
    return words if len(words) <= LONGEST_QUOTE else f"{words[: LONGEST_QUOTE - 1]}…"


def _remark(finding: Finding, work: Work, permittable: frozenset[str]) -> Remark:
    standing = {a.id for a in work.coded.assignments}
    return Remark(
        finding.id,
        finding.rule,
        finding.severity.value,
        finding.message,
        finding.fix or "",
        finding.source or "",
        " ".join(i for i in finding.assignments if i in standing),
        tuple(_way(offer) for offer in desk.offers(finding, work)),
        f"{finding.override.by}: {finding.override.reason}" if finding.override else "",
        finding.rule in permittable,
    )


def _way(offer: Offer) -> Way:
    do = (written(offer.action) or "") if offer.action else ""
    return Way(offer.label, do, offer.replace or "", offer.query, offer.encounter)


def _asked(query: Query, work: Work) -> Asked:
    kept = work.query(query.id)
    text = kept.text if kept else _draft(query, work.encounter, work.coded.facts)
    return Asked(query, kept.state.value if kept else "", text, _troubles(text, query, work.encounter))


@remembered(512)
def _draft(query: Query, encounter: Encounter, facts: tuple[Fact, ...]) -> str:
    return draft(query, encounter, facts).text


@remembered(512)
def _troubles(text: str, query: Query, encounter: Encounter) -> tuple[Finding, ...]:
    return lint(text, query, encounter)
