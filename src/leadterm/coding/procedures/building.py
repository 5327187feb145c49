"""From an operation to whole codes: each open axis is decided by the chart, among values that some row still has.

What the chart does not decide stays open: then there is no code but the options, for a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .approach import READS as APPROACH_READS
from .approach import approach_of
from .context import Context, Level
from .labels import Thing, named, strong, things
from .legal import Legal, Row, fitting, values
from .sides import side_in, side_of
from .terms import DEED, OPEN, Term
from .words import roots

PART, APPROACH, DEVICE, QUALIFIER = 4, 5, 6, 7
ANY = "?"  # in the second place of a template: whatever body system the body part belongs to
NONE = "Z"
IMAGING = "B"
EXACT = "="  # before the words of a part: the label has these and no others
# Which words may decide which axis, nearest first.
READS = {
    PART: ("clause", "sentence", "beside", "aims", "names", "account"),
    APPROACH: APPROACH_READS,
    DEVICE: ("clause", "sentence", "beside", "names", "account"),
    QUALIFIER: ("clause", "sentence", "beside", "names", "account"),
}
# "The lobe was removed": which one the diagnosis tells before the sentences beside it, which speak of its neighbours.
MEANT = ("clause", "sentence", "aims", "names", "beside", "account")
# A body system is never told by what else the report speaks of.
SYSTEM = ("clause", "sentence", "beside", "aims")
APPROACHED = frozenset("01234789X")  # sections whose fifth axis is an approach
AXES = {PART: "body part", APPROACH: "approach", DEVICE: "device", QUALIFIER: "qualifier"}
# "Diagnostic" is told of the operation itself, never of another in the account.
_OWN = frozenset({"Diagnostic"})


@dataclass(frozen=True, slots=True)
class Choice:
    """What one axis became and by which words; `options` are the labels left open where it became nothing."""

    position: int
    character: str
    label: str
    by: str
    options: tuple[str, ...] = ()
    what: str = ""


@dataclass(frozen=True, slots=True)
class Built:
    """A code, or as much of one as the chart tells: `_` where it does not."""

    code: str
    choices: tuple[Choice, ...]

    @property
    def open(self) -> Choice | None:
        """The first axis that the chart leaves open."""
        return next((c for c in self.choices if not c.character), None)


def build(legal: Legal, term: Term, context: Context) -> tuple[Built, ...]:
    """The codes that a term leads to in its context, template by template."""
    return tuple(built for one in term.each for built in _of_template(legal, one, one.codes[0], context))


def _of_template(legal: Legal, term: Term, template: str, context: Context) -> Iterator[Built]:
    systems, template = spread(template)
    prefix = template[:3]
    if ANY in prefix:
        found = _system(legal, term, template, context, systems)
        if found is None:
            return
        prefix = found
    rows = fitting(legal.rows(prefix), {n: c for n, c in enumerate(template, 1) if n > 3 and c != OPEN})
    if not rows:
        if OPEN not in template and ANY not in template:
            yield Built(template, ())  # newer than the tables: whether it is in force is asked later
        return
    for choices in _parts(legal, term, prefix, rows, context, template):
        yield _rest(legal, term, prefix, rows, context, template, choices)


_SYSTEMS = re.compile(r"(.)\{(\w+)\}(.{5})")


def spread(template: str) -> tuple[str, str]:
    """The body systems that a template offers ("0{RS}S____": joints), and the template with `?` in their place."""
    found = _SYSTEMS.fullmatch(template)
    return (found[2], f"{found[1]}{ANY}{found[3]}") if found else ("", template)


def _system(legal: Legal, term: Term, template: str, context: Context, systems: str) -> str | None:
    """The table whose body part the words of the operation name best; None where they name none."""
    prefixes = [p for p in legal.prefixes(template[0], template[2]) if not systems or p[1] in systems]
    for level in context.of(*SYSTEM):
        best: tuple[float, str] | None = None
        for prefix in prefixes:
            some = _fitting_things(legal, term, prefix, legal.rows(prefix))
            for score, _, _thing in named(some, level.words):
                if best is None or score > best[0]:
                    best = (score, prefix)
        if best is not None:
            return best[1]
    return None


def _fitting_things(legal: Legal, term: Term, prefix: str, rows: tuple[Row, ...]) -> tuple[Thing, ...]:
    """The body parts of rows whose labels have the words that the term wants."""
    some = things(legal, PART, values(rows, PART), prefix[0])
    words = frozenset(word for part in term.parts[0] for word in roots(part))
    if any(part.startswith(EXACT) for part in term.parts[0]):
        return tuple(t for t in some if t.names == words) or tuple(t for t in some if words <= t.names)
    wanted = strong(words)
    return tuple(t for t in some if wanted <= t.names) if wanted else some


def _parts(
    legal: Legal, term: Term, prefix: str, rows: tuple[Row, ...], context: Context, template: str
) -> Iterator[tuple[Choice, ...]]:
    """The body part, or parts: one choice for each."""
    offered = values(rows, PART)
    if template[3] != OPEN:
        yield (Choice(PART, template[3], offered.get(template[3], ""), "term"),)
        return
    some = _fitting_things(legal, term, prefix, rows)
    told = _told_parts(some, context) or _meant_part(some, term)
    if not told:
        labels = tuple(dict.fromkeys(t.label for t in some))
        yield (Choice(PART, "", "", "", labels, AXES[PART]),)
        return
    for thing, by in told:
        yield from _sided(thing, offered, context, by)


def _told_parts(some: Sequence[Thing], context: Context) -> list[tuple[Thing, str]]:
    """The things that the nearest words name: the one they name best, and others that they name apart from it."""
    if len(some) == 1:
        return [(some[0], "term")]
    for level in _levels_of_part(context):
        found = sorted(named(some, level.words), key=lambda f: (-f[0], f[1]))
        if found:
            best = found[0]
            ties = [f for f in found if f[0] == best[0]]
            apart = [best] if level.name != "clause" else _apart(ties)
            return [(thing, level.name) for _, _, thing in apart]
    return []


def _levels_of_part(context: Context) -> Sequence[Level]:
    """The words that may tell the part, nearest first."""
    if context.act.term.told != DEED:
        return tuple(context.of(*READS[PART]))
    return sorted(context.of(*MEANT), key=lambda level: MEANT.index(level.name))


def _meant_part(some: Sequence[Thing], term: Term) -> list[tuple[Thing, str]]:
    """The thing whose name is just the words that the operation itself says, where the chart names none of them."""
    words = frozenset(word for part in term.parts[0] for word in roots(part.removeprefix(EXACT)))
    return [(thing, "term") for thing in some if words and thing.names == words][:1]


def _apart(found: list[tuple[float, int, Thing]]) -> list[tuple[float, int, Thing]]:
    """Of things that are named equally well those that share no word of their names: each is one of its own."""
    kept: list[tuple[float, int, Thing]] = []
    for one in found:
        if all(not (one[2].strong & other[2].strong) for other in kept):
            kept.append(one)
    return kept


def _sided(thing: Thing, offered: Mapping[str, str], context: Context, by: str) -> Iterator[tuple[Choice, ...]]:
    """The value, or values, of a thing for the side that the chart tells (B4.3)."""
    sides = dict(thing.sides)
    if set(sides) == {""}:
        yield (Choice(PART, sides[""], offered[sides[""]], by),)
        return
    side, where = side_of(context, thing)
    if side == "bilateral" and "bilateral" not in sides:
        for one in ("right", "left"):
            if one in sides:
                yield (Choice(PART, sides[one], offered[sides[one]], where),)
        return
    character = sides.get(side) or sides.get("")
    if character is None:
        labels = tuple(offered[c] for s, c in thing.sides if s != "bilateral")
        yield (Choice(PART, "", "", "", labels, "side"),)
        return
    yield (Choice(PART, character, offered[character], where or by),)


def _rest(
    legal: Legal,
    term: Term,
    prefix: str,
    rows: tuple[Row, ...],
    context: Context,
    template: str,
    chosen: tuple[Choice, ...],
) -> Built:
    """The axes behind the body part, one after another."""
    choices = list(chosen)
    if chosen[-1].character:
        rows = fitting(rows, {PART: chosen[-1].character})
        for position in (APPROACH, DEVICE, QUALIFIER):
            choice = _decided(legal, term, prefix, rows, context, template, position)
            choices.append(choice)
            if not choice.character:
                break
            rows = fitting(rows, {position: choice.character})
    characters = {c.position: c.character for c in choices}
    code = prefix + "".join(characters.get(n) or OPEN for n in range(PART, QUALIFIER + 1))
    return Built(code, tuple(choices))


def _decided(
    legal: Legal, term: Term, prefix: str, rows: tuple[Row, ...], context: Context, template: str, position: int
) -> Choice:
    """What one axis becomes: by the term, the table alone, the nearest words, what the term means; else open."""
    offered = values(rows, position)
    fixed = template[position - 1]
    if fixed != OPEN and fixed in offered:
        return Choice(position, fixed, offered[fixed], "term")
    if len(offered) == 1:
        character, label = next(iter(offered.items()))
        return Choice(position, character, label, "table")
    if position == APPROACH and prefix[0] in APPROACHED:
        told = approach_of(prefix, offered, context)
    else:
        told = _value(legal, prefix, offered, context, position)
    if told is not None:
        return Choice(position, told[0], offered[told[0]], told[1])
    meant = {APPROACH: term.approach, DEVICE: term.device, QUALIFIER: term.qualifier}[position]
    # An image whose contrast nobody names is not one without contrast.
    unsaid = "" if position == APPROACH and prefix[0] == IMAGING else NONE
    for character in (meant, unsaid):
        if character and character in offered:
            return Choice(position, character, offered[character], "meant")
    return Choice(position, "", "", "", tuple(offered.values()), AXES[position])


def _value(
    legal: Legal, prefix: str, offered: Mapping[str, str], context: Context, position: int
) -> tuple[str, str] | None:
    """The character of the value that the nearest words name best, and which words those are; None for none (B6)."""
    said = {c: label for c, label in offered.items() if c != NONE}
    some = things(legal, position, said, prefix[0])
    for level in context.of(*READS[position]):
        own = level.name in ("clause", "sentence")
        found = sorted(named([t for t in some if own or t.label not in _OWN], level.words), key=lambda f: (-f[0], f[1]))
        if found:
            thing = found[0][2]
            side = side_in(thing, level)
            character = thing.of_side(side) if side or "" in dict(thing.sides) else None
            if character is None and len(thing.sides) == 1:
                character = thing.sides[0][1]
            if character is not None:
                return character, level.name
    return None
