"""What a chart says: from documents to facts, each with its words and its assertion."""

from .facts import abstract, kind_of
from .mentions import Dictionary

__all__ = ["Dictionary", "abstract", "kind_of"]
