"""A facility's policy leaves out what the guidelines leave to it, says so, and can do nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from leadterm.coding import Policy, policy_of, read_policy
from leadterm.domain import Document, Encounter, InputError, Setting
from leadterm.pipeline import Coder

FALL = "Assessment: Contusion of left knee after fall from ladder while gardening."


def encounter(text: str) -> Encounter:
    return Encounter("e", Setting.EMERGENCY, date_of_service=date(2026, 5, 14), documents=(Document("d1", text),))


def test_external_causes_are_left_out_and_named(coder: Coder) -> None:
    whole = coder.code(encounter(FALL))
    short = Coder(coder.book, policy=Policy(("external-causes",))).code(encounter(FALL))
    left = [a.code.value for a in whole.diagnoses if a.code.value[0] in "VWXY"]
    assert left
    assert [a.code for a in short.diagnoses] == [a.code for a in whole.diagnoses if a.code.value[0] not in "VWXY"]
    finding = next(f for f in short.findings if f.rule == "ICD10CM:III/policy")
    assert set(finding.codes) == set(left)


def test_without_a_policy_nothing_is_said(coder: Coder) -> None:
    assert not [f for f in coder.code(encounter(FALL)).findings if f.rule == "ICD10CM:III/policy"]


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text('omit = ["activity", "external-cause-status"]\n')
    assert read_policy(file) == Policy(("activity", "external-cause-status"))


@pytest.mark.parametrize("content", ["omit = 3", 'omit = "activity"', "omit = [3]", 'leave = ["activity"]', "omit = ["])
def test_a_file_that_makes_no_sense_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(content)
    with pytest.raises(InputError):
        read_policy(file)


def test_a_group_that_is_nearly_right_has_a_hint() -> None:
    with pytest.raises(InputError, match="Do you mean activity"):
        policy_of(["activty"], "here")
