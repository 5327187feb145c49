"""What always holds: no crash, one answer for one input, order of secondary codes without influence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.domain import CodedEncounter, InputError, Severity
from leadterm.edits.conventions import companions, pairs

from .bills import asked, claim
from .notation import coded

GOOD = (
    "outpatient F67 2026-05-14: E11.22 I12.9 N18.32 Z79.84 E78.5",
    "outpatient M45 2026-05-14: J45.909 F17.210",
    "outpatient F30 2026-05-14: Z34.02 Z3A.20",
    "outpatient M8 2026-05-14: H66.91 J06.9",
    "emergency M30 2026-05-14: S52.501A W01.0XXA Y92.009",
    "inpatient F80 2026-05-14: I63.9 I10 E78.5 I48.91 Z79.01 disp:62",
    "inpatient M0 2026-05-14: Z38.00 P59.9 disp:01",
    "outpatient F60 2026-05-14: C50.911 Z17.0",
    "inpatient F28 2026-05-14: O80 Z37.0 Z3A.39",
    "outpatient F50 2026-05-14: M17.11 E66.9 Z68.35",
    "outpatient F40 2026-05-14: F32.A F41.1",
    "outpatient M60 2026-05-14: Z51.11 C34.11",
    "outpatient M70 2026-05-14: D68.32 T45.515A Z79.01",
    "outpatient M70 2026-05-14: I13.0 I50.32 N18.4 E11.22",
    "outpatient M70 2026-05-14: J44.1 J44.0 J20.9",
    "outpatient M70 2026-05-14: G30.9 F02.80",
    "outpatient F70 2026-05-14: E11.621 L97.412 E11.42",
    "outpatient F70 2026-05-14: K70.30 F10.20 R18.8",
    "professional M64 2026-05-14: I21.4 I25.10 E78.5",
    "inpatient M64 2026-05-14: I21.4 I25.10 E78.5 F17.210 pcs:027034Z disp:01",
    "outpatient M64 2026-05-14: N40.1 R35.1 N13.8",
    "outpatient F22 2026-05-14: N39.0 B96.20",
)


@pytest.mark.parametrize("text", GOOD)
def test_good_coding_has_no_findings(text: str, book: CodeBook) -> None:
    assert edits.check(coded(text), book) == ()


@pytest.fixture(scope="module")
def billable(book: CodeBook) -> list[str]:
    """Billable codes, one 7th character a code, of the shape that a code of the domain has."""
    found = []
    for row in book.titles():
        node = book.node(row.code)
        code = row.code if row.billable else node.children[0] if node and node.kind == "code" and node.children else ""
        if code and code[1].isdigit():
            found.append(code)
    return found


SETTINGS = st.sampled_from(["outpatient", "inpatient", "emergency", "professional", "skilled-nursing"])


@st.composite
def encounters(draw: st.DrawFn, codes: list[str]) -> CodedEncounter:
    chosen = draw(st.lists(st.sampled_from(codes), max_size=8))
    day = draw(st.dates(date(2015, 10, 1), date(2027, 9, 30)))
    who = f"{draw(st.sampled_from('FMU'))}{draw(st.integers(0, 120))}"
    return coded(f"{draw(SETTINGS)} {who} {day}: {' '.join(chosen)}")


def said(found: CodedEncounter, book: CodeBook) -> list[tuple[str, Severity, str, tuple[str, ...]]]:
    return [(f.rule, f.severity, f.message, f.codes) for f in edits.check(found, book)]


@settings(max_examples=60)
@given(data=st.data())
def test_any_billable_codes_are_checked_and_the_answer_is_one(
    data: st.DataObject, billable: list[str], book: CodeBook
) -> None:
    encounter = data.draw(encounters(billable))
    found = edits.check(encounter, book)
    assert edits.check(encounter, book) == found
    assert [f.id for f in found] == [f"f{n}" for n in range(1, len(found) + 1)]
    weights = [list(Severity).index(f.severity) for f in found]
    assert weights == sorted(weights)
    known = {a.id for a in encounter.assignments}
    for f in found:
        assert f.source
        assert f.fix
        assert set(f.assignments) <= known


@settings(max_examples=40)
@given(data=st.data())
def test_order_of_secondary_codes_changes_no_finding(data: st.DataObject, billable: list[str], book: CodeBook) -> None:
    encounter = data.draw(encounters(billable))
    first, *others = encounter.assignments or (None,)
    if first is None:
        return
    Random(data.draw(st.integers(0, 99))).shuffle(others)
    places = [replace(a, sequence=n) for n, a in enumerate(others, start=2)]
    assert said(replace(encounter, assignments=(first, *places)), book) == said(encounter, book)


@pytest.fixture(scope="module")
def telling(book: CodeBook) -> list[str]:
    """Complete codes that the tables of conventions name, so that many rules have something to say."""
    cells = [cell for table in (pairs.TABLE, companions.TABLE) for row in table.references for cell in row]
    named = {r.first for cell in cells for r in cell} | {"S52.501", "T22.311", "W01.0", "Y92.009", "H40.111", "M17.11"}
    return sorted(code for start in named if (code := complete(start, book)) and code[1].isdigit())


def complete(code: str, book: CodeBook) -> str:
    node = book.node(code)
    while node and node.children:
        node = book.node(node.children[-1])
    return node.code if node else ""


@settings(max_examples=120)
@given(data=st.data())
def test_order_changes_nothing_where_conventions_speak(data: st.DataObject, telling: list[str], book: CodeBook) -> None:
    codes = data.draw(st.lists(st.sampled_from(telling), min_size=3, max_size=12, unique=True))
    indicators = data.draw(st.lists(st.sampled_from(["", "~Y", "~N"]), min_size=len(codes), max_size=len(codes)))
    marked = [f"{code}{poa}" for code, poa in zip(codes, indicators, strict=True)]
    encounter = coded(f"inpatient F40 2026-05-14: {' '.join(marked)}")
    first, *others = encounter.assignments
    Random(data.draw(st.integers(0, 99))).shuffle(others)
    places = [replace(a, sequence=n) for n, a in enumerate(others, start=2)]
    assert said(replace(encounter, assignments=(first, *places)), book) == said(encounter, book)


@settings(max_examples=40)
@given(
    text=st.text("0123456789ABXZ-. ", max_size=12),
    path=st.sampled_from(["patient.address.zip", "rendering.npi", "lines.1.modifiers"]),
)
def test_any_text_in_a_claim_is_checked(text: str, path: str, book: CodeBook) -> None:
    found = edits.check_claim(claim(f"{path} = {text}"), book)
    assert all(f.location and f.location["claim"] == "CASE1" for f in found)


# Every change that a rule writes, by the claim that it changes; what takes others away comes last.
CHANGES = {
    base: [
        change
        for rule in edits.rules()
        if rule.on_claims and rule.family == "claims"
        for text in (rule.fires, rule.passes)
        if "||" not in text and (text.startswith(base) if base else ": " not in text)
        for change in text.removeprefix(base).split("; ")
        if not change.startswith(("lines = ", "payers = 2"))
    ]
    for base in ("", "stay: ", "visit: ")
}


@settings(max_examples=120)
@given(data=st.data())
def test_a_claim_with_several_errors_is_checked_and_the_answer_is_one(data: st.DataObject, book: CodeBook) -> None:
    base = data.draw(st.sampled_from(sorted(CHANGES)))
    changes = data.draw(st.lists(st.sampled_from(CHANGES[base]), min_size=1, max_size=6))
    several = "payers = 2" if base else "payers = 2; lines = 3"
    try:
        told = asked(base + "; ".join([several, *changes, *data.draw(st.sampled_from(NOTHING_LEFT))]))
    except InputError:
        return  # a line that ends before it starts is no claim
    found = edits.check_claim(told.claim, book, received=told.received)
    assert edits.check_claim(told.claim, book, received=told.received) == found
    assert all(f.location and f.location["claim"] == told.claim.id and f.source and f.fix for f in found)


NOTHING_LEFT = [[], [], ["lines = 0"], ["payers = 0"], ["providers = none"], ["diagnoses = none"], []]
