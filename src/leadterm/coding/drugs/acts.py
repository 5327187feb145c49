"""How each drug was given, as far as the record tells it: the acts that codes of administration are chosen for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from leadterm.coding.patterns import compiled
from leadterm.coding.querying._asking import query
from leadterm.domain import Query

from ._cues import cue
from .doses import Dose, Doses
from .formulary import Product

_OVER = compiled(r"\bover (?:about |approximately |~ ?)?(?:\d+ ?- ?)?(?P<minutes>\d{1,2}) ?min")
TO_PUSH = 15  # minutes: an infusion no longer than that is a push
CHEMO, THERAPY, HYDRATION = "chemo", "therapy", "hydration"
# Under which codes a drug is given, by its kind in the starter table; giving others is part of something else.
_CLASSES = {
    "chemo": CHEMO,
    "complex": CHEMO,
    "hormonal": CHEMO,
    "therapeutic": THERAPY,
    "immune globulin": THERAPY,
    "electrolyte": THERAPY,
    "": THERAPY,
    "hydration": HYDRATION,
}
UNDER_SKIN = frozenset(("im", "sc"))


@dataclass(frozen=True, slots=True)
class Act:
    """One giving of one drug.

    Attributes:
        dose: What was given.
        sort: chemo, therapy or hydration.
        way: injection, push, infusion, pump (for many hours), under skin (an infusion there); untimed, unknown.
        start, stop: Minutes since midnight, of an infusion; a push has its moment as both.
        site: The access, as far as told.
    """

    dose: Dose
    sort: str
    way: str
    start: int | None
    stop: int | None
    site: str

    @property
    def minutes(self) -> int:
        """How long it lasted; nothing for what has no duration."""
        if self.start is None or self.stop is None:
            return 0
        return max(0, self.stop - self.start - self.dose.told.times.paused)

    @property
    def drug(self) -> str:
        """What was given, by its code."""
        return self.dose.product.code.value if self.dose.product else ""

    def overlaps(self, other: Act) -> bool:
        """Whether both ran at the same time."""
        if self.start is None or self.stop is None or other.start is None or other.stop is None:
            return False
        return self.start < other.stop and other.start < self.stop

    def assumed(self, way: str) -> Act:
        """The act as it would be, were it given that way; an infusion of an hour."""
        begin = self.start if self.start is not None else 0
        return replace(self, way=way, start=begin, stop=begin + (60 if way == "infusion" else 0))


def acts(found: Doses) -> tuple[Act, ...]:
    """The acts of the doses whose giving is a service of its own, in order of the text."""
    return tuple(act for dose in found.given if (act := _act(dose)) is not None)


def _act(dose: Dose) -> Act | None:
    product = dose.product or (dose.choices[0] if dose.choices else None)
    sort = _CLASSES.get(product.kind) if product else None
    if product is None or sort is None:
        return None
    told, route = dose.told, dose.told.route or _only_route(product, dose)
    if route in UNDER_SKIN:
        long = told.infusion and (told.times.minutes or 0) > TO_PUSH
        return Act(dose, sort, "under skin" if long else "injection", told.times.start, told.times.stop, "")
    if route not in ("iv", ""):
        return None
    return Act(dose, sort, _way(dose, route, sort), told.times.moment, _stop(dose), told.site)


def _only_route(product: Product, dose: Dose) -> str:
    """The way of a drug that has only one: under the skin, into a muscle, or into a vein where it is said to run."""
    only = next(iter(product.routes)) if len(product.routes) == 1 else ""
    runs = product.kind == "hydration" or dose.told.infusion or dose.told.push or dose.told.times.minutes is not None
    if only in UNDER_SKIN or (only and runs):
        return only
    long = (dose.told.times.minutes or 0) > TO_PUSH  # nothing goes into a muscle for so long
    hung = "iv" in product.routes and product.kind != "immune globulin" and long
    return "iv" if hung else only if runs else ""


def _way(dose: Dose, route: str, sort: str) -> str:
    told, minutes = dose.told, dose.told.times.minutes
    if sort == CHEMO and minutes is None and cue("pump").search(dose.mention.own):
        return "pump"
    if not route:
        return "unknown"
    if minutes is not None:
        return "infusion" if minutes > TO_PUSH or sort == HYDRATION else "push"
    short = _OVER.search(dose.mention.own)
    brief = short is not None and int(short["minutes"]) <= TO_PUSH
    if told.push and (brief or not told.infusion) and sort != HYDRATION:
        return "push"
    return "untimed" if told.infusion or sort == HYDRATION or told.times.start is not None else "unknown"


def _stop(dose: Dose) -> int | None:
    return dose.told.times.stop if dose.told.times.stop is not None else dose.told.times.at


# --- what to ask ---


def questions(found: tuple[Act, ...]) -> Iterator[Query]:
    """Times and ways that the record lacks."""
    for act in found:
        name = f"“{' '.join(act.dose.name.split())}”"
        if act.way == "untimed":
            yield query("time", _about_time(act, name), (), ("the time (please state)",), act.dose.evidence)
        elif act.way == "unknown":
            yield query("service", f"How was {name} given?", (), _ways(act), act.dose.evidence)


def _about_time(act: Act, name: str) -> str:
    told = act.dose.told.times
    if told.start is not None or told.at is not None:
        return f"When did the infusion of {name} end?"
    return (
        f"When did the infusion of {name} begin?"
        if told.stop is not None
        else (f"When did the infusion of {name} begin, and when did it end?")
    )


def _ways(act: Act) -> tuple[str, ...]:
    vein = ("into a vein, as a push", "into a vein, as an infusion (please state start and stop)")
    return vein if act.dose.told.route == "iv" else (*vein, "into a muscle", "under the skin")
