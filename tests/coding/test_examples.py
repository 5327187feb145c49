"""The sample charts of `examples/`: what their keys want is given, what tempts is not, and the right code leads."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest

from leadterm.domain import Encounter
from leadterm.pipeline import Coder
from leadterm.records import Overrides, read_charts, read_encounter

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = sorted(folder.parent.name for folder in EXAMPLES.glob("*/codes.toml"))


@dataclass(frozen=True, slots=True)
class Key:
    """What `codes.toml` says: codes in order of the claim, those that may be left out, those that tempt."""

    required: tuple[str, ...]
    optional: frozenset[str]
    forbidden: frozenset[str]
    evidence: tuple[str, ...]


@cache
def key(name: str) -> Key:
    table = tomllib.loads((EXAMPLES / name / "codes.toml").read_text(encoding="utf-8"))
    codes = table["code"]
    return Key(
        tuple(c["code"] for c in codes if not c.get("optional")),
        frozenset(c["code"] for c in codes if c.get("optional")),
        frozenset(c["code"] for c in table["not"]),
        tuple(c["evidence"] for c in codes),
    )


@cache
def encounter(name: str) -> Encounter:
    folder = EXAMPLES / name
    (chart,) = read_charts(
        folder / "chart.txt", BytesIO(), Overrides(encounter=read_encounter(folder / "encounter.json"))
    )
    assert isinstance(chart.content, Encounter)
    return replace(chart.content, charges=())  # diagnoses alone


def given(name: str, coder: Coder) -> list[str]:
    return [a.code.value for a in coder.code(encounter(name)).diagnoses]


@pytest.mark.parametrize("name", NAMES)
def test_what_the_key_wants_is_given_and_nothing_that_it_does_not_know(name: str, coder: Coder) -> None:
    codes = set(given(name, coder))
    assert set(key(name).required) - codes == set()
    assert codes - set(key(name).required) - key(name).optional == set()


@pytest.mark.parametrize("name", NAMES)
def test_what_tempts_is_not_given(name: str, coder: Coder) -> None:
    assert key(name).forbidden.isdisjoint(given(name, coder))


@pytest.mark.parametrize("name", NAMES)
def test_the_right_code_leads(name: str, coder: Coder) -> None:
    assert given(name, coder)[0] == key(name).required[0]


@pytest.mark.parametrize("name", NAMES)
def test_the_key_quotes_the_chart(name: str) -> None:
    text = " ".join(encounter(name).documents[0].text.split())
    assert [words for words in key(name).evidence if " ".join(words.split()) not in text] == []
