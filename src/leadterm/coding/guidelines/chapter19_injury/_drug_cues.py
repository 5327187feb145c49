"""The words of `drug_cues.tsv` as patterns."""

from __future__ import annotations

from leadterm.coding.guidelines import _cues
from leadterm.coding.patterns import Pattern


def says(name: str, text: str) -> bool:
    """Whether a text says one of a cue's rows."""
    return _cues.says("chapter19_injury/drug_cues", name, text)


def cue(name: str, shape: str = "{}") -> Pattern:
    """The pattern of a cue of drugs, in a shape where one is given."""
    return _cues.cue("chapter19_injury/drug_cues", name, shape)
