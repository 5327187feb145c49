"""Whether a query to a provider, as drafted or as a person left it, is compliant: findings by `queries.toml`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from leadterm.domain import Encounter, Finding, Query

from ._query_rules import QueryRule, query_rules, wording
from ._query_text import Option, Parts, Record, in_question, parts
from .queries import QueryDraft, one_line, patient_names

_WORD = re.compile(r"[^\W\d_][\w'-]*")
_OTHER = re.compile(r"other\b", re.IGNORECASE)
_UNDETERMINED = re.compile(
    r"(?:clinically )?(?:un(?:able|determined)|cannot be determined|not clinically determin)", re.IGNORECASE
)
_YES_NO = re.compile(r"(?:yes|no)(?:$|[ ]*[,;:.(–—-])", re.IGNORECASE)
_CONTRARY = re.compile(
    r"no diagnosis|no clinical|not clinically significant|ruled out|none of|neither|incidental", re.IGNORECASE
)
_SENTENCE = re.compile(r"(?<=[.?!:])\s+")
_WHICH = re.compile(r"\b(?:what|which|who|whom|whose|when|where|how|why)\b", re.IGNORECASE)
_AUXILIARY = re.compile(
    r"(?:is|are|was|were|does|do|did|has|have|had|can|could|would|will|should|may|might)(?:n't)?\b",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"(?:can|could|would|will) you (?:please )?(?:further )?(?:clarify|specify|describe|explain|give|state|tell)\b",
    re.IGNORECASE,
)


def lint(draft: QueryDraft | str, query: Query, encounter: Encounter) -> tuple[Finding, ...]:
    """What keeps a query from being compliant, in the order of the rules, ids `f1`, `f2`, …; empty where nothing does.

    `draft` may be the plain text of a draft that a person has edited. Quotes are looked up in the documents of
    `encounter`. An error says that the query must not be sent as it is.
    """
    text = draft.text if isinstance(draft, QueryDraft) else draft
    asked = _Asked(parts(text), query, encounter)
    told = [(rule, said) for rule in query_rules().values() for said in _CHECKS[rule.id](asked, rule)]
    return tuple(_finding(n, rule, said, query) for n, (rule, said) in enumerate(told, 1))


def _finding(number: int, rule: QueryRule, said: str, query: Query) -> Finding:
    return Finding(f"f{number}", rule.id, rule.severity, said, rule.fix, query.codes, source=rule.citation)


@dataclass(frozen=True)
class _Asked:
    """A query as it stands, beside what it was made from."""

    parts: Parts
    query: Query
    encounter: Encounter

    @cached_property
    def record(self) -> Record:
        return Record(self.encounter)

    @cached_property
    def quotes(self) -> tuple[tuple[int, str], ...]:
        """The indicators that the record has, with the numbers that a person left or gave them."""
        return tuple((i.number, i.quote) for i in self.parts.items if i.quote and self.record.has(i.quote))

    @cached_property
    def documented(self) -> frozenset[str]:
        """The words of the record that are quoted."""
        return frozenset(w for _, quote in self.quotes for w in _words(quote))

    @cached_property
    def clinical(self) -> tuple[Option, ...]:
        """The options that name something: neither "other", nor "unable to determine", nor the contrary."""
        return tuple(o for o in self.parts.options if not _is_formal(o.words) and not _CONTRARY.match(o.words))

    @cached_property
    def own(self) -> str:
        """The words of the one who asks: all but quotes that the record has and the names that the record goes by."""
        text = one_line(self.parts.text)
        for quote in (*(quote for _, quote in self.quotes), *self.in_question):
            text = text.replace(f"“{quote}”", "“”").replace(f'"{quote}"', "“”")
        for name in self._names():
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "", text)
        return text

    @cached_property
    def in_question(self) -> tuple[str, ...]:
        """What the question quotes and the record has."""
        return tuple(q for q in in_question(self.parts.question) if self.record.has(q))

    def _names(self) -> Iterator[str]:
        e = self.encounter
        given = [e.id, e.account, *(x for d in e.documents for x in (f"{d.type} {d.id}" if d.type else None, d.id))]
        yield from sorted({one_line(n) for n in given if n and n.strip()}, key=len, reverse=True)

    @cached_property
    def asking(self) -> str:
        """The question without what it quotes from the record."""
        text = self.parts.question
        for quote in self.in_question:
            text = text.replace(f"“{quote}”", "“”").replace(f'"{quote}"', "“”")
        return text


Check = Callable[[_Asked, QueryRule], Iterator[str]]


def _money(asked: _Asked, rule: QueryRule) -> Iterator[str]:
    for found in _found(rule, asked.own):
        yield f"The query speaks of “{found}”."


def _found(rule: QueryRule, text: str) -> list[str]:
    """What the rule's patterns find, each once."""
    return list(dict.fromkeys(one_line(m[0]) for p in rule.patterns for m in p.finditer(text)))


def _leading_title(asked: _Asked, rule: QueryRule) -> Iterator[str]:
    foreign = [w for w in _words(asked.parts.subject or "") if w not in wording().neutral | asked.documented]
    if foreign:
        yield f"The subject says “{foreign[0]}”, which the query does not quote from the record."


