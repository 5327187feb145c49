"""The policies of a place against a plain reading of the same ones: what supports a service, and who decides."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.codesets import CodeBook
from leadterm.codesets.payment.coverage import ArticleCoverage, Policy
from leadterm.edits._billing import Billing
from leadterm.edits.coverage.diagnoses import ELSEWHERE, OTHERS, doubts

from ..bills import claim

DIAGNOSES = ("E11.9", "I10", "G47.33", "R07.9")
STATES = ("NY", "CA", "TX")
some = st.frozensets(st.sampled_from(DIAGNOSES), max_size=2)


@st.composite
def policy(draw: st.DrawFn) -> Policy:
    number = draw(st.integers(1, 4))
    return Policy(
        draw(st.sampled_from((f"A{number}", f"L{number}"))), "", None, None, (), draw(some), draw(some),
        states=draw(st.frozensets(st.sampled_from(STATES), max_size=2)),
    )  # fmt: skip


class Policies(ArticleCoverage):
    """Policies that a test wrote, each naming 95811."""

    def __init__(self, found: tuple[Policy, ...]) -> None:
        self._found = found

    @property
    def procedures(self) -> frozenset[str]:  # type: ignore[override]
        return frozenset({"95811"})

    def policies(self, hcpcs: str, on: object = None) -> tuple[Policy, ...]:
        return self._found


@dataclass(frozen=True)
class Shelf:
    """A book with these policies."""

    book: CodeBook
    found: Policies

    def __getattr__(self, name: str) -> object:
        return getattr(self.book, name)

    def find(self, face: type, on: object = None) -> object:
        return self.found if face is ArticleCoverage else None


def plainly(policies: tuple[Policy, ...], state: str, diagnoses: list[str], pointed: list[str]) -> str | None:
    """What is to be said of a line, read from the policies one by one; None for nothing."""
    here = [p for p in policies if not p.states or state in p.states]
    asked = here or list(policies)
    for p in asked:
        if p.document[0] == "A" and not p.covered and not p.not_covered:
            return None
    by_document: dict[str, tuple[set[str], set[str]]] = {}
    for p in asked:
        if p.covered or p.not_covered:
            lists = by_document.setdefault(p.document, (set(), set()))
            lists[0].update(p.covered)
            lists[1].update(p.not_covered)

    def supported(diagnosis: str) -> bool:
        return any(diagnosis in yes if yes else diagnosis not in no for yes, no in by_document.values())

    if not by_document or any(supported(d) for d in pointed):
        return None
    if not here:
        return OTHERS
    if any(supported(d) for d in diagnoses):
        return ELSEWHERE
    return "refused" if any(d in no for d in pointed for _, no in by_document.values()) else "unsupported"


@given(
    st.lists(policy(), min_size=1, max_size=4).map(tuple),
    st.sampled_from(STATES),
    st.lists(st.sampled_from(DIAGNOSES), min_size=1, max_size=4, unique=True),
    st.lists(st.integers(1, 4), min_size=1, max_size=4, unique=True),
)
@settings(max_examples=150, deadline=None)
def test_policies_say_what_a_plain_reading_of_them_says(
    book: CodeBook, policies: tuple[Policy, ...], state: str, diagnoses: list[str], pointers: list[int]
) -> None:
    text = f"payer.type = medicare; lines.1.code = 95811; diagnoses = {' '.join(diagnoses)}"
    made = claim(f"{text}; lines.1.pointers = {' '.join(map(str, pointers))}; billing.address.state = {state}")
    pointed = [diagnoses[n - 1] for n in pointers if n <= len(diagnoses)]
    found = [d.kind for d in doubts(Billing(made, Shelf(book, Policies(policies))))]  # type: ignore[arg-type]
    expected = plainly(policies, state, diagnoses, pointed) if pointed else None
    assert found == ([expected] if expected else [])
