"""Physical, occupational and speech therapy of a day: which services, how many minutes, how many units.

A therapy document says what was given in lists, flowsheets or prose. Each service is joined with the minutes that stand
by it; minutes of a day and plan of care are counted together or one by one, as the payer does (see `units`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.names import Names
from leadterm.coding.querying._asking import query
from leadterm.coding.rules import reason
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.payers import BY_TOTAL, payer
from leadterm.coding.services.service import Offer, Service
from leadterm.coding.statements import day_of, documents
from leadterm.domain import ClaimType, Evidence, Finding, Query, Setting, Severity

from . import plans
from .given import Given, read_given, stated_total
from .heads import headed
from .units import each, of_total, together

TOTAL, MIDPOINT = "MCPM:5.20.2/total-minutes", "CPT:time/midpoint"
PLAN, ASSISTANT, THRESHOLD = "MCPM:5.20.1/plan-of-care", "MCPM:5.20.1/assistant", "MCPM:5.10.3/threshold"
MISSING, DIFFERS, NO_UNIT = "MCPM:5.20.3/minutes-missing", "MCPM:5.20.3/minutes-differ", "MCPM:5.20.2/under-eight"
ONCE, BUNDLED, TAKEN = "MCPM:5.20.2/untimed", "MCPM:5.20.4/bundled", "MCPM:5.20.4/unattended"
WHICH = "MCPM:5.20.4/attendance"


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of `services.tsv`."""

    codes: tuple[str, ...]
    count: str
    plans: str
    medicare: str
    name: str
    head: str


@cache
def kinds() -> tuple[Kind, ...]:
    """Every service of the table."""
    return tuple(
        Kind(tuple(r["code"].split()), r["count"], r["plans"], r["medicare"], r["name"], r["head"])
        for r in rows("timed/services")
    )


@cache
def names() -> Names:
    """The ways to write them, each with its own number."""
    every = rows("timed/services")
    return Names([_written(row) for row in every], [""] * len(every))


def _written(row: dict[str, str]) -> str:
    """The ways to write a service, its number among them; a row of two numbers is none of them."""
    return row["said"] if row["count"] == "ask" else f"(?:cpt ?)?{row['code']}|{row['said']}"


def read(chart: Chart) -> Offer:
    """The therapy of the chart: none at a stay, nor where therapy is part of what a facility is paid for a period."""
    if not _bills_therapy(chart):
        return Offer()
    days: dict[tuple[date | None, str], list[tuple[plans.Plan, Given]]] = {}
    for document in documents(chart):
        plan = plans.of(document, chart.encounter.encounter_class or "")
        if plan is None:
            continue
        found = names().found([n for n, kind in enumerate(kinds()) if plan.letter in kind.plans], document)
        for given in _without_title(read_given(chart, found, headed(document), document)):
            if plan.letter in kinds()[given.kind].plans:
                days.setdefault((day_of(chart, document), plan.letter), []).append((plan, given))
    sessions = (_Session(chart, day, found) for (day, _), found in days.items())
    offers = [session.offer() for session in sessions]
    return Offer(
        tuple(s for o in offers for s in o.services),
        tuple(f for o in offers for f in o.findings),
        tuple(q for o in offers for q in o.queries),
    )


def _without_title(given: list[Given]) -> list[Given]:
    """The tellings of a document without the treatment of speech that only its title names, where it tells another."""
    speech = {n for n, kind in enumerate(kinds()) if kind.codes == ("92507",)}
    told = [g for g in given if g.kind not in speech or "\n" in g.place.document.text[: g.place.span.start].strip()]
    return told if any(g.surely for g in told) else given


def _bills_therapy(chart: Chart) -> bool:
    encounter = chart.encounter
    if encounter.setting in (Setting.SKILLED_NURSING, Setting.HOME_HEALTH):
        part_b = (encounter.type_of_bill or "").lstrip("0").startswith(("22", "23", "34"))
        return encounter.claim_type is ClaimType.PROFESSIONAL or part_b
    return encounter.setting is not Setting.INPATIENT


