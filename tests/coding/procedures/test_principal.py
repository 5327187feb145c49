"""Selection of Principal Procedure: what is related to the principal diagnosis comes first."""

from __future__ import annotations

import pytest

from leadterm.coding._tables import rows
from leadterm.coding.procedures.guidelines.principal import RULE, related_to, sequenced
from leadterm.coding.services.service import Service
from leadterm.domain import Code, CodeSystem

APPENDIX, KNEE, NEPHROSCOPY, LINE = "0DTJ4ZZ", "0SRC0J9", "0TJ58ZZ", "02HV33Z"


def services(*codes: str) -> list[Service]:
    return [Service(Code(CodeSystem.ICD10PCS, code), "procedure") for code in codes]


@pytest.mark.parametrize(
    ("diagnosis", "codes", "wanted"),
    [
        ("K35.80", (KNEE, APPENDIX), (APPENDIX, KNEE)),  # both definitive: the one related to the principal diagnosis
        ("M17.11", (KNEE, APPENDIX), (KNEE, APPENDIX)),
        ("N20.0", (APPENDIX, NEPHROSCOPY), (NEPHROSCOPY, APPENDIX)),  # diagnostic, but related: it takes precedence
        ("I50.9", (APPENDIX, "5A1D70Z"), (APPENDIX, "5A1D70Z")),  # nothing related: the definitive treatment leads
        ("A41.9", (KNEE, LINE), (KNEE, LINE)),
        (None, (KNEE, APPENDIX), (KNEE, APPENDIX)),
    ],
)
def test_what_is_related_comes_first(diagnosis: str | None, codes: tuple[str, ...], wanted: tuple[str, ...]):
    assert tuple(s.code.value for s in sequenced(services(*codes), diagnosis)) == wanted


def test_the_way_tells_why_another_leads():
    first = sequenced(services(KNEE, APPENDIX), "K35.80")[0]
    assert first.pathway[-1].rule == RULE
    assert "K35.80" in first.pathway[-1].text


def test_the_narrowest_range_counts():
    assert related_to("I63.9") == ("03", "00")
    assert related_to("I85.01") == ("06", "0D")
    assert related_to("R07.9") == ()


def test_every_range_ends_where_it_began_or_later():
    for row in rows("procedures/guidelines/related"):
        first, _, last = row["diagnosis"].partition("-")
        assert len(first) == 3
        assert not last or (first[0] == last[0] and first <= last)
