"""Finds entries by a coder's words, the way a coder goes: main term, subterms, cross references."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from .entries import IndexEntry, TermStore
from .words import ARTICLES, CONNECTING, RESIDUAL, absorbed, readings, words

# Bounds that keep one question small.
MOST_WORDS = 24
LONGEST_SPLIT = 24
MOST_MAINS = 120
MOST_WAYS = 40
MOST_ENDS = 12
MOST_HOPS = 3
MOST_TARGETS = 4

Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class IndexHit:
    """An entry that the words lead to.

    Attributes:
        entry: Where the way ends.
        path: The way from the main term, as text.
        used: The asker's words that titles asked for.
        absorbed: Words that stand there as nonessential modifiers, synonyms or inflections.
        unsaid: Words of the main term that the asker did not say ("traumatic" in "Fracture, traumatic").
        left: Words that nothing on the way answers to; the coder decides what they change.
        via: Entries whose cross reference was followed to come here, in order.
        presumed: Whether the way goes through "with" or "in": a presumed link, unless the record denies it (I.A.15).
    """

    entry: IndexEntry
    path: str
    used: tuple[str, ...]
    absorbed: tuple[str, ...]
    left: tuple[str, ...]
    unsaid: tuple[str, ...] = ()
    via: tuple[IndexEntry, ...] = ()
    presumed: bool = False


@dataclass(slots=True)
class _End:
    """Where a way may end."""

    entry: IndexEntry
    used: Words
    taken: Words
    said: int
    unsaid: Words
    via: tuple[IndexEntry, ...] = ()


@dataclass(slots=True)
class _Asked:
    """The asker's words: comparable ones in order, how they were written, those that only connect, those too many."""

    order: list[str]
    written: dict[str, str]
    connecting: Words
    beyond: tuple[str, ...]
    connective: dict[int, tuple[int | None, bool]] = field(default_factory=dict)

    def spell(self, some: Iterable[str]) -> tuple[str, ...]:
        chosen = set(some)
        return tuple(dict.fromkeys(self.written.get(w, w) for w in self.order if w in chosen))


