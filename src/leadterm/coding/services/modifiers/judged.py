"""The lines under judgement: services with what the fee schedule says of them, and what was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from leadterm.codesets.payment.fees import RelativeValue, RelativeValues
from leadterm.coding.chart import Chart
from leadterm.coding.rules import reason
from leadterm.coding.services.service import Service
from leadterm.domain import Evidence, Finding, Query, Severity

from .claims import About, classes


@dataclass(frozen=True, slots=True)
class Line:
    """A line and what the fee schedule says of its code.

    Attributes:
        number: Its place among the lines, from 1.
        service: What it is.
        fee: The row of the schedule; None where it has none, or is not installed.
    """

    number: int
    service: Service
    fee: RelativeValue | None

    @property
    def code(self) -> str:
        """The code, as written."""
        return self.service.code.value

    @property
    def classes(self) -> frozenset[str]:
        """The sorts of services that it is of."""
        return classes(self.code)

    @property
    def work(self) -> Any:
        """By what the main one of several lines is told: the schedule's values; unknown ones last."""
        return self.fee.total(facility=True) if self.fee else -1

    def allows(self, asked: str) -> bool:
        """Whether the schedule allows what a table asks (`bilateral=1,3;team=1`); where it is silent, it does."""
        if not asked or self.fee is None:
            return True
        named = (part.partition("=") for part in asked.split(";"))
        return all(getattr(self.fee, name) in values.split(",") for name, _, values in named)


class Judged:
    """All lines of a claim while modifiers are judged.

    Attributes:
        chart, about: The chart, and what its encounter tells.
        lines: In claim order.
        findings, queries: What was found so far.
        spoken: By line, the modifiers that were given or missed so far.
    """

    def __init__(self, chart: Chart, services: Iterable[Service]) -> None:
        self.chart = chart
        self.about = About(chart.encounter)
        fees = chart.book.find(RelativeValues, chart.on)
        self.lines = [Line(n, s, fees.value(s.code.value) if fees else None) for n, s in enumerate(services, 1)]
        self.findings: list[Finding] = []
        self.queries: list[Query] = []
        self.spoken: dict[int, set[str]] = {}

    def give(
        self, line: Line, modifier: str, rule: str, words: Iterable[Evidence] = (), weight: str = "info", why: str = ""
    ) -> None:
        """Put a modifier on a line that was read; say of a captured one that it lacks it, unless `weight` is empty."""
        if modifier in line.service.modifiers:
            return
        self.spoken.setdefault(line.number, set()).add(modifier)
        said = reason(rule) if not why else f"{why} ({reason(rule)})"
        if line.service.captured:
            if weight:
                message = f"Line {line.number} ({line.code}) bears no {modifier}, for which the record gives a reason."
                self.tell(line, rule, weight, message, f"Check the record and add {modifier} if it holds.", words)
            return
        given = line.service.modified(modifier, said, rule)
        seen = tuple(e for e in words if e not in given.evidence)
        self._put(line, replace(given, evidence=(*given.evidence, *seen)))

    def question(self, line: Line, modifier: str, rule: str, why: str, words: Iterable[Evidence] = ()) -> None:
        """Say of a captured line that nothing in the record bears a modifier out, or that it says another thing."""
        message = f"Line {line.number} ({line.code}) bears {modifier}, {why}."
        self.tell(line, rule, "warning", message, f"Check the record; take {modifier} off if it does not hold.", words)

    def tell(self, line: Line, rule: str, weight: str, message: str, fix: str, words: Iterable[Evidence] = ()) -> None:
        """Note a finding on a line."""
        about = (line.code,), (f"c{line.number}",)
        self.findings.append(
            Finding("m0", rule, Severity(weight), message, fix, *about, source=reason(rule), evidence=tuple(words))
        )

    def step(self, line: Line, rule: str, text: str) -> None:
        """A line in the pathway of a service that was read."""
        if not line.service.captured:
            self._put(line, line.service.stepped(text, rule))

    def put(self, line: Line, service: Service) -> None:
        """Another service in the place of one that was read."""
        self._put(line, service)

    def _put(self, line: Line, service: Service) -> None:
        self.lines[line.number - 1] = replace(line, service=service)

    def now(self, line: Line) -> Line:
        """A line as it is by now."""
        return self.lines[line.number - 1]
