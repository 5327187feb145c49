"""Which diagnoses each line points to, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from leadterm.codesets.payment.coverage import Coverage
from leadterm.coding._tables import rows, within
from leadterm.coding.chart import Chart
from leadterm.coding.rules import reason
from leadterm.coding.services.service import Service
from leadterm.domain import Assignment, ClaimType, Role

from .places import Told

MOST = 4  # pointers of a line (837P SV107, CMS-1500 item 24E)
MOST_ON_CLAIM = 12
RULE = "CMS:100-04.26.10.4/pointer-{}"
VISIT, VACCINE = "visit", "vaccine"
GIVEN = frozenset(("drug", VACCINE))
ADMINISTRATION = "administration"
IMMUNIZATION = "Z23"
BACKGROUND = ("Z79", "Z8", "Z9")  # long-term drugs, history, presence of devices
# Numbers of visits, for a line that nothing was read of.
VISITS = (("99202", "99499"), ("G0402", "G0402"), ("G0438", "G0439"))
GIVING = (("96360", "96549"),)
Chosen = tuple[tuple[int, ...], str]


def pointed(chart: Chart, services: Sequence[Service], diagnoses: Sequence[Assignment]) -> tuple[Service, ...]:
    """The services, each pointing to diagnoses of the claim; those that have pointers keep them.

    Lines of an institutional claim have none (the 837I has no place for them), nor has a line without diagnoses.
    """
    places = [d for d in diagnoses if d.role is not Role.EXTERNAL_CAUSE and d.code.value[0] not in "VWXY"]
    kept = places[:MOST_ON_CLAIM]
    if chart.encounter.claim_type is ClaimType.INSTITUTIONAL or not kept or not services:
        return tuple(services)
    pointing = _Pointing(chart, kept)
    done: list[Service] = []
    for s in services:
        done.append(s if s.pointers else pointing.of(s))
    drugs = [s for s in done if s.kind in GIVEN]
    return tuple(pointing.with_drug(s, drugs) if _is_giving(s) else s for s in done)


class _Pointing:
    """How the lines of one claim find their diagnoses."""

    def __init__(self, chart: Chart, diagnoses: Sequence[Assignment]) -> None:
        self._chart = chart
        self._codes = {d.sequence: d.code.value for d in diagnoses}
        self._told = Told(chart, diagnoses)

    def of(self, s: Service) -> Service:
        """The service with what it was done for, by the first way that answers."""
        return self._with(s, *next(self._ways(s)))

    def with_drug(self, s: Service, drugs: Sequence[Service]) -> Service:
        """Giving a drug points to what the drugs beside it were given for, unless its own words tell."""
        own = next((p.rule for p in reversed(s.pathway) if p.rule and "/pointer-" in p.rule), "")
        if (s.captured and not own) or (own and not own.endswith(("lead", "coverage", "assessed"))):
            return s
        several = [n for d in drugs if d.day == s.day and not _by_lead(d) for n in d.pointers]
        found = tuple(dict.fromkeys(several))[:MOST]
        if not found:
            return s
        path = tuple(p for p in s.pathway if not (p.rule or "").startswith(RULE.format("")))
        return self._with(replace(s, pathway=path), found, "drug")

    def _with(self, s: Service, numbers: tuple[int, ...], way: str) -> Service:
        rule = RULE.format(way)
        codes = ", ".join(self._codes[n] for n in numbers[:MOST])
        return replace(s, pointers=numbers[:MOST]).stepped(f"points to {codes}: {reason(rule)}", rule)

    def _ways(self, s: Service) -> Iterator[Chosen]:
        if found := self._by_kind(s):
            yield found, "kind"
        if not _is_visit(s) and (found := self._by_words(s)):
            yield found, "words"
        if _is_visit(s) and (found := self._assessed()):
            yield found, "assessed"
        if found := self._covered(s):
            yield found, "coverage"
        if _is_visit(s) or _is_giving(s) or not s.evidence:
            yield self._told.order, "lead"
        if found := self._assessed():
            yield found, "assessed"
        yield self._told.order, "lead"

    def _by_kind(self, s: Service) -> tuple[int, ...]:
        beginnings = _beginnings(s)
        found = [n for b in beginnings for n, code in self._codes.items() if code.startswith(b)]
        also = (self._by_words(s) or self._covered(s) or self._assessed()) if found and "+" in beginnings else ()
        return tuple(dict.fromkeys((*found, *also)))

    def _by_words(self, s: Service) -> tuple[int, ...]:
        beside = [n for e in s.evidence for n in self._told.beside(e)]
        # What a vaccine or a screening is given for is not what anything else was done for.
        own = self._chief(n for n in beside if self._codes[n] != IMMUNIZATION)
        return own or self._chief(n for e in s.evidence for n in self._told.indicated(e))

    def _chief(self, numbers: Iterable[int]) -> tuple[int, ...]:
        """Each once; history and what the patient bears only where nothing else stands there."""
        found = tuple(dict.fromkeys(numbers))
        return tuple(n for n in found if not self._codes[n].startswith(BACKGROUND)) or found

    def _assessed(self) -> tuple[int, ...]:
        """The problems that were assessed; a vaccine's code only where nothing else was."""
        found = self._told.assessed() or self._told.order
        return self._chief(n for n in found if self._codes[n] != IMMUNIZATION) or found

    def _covered(self, s: Service) -> tuple[int, ...]:
        coverage = self._chart.book.find(Coverage, self._chart.on)
        listed = coverage.covered(s.code.value, self._chart.on) if coverage else None
        if listed is None:
            return ()
        return tuple(n for n, code in self._codes.items() if listed.supports(code))


def _by_lead(s: Service) -> bool:
    return any((p.rule or "") == RULE.format("lead") for p in s.pathway)


def _is_visit(s: Service) -> bool:
    return s.kind == VISIT or any(first <= s.code.value <= last for first, last in VISITS)


def _is_giving(s: Service) -> bool:
    return s.kind == ADMINISTRATION or any(first <= s.code.value <= last for first, last in GIVING)


def _beginnings(s: Service) -> tuple[str, ...]:
    """The beginnings of the diagnoses that the code itself says it is for."""
    rowed = next((r for r in rows("services/pointing/kinds") if within(r, s.code.value)), None)
    return tuple(rowed["points"].split()) if rowed else (IMMUNIZATION,) if s.kind == VACCINE else ()
