"""Places in a text."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import InputError


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of a document's text, in Unicode code points: `text[start:end]` is what is shown.

    Attributes:
        start: First code point.
        end: One after the last; a span is never empty.
    """

    start: int
    end: int

    def __init__(self, start: int, end: int) -> None:
        """Raises InputError when the stretch is empty or runs backward."""
        if not 0 <= start < end:
            raise InputError(f"A span runs forward and holds text; {start}:{end} does not.")
        _SPAN_START(self, start)
        _SPAN_END(self, end)

    def of(self, text: str) -> str:
        """The words that the span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Whether both share at least one code point."""
        return self.start < other.end and other.start < self.end


# A chart has a hundred spans: to fill their slots takes half the time of the setting by name that dataclasses write.
_SPAN_START, _SPAN_END = (Span.__dict__[name].__set__ for name in ("start", "end"))
