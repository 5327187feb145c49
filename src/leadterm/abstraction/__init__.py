"""What a chart says: from documents to facts, each with its words and its assertion."""

from .facts import Reading, abstract, kind_of, read
from .mentions import Dictionary

__all__ = ["Dictionary", "Reading", "abstract", "kind_of", "read"]
