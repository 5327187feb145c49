"""How names and addresses become X12's basic character set.

The basic set is A-Z, 0-9, the blank and ``! " & ' ( ) * + , - . / : ; ? =``; X12 calls the rest of printable ASCII
extended and leaves it to agreement between partners, so text never uses it. The way there:

    letters with marks lose the marks      José → JOSE, Müller → MULLER, Nguyễn → NGUYEN
    letters that are one of two            ß → SS, æ → AE, œ → OE, þ → TH
    letters with a stroke                  ø → O, ł → L, đ and ð → D, ħ → H
    typographic signs                      ’ → ', “ → ", – → -, ½ → 1/2
    digits and letters of other widths     Ａ１ → A1
    any other sign, and every separator    a blank (runs of blanks become one)
    a letter that has no Latin reading     refused: a name with a hole in it is another name
"""

from __future__ import annotations

import re
import unicodedata

BASIC = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !\"&'()*+,-./:;?=")
EXTENDED = BASIC | frozenset("abcdefghijklmnopqrstuvwxyz%@[]_{}\\|<>#$`^~")
READINGS = str.maketrans(
    {
        **{"ß": "SS", "Æ": "AE", "æ": "AE", "Œ": "OE", "œ": "OE", "Þ": "TH", "þ": "TH", "Ŋ": "NG", "ŋ": "NG"},
        **{"Ø": "O", "ø": "O", "Ł": "L", "ł": "L", "Đ": "D", "đ": "D", "Ð": "D", "ð": "D", "Ħ": "H", "ħ": "H"},
        **{"Ŧ": "T", "ŧ": "T", "ı": "I", "ẞ": "SS", "Ə": "E", "ə": "E"},
        **dict.fromkeys("‘’‚‛′`´ʹʻʼʽʾʿˈ", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "⁄": "/",
    }
)
RUN_OF_BLANKS = re.compile(r" {2,}")


def basic(text: str) -> str | None:
    """`text` in the basic set, upper case, blanks collapsed; None when a letter or digit in it has no Latin reading."""
    if text.isascii():
        upper = text.upper()
    else:
        # Readings come first and last: compatibility forms and upper case bring forth letters of the table.
        folded = unicodedata.normalize("NFKD", text.translate(READINGS))
        marks_off = "".join(c for c in folded if unicodedata.category(c)[0] != "M")
        upper = marks_off.upper().translate(READINGS)
    if not BASIC.issuperset(upper):
        readings = [_reading(c) for c in upper]
        if None in readings:
            return None
        upper = "".join(r for r in readings if r is not None)
    return RUN_OF_BLANKS.sub(" ", upper).strip()


def _reading(character: str) -> str | None:
    """One character of the basic set for one character; None for a letter without a Latin reading."""
    if character in BASIC:
        return character
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(character)
    return None if category in ("Lu", "Ll", "Lt", "Lo", "Nl", "No", "Nd", "Co", "Cs") else " "
