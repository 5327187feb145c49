"""The X12 format alone: read segments, write segments, place them in a transaction's loops.

Knows nothing of claims' meaning, and of the house nothing but the root of its errors.
"""

from .envelope import Envelopes, Fault, envelope_faults
from .errors import X12Error
from .guide import Guide, Placed, Walk, guide, walk
from .interchange import Interchange, Transaction, write
from .reader import Readable, read
from .segment import Segment, Separators
from .values import AMOUNT, NUMBER, amount, day, decimal
from .writer import SegmentWriter, period

__all__ = [
    "AMOUNT",
    "NUMBER",
    "Envelopes",
    "Fault",
    "Guide",
    "Interchange",
    "Placed",
    "Readable",
    "Segment",
    "SegmentWriter",
    "Separators",
    "Transaction",
    "Walk",
    "X12Error",
    "amount",
    "day",
    "decimal",
    "envelope_faults",
    "guide",
    "period",
    "read",
    "walk",
    "write",
]
