"""Whether a claim is complete and agrees with itself: people, numbers, days, lines, diagnoses, earlier claims."""

from leadterm.edits._families import Family

from . import claim, lines, parties

FAMILY = Family("claims", "Is the claim complete, and does it agree with itself?", claims=(claim, parties, lines))
