"""Every phrase under which a code can be found in running text, in normal form.

The sources, strongest first: the lexicon, tabular titles, inclusion terms. A title is also known by the turns of
phrase that clinicians give it ("pain in knee": "knee pain"; "malignant neoplasm of colon": "colon cancer").
A phrase that would open two unrelated categories opens neither: silence beats a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple, Protocol

from leadterm.domain import Step

from .lexicon import Synonym
from .wording import phrase


class TitleLike(Protocol):
    """A row of the tabular list: what `CodeBook.titles` gives."""

    @property
    def code(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def inclusion_terms(self) -> tuple[str, ...]: ...  # noqa: D102


class Term(NamedTuple):
    """A phrase and the node of the tabular list where it opens.

    Attributes:
        phrase: Normal form (`wording.phrase`).
        concept: The term as the source writes it.
        code: The node, perhaps not billable: attributes of the chart lead further down.
        source: LEXICON, TITLE, INCLUSION or INDEX.
        exact: The surface where its capitals count, else None.
        needs, vetoes, within, outside: See `Synonym`.
    """

    phrase: str
    concept: str
    code: str
    source: Step
    exact: str | None = None
    needs: frozenset[str] = frozenset()
    vetoes: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()

    @property
    def plain(self) -> bool:
        """Whether it means what it says wherever it stands."""
        return self.exact is None and not (self.needs or self.vetoes or self.within or self.outside)


# Titles that say nothing by themselves, or that narrative uses in another sense: residual classes, the text of
# external causes (only the lexicon's wordings are safe there) and the registers of agents.
_SILENT_START = re.compile(r"(?i)(other|unspecified|encounter for other|oth)\b")
_SILENT_CHAPTERS = tuple("VWXY")
_RESIDUAL = re.compile(
    r"(?i), unspecified (type|organism|cause)\b|,? (not elsewhere classified|not otherwise specified|nos|nec"
    r"|unspecified|of unspecified site|uncomplicated|so stated)\b|\bunspecified "
)
_ELSEWHERE = re.compile(r"(?i)classified elsewhere|classifiable elsewhere|not assigned|category|see also")
# What a turn ends in where its site was a side, which a phrase leaves out.
_UNFINISHED = (" of", " in", " to", " by", " with", " and", " or")
_PARENTHESIS = re.compile(r" ?[(\[][^()\[\]]*[)\]]")
_OF = re.compile(r"^(?P<head>[\w -]+?) (?:of|in) (?:the )?(?P<site>[\w -]+)$")
_NEOPLASM = re.compile(r"(?i)^malignant neoplasm of (?P<site>.+)$")
_SECONDARY = re.compile(r"(?i)^secondary malignant neoplasm of (?P<site>.+)$")
# Heads that clinicians put before their site as readily as after it ("fracture of distal radius").
_HEADS = frozenset(
    "fracture fx pain sprain strain laceration contusion abrasion cellulitis abscess dislocation injury burn tear"
    " arthritis osteoarthritis bursitis tendinitis tendonitis stenosis aneurysm thrombosis ulcer effusion wart lipoma"
    " hernia".split()
)


def _spellings(title: str) -> Iterator[str]:
    """`title` as it stands, without what stands in brackets, and with brackets opened."""
    plain = _PARENTHESIS.sub("", title)
    yield plain
    if plain != title:
        yield re.sub(r"[()\[\]]", " ", title)


def _turns(text: str) -> Iterator[str]:
    """The turns of phrase of one spelling."""
    yield text
    if text.lower().startswith("cutaneous "):
        yield text[len("cutaneous ") :]
    bare = _RESIDUAL.sub(" ", text).strip(" ,")
    if bare != text:
        yield bare
    if secondary := _SECONDARY.match(bare):
        for site in _sites(secondary["site"]):
            yield from (f"metastasis to {site}", f"{site} metastasis", f"metastatic disease to {site}")
            yield from (f"{site} mets", f"mets to {site}", f"metastatic cancer to {site}")
        return
    if malignant := _NEOPLASM.match(bare):
        for site in _sites(malignant["site"]):
            yield from (f"{site} cancer", f"cancer of {site}", f"carcinoma of {site}", f"{site} carcinoma")
            yield from (f"malignant neoplasm of {site}", f"adenocarcinoma of {site}", f"{site} adenocarcinoma")
        return
    head, comma, tail = bare.partition(", ")
    if comma and ", " not in tail and not tail.startswith(("with", "and", "due", "or")):
        yield f"{tail} {head}"
        if head.lower().rpartition(" ")[2] in _HEADS:
            yield from (f"{head} of {site}" for site in tail.split(" and "))
    if turned := _OF.match(bare.lower()):
        yield f"{turned['site']} {turned['head']}"


def _sites(site: str) -> Iterator[str]:
    for one in re.split(r" and |, ", site):
        yield re.sub(r"(?i)^(bronchus or |the )", "", one).split(",")[0]


def _titles(rows: Iterable[TitleLike]) -> Iterator[Term]:
    for row in rows:
        if row.code.startswith(_SILENT_CHAPTERS):
            continue
        named = [(row.title, Step.TITLE)] + [(t, Step.INCLUSION) for t in row.inclusion_terms]
        for text, source in named:
            if _SILENT_START.match(text) or _ELSEWHERE.search(text):
                continue
            found = {phrase(turn) for spelling in _spellings(text) for turn in _turns(spelling)}
            for key in sorted(found):
                yield Term(key, text, row.code, source)


# Subterms that only connect stand between the words of a phrase as they are; NEC and NOS say nothing that a chart says.
_CONNECTS = ("with ", "due to ", "in ", "of ", "by ", "from ", "without ")
_UNSAID = re.compile(r" *\b(?:NEC|NOS|unspecified|see condition)\b,?")
_DEEPEST = 4  # subterms; what lies deeper is said with other words
# Of single words only the names of diseases: "collapse", "deployment" and "test" are words of everybody.
_DISEASE = re.compile(
    r"[a-z-]*(?:itis|osis|oma|emia|pathy|algia|uria|ectasis|penia|plegia|rrhea|megaly|trophy|plasia|asis|malacia"
    r"|spasm|stenosis|paresis|lysis|phagia|phasia|phobia|pnea)"
)
_SILENT_INDEX = (*_SILENT_CHAPTERS, "Z")


def _index_terms(indexed: Iterable[tuple[tuple[str, ...], str]]) -> Iterator[Term]:
    """The paths of the Alphabetic Index as a chart would say them: "neuropathy, ulnar" is an ulnar neuropathy."""
    for path, code in indexed:
        if len(path) > _DEEPEST or code.startswith(_SILENT_INDEX) or any(_ELSEWHERE.search(p) for p in path):
            continue
        steps = [_UNSAID.sub("", _PARENTHESIS.sub("", step)).strip(" ,") for step in path]
        if not all(steps) or (len(steps) == 1 and " " not in steps[0] and not _DISEASE.fullmatch(steps[0].lower())):
            continue
        for key in sorted({phrase(turn) for turn in _index_turns(steps)}):
            yield Term(key, ", ".join(path), code, Step.INDEX)


def _index_turns(steps: list[str]) -> Iterator[str]:
    """In the order of the book, and with the main term behind its subterms; other orders are found by their words."""
    yield " ".join(steps)
    main, *between, last = steps if len(steps) > 1 else (steps[0], "")
    if not last or any(s.startswith(_CONNECTS) or s in ("with", "in", "due to", "of") for s in between):
        return
    if last.startswith(_CONNECTS):
        yield " ".join([*reversed(between), main, last])
    else:
        yield " ".join([last, *reversed(between), main])


def _synonyms(lexicon: Iterable[Synonym]) -> Iterator[Term]:
    """The rows of the lexicon, then their turns: a row as written is stronger than a turn of another."""
    rows = tuple(lexicon)
    for s in rows:
        yield _synonym(s, phrase(s.surface))
    for s in rows:
        site, _, head = s.surface.rpartition(" ")
        if (
            site
            and head in _HEADS
            and not s.exact
            and " of " not in site
            and not site.endswith((" of", " in", " due to"))
        ):
            yield _synonym(s, phrase(f"{head} of {site}"))
            yield _synonym(s, phrase(f"{head} {site}"))


def _synonym(s: Synonym, key: str) -> Term:
    exact = s.surface if s.exact else None
    return Term(key, s.term, s.code, Step.LEXICON, exact, s.needs, s.vetoes, s.within, s.outside)


def _related(a: str, b: str) -> bool:
    return a.startswith(b) or b.startswith(a)


@cache
def _generic() -> frozenset[str]:
    """Words that open a category which a chart does not mean by them."""
    text = (files("leadterm.codesets") / "generic.txt").read_text(encoding="utf-8")
    return frozenset(phrase(line) for line in text.splitlines() if line and not line.startswith("#"))


def _usable(term: Term) -> bool:
    said = term.phrase
    return (
        len(said) > 2
        and said not in _generic()
        and not said.replace(" ", "").isdigit()
        and not said.endswith(_UNFINISHED)
    )


def compile_terms(
    rows: Iterable[TitleLike], lexicon: Iterable[Synonym], indexed: Iterable[tuple[tuple[str, ...], str]] = ()
) -> list[Term]:
    """All terms, one or (where capitals decide) several a phrase; the stronger source wins, ambiguity is dropped.

    Of two nodes on one branch the more general stands: the chart's attributes decide how far down to go. `indexed` are
    paths of the Alphabetic Index (main term first) with the code where each ends.
    """
    listed = [*_titles(rows), *_index_terms(indexed)]
    kept: dict[str, list[Term]] = {}
    for term in _synonyms(lexicon):
        same = kept.setdefault(term.phrase, [])
        if not any(_covers(t, term) for t in same):
            same.append(term)
    fixed = set(kept)
    for wanted in (Step.TITLE, Step.INCLUSION, Step.INDEX):
        found: dict[str, list[Term]] = {}
        for term in listed:
            if term.source is wanted and term.phrase not in fixed and _usable(term):
                found.setdefault(term.phrase, []).append(term)
        for key, terms in found.items():
            top = min(terms, key=lambda t: (len(t.code), t.code))
            if all(_related(t.code, top.code) or t.code[:3] == top.code[:3] for t in terms):
                shared = top if all(_related(t.code, top.code) for t in terms) else _ancestor(top, terms)
                kept[key] = [shared]
        fixed.update(found)
    return [t for terms in kept.values() for t in terms]


def _covers(first: Term, later: Term) -> bool:
    """Whether `first` is always read where `later` could be, so that `later` never decides."""
    needed = not first.needs or (bool(later.needs) and later.needs <= first.needs)
    placed = not first.within or (bool(later.within) and later.within <= first.within)
    spared = first.vetoes <= later.vetoes and first.outside <= later.outside
    return needed and placed and spared and first.exact in (None, later.exact)


def _ancestor(top: Term, terms: list[Term]) -> Term:
    """`top` moved up to the node that all `terms` share; they are of one category."""
    code = top.code
    while not all(t.code.startswith(code) for t in terms):
        code = code[:-1].rstrip(".")
    return Term(top.phrase, top.concept, code, top.source)
