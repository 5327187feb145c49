"""The words of `drug_cues.tsv` as patterns."""

from __future__ import annotations

import re
from functools import cache

from leadterm.coding._tables import rows


@cache
def cue(name: str, shape: str = "{}") -> re.Pattern[str]:
    """The pattern of a cue's rows, in a shape where one is given: `{}` is replaced by the alternatives in brackets."""
    found = [row["pattern"] for row in rows("guidelines/chapter19_injury/drug_cues") if row["cue"] == name]
    return re.compile(shape.replace("{}", f"(?:{'|'.join(found)})"))
