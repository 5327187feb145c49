"""What a chart says: from documents to facts, each with its words and its assertion."""

from ._tables import digest
from ._vocabulary import Entry
from ._vocabulary import load as vocabulary
from .facts import Reading, abstract, read, said_of
from .naming import image
from .naming.mentions import Dictionary

__all__ = ["Dictionary", "Entry", "Reading", "abstract", "digest", "image", "read", "said_of", "vocabulary"]
