"""Small numbers as notes write them: in digits or in words."""

from __future__ import annotations

_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
).split()
_MORE = {"a": 1, "an": 1, "single": 1, "a single": 1, "once": 1, "twice": 2} | {
    word: n for n, word in enumerate(("double", "triple", "quadruple", "quintuple"), 2)
}
_TENS = {word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_ONES = {"": 0} | {word: n for n, word in enumerate(_WORDS[1:10], 1)}
# From twenty to ninety-nine in words, as a pattern.
TENS = rf"(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_WORDS[1:10])}))?"
_VALUES = {word: n for n, word in enumerate(_WORDS)} | _MORE


def number_of(said: str) -> int:
    """The number that digits or a word tell ("2", "Two", "twice", "forty-five"). Raises ValueError for any other."""
    low = said.lower()
    if low in _VALUES:
        return _VALUES[low]
    tens, _, ones = low.replace(" ", "-").partition("-")
    return _TENS[tens] + _ONES[ones] if tens in _TENS and ones in _ONES else int(low)


def words_to(most: int) -> str:
    """The words from one to a number of at most twenty, as the alternatives of a pattern: `one|two|three`."""
    return "|".join(_WORDS[1 : most + 1])
