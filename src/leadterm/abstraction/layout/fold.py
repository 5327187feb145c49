"""Text as the dictionaries see it: lower case, plain punctuation, the same length as the original."""

from __future__ import annotations

import re
import unicodedata

# Each key and each value is one character: offsets into the folded text are offsets into the chart.
_PLAIN = {
    "'": "‘’‚‛′´ʼ",
    '"': "“”„‟″«»",
    "-": "‐‑‒–—―−\u00ad",
    " ": "\t\u00a0\u1680\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200C))),
    "\n": "\v\f\x1c\x1d\x1e\x85\u2028\u2029",
    "i": "İ",  # the one character whose lower case is two
    "σ": "Σ",  # its lower case depends on its neighbours; here it must not
    "a": "\u212b",
    "x": "×✕",
    "/": "⁄∕",
}
_STRANGE = re.compile(r"[^\n\r -~]")
_MANY = 24  # kinds of strange characters above which one pass over all is cheaper than one for each
_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉"


def _accents() -> dict[int, str]:
    """Latin letters that are a plain letter with marks: Sjögren and Sjogren are one name."""
    table = {}
    for point in range(0xC0, 0x250):
        base = unicodedata.normalize("NFD", chr(point))[0]
        if base != chr(point) and base.isascii() and base.isalpha():
            table[point] = base.lower()
    return table


_TABLE: dict[int, str] = {
    **_accents(),
    **{0xFF00 + point - 0x20: chr(point).lower() for point in range(0x21, 0x7F)},  # full width
    **{ord(mark): str(unicodedata.digit(mark)) for mark in _DIGITS},
    **{ord(variant): plain for plain, variants in _PLAIN.items() for variant in variants},
}


def fold(text: str) -> str:
    """`text` in lower case with plain quotes, dashes, blanks and line ends, as many code points long as `text`.

    Line ends stay line ends: a carriage return before a newline becomes a blank, alone a newline. Raised and lowered
    digits become digits, accented Latin letters lose their accents; every other character is lowered by itself.
    """
    strange = set(_STRANGE.findall(text))
    if len(strange) > _MANY:
        text = text.translate(_TABLE)
    else:
        for mark in strange:
            if ord(mark) in _TABLE:
                text = text.replace(mark, _TABLE[ord(mark)])
    folded = text.lower()
    if "\r" in folded:
        folded = folded.replace("\r\n", " \n").replace("\r", "\n")
    return folded