class Walk:
    """Finds entries in one store.

    `root`: the one main term of a table, which nobody needs to say. `presumes`: whether "with" and "in" link
    conditions.
    """

    def __init__(
        self, terms: TermStore, root: int | None = None, optional: Words = frozenset(), presumes: bool = False
    ) -> None:
        self._terms = terms
        self._root = root
        self._optional = optional
        self._presumes = presumes

    def find(self, text: str, limit: int) -> tuple[IndexHit, ...]:
        """The entries that `text` leads to, best first: those that leave the fewest words unanswered."""
        asked = self._asked(text)
        wanted = frozenset(asked.order) - self._optional
        ways = [
            (number, used)
            for start, taken in self._starts(wanted)
            for number, used in self._ways(start, taken, wanted, asked)
        ]
        ways.sort(key=lambda way: -len(way[1]))
        ends = sorted((self._end(*way, wanted, asked) for way in ways[:MOST_WAYS]), key=_rank)
        followed = [final for end in ends[:MOST_ENDS] for final in self._follow(end, wanted, asked, MOST_HOPS)]
        followed.sort(key=_rank)
        return tuple(islice(self._hits(followed, wanted, asked), max(0, limit)))

    def _asked(self, text: str) -> _Asked:
        spoken = text.split()[:MOST_WORDS]
        written = {w: original.strip(",;:.()[]") for original in spoken for w in words(original)}
        found = words(" ".join(spoken))
        order = [w for w in dict.fromkeys(found) if w not in CONNECTING and w not in RESIDUAL and w not in ARTICLES]
        # "Influenza A": a capital after the first word, or the last word, is no article.
        if "A" in spoken[1:] or (found and found[-1] in ARTICLES):
            order.append("a" if "A" in spoken[1:] else found[-1])
        order = list(dict.fromkeys(w for each in order for w in self._known(each)))
        return _Asked(order, written, frozenset(found) & CONNECTING, tuple(text.split()[MOST_WORDS:]))

    def _known(self, word: str) -> tuple[str, ...]:
        """`word`, or the two words of the index that it is written together of ("xray")."""
        sql = "SELECT 1 FROM {} WHERE word = ? LIMIT 1"

        def known(one: str) -> bool:
            return any(self._terms.store.one(sql.format(table), one) for table in ("word", "lead_word"))

        if not 4 <= len(word) <= LONGEST_SPLIT or known(word):
            return (word,)
        halves = ((word[:at], word[at:]) for at in range(1, len(word)))
        return next((pair for pair in halves if known(pair[0]) and known(pair[1])), (word,))

    def _starts(self, wanted: Words) -> Iterator[tuple[IndexEntry, Words]]:
        """Main terms whose whole title the words hold, and the words that it takes."""
        if self._root is not None:
            numbers = {self._root: {frozenset[str]()}}
        else:
            numbers = self._readings("lead_word", wanted, 0, 1 << 60)
        for number in sorted(numbers, key=lambda n: (-max(map(len, numbers[n])), n))[:MOST_MAINS]:
            entry = self._terms.entry(number)
            if entry:
                yield entry, max(numbers[number], key=len)

    def _readings(self, table: str, wanted: Words, first: int, last: int) -> dict[int, set[Words]]:
        """Entries between two numbers whose title, in one of its readings, is made of `wanted` words."""
        if not wanted:
            return {}
        marks = ", ".join("?" * len(wanted))
        rows = self._terms.store.all(
            f"SELECT entry, group_concat(word, ' ') FROM {table} WHERE word IN ({marks}) AND entry BETWEEN ? AND ?"
            " GROUP BY entry, reading HAVING count(*) = size",
            *sorted(wanted),
            first,
            last,
        )
        found: dict[int, set[Words]] = defaultdict(set)
        for number, taken in rows:
            found[number].add(frozenset(taken.split()))
        return found

    def _ways(self, start: IndexEntry, taken: Words, wanted: Words, asked: _Asked) -> list[tuple[int, Words]]:
        """The start, and the entries below it that `wanted` words lead to, with the words taken so far; the best."""
        found: dict[int, Words] = {start.id: taken}
        if start.has_children and wanted - taken:
            fitting = self._readings("word", wanted, start.id + 1, self._last(start.id))
            for number in sorted(fitting):
                if more := self._chain(number, fitting, found, asked):
                    found[number] = more
        return sorted(found.items(), key=lambda one: (-len(one[1]), one[0]))[:MOST_ENDS]

    def _end(self, number: int, used: Words, wanted: Words, asked: _Asked) -> _End:
        """A way that ends at an entry, with what its titles absorb."""
        line = self._terms.ancestors(number)
        takes = frozenset(w for e in line for w in absorbed(e.essential, e.modifiers))
        said = sum(bool(asked.connecting & set(words(e.essential))) for e in line if e.connective)
        lead = readings(line[0].essential)
        unsaid = min((frozenset(one) - used for one in lead), key=len, default=frozenset()) if used else frozenset()
        return _End(line[-1], used, (takes & wanted) - used, said, unsaid)

    def _last(self, number: int) -> int:
        row = self._terms.store.one("SELECT last FROM entry WHERE id = ?", number)
        return int(row[0]) if row else number

    def _chain(self, number: int, fitting: dict[int, set[Words]], found: dict[int, Words], asked: _Asked) -> Words:
        """The most words that lead to an entry by way of entries that fit or only connect; empty where none does."""
        above, _ = self._place(number, asked)
        while above is not None and above not in found:
            above, connects = self._place(above, asked)
            if not connects:
                return frozenset()
        if above is None:
            return frozenset()
        # A title may repeat a word of the way, but it must take a new one.
        ways = [found[above] | reading for reading in fitting[number] if reading - found[above]]
        return max(ways, key=len, default=frozenset())

    def _place(self, number: int, asked: _Asked) -> tuple[int | None, bool]:
        """Number of the entry above, and whether this one only connects."""
        if number not in asked.connective:
            row = self._terms.store.one("SELECT parent, connective FROM entry WHERE id = ?", number)
            asked.connective[number] = (row[0], bool(row[1])) if row else (None, False)
        return asked.connective[number]

    def _follow(self, end: _End, wanted: Words, asked: _Asked, hops: int) -> Iterator[_End]:
        """Where the references of an end lead with the words that are left; the end itself where there is none.

        "See" must be followed; "see also" is where words are left and more of them are answered there (I.A.16).
        """
        kinds = {reference.kind for reference in end.entry.references}
        left = wanted - end.used - end.taken
        if not hops or not ("see" in kinds or ("see also" in kinds and left)):
            yield end
            return
        must, may = [], [end]
        for followed in self._terms.follow(end.entry):
            if followed.sort != "entry":
                continue
            for target in followed.entries[:MOST_TARGETS]:
                reached = self._reached(end, target, left, asked)
                if reached.entry.id in {e.id for e in reached.via}:
                    continue
                if followed.reference.kind == "see":
                    must.append(reached)
                elif len(reached.used | reached.taken) > len(end.used | end.taken):
                    may.append(reached)
        for each in must:
            yield from self._follow(each, wanted, asked, hops - 1)
        if not must or end.entry.codes:
            yield from may

    def _reached(self, end: _End, target: IndexEntry, left: Words, asked: _Asked) -> _End:
        """The best end below the target of a reference, with the words that are left."""
        below = self._ways(target, frozenset(), left, asked)[:MOST_TARGETS]
        best = min((self._end(number, taken, left, asked) for number, taken in below), key=_rank)
        used, taken = end.used | best.used, end.taken | best.taken
        return _End(best.entry, used, taken, end.said + best.said, end.unsaid, (*end.via, end.entry))

    def _hits(self, ends: list[_End], wanted: Words, asked: _Asked) -> Iterator[IndexHit]:
        """Each entry once; none that only stands on the way to a better one."""
        seen: set[int] = set()
        most = max((len(end.used | end.taken) for end in ends), default=0)
        for end in ends:
            if 2 * len(end.used | end.taken) < most:
                return
            if end.entry.id in seen or (self._root == end.entry.id and wanted):
                continue
            line = self._terms.ancestors(end.entry.id)
            seen.update(e.id for e in line)
            left = wanted - end.used - end.taken
            yield IndexHit(
                end.entry,
                self._terms.path(end.entry.id),
                asked.spell(end.used),
                asked.spell((end.taken | (frozenset(asked.order) & self._optional)) - end.used),
                asked.spell(left) + asked.beyond,
                tuple(sorted(end.unsaid)),
                end.via,
                self._presumes and any(e.presumes for e in line[:-1]),
            )


def _rank(end: _End) -> tuple[int, ...]:
    answered = len(end.used | end.taken)
    return (-answered, len(end.unsaid), len(end.via), -len(end.used), -end.said, end.entry.level, end.entry.id)
