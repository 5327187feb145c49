"""The words of `drug_cues.tsv` as patterns."""

from __future__ import annotations

import re

from leadterm.coding.guidelines import _cues


def cue(name: str, shape: str = "{}") -> re.Pattern[str]:
    """The pattern of a cue of drugs, in a shape where one is given."""
    return _cues.cue("chapter19_injury/drug_cues", name, shape)
