"""All modifiers of a claim's lines, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from leadterm.coding.chart import Chart
from leadterm.coding.services.service import Offer, Service

from . import cues, discontinued, repeats, sides, together
from .judged import Judged
from .order import ordered


def applied(chart: Chart, services: Sequence[Service]) -> Offer:
    """The lines with the modifiers that the record supports, what captured lines lack, and what to ask."""
    if not services:
        return Offer()
    judged = Judged(chart, services)
    for room in (sides, cues, repeats, together, discontinued):
        room.read(judged)
    return Offer(tuple(_placed(n.service) for n in judged.lines), tuple(judged.findings), tuple(judged.queries))


def _placed(s: Service) -> Service:
    """A line that was read, its modifiers in their order; a captured one as it is."""
    return s if s.captured else replace(s, modifiers=ordered(s.modifiers))
