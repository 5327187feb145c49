"""The rules that an 837 is read by, from `read_837.toml`, and the findings that they make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from leadterm.domain import Finding, StatedRule, stated_rules

# Version 5010 has been the one to use since this day (45 CFR 162.1102).
FIRST_DAY = date(2012, 1, 1)
# A file that is wrong a million times is wrong: of each rule so many findings are told, and then their number.
MOST_OF_ONE = 200


@cache
def rules() -> Mapping[str, StatedRule]:
    """Every rule by id."""
    return stated_rules((files("leadterm.claims") / "read_837.toml").read_text(encoding="utf-8"))


def finding(rule_id: str, message: str, **location: Any) -> Finding:
    """A finding of that rule; its id is given when it is told (`Telling`)."""
    return rules()[rule_id].finding(message, location)


class Telling:
    """Gives findings their ids in the order in which they are told, and keeps one rule from drowning the others."""

    def __init__(self) -> None:
        self._told: Counter[str] = Counter()
        self._next = 0

    def enough(self, rule: str) -> bool:
        """Whether a rule has been told often enough of the file; one more of it is counted then."""
        if self._told[rule] < MOST_OF_ONE:
            return False
        self._told[rule] += 1
        return True

    def of_file(self, found: Finding) -> Iterator[Finding]:
        """A finding on the file with its id, or nothing where its rule has been told often enough."""
        if not self.enough(found.rule):
            self._told[found.rule] += 1
            yield self.of_claim(found)

    def of_claim(self, found: Finding) -> Finding:
        """A finding on a claim with its id: of these each claim has a bound of its own."""
        self._next += 1
        return replace(found, id=f"f{self._next}")

    def rest(self) -> Iterator[Finding]:
        """One finding for each rule of which not all were told."""
        for rule, times in sorted(self._told.items()):
            if times > MOST_OF_ONE:
                words = f"{times - MOST_OF_ONE} more findings of this rule on the file were left out."
                yield self.of_claim(finding(rule, words))
