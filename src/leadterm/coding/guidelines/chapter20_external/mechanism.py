"""What caused the injury: a collision by who, in what and with what (`transport`), else the table `mechanisms.tsv`."""

from __future__ import annotations

from leadterm.coding.chart import Candidate, Chart

from .story import cause, hits, spelled, standing
from .transport import transport

RULE = "ICD10CM:I.C.20.a/mechanism"
# Causes that explain only certain effects: heat burns, things in an orifice lodge there.
_ONLY_WITH = (
    ("W44", ("T15", "T16", "T17", "T18", "T19")),
    ("X32", ("L55", "T67", "L56")),
    ("X0", ("T2", "T30", "T31", "S", "L55")),
    ("X1", ("T2", "T30", "T31", "L55")),
    (("W85", "W86"), ("T75.4", "T2", "S")),
    ("X50", ("S",)),
    ("W89", ("H16", "L55", "S05", "T26")),
)


def mechanism(chart: Chart, effects: tuple[str, ...]) -> Candidate | None:
    """The external cause that the account tells; None where it tells none that has a code. `effects`: codes injured."""
    moved = transport(chart)
    if moved is not None:
        return cause(chart, moved.hit, moved.code, RULE, 0)
    for row in standing(chart, "mechanisms"):
        if not explains(row["node"], effects):
            continue
        for hit in hits(chart, row["pattern"]):
            if row["unless"] and spelled(row["unless"]).search(hit.sentence):
                continue
            if (found := cause(chart, hit, row["node"], RULE, 0)) is not None:
                return found
    return None


def explains(node: str, effects: tuple[str, ...]) -> bool:
    """Whether a cause can have had one of the effects."""
    only = next((with_ for prefixes, with_ in _ONLY_WITH if node.startswith(prefixes)), None)
    return only is None or any(code.startswith(only) for code in effects)
