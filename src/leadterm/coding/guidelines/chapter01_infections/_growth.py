"""Organisms by name: of a fact by what the chart says of it, of a specimen by what grew in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.patterns import Names, Pattern, compiled
from leadterm.domain import Evidence, Fact, Span

ROOM = "guidelines/chapter01_infections"
# How far the words of a result stand from each other.
BEFORE, AFTER = 140, 40
_RESULT = compiled(
    r"\b(?:cx|ucx|bcx|cultures?|grew|grow(?:s|ing)|growth of|positive|pos|pcr|antigen|swab|toxin|gram stain"
    r"|aspirate|bal|tissue|isolated)\b|\+|> ?\d|10\^|[:=]"
)
_DENIES = compiled(
    r"\b(?:no|not|neg|negative|without|denie[sd]|rule[sd]? out|r/o|excluded|sterile|pending|if"
    r"|cover(?:age|s|ing)?|(?<!positive )(?<!pos )(?<!\+ )for)\b"
)
_CARRIED = compiled(r"\b(?:nares|nasal|nose|coloni\w+|carrier)\b")
DENIED = compiled(
    r"[^.;\n]{0,24}\b(?:neg|negatives?|not (?:detected|isolated|found)|excluded|ruled out|pending|coverage|screen)\b"
)
# Where the words before belong to another statement.
_BREAK = compiled(r"(?<!\b[a-z])\.\s|;|\n\s*\n|\n\s*[-*#\d(]|,\s*(?=(?:blood|urine|sputum|wound|csf|flu|covid|afb)\b)")


@dataclass(frozen=True, slots=True)
class Organism:
    """One row of `organisms.tsv`; `code` is empty where the organism has categories of its own."""

    name: str
    code: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Growth:
    """What grew: the organism, where it stands, and the infections that its specimen speaks for.

    `infections` is None where no specimen is named, and empty where the patient only carries the organism.
    """

    organism: Organism
    evidence: Evidence
    infections: tuple[str, ...] | None
    sentence: str


@cache
def organisms() -> dict[str, Organism]:
    """Every organism by its name."""
    return {
        row["organism"]: Organism(
            row["organism"], row["code"], tuple(w.strip() for w in row["words"].split(",") if w.strip())
        )
        for row in rows(f"{ROOM}/organisms")
    }


@cache
def _names() -> Names:
    """Every name, the longest first; a blank also stands for a hyphen and a line end."""
    return Names({w for o in organisms().values() for w in o.words}, edge=r"\w/-", blank=r"[\s-]+")


@cache
def _by_word() -> dict[str, Organism]:
    return {word: o for o in organisms().values() for word in o.words}


@cache
def _specimens() -> tuple[tuple[Pattern, tuple[str, ...]], ...]:
    return tuple((compiled(row["specimen"]), tuple(row["infections"].split())) for row in rows(f"{ROOM}/specimens"))


def named_in(text: str) -> list[Organism]:
    """The organisms that a text names, in its order."""
    found = (_by_word().get(" ".join(re.split(r"[\s-]+", m[0]))) for m in _names().finditer(text.lower()))
    return list(dict.fromkeys(o for o in found if o is not None))


def named_at(text: str) -> list[tuple[Organism, Pattern]]:
    """The organisms that a text names, each with the very words as a pattern."""
    found = ((_by_word().get(" ".join(re.split(r"[\s-]+", m[0]))), m[0]) for m in _names().finditer(text.lower()))
    return [(o, compiled(re.escape(words))) for o, words in found if o is not None]


def said_of(fact: Fact) -> list[Organism]:
    """The organisms that the chart says of a fact: its own, or in the words of its cause."""
    own = organisms().get(fact.attributes.get("organism", ""))
    told = [o for axis in ("cause", "with") for o in named_in(fact.attributes.get(axis, ""))]
    return list(dict.fromkeys([own, *told] if own is not None else told))


def grown(chart: Chart) -> list[Growth]:
    """What the chart's results say to have grown, in order of the text."""
    return [g for document in chart.encounter.documents for g in _grown(document.id, document.text)]


@lru_cache(maxsize=4)
def _grown(document: str, text: str) -> tuple[Growth, ...]:
    return tuple(_growths(document, text))


def _growths(document: str, text: str) -> Iterator[Growth]:
    low = text.lower()
    for match in _names().finditer(low):
        organism = _by_word().get(" ".join(re.split(r"[\s-]+", match[0])))
        before = _BREAK.split(low[max(0, match.start() - BEFORE) : match.start()])[-1]
        after = re.split(r"[.;\n]", low[match.end() : match.end() + AFTER])[0]
        if organism is None or not (_RESULT.search(before) or _RESULT.search(after)):
            continue
        if _DENIES.search(before[-60:]) or DENIED.match(after):
            continue
        infections = _spoken_for(before) if before.strip() else None
        if infections != () or _CARRIED.search(before):
            evidence = Evidence(document, Span(match.start(), match.end()), text[match.start() : match.end()])
            yield Growth(organism, evidence, infections, f"{before}{match[0]}{after}")


def _spoken_for(before: str) -> tuple[str, ...] | None:
    """The infections that the specimens named before an organism speak for; None where none is named."""
    found = [infections for pattern, infections in _specimens() if pattern.search(before)]
    if not found:
        return None
    return tuple(prefix for infections in found for prefix in infections) if all(found) else ()


def shown(c: Candidate, growth: Growth) -> tuple[Fact, ...]:
    """The first fact of a candidate with the words of the result as its evidence."""
    return (replace(c.facts[0], evidence=(growth.evidence,)),)
