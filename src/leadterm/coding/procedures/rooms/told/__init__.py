"""Rooms for accounts that name no operation: what was put in, taken out, cut and sewn tells what was done.

A row of the lexicon that is told `hand` leads here as `@told:name`. A room looks at the whole report, gives codes where
the account tells enough for them, and nothing where it does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.terms import Term

from . import head, heart, joints, limbs, skin, spine

TOLD: Mapping[str, Callable[[Legal, Term, Context], Iterator[Built]]] = {
    "breast": skin.breast,
    "clot": head.clot,
    "coronaries": heart.coronaries,
    "coronaryclot": heart.clot,
    "expander": skin.expander,
    "eye": limbs.eye,
    "flap": skin.flap,
    "fusion": spine.fusion,
    "grafts": heart.grafts,
    "heelcord": limbs.heelcord,
    "joint": joints.codes,
    "ray": limbs.ray,
    "skin": skin.skin,
    "stents": heart.stents,
    "stroke": head.stroke,
    "tavr": heart.tavr,
    "valve": heart.valve,
    "ventricle": head.ventricle,
    "vertebra": spine.vertebra,
}


def codes(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """The codes of what an account tells: `argument` is a key of `TOLD`."""
    yield from (built for built in TOLD[argument](legal, term, context) if built.open is None)
