"""Remitted claims as one line of text, in the segments that say them; the cases of `guardrails.toml` are written so.

    CLP MB 4 100.00 0.00 ICN1; SVC 99213 100.00 0.00; CAS CO 16 100.00; LQ MA130 N265; NCCI 0

`CLP` filing indicator, status, charge, paid, the payer's number (left out: none); `SVC` code with modifiers
(`99213-25`), charge, paid; `CAS` group, reason, amount; `LQ` remarks of the line, `MOA` remarks of the claim; `PR` the
patient's part (CLP05); `DTM` day of service; `NCCI` modifier indicator of the pair. A CAS before any SVC is that of
the claim as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from leadterm.domain import Adjustment, Money, RemittedClaim, RemittedLine, Source
from leadterm.remittance.denials import Context, Denial, denials_of

PAID = date(2026, 6, 1)
SERVED = date(2026, 5, 14)
UNITS = Decimal(1)


@dataclass
class Written:
    """A claim while it is read."""

    claim: RemittedClaim | None = None
    indicator: str = "unknown"
    position: int = 0
    words: dict[str, Callable[[list[str]], None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.words = {
            "CLP": self._clp,
            "SVC": self._svc,
            "CAS": self._cas,
            "LQ": self._lq,
            "MOA": self._moa,
            "PR": self._pr,
            "DTM": self._dtm,
            "NCCI": self._ncci,
        }

    @property
    def head(self) -> RemittedClaim:
        assert self.claim is not None
        return self.claim

    def source(self, segment: str) -> Source:
        self.position += 1
        return Source(segment, self.position, 100 * self.position)

    def _change_line(self, **changed: object) -> None:
        *others, last = self.head.lines
        self.claim = replace(self.head, lines=(*others, replace(last, **changed)))

    def _clp(self, words: list[str]) -> None:
        filing, status, charge, paid, *number = words
        self.claim = RemittedClaim(
            "CLM1",
            status,
            Money.parse(charge),
            Money.parse(paid),
            Money.parse(0),
            None if filing == "-" else filing,
            number[0] if number else None,
            self.source("CLP"),
            start=SERVED,
        )

    def _svc(self, words: list[str]) -> None:
        code, charge, paid = words
        bare, *modifiers = code.split("-")
        number = len(self.head.lines) + 1
        source = self.source("SVC")
        money = Money.parse(charge), Money.parse(paid)
        line = RemittedLine(number, "HC", bare, tuple(modifiers), *money, None, UNITS, source)
        self.claim = replace(self.head, lines=(*self.head.lines, line))

    def _cas(self, words: list[str]) -> None:
        group, reason, amount = words
        told = Adjustment(group, reason, Money.parse(amount), None, self.source("CAS"))
        if self.head.lines:
            self._change_line(adjustments=(*self.head.lines[-1].adjustments, told))
        else:
            self.claim = replace(self.head, adjustments=(*self.head.adjustments, told))

    def _lq(self, words: list[str]) -> None:
        if self.head.lines:
            self._change_line(remarks=tuple(words))
        else:
            self._moa(words)

    def _moa(self, words: list[str]) -> None:
        self.claim = replace(self.head, remarks=tuple(words))

    def _pr(self, words: list[str]) -> None:
        self.claim = replace(self.head, patient=Money.parse(words[0]))

    def _dtm(self, words: list[str]) -> None:
        if self.head.lines:
            self._change_line(start=date.fromisoformat(words[0]))
        else:
            self.claim = replace(self.head, start=date.fromisoformat(words[0]))

    def _ncci(self, words: list[str]) -> None:
        self.indicator = words[0]


def written(text: str) -> Written:
    read = Written()
    for segment in text.split(";"):
        name, *words = segment.split()
        read.words[name](words)
    return read


def claim(text: str) -> RemittedClaim:
    """The claim that the line writes."""
    return written(text).head


def context(text: str, **changed: object) -> Context:
    """What surrounds it: paid on June 1, 2026, with the indicator that the line names."""
    return replace(Context(PAID, modifier_indicator=written(text).indicator), **changed)  # type: ignore[arg-type]


def denials(text: str, **changed: object) -> list[Denial]:
    """Its denials."""
    return list(denials_of([claim(text)], context(text, **changed)))


def denial(text: str, **changed: object) -> Denial:
    """Its one denial."""
    (only,) = denials(text, **changed)
    return only
