"""I.C.1.b: the organism of an infection, in a code for both or in a code beside it, and never alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.passages import beside, holds, own_words
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact, FactKind

from ._growth import DENIED, ROOM, Organism, grown, named_at, said_of, shown

RULE = "ICD10CM:I.C.1.b/organism"
BOTH = "ICD10CM:I.C.1.b/combined"
ORGANISMS = ("B95", "B96", "B97")
# Sections in which a diagnosis is put together with its organism.
CONCLUDED = frozenset(
    "assessment plan assessment-plan impression discharge-diagnosis postoperative-diagnosis unknown other".split()
)
# Infections whose notes ask for no organism and that take one: of devices, of procedures, of the blood, of organs.
WANTING = tuple(
    "R78.81 T80.2 T81.4 T82.6 T82.7 T83.5 T83.6 T84.5 T84.6 T84.7 T85.7 K35 K57 K61 K65 K75.0 K81 K83.0 M46 N61 O91"
    " H60 H66 H10 H44.0 L89 K63.0 O85 J95.02 K94.02 N98.0 J02.8 J03.8 J20.8 J21.8 L97"
    " K12.2 M86 M00 G00.8 N12 N13.6 P39".split()
)
_OF_STOMACH = "B96.81"
_STOMACH = ("K25", "K26", "K27", "K28", "K29", "K31.89")
# Infections that a culture without a named specimen is of.
UNPLACED = ("L0", "N10", "N30", "N39.0", "T8", "O23", "O86", "P39.3", "N49", "N61", "K61", "M86", "M00")
# Codes of a systemic infection, which names the organism for what it came from.
SYSTEMIC = ("A40", "A41", "B37.7")

Found = tuple[Organism, tuple[Fact, ...]]


@cache
def _finer() -> tuple[tuple[tuple[str, ...], frozenset[str], str], ...]:
    return tuple(
        (tuple(row["infection"].split()), frozenset(o.strip() for o in row["organisms"].split(",")), row["gives"])
        for row in rows(f"{ROOM}/by_organism")
    )


@lru_cache(maxsize=4096)
def _is_told_finer(infection: str) -> bool:
    """Whether an infection has codes by organism."""
    return any(infection.startswith(prefixes) for prefixes, _, _ in _finer())


def finer(infection: str, organism: str) -> str | None:
    """The code of an infection by an organism, None where it has none."""
    return next((g for prefixes, names, g in _finer() if infection.startswith(prefixes) and organism in names), None)


def found_for(chart: Chart, c: Candidate, code: str | None = None) -> list[Found]:
    """The organisms of an infection (at its own code, or another) with what says so.

    Its own words come first, then what grew in its specimen.
    """
    code = code or c.code
    told = [(o, fact) for fact in c.facts for o in (*said_of(fact), *_told(chart, fact))]
    said = {o.name: (o, (fact,)) for o, fact in told if not _is_denied(chart, fact, o)}
    if said:
        return list(said.values())
    of_specimen = [g for g in grown(chart) if g.infections is not None and code.startswith(g.infections)]
    unplaced = [g for g in grown(chart) if g.infections is None and code.startswith(UNPLACED)]
    return list({g.organism.name: (g.organism, shown(c, g)) for g in of_specimen or unplaced}.values())


_NOT_OF_IT = compiled(
    r"\b(?:cover\w*|empiric\w*|concern\w*|risk|screen\w*|swab|nares|nasal|carrier|coloni\w+|history|hx|h/o|prior|previous"
    r"|treat\w* for|vaccin\w*|exposure|expos\w+|contact)\b"
)
_UNSURE = compiled(r"\b(?:likely|possibl[ey]|probabl[ey]|suspect\w*|presum\w*)\b")


def _told(chart: Chart, fact: Fact) -> list[Organism]:
    """The organisms that the fact's own stretch of its sentence names."""
    if fact.section not in CONCLUDED:
        return []
    rivals = [f for f in beside(chart, fact) if f.kind is FactKind.CONDITION and f.targets and not _is_organism(f)]
    words = own_words(chart, fact, rivals)
    if _NOT_OF_IT.search(words) or (_UNSURE.search(words) and not chart.encounter.codes_uncertain):
        return []
    return [o for o, pattern in named_at(words) if holds(pattern, words) and not _denied(pattern, words)]


