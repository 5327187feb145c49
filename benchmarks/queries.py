"""Queries as people type them, made from official titles: typos, unfinished words, abbreviations. Seeded."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

LETTERS = "abcdefghijklmnopqrstuvwxyz"
# A word shorter than this is rather learnt than mistyped; the product forgives from four letters on, two from eight.
ONE_TYPO, TWO_TYPOS = 5, 8
SHORT = {
    "acute myocardial infarction": "ami",
    "atrial fibrillation": "afib",
    "benign prostatic hyperplasia": "bph",
    "cerebrovascular accident": "cva",
    "chronic kidney disease": "ckd",
    "chronic obstructive pulmonary disease": "copd",
    "congestive heart failure": "chf",
    "deep vein thrombosis": "dvt",
    "diabetes mellitus": "dm",
    "gastro-esophageal reflux disease": "gerd",
    "human immunodeficiency virus": "hiv",
    "hypertension": "htn",
    "osteoarthritis": "oa",
    "pulmonary embolism": "pe",
    "rheumatoid arthritis": "ra",
    "systemic lupus erythematosus": "sle",
    "urinary tract infection": "uti",
}


@dataclass(frozen=True, slots=True)
class Query:
    """What is typed, and the code whose title was meant."""

    kind: str
    text: str
    code: str
    title: str

    @property
    def words(self) -> list[str]:
        """The words in lower case."""
        return re.findall(r"\w+", self.text.lower())


def queries(titles: Sequence[tuple[str, str]], n: int, seed: int = 1) -> list[Query]:
    """`n` queries, a quarter of each kind (one typo instead where titles with abbreviations run out), shuffled."""
    random = Random(seed)
    made: list[Query] = []
    for kind, alter in KINDS.items():
        usable = [(code, title) for code, title in titles if alter(title, Random(0))]
        chosen = random.sample(usable, min(n // len(KINDS), len(usable)))
        made += [Query(kind, alter(title, random), code, title) for code, title in chosen]
    made += [
        Query("one typo", _typed(title, random, 1), code, title)
        for code, title in random.sample([t for t in titles if _typed(t[1], Random(0), 1)], n - len(made))
    ]
    random.shuffle(made)
    return made


def _typed(title: str, random: Random, typos: int) -> str:
    """The title with that many typing errors, in different words or in one long word; empty where none is long."""
    words = title.lower().split(" ")
    places = [n for n, word in enumerate(words) if word.isalpha() and len(word) >= ONE_TYPO]
    long = [n for n in places if len(words[n]) >= TWO_TYPOS]
    if typos > 1 and long and (len(places) < typos or random.random() < 0.5):
        places = [random.choice(long)] * typos
    if len(places) < typos:
        return ""
    for place in random.sample(places, typos):
        words[place] = _mistyped(words[place], random)
    return " ".join(words)


def _mistyped(word: str, random: Random) -> str:
    """One letter left out, doubled up with another, replaced, or swapped with its neighbour; never the first."""
    n = random.randrange(1, len(word) - 1)
    letter = random.choice(LETTERS)
    return random.choice(
        (
            word[:n] + word[n + 1 :],
            word[:n] + letter + word[n:],
            word[:n] + letter + word[n + 1 :],
            word[:n] + word[n + 1] + word[n] + word[n + 2 :],
        )
    )


def _unfinished(title: str, random: Random) -> str:
    """The title with its last word cut after three letters or more."""
    start, _, last = title.rpartition(" ")
    return f"{start} {last[: random.randrange(3, len(last))]}" if start and last.isalpha() and len(last) > 3 else ""


def _shortened(title: str, random: Random) -> str:
    """The title with a phrase as clinicians shorten it; empty where there is none."""
    lower = title.lower()
    phrase = next((p for p in SHORT if re.search(rf"\b{p}\b", lower)), None)
    return lower.replace(phrase, SHORT[phrase]) if phrase else ""


KINDS: dict[str, Callable[[str, Random], str]] = {
    "one typo": lambda title, random: _typed(title, random, 1),
    "two typos": lambda title, random: _typed(title, random, 2),
    "unfinished": _unfinished,
    "abbreviation": _shortened,
}
