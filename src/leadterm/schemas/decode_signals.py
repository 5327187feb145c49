"""Signals out of contract JSON, read strictly. Raises InputError that names the path and never the value."""

from __future__ import annotations

import json
from typing import Any

from leadterm.domain import DateRange, InputError, Signal, SignalPeers, SignalPlace, SignalSubject, Statistic

from .reading import Node, every, must, within, words

SCHEMA = "leadterm.signals/1"


def signals(value: Any) -> tuple[Signal, ...]:
    """The signals of a leadterm.signals/1."""
    at = Node(value)
    if not at.given():
        raise at.wrong(SCHEMA)
    at.schema(SCHEMA)
    _refuse_halves(value)
    return every(at["signals"], _signal)


def signal(value: Any) -> Signal:
    """One signal as `encode_compliance.signal` writes it."""
    _refuse_halves(value)
    return within(Node(value), _signal)


def _refuse_halves(value: Any) -> None:
    """Raises InputError for half of a surrogate pair, which JSON can write and neither a page nor UTF-8 can hold."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise InputError("A signal has half of a character; write the file anew with `compliance scan`.") from None


def _signal(at: Node) -> Signal:
    made = _made(at)
    if at["id"].word() not in (None, made.id):
        raise at["id"].wrong("the id of that kind, subject and period")
    return made


def _made(at: Node) -> Signal:
    return Signal(
        kind=must(Node.word, at["kind"]),
        rule=must(Node.word, at["rule"]),
        subject=_subject(at["subject"]),
        period=DateRange(must(Node.day, at["period"]["from"]), at["period"]["to"].day()),
        statistic=Statistic(must(Node.word, at["statistic"]["name"]), must(Node.number, at["statistic"]["value"])),
        threshold=must(Node.number, at["threshold"]),
        numerator=must(Node.number, at["numerator"]),
        denominator=must(Node.number, at["denominator"]),
        peers=_peers(at["peers"]),
        source=must(Node.word, at["source"]),
        claims=words(at["claims"]),
        claim_count=must(Node.integer, at["claim_count"]),
        reason=must(Node.word, at["reason"]),
        innocent=must(Node.word, at["innocent"]),
        certainty=at["certainty"].word() or "strong",
        places=every(at["places"], _place),
    )


def _subject(at: Node) -> SignalSubject:
    names = ("npi", "specialty", "name", "code", "other", "drg")
    return SignalSubject(must(Node.word, at["role"]), **{name: at[name].word() for name in names})


def _peers(at: Node) -> SignalPeers | None:
    if not at.given():
        return None
    value, observed = must(Node.number, at["value"]), must(Node.number, at["observed"])
    return SignalPeers(
        must(Node.word, at["what"]), must(Node.integer, at["count"]), value, observed, at["spread"].number()
    )


def _place(at: Node) -> SignalPlace:
    encounter, document = must(Node.id, at["encounter"]), must(Node.id, at["document"])
    return SignalPlace(encounter, document, must(Node.integer, at["start"]), must(Node.integer, at["end"]))