def _denied(pattern: Pattern, words: str) -> bool:
    return any(DENIED.match(words, match.end()) for match in pattern.finditer(words))


def _is_denied(chart: Chart, fact: Fact, organism: Organism) -> bool:
    """Whether the fact's sentence names an organism only to deny it ("tonsillitis, strep neg")."""
    sentence = chart.sentence(fact)
    named = [pattern for o, pattern in named_at(sentence) if o == organism]
    return bool(named) and all(_denied(p, sentence) or holds(p, sentence) is False for p in named)


def _is_organism(fact: Fact) -> bool:
    return fact.targets[0].startswith((*ORGANISMS, "Z16"))


def combined(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with infections at the codes that name their organism too."""
    return [new for c in candidates for new in _named(chart, c, candidates)]


def _of_source(chart: Chart, c: Candidate, candidates: list[Candidate]) -> list[Found]:
    """The organism of the local infection that the chart names as the source of a sepsis."""
    if not c.code.startswith(SYSTEMIC):
        return []
    sources = [s for s in candidates if s is not c and s.code[0] in "ABGIJKLMNT" and not s.code.startswith(SYSTEMIC)]
    return [(o, (f,)) for s in sources if chart.linked(c, s) for f in s.facts for o in said_of(f)]


def _named(chart: Chart, c: Candidate, candidates: list[Candidate]) -> Iterator[Candidate]:
    codes: dict[str, Found] = {}
    for organism, facts in (found_for(chart, c) or _of_source(chart, c, candidates)) if _is_told_finer(c.code) else ():
        gives = finer(c.code, organism.name)
        if gives is not None and gives != c.code:
            codes.setdefault(gives, (organism, facts))
    if not codes:
        yield c
        return
    for code, (organism, facts) in codes.items():
        step = f"{organism.name}: {code}. {reason(BOTH)}"
        yield c.joined(stated(code, facts, step, BOTH)).stepped(step, BOTH, code=code)


def accompany(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with the organisms of infections whose codes do not name them."""
    systemic = [o.name for c in candidates if c.code.startswith(SYSTEMIC) for o, _ in found_for(chart, c)]
    added: list[Candidate] = []
    for c in candidates:
        if c.code.startswith(ORGANISMS):
            continue
        for organism, facts in found_for(chart, c):
            if organism.name not in systemic and _wants(chart, c.code, organism.code):
                step = f"{organism.name} beside {c.code}. {reason(RULE)}"
                added.append(stated(organism.code, facts, step, RULE, beside=c))
    return [*candidates, *added]


def _wants(chart: Chart, infection: str, organism: str) -> bool:
    """Whether the code of an infection leaves its organism to this code."""
    if not organism:
        return False
    if organism == _OF_STOMACH:
        return infection.startswith(_STOMACH)
    return infection.startswith(WANTING) or any(chart.relations.links(infection, organism, "use_additional"))


def only_beside(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with organisms only beside an infection that leaves them to a second code."""
    others = [c for c in candidates if not c.code.startswith(ORGANISMS)]
    kept = []
    for c in candidates:
        if c.code.startswith(ORGANISMS):
            if not any(_wants(chart, o.code, c.code) for o in others):
                continue
            c = c.stepped(reason(RULE), RULE)
        kept.append(c)
    return _clearest(kept)


def _clearest(candidates: list[Candidate]) -> list[Candidate]:
    """Without the organism of unnamed kind where its kind is named (`staphylococcus` beside `MRSA`)."""
    vague = {"B95.8": ("B95.6", "B95.7"), "B95.5": ("B95.0", "B95.1", "B95.3", "B95.4"), "B95.61": ("B95.62",)}
    gone = {code for code, clearer in vague.items() if any(c.code.startswith(clearer) for c in candidates)}
    return [c for c in candidates if c.code not in gone]
