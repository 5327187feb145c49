"""Charts in: files become Encounters with Documents whose text is untouched."""

from .asked import BadRow, Chart, Overrides
from .charts import (
    Source,
    must_exist,
    opened,
    read_charts,
    read_encounter,
    read_upload,
    read_whole,
)
from .checkable import READERS, Checkable, read_checkable, read_one
from .formats import Format, named
from .gathering import Joining, files_of, is_chart, read_joined, read_sent, read_uploads
from .joining import joined, settled, signs
from .rules import findings, late, rules
from .text import MOST_BYTES, decode
from .wording import in_words

__all__ = [
    "MOST_BYTES",
    "READERS",
    "BadRow",
    "Chart",
    "Checkable",
    "Format",
    "Joining",
    "Overrides",
    "Source",
    "decode",
    "files_of",
    "findings",
    "in_words",
    "is_chart",
    "joined",
    "late",
    "must_exist",
    "named",
    "opened",
    "read_charts",
    "read_checkable",
    "read_encounter",
    "read_joined",
    "read_one",
    "read_sent",
    "read_upload",
    "read_uploads",
    "read_whole",
    "rules",
    "settled",
    "signs",
]
