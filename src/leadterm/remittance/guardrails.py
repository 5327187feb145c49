"""What may not be done about a denial, and what comes first: an engine over `guardrails.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from leadterm.domain import ClaimStatus, InternalError

from .reasons import PACKAGE, Move, categories, payer_kinds, reasons, remarks

RULE_ID = re.compile(r"[A-Z0-9]+:[A-Za-z0-9.-]+/[a-z0-9-]+")
UNKNOWN_INDICATOR = "unknown"
INDICATORS = frozenset({"0", "1", "9", UNKNOWN_INDICATOR})
REQUIRED = frozenset({"id", "when", "reason", "fix", "source", "fires", "passes"})
OPTIONAL = frozenset({"forbids", "requires", "denial"})


@dataclass(frozen=True, slots=True)
class Situation:
    """What guard rails look at: one adjustment in its surroundings.

    Attributes:
        payer, family: Kind of payer and its family (payers.tsv).
        status: CLP02.
        whole_charge: Whether the adjustment takes all of a charge on a claim that pays nothing.
        control_number: Whether the payer's claim number is known.
        modifier_indicator: Of the NCCI pair: `0`, `1`, `9`, or `unknown`.
    """

    payer: str
    family: str
    status: str
    group: str
    reason: str
    category: str
    remarks: frozenset[str] = frozenset()
    whole_charge: bool = False
    control_number: bool = False
    modifier_indicator: str = UNKNOWN_INDICATOR


@dataclass(frozen=True, slots=True)
class GuardRail:
    """One guard rail and its authority.

    Attributes:
        id: `AUTHORITY:paragraph/slug`.
        when: Predicate → what it wants; all must hold.
        reason, fix, source: Why, what to do, and who says so.
        fires, passes: A case that it catches and a near miss, in the notation of the table's header.
        forbids, requires: Moves ruled out; moves that come first.
        denial: `no` where the adjustment is no denial, `yes` where it is one although its reason reads otherwise.
    """

    id: str
    when: Mapping[str, Any]
    reason: str
    fix: str
    source: str
    fires: str
    passes: str
    forbids: frozenset[Move] = field(default_factory=frozenset)
    requires: tuple[Move, ...] = ()
    denial: str | None = None

    def holds(self, situation: Situation) -> bool:
        """Whether it applies there."""
        return all(_PREDICATES[name](situation, wanted) for name, wanted in self.when.items())


_PREDICATES: dict[str, Callable[[Situation, Any], bool]] = {
    "payers": lambda s, wanted: s.payer in wanted,
    "families": lambda s, wanted: s.family in wanted,
    "statuses": lambda s, wanted: s.status in wanted,
    "groups": lambda s, wanted: s.group in wanted,
    "reasons": lambda s, wanted: s.reason in wanted,
    "categories": lambda s, wanted: s.category in wanted,
    "remarks": lambda s, wanted: not s.remarks.isdisjoint(wanted),
    "without_remarks": lambda s, wanted: s.remarks.isdisjoint(wanted),
    "modifier_indicators": lambda s, wanted: s.modifier_indicator in wanted,
    "whole_charge": lambda s, wanted: s.whole_charge is wanted,
    "control_number": lambda s, wanted: s.control_number is wanted,
}


@cache
def guardrails() -> tuple[GuardRail, ...]:
    """Every guard rail in the order of the table, which is their precedence.

    Raises InternalError for unknown or missing keys, a malformed or repeated id, or a value that no table knows.
    """
    text = (files(PACKAGE) / "guardrails.toml").read_text(encoding="utf-8")
    found = tuple(make_guardrail(row) for row in tomllib.loads(text)["guardrail"])
    ids = [g.id for g in found]
    if len(set(ids)) != len(ids):
        raise InternalError("The table of guard rails has an id twice.")
    return found


@cache
def unmasking() -> tuple[GuardRail, ...]:
    """Those that find a denial behind a reason that reads otherwise."""
    return tuple(g for g in guardrails() if g.denial == "yes")


def guardrail(rule_id: str) -> GuardRail | None:
    """The guard rail with that id."""
    return next((g for g in guardrails() if g.id == rule_id), None)


def fired(situation: Situation) -> tuple[GuardRail, ...]:
    """The guard rails that apply there, by precedence."""
    return tuple(g for g in guardrails() if g.holds(situation))


def make_guardrail(row: Mapping[str, Any]) -> GuardRail:
    """The guard rail of one table entry. Raises InternalError as `guardrails` says."""
    rule_id, keys = str(row.get("id", "without id")), set(row)
    if REQUIRED - keys or keys - REQUIRED - OPTIONAL:
        wrong = sorted((REQUIRED - keys) | (keys - REQUIRED - OPTIONAL))
        raise InternalError(f"The guard rail {rule_id} lacks or should not have: {', '.join(wrong)}.")
    if not RULE_ID.fullmatch(rule_id) or row.get("denial") not in (None, "yes", "no"):
        raise InternalError(f"The guard rail {rule_id} has a malformed id or says neither yes nor no.")
    _check_condition(rule_id, row["when"])
    if not (row.get("forbids") or row.get("requires")):
        raise InternalError(f"The guard rail {rule_id} neither forbids nor requires anything.")
    try:
        moves = {"forbids": frozenset(map(Move, row.get("forbids", ())))}
        return GuardRail(**{**row, **moves, "requires": tuple(map(Move, row.get("requires", ())))})
    except ValueError:
        raise InternalError(f"The guard rail {rule_id} names a move that does not exist.") from None


def _check_condition(rule_id: str, when: Mapping[str, Any]) -> None:
    for name, wanted in when.items():
        if name not in _PREDICATES:
            raise InternalError(f"The guard rail {rule_id} has the unknown condition {name}.")
        if isinstance(wanted, bool) != (name in ("whole_charge", "control_number")):
            raise InternalError(f"The guard rail {rule_id} has a condition {name} of the wrong kind.")
        known = _vocabulary(name)
        if known and not known.issuperset(wanted):
            raise InternalError(f"The guard rail {rule_id} wants {', '.join(sorted(set(wanted) - known))} in {name}.")


def _vocabulary(name: str) -> frozenset[str]:
    """What a condition may name: nothing stands for anything."""
    names: dict[str, Callable[[], Iterable[str]]] = {
        "payers": lambda: (k.kind for k in payer_kinds().values()),
        "families": lambda: (k.family for k in payer_kinds().values()),
        "statuses": lambda: (s.value for s in ClaimStatus),
        "groups": lambda: ("CO", "PR", "OA", "PI", "CR"),
        "reasons": reasons,
        "categories": categories,
        "remarks": remarks,
        "without_remarks": remarks,
        "modifier_indicators": lambda: INDICATORS,
    }
    return frozenset(names[name]()) if name in names else frozenset()
