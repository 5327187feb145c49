"""From a fact to a code: the Alphabetic Index opens, the Tabular List verifies and decides (I.B.1)."""

from .opening import open_fact
from .tables import cause_quoted, looked_up
from .tabular import Arrival, navigate

__all__ = ["Arrival", "cause_quoted", "looked_up", "navigate", "open_fact"]
