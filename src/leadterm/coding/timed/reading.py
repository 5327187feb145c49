"""All services by time of a chart: what each file of this room reads."""

from __future__ import annotations

from dataclasses import replace

from leadterm.coding.chart import Chart
from leadterm.coding.services.service import Offer, joined

from . import (
    anesthesia,
    blocks,
    breasts,
    counselling,
    education,
    monitoring,
    observation,
    once,
    psychotherapy,
    spine,
    therapy,
    wounds,
)

READERS = (
    *(therapy.read, anesthesia.read, psychotherapy.read, counselling.read, observation.read),
    *(once.read, wounds.read, education.read, monitoring.read, breasts.read, spine.read, blocks.read),
)


def read(chart: Chart) -> Offer:
    """What was read of services that are counted by their time; empty where the chart names none."""
    offer = joined(read_one(chart) for read_one in READERS)
    first = {(s.code, s.day, s.modifiers): s for s in reversed(offer.services)}
    return replace(offer, services=tuple(s for s in offer.services if first[s.code, s.day, s.modifiers] is s))
