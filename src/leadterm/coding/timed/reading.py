"""All services by time of a chart: what each file of this room reads."""

from __future__ import annotations

from leadterm.coding.chart import Chart
from leadterm.coding.services.service import Offer, joined

from . import anesthesia, counselling, observation, psychotherapy, therapy

READERS = (therapy.read, anesthesia.read, psychotherapy.read, counselling.read, observation.read)


def read(chart: Chart) -> Offer:
    """What was read of services that are counted by their time; empty where the chart names none."""
    return joined(read_one(chart) for read_one in READERS)
