"""Charges: documented services by the user's own charge master and licensed CPT file, and the prices of lines.

`read` gives lines of documented services, and questions where several charges fit; `priced` gives lines their price and
revenue code; `unsupported` tells captured charges of which the record says nothing.
"""

from .pricing import priced
from .reading import read
from .support import unsupported

__all__ = ["priced", "read", "unsupported"]
