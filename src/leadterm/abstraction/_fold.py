"""Text as the dictionaries see it: lower case, plain punctuation, the same length as the original."""

from __future__ import annotations

import unicodedata

# Each key and each value is one character: offsets into the folded text are offsets into the chart.
_PLAIN = {
    "'": "‘’‚‛′`´ʼ",
    '"': "“”„‟″«»",
    "-": "‐‑‒–—―−\u00ad",
    " ": "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u202f\u205f\u3000\ufeff",
    "\n": "\v\f\x1c\x1d\x1e\x85\u2028\u2029",
    "i": "İ",  # the one character whose lower case is two
    "σ": "Σ",  # its lower case depends on its neighbours; here it must not
    "a": "\u212b",
}
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
    **{ord(mark): str(unicodedata.digit(mark)) for mark in _DIGITS},
    **{ord(variant): plain for plain, variants in _PLAIN.items() for variant in variants},
}


def fold(text: str) -> str:
    """`text` in lower case with plain quotes, dashes, blanks and line ends, as many code points long as `text`.

    Line ends stay line ends: a carriage return before a newline becomes a blank, alone a newline. Raised and lowered digits
    become digits, accented Latin letters lose their accents; every other character is lowered by itself.
    """
    if text.isascii():
        folded = text.lower().replace("\t", " ")
        if "\x0b" in text or "\x0c" in text or "\x1c" in text or "\x1d" in text or "\x1e" in text:
            folded = folded.translate(_TABLE)
    else:
        folded = text.translate(_TABLE).lower()
    if "\r" in folded:
        folded = folded.replace("\r\n", " \n").replace("\r", "\n")
    return folded
