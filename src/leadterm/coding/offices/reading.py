"""All lines of this room: what each of its files reads. The claim of a facility is left to its charge master."""

from __future__ import annotations

from itertools import chain

from leadterm.coding.chart import Chart
from leadterm.coding.services.service import Offer, Service
from leadterm.domain import ClaimType

from . import acts, ears, excisions, films, injections, lesions, scopes, wounds

READERS = (acts.read, ears.read, lesions.read, excisions.read, wounds.read, injections.read, films.read, scopes.read)
# Not by themselves what a visit needs a reason beside for.
NO_PROCEDURE = "test"


def read(chart: Chart) -> Offer:
    """The small procedures and tests of a professional's chart."""
    return Offer(services(chart))


def services(chart: Chart) -> tuple[Service, ...]:
    """The lines, read once for a chart."""
    if chart.encounter.claim_type is ClaimType.INSTITUTIONAL:
        return ()
    return chart.once("offices", lambda: tuple(chain.from_iterable(read_one(chart) for read_one in READERS)))


def minor(chart: Chart) -> tuple[Service, ...]:
    """The procedures among the lines."""
    return tuple(s for s in services(chart) if s.kind != NO_PROCEDURE)
