"""Licensed descriptors in the form that the matcher takes; the texts never leave the machine that holds the licence."""

from __future__ import annotations

import re

# Examples in brackets, and what tells how to report the code, are no part of the service.
_BRACKETS = re.compile(r"\([^()]*\)")
_REPORTING = re.compile(
    r"\b(?:separate procedure|list separately[^,;]*|with interpretation and report|interpretation and report only)\b",
    re.IGNORECASE,
)
_AND_OR = re.compile(r"\b(\w+)\s+(?:and/or|or)\s+(\w+)\b", re.IGNORECASE)
VISITS = ("99202", "99499")
ANESTHESIA = ("00100", "01999")
VACCINES = ("90281", "90756")
NUMBER = re.compile(r"[0-9]{5}")


def billable(code: str) -> bool:
    """Whether words find a code: no visit, whose level is counted; no anesthesia; no product; no category II."""
    counted = any(first <= code <= last for first, last in (VISITS, ANESTHESIA, VACCINES))
    return bool(NUMBER.fullmatch(code)) and not counted


def plain(descriptor: str) -> str:
    """The words of a descriptor that say what is done; `a or b` as alternatives."""
    bare = _REPORTING.sub(" ", _BRACKETS.sub(" ", descriptor))
    return " ".join(_AND_OR.sub(r"\1/\2", bare).replace(";", " ").split())
