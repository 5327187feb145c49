"""From a fact to a code: the Alphabetic Index opens, the Tabular List verifies and decides (I.B.1)."""

from .opening import open_fact
from .tabular import Arrival, navigate

__all__ = ["Arrival", "navigate", "open_fact"]