class _Session:
    """What was given on one day under one plan of care."""

    def __init__(self, chart: Chart, day: date | None, found: Sequence[tuple[plans.Plan, Given]]) -> None:
        self.chart, self.day, self.plan = chart, day, found[0][0]
        self.given = [given for _, given in found]
        self.payer = payer(chart)
        self.total = stated_total({g.place.document.id: g.place.document for g in self.given}.values())

    def offer(self) -> Offer:
        timed, missing = self._timed()
        asked = [*self._unclear(), *(self._minutes_asked(k, e) for k, e in missing)]
        lines: list[Service] = []
        told: list[Finding] = []
        if self._disagrees(timed, bool(missing)):
            asked.append(self._total_asked(timed))
        elif not missing or self.payer not in BY_TOTAL:
            lines, told = self._counted(timed)
        once = list(self._once())
        services = [*lines, *(s for s, _ in once if s is not None)]
        if services and (question := self._assistant_asked()):
            asked.append(question)
        findings = (*told, *(f for _, f in once if f is not None))
        return Offer(tuple(self._modified(s) for s in services), findings, tuple(asked))

    # --- timed services ---

    def _timed(self) -> tuple[dict[int, tuple[int, list[Evidence]]], list[tuple[int, list[Evidence]]]]:
        """The minutes of each timed service, and the services that have none."""
        found: dict[int, list[Given]] = {}
        for given in self.given:
            if kinds()[given.kind].count == "timed":
                found.setdefault(given.kind, []).append(given)
        timed = {k: (_minutes(gs), _evidence(gs)) for k, gs in found.items() if any(g.minutes is not None for g in gs)}
        missing = [(k, _evidence(gs)) for k, gs in found.items() if k not in timed and any(g.surely for g in gs)]
        if len(missing) == 1 and self.total is not None and (left := self._left(timed)) > 0:
            kind, evidence = missing[0]
            timed[kind] = left, [*evidence, self.total.evidence]
            missing = []
        return timed, missing

    def _left(self, timed: dict[int, tuple[int, list[Evidence]]]) -> int:
        """The minutes of the stated total that no service has."""
        return (self.total.minutes if self.total else 0) - sum(m for m, _ in timed.values())

    def _disagrees(self, timed: dict[int, tuple[int, list[Evidence]]], missing: bool) -> bool:
        if self.total is None or missing or not timed:
            return False
        return of_total(sum(m for m, _ in timed.values())) != of_total(self.total.minutes)

    def _counted(self, timed: dict[int, tuple[int, list[Evidence]]]) -> tuple[list[Service], list[Finding]]:
        """The lines of timed services by the payer's way of counting, and a finding for each too short for a unit."""
        order = list(timed)
        minutes = [timed[k][0] for k in order]
        by_total = self.payer in BY_TOTAL
        units = together(minutes) if by_total else each(minutes)
        services: list[Service] = []
        findings: list[Finding] = []
        for kind, length, n in zip(order, minutes, units, strict=True):
            if n == 0:
                findings.append(self._no_unit(kind, length, timed[kind][1]))
                continue
            if by_total:
                text = f"{length} of {sum(minutes)} timed minutes, {of_total(sum(minutes))} units together: {n} here. "
                rule = TOTAL
            else:
                text, rule = f"{length} minutes: {n} by its own time. ", MIDPOINT
            services.extend(self._lines(kind, n, timed[kind][1], text + reason(rule), rule))
        return services, findings

    def _lines(self, kind: int, units: int, evidence: list[Evidence], text: str, rule: str) -> Iterator[Service]:
        """The line of a service; training of cognition has one code for its first quarter and one for the others."""
        shares = [(kinds()[kind].codes[0], units)]
        if kinds()[kind].codes[0] == "97129":
            shares = [("97129", 1), *([("97130", units - 1)] if units > 1 else [])]
        for code, n in shares:
            if known(self.chart, code):
                yield self._service(code, n, kinds()[kind].name, evidence).stepped(text, rule)

    def _service(self, code: str, units: int, name: str, evidence: list[Evidence]) -> Service:
        return coded(self.chart, code, "therapy", name, evidence, self.day, Decimal(units))

    # --- services that are counted once ---

    def _once(self) -> Iterator[tuple[Service | None, Finding | None]]:
        found: dict[int, list[Given]] = {}
        for given in self.given:
            if kinds()[given.kind].count == "once" and given.surely:
                found.setdefault(given.kind, []).append(given)
        for kind, tellings in found.items():
            yield self._one(kinds()[kind], _evidence(tellings))

    def _one(self, kind: Kind, evidence: list[Evidence]) -> tuple[Service | None, Finding | None]:
        takes = kind.medicare if self.payer in ("", "medicare") else ""
        if takes == "bundled":
            message = f"The {kind.name} is documented; Medicare pays it with the other services of the day."
            fix = "It is not billed to Medicare on a line of its own."
            return None, Finding(
                "f0", BUNDLED, Severity.INFO, message, fix, kind.codes, (), reason(BUNDLED), tuple(evidence)
            )
        code = takes or kind.codes[0]
        if not known(self.chart, code):
            return None, None
        service = self._service(code, 1, kind.name, evidence).stepped(reason(ONCE), ONCE)
        return (service.stepped(reason(TAKEN), TAKEN) if takes else service), None

    # --- modifiers ---

    def _modified(self, service: Service) -> Service:
        """The line with its plan of care, who gave it, and the threshold where the record speaks of it."""
        plan = self.plan
        service = service.modified(plan.modifier, reason(PLAN), PLAN)
        if (
            self._assisted(service)
            and self.payer in BY_TOTAL - {"medicaid"}
            and service.code.value not in plans.EVALUATIONS
        ):
            service = service.modified(plan.assistant, reason(ASSISTANT), ASSISTANT)
        if plan.threshold and self.payer in ("", "medicare"):
            service = service.modified("KX", reason(THRESHOLD), THRESHOLD)
        return service

    def _assisted(self, service: Service) -> bool:
        """Whether an assistant gave a service, or more than a tenth of it: by its own lines, else by the note."""
        own = [g for g in self.given if service.code.value in kinds()[g.kind].codes and g.by]
        if not own:
            return self.plan.assisted
        aided = sum(g.minutes or 1 for g in own if g.by == "aide")
        return aided * 10 > sum(g.minutes or 1 for g in own)

    # --- questions and findings ---

    def _unclear(self) -> Iterator[Query]:
        for kind in {g.kind for g in self.given if g.surely and kinds()[g.kind].count == "ask"}:
            evidence = _evidence([g for g in self.given if g.kind == kind])
            yield query(
                "service",
                f"The record names {kinds()[kind].name} and not whether a therapist attended it. Which was given?",
                kinds()[kind].codes,
                ("with constant one-to-one attendance", "unattended, set up by staff"),
                evidence,
            )

    def _minutes_asked(self, kind: int, evidence: list[Evidence]) -> Query:
        row = kinds()[kind]
        question = f"The record tells {row.name} without its minutes. How many minutes of it were given on this day?"
        return query("time", question, row.codes, ("minutes of direct one-to-one time: ____",), evidence)

    def _total_asked(self, timed: dict[int, tuple[int, list[Evidence]]]) -> Query:
        assert self.total is not None
        added = sum(m for m, _ in timed.values())
        question = (
            f"The timed services add up to {added} minutes and the record states {self.total.minutes} timed minutes. "
            "Which minutes were given?"
        )
        codes = tuple(code for k in timed for code in kinds()[k].codes)
        evidence = [e for _, es in timed.values() for e in es]
        options = ("the minutes of each service as listed", "the total as stated; minutes of each service: ____")
        return query("time", question, codes, options, [*evidence, self.total.evidence])

    def _assistant_asked(self) -> Query | None:
        if not self.plan.unclear or any(g.by for g in self.given):
            return None
        question = "A therapist and an assistant are named for this session. Who gave the services?"
        options = (
            "the therapist",
            "the assistant, in whole or more than a tenth of a service",
            "each as follows: ____",
        )
        return query("service", question, (), options, self.plan.evidence)

    def _no_unit(self, kind: int, minutes: int, evidence: list[Evidence]) -> Finding:
        row = kinds()[kind]
        message = f"{minutes} minutes of {row.name} give no unit of their own; they count in the total of the day."
        fix = "Keep the minutes in the record; the line is not billed."
        return Finding("f0", NO_UNIT, Severity.INFO, message, fix, row.codes, (), reason(NO_UNIT), tuple(evidence))


def _minutes(given: Sequence[Given]) -> int:
    """The minutes of a service that is told in several places: the same number twice is one telling."""
    return sum(dict.fromkeys(g.minutes for g in given if g.minutes is not None))


def _evidence(given: Sequence[Given]) -> list[Evidence]:
    """The words of a service: those with minutes where there are such."""
    told = [g for g in given if g.minutes is not None] or list(given)
    return list({(e.document, e.span): e for g in told for e in g.evidence}.values())[:4]
