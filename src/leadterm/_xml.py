"""The project's one XML door: a streaming reader that keeps byte offsets and refuses document types.

No other module imports an XML parser. Names come as they are written (`sdtc:raceCode`), because real records leave
prefixes undeclared, which a parser with namespaces would refuse. Entities beyond XML's own five need a document
type, so refusing it shuts out external entities and entity bombs before they cost anything.
"""

from __future__ import annotations

import io
from typing import BinaryIO, Protocol
from xml.parsers import expat

from leadterm.domain import InputError

CHUNK = 1 << 16
# What is amiss with a file that ends too soon.
CUT = frozenset(
    expat.errors.codes[said]
    for said in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)
# Deeper than any record or code set seen (C-CDA narrative: below 40); a handler's stack stays small.
MOST_DEPTH = 500
# Of one tag, comment or instruction: the parser keeps it whole, and looks at it anew with each chunk of the file.
MOST_TAG = 1 << 18
# Different names of elements and attributes, which it keeps to the end; records and code sets have some hundreds.
MOST_NAMES = 20_000


class Handler(Protocol):
    """What receives a document. `at` is the byte where the markup or the stretch of text begins in the file."""

    def start(self, name: str, attributes: dict[str, str], at: int) -> None:
        """An element opens."""

    def end(self, name: str, at: int) -> None:
        """An element closes; `at` is where its end tag begins (an empty element's own tag)."""

    def text(self, text: str, at: int) -> None:
        """A stretch of text; one text may come in several stretches, each with its own offset."""


def parse(source: bytes | BinaryIO, handler: Handler, what: str = "XML file", depth: int = MOST_DEPTH) -> None:
    """Nothing: `handler` receives the whole document, in order.

    Raises InputError, naming `what` and the line, for a document type, for nesting beyond `depth`, for a tag or comment
    beyond all measure and for what is not well-formed; the sentence never holds the document's text.
    """
    door = _Door(handler, what, depth)
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    read = 0
    try:
        while chunk := stream.read(CHUNK):
            door.parser.Parse(chunk, False)
            read += len(chunk)
            door.check(read)
        door.parser.Parse(b"", True)
    except expat.ExpatError as error:
        why = expat.ErrorString(error.code)
        place = f"line {error.lineno}, column {error.offset + 1}"
        told = "the file was cut short; get it whole" if error.code in CUT else "get it anew from where it was written"
        raise InputError(f"The {what} is not well-formed XML ({place}: {why}): {told}.") from None
    except (LookupError, ValueError):
        # Before the first element only the encoding can fail so; later it is the handler's own error.
        if door.opened:
            raise
        raise InputError(f"The {what} declares an encoding that cannot be read; save it as UTF-8.") from None


class _Door:
    """Stands between the parser and the handler: refuses, counts depth and adds offsets."""

    def __init__(self, handler: Handler, what: str, depth: int) -> None:
        self.opened = False
        self._depth = 0
        self._most = depth
        self._handler = handler
        self._what = what
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = False  # a buffered stretch would lose the offset where it began
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse

    def check(self, read: int) -> None:
        """Nothing, between two chunks; `read` is what the parser was given.

        Raises InputError where what is begun goes on for too long, or there are names without end.
        """
        if len(self.parser.intern) > MOST_NAMES:
            raise InputError(
                f"The {self._what} has more than {MOST_NAMES:,} different names of elements: it is no record."
            )
        if read - self.parser.CurrentByteIndex > MOST_TAG + CHUNK:
            line = self.parser.CurrentLineNumber
            raise InputError(f"The {self._what} has a tag or comment of more than {MOST_TAG:,} bytes (line {line}).")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.opened = True
        self._depth += 1
        if self._depth > self._most:
            line = self.parser.CurrentLineNumber
            raise InputError(f"The {self._what} nests more than {self._most} elements (line {line}).")
        self._handler.start(name, attributes, self.parser.CurrentByteIndex)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._handler.end(name, self.parser.CurrentByteIndex)

    def _text(self, text: str) -> None:
        self._handler.text(text, self.parser.CurrentByteIndex)

    def _refuse(self, *_: object) -> None:
        raise InputError(f"The {self._what} has a document type (DOCTYPE), which is refused; remove it and try again.")
