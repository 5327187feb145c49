"""Documentation support: does the record bear the codes out? A claim has no documents and is not asked."""

from leadterm.edits._families import Family

from . import support

FAMILY = Family("documentation", "Does the record bear the codes out?", codings=(support,))
