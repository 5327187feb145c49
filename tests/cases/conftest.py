"""The shipped cases, each coded once for all that is asked of it: pytest runs what asks for one case in a row."""

from __future__ import annotations

import pytest

from leadterm.cases import Case, load_cases
from leadterm.domain import CodedEncounter
from leadterm.pipeline import Coder


@pytest.fixture(scope="session", params=load_cases().values(), ids=lambda case: case.id)
def case(request: pytest.FixtureRequest) -> Case:
    """Each of the shipped cases."""
    found: Case = request.param
    return found


@pytest.fixture(scope="session")
def coded(case: Case, coder: Coder) -> CodedEncounter:
    """What the engine makes of it."""
    return coder.code(case.encounter)
