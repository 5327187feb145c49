"""What could not be checked, because its table is not installed. Asked last, when every other family has looked."""

from leadterm.edits._families import Family

from . import unchecked

FAMILY = Family("tables", "Which tables are not installed, so that something was not checked?", claims=(unchecked,))