def _leading_question(asked: _Asked, rule: QueryRule) -> Iterator[str]:
    for found in _found(rule, asked.own):
        yield f"“{found}” tells the provider what to answer."
    named = [w for w in _words(asked.asking) if w in _deciding(asked)]
    if named:
        yield f"The question says “{named[0]}”, which is for the provider to choose among the options."


def _deciding(asked: _Asked) -> frozenset[str]:
    """Words that some of the options have and others have not, and that the query does not quote from the record."""
    sets = [frozenset(_words(o.words)) for o in asked.clinical]
    common = frozenset.intersection(*sets) if len(sets) > 1 else frozenset()
    return frozenset().union(*sets) - common - wording().neutral - asked.documented


def _yes_no(asked: _Asked, rule: QueryRule) -> Iterator[str]:
    by_answer = any(_YES_NO.match(o.words) for o in asked.parts.options)
    if not (by_answer or any(map(_is_closed, _SENTENCE.split(asked.asking)))):
        return
    if asked.query.reason not in wording().yes_no:
        yield "The question can be answered by yes or no, and asks for something that is not documented yet."
    elif not asked.in_question:
        yield "The question can be answered by yes or no, and quotes no words of the record that it is about."


def _is_closed(sentence: str) -> bool:
    """Whether yes or no answers it: it begins with an auxiliary verb, or asks without asking what or which."""
    if not sentence.endswith("?") or _REQUEST.match(sentence):
        return False
    return bool(_AUXILIARY.match(sentence)) or not _WHICH.search(sentence)


def _one_option(asked: _Asked, rule: QueryRule) -> Iterator[str]:
    contrary = any(_CONTRARY.match(o.words) for o in asked.parts.options)
    if len(asked.clinical) == 1 and not contrary:
        yield f"“{asked.clinical[0].words}” is the only clinical answer on the list."


def _no_other(asked: _Asked, rule: QueryRule) -> Iterator[str]:
    if not any(_OTHER.match(o.words) for o in asked.parts.options):
        yield "There is no option for another answer."


def _no_undetermined(asked: _Asked, rule: QueryRule) -> Iterator[str]:
    if not any(_UNDETERMINED.match(o.words) for o in asked.parts.options):
        yield "There is no option for what cannot be determined."


def _unsupported_option(asked: _Asked, rule: QueryRule) -> Iterator[str]:
    made = {_key(o) for o in asked.query.options} if _shows_evidence(asked) else frozenset()
    numbers = {number for number, _ in asked.quotes}
    for option in asked.clinical:
        if _key(option.words) not in made and not option.indicators & numbers and not _is_plain(option):
            yield f"Nothing in the indicators is named for the option “{option.words}”."


def _shows_evidence(asked: _Asked) -> bool:
    """Whether the query still quotes what its own options rest on."""
    evidence = [one_line(e.text) for e in asked.query.evidence] or list(map(one_line, asked.query.indicators))
    return any(words in quote for words in evidence for _, quote in asked.quotes)


def _is_plain(option: Option) -> bool:
    """Whether it brings in nothing clinical: yes, no, a side, a time."""
    return bool(_YES_NO.match(option.words)) or wording().neutral.issuperset(_words(option.words))


def _foreign_quote(asked: _Asked, rule: QueryRule) -> Iterator[str]:
    for item in asked.parts.items:
        if item.quote is None:
            yield f"Indicator {item.number} quotes no words."
        elif not asked.record.has(item.quote):
            yield f"The record does not say the words of indicator {item.number}: “{item.quote}”."
    for quote in in_question(asked.parts.question):
        if quote not in asked.in_question:
            yield f"The question quotes “{quote}”, which the record does not say."


def _no_indicators(asked: _Asked, rule: QueryRule) -> Iterator[str]:
    if not asked.quotes:
        yield "The query shows no indicator of this record."


def _lost_part(asked: _Asked, rule: QueryRule) -> Iterator[str]:
    for part in asked.parts.lost:
        yield f"The part “{part}” is missing."


def _patient_name(asked: _Asked, rule: QueryRule) -> Iterator[str]:
    names = patient_names(asked.encounter)
    if names and names.search(asked.own):
        yield "The query names the patient."


def _is_formal(option: str) -> bool:
    return bool(_OTHER.match(option) or _UNDETERMINED.match(option))


def _key(option: str) -> str:
    return one_line(option).rstrip("_ :").casefold()


def _words(text: str) -> list[str]:
    return [w.casefold() for w in _WORD.findall(text)]


_CHECKS: dict[str, Check] = {
    "LEADTERM:query/money": _money,
    "LEADTERM:query/leading-title": _leading_title,
    "LEADTERM:query/leading-question": _leading_question,
    "LEADTERM:query/yes-no": _yes_no,
    "LEADTERM:query/one-option": _one_option,
    "LEADTERM:query/no-other": _no_other,
    "LEADTERM:query/no-undetermined": _no_undetermined,
    "LEADTERM:query/unsupported-option": _unsupported_option,
    "LEADTERM:query/foreign-quote": _foreign_quote,
    "LEADTERM:query/no-indicators": _no_indicators,
    "LEADTERM:query/lost-part": _lost_part,
    "LEADTERM:query/patient-name": _patient_name,
}
