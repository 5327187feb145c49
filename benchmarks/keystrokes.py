"""What is typed into a search box, letter by letter, and every beginning of one, two and three letters."""

from __future__ import annotations

from itertools import product
from string import ascii_lowercase

PHRASES = (
    "diabetic nephropathy",
    "heart attack",
    "chronic obstructive pulmonary disease",
    "fracture of left femur",
    "hypertension",
    "acute appendicitis",
    "insulin pump",
    "major depressive disorder recurrent",
    "resection of gallbladder",
    "gastro-esophageal reflux",
    "urinary tract infection",
    "rheumatoid arthritis",
)
MISTYPED = ("diabteic nephropahty", "hypertensoin", "pnuemonia", "fractrue of femurr", "alzhiemers diseaes")
VOWELS = "aeiou"


def keystrokes() -> list[str]:
    """Every text that stands in the box while these phrases are typed."""
    typed = dict.fromkeys(p[:n] for p in (*PHRASES, *MISTYPED) for n in range(1, len(p) + 1))
    return [text for text in typed if not text.endswith(" ")]


def beginnings() -> list[str]:
    """One letter, two letters, and three with a vowel in the middle."""
    two = ("".join(letters) for letters in product(ascii_lowercase, ascii_lowercase))
    three = ("".join(letters) for letters in product(ascii_lowercase, VOWELS, ascii_lowercase))
    return [*ascii_lowercase, *two, *three]
