"""The physician fee schedule against the lines of professional claims: statuses, indicators, packages, visits."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm import edits
from leadterm.codesets import CodeBook
from leadterm.codesets.payment.fees import RelativeValue
from leadterm.domain import Claim, Finding, Money, ServiceLine
from leadterm.edits import Seen
from leadterm.edits.fees import _indicators

from .bills import GOOD_CLAIM, procedure

FAMILY = {rule.id for rule in edits.rules() if rule.family == "fees"}
DAY = date(2026, 5, 14)
MEDICARE = replace(GOOD_CLAIM, payers=(replace(GOOD_CLAIM.payers[0], type="medicare"),))


def line(number: int, text: str) -> ServiceLine:
    """`99213-25*2@3=21`: code, modifiers, units, days after the first day, place of service."""
    found = re.fullmatch(r"(\w{5})((?:-\w\w)*)(?:\*(\d+))?(?:@(-?\d+))?(?:=(\d\d))?", text)
    assert found, text
    code, modifiers, units, after, place = found.groups()
    day = DAY + timedelta(days=int(after or 0))
    return replace(
        MEDICARE.lines[0],
        number=number,
        code=procedure(code),
        modifiers=tuple(modifiers.split("-")[1:]),
        units=Decimal(units or 1),
        start=day,
        end=day,
        place_of_service=place,
    )


def bill(text: str, number: str = "CASE1", like: Claim = MEDICARE) -> Claim:
    return replace(like, id=number, lines=tuple(line(n, word) for n, word in enumerate(text.split(), 1)))


def judged(told: Claim, tables: CodeBook, *before: Claim) -> list[Finding]:
    """The findings of the family on a claim that comes after others."""
    seen = Seen()
    for one in before:
        seen.remember(one)
    return [f for f in edits.check_claim(told, tables, codes=False, earlier=seen) if f.rule in FAMILY]


def slugs(text: str, tables: CodeBook, *before: str) -> set[str]:
    """The last words of the rules that speak."""
    earlier = [bill(one, f"BEFORE{n}") for n, one in enumerate(before)]
    return {f.rule.rpartition("/")[2] for f in judged(bill(text), tables, *earlier)}


# --- the tables ---


def test_every_row_names_a_field_and_a_rule_and_can_be_read() -> None:
    known = {field.name for field in fields(RelativeValue)}
    for row in _indicators.rows():
        assert row.field in known, row
        assert row.rule in FAMILY, row
        assert row.when in {"", *_indicators.WHEN}, row
        for sentence in (row.what, row.fix):
            assert "{" not in sentence.format(code="99999", modifier="26")
        assert row.source.startswith(("MCPM", "NCCI"))


@pytest.mark.parametrize(
    ("lines", "speaks"),
    [
        ("99000", {"bundled"}),
        ("99024", set()),  # reported for information
        ("99243", {"not-valid"}),
        ("99396", {"not-covered"}),
        ("99396-GY", set()),
        ("80053 36415 J1885", set()),  # paid by other schedules
        ("G8427", {"reporting"}),
        ("36591", set()),
        ("36591 99213", {"only-service"}),
        ("36591 99213@1", set()),
        ("36591 80053", set()),  # not a service of the schedule
        ("A4310 99213", {"bundled-supply"}),
        ("64999", {"by-contractor"}),
        ("96904", {"restricted"}),
        ("71046", set()),
        ("71046-26=22", set()),
        ("71046=22", {"whole-test"}),
        ("71046=24", {"rarely-in-facility"}),
        ("71046-TC=21", {"technical-part"}),
        ("93000=22", {"whole-test"}),
        ("93005=23", {"technical-part"}),
        ("93010=22", set()),
        ("93010-26=22", {"component"}),
        ("20610-TC", {"component"}),
        ("83020-26", set()),
        ("83020-TC", {"no-parts"}),
        ("80053-26", {"no-parts"}),
        ("96372=22", {"incident-to"}),
        ("96372=31", {"rarely-in-facility"}),
        ("27447=11", {"rarely-there"}),
        ("27447-54=11", {"rarely-there"}),
        ("27447-55=11", set()),  # care after it is given in the office
        ("27447-56=11", set()),
        ("27447=22", set()),
        ("27447=10", set()),  # telehealth is no place
        ("27447-50=22", set()),
        ("27447-50*2=22", {"both-sides-units"}),
        ("45378-50=22", {"both-sides"}),
        ("31231-50", {"both-sides"}),
        ("71046-50", {"both-sides"}),
        ("0335T-50=22", {"by-contractor"}),  # the contractor decides
        ("31231-LT 31231-RT", {"sides-apart"}),
        ("31231-LT 31231-RT@1", set()),
        ("27447-LT=22 27447-RT=22", set()),
        ("27447-80=22", set()),
        ("20610-AS", {"assistant"}),
        ("64999-82", {"by-contractor", "assistant-documents"}),
        ("74177-80", {"no-surgery"}),
        ("63030-62=22", set()),
        ("27447-62=22", {"co-surgeons-documents"}),
        ("66984-62=22", {"co-surgeons"}),
        ("27447-66=22", {"team"}),
        ("11045-51 11042", {"multiple"}),
        ("11042-51 20610", set()),
        ("27447-54=22", set()),
        ("20610-55", {"no-shares"}),
        ("45378-53=22", set()),
        ("45378-73=22", {"discontinued"}),
        ("45378-73=24", set()),  # a surgical center bills on the same form
    ],
)
def test_what_the_schedule_says_of_lines(lines: str, speaks: set[str], tables: CodeBook) -> None:
    assert slugs(lines, tables) == speaks


def test_a_code_that_only_informs_may_stand_without_a_charge(tables: CodeBook) -> None:
    told = bill("99213 99243")
    free = replace(told, lines=(told.lines[0], replace(told.lines[1], charge=Money(Decimal(0)))))
    assert [f.rule for f in judged(told, tables)] == ["MCPM:23.30.2.2/not-valid"]
    assert judged(free, tables) == []


def test_a_finding_says_line_code_indicator_and_what_to_do(tables: CodeBook) -> None:
    (found,) = judged(bill("99213 20610-AS-25"), tables)[:1]
    assert found.rule == "MCPM:12.20.4.3/assistant"
    assert found.message == "Line 2 has 20610 with AS; by law an assistant is not paid at it (assistant indicator 1)."
    assert found.location == {"claim": "CASE1", "line": 2, "segment": "SV1"}
    assert "Leave the line out" in found.fix


def test_a_surgical_center_is_paid_by_another_system(tables: CodeBook) -> None:
    center = replace(MEDICARE, providers=(replace(MEDICARE.providers[0], taxonomy="261QA1903X"),))
    assert judged(bill("20610-80=24 99000 45378-73=24", like=center), tables) == []


# --- global packages ---


@pytest.mark.parametrize(
    ("operation", "visit", "speaks"),
    [
        # 010: the day and ten days behind it
        ("17110", "99213@1", {"visit-after"}),
        ("17110", "99213@10", {"visit-after"}),
        ("17110", "99213@11", set()),
        # 090: the day before, the day, and ninety days behind it
        ("27447=22", "99213@-2", set()),
        ("27447=22", "99213@-1", {"visit-day-before"}),
        ("27447=22", "99213-57@-1", set()),
        ("27447=22", "99213", {"visit-of-day"}),
        ("27447=22", "99213-57", set()),
        ("27447=22", "99213-25", set()),
        ("27447=22", "99213@90", {"visit-after"}),
        ("27447=22", "99213@91", set()),
        ("27447=22", "99213-24@90", set()),
        ("27447=22", "99213-25@20", {"visit-after-24"}),
        ("27447=22", "99291-FT@20=21", set()),
        ("27447=22", "99213-FT@20", {"visit-after"}),  # for critical care alone
        ("27447=22", "99203@20", {"new-patient"}),  # of those, contractors do not look for the package
        ("27447=22", "20610@20", {"procedure-after"}),
        ("27447=22", "20610-79@20", set()),
        ("27447=22", "20610@91", set()),
        ("27447=22", "71046@20", set()),  # no part of a package
        # 000: the day
        ("20610", "99213-25@1", set()),
        ("20610", "20610@1", set()),
        # lines that begin no package, or leave the care after it to somebody else
        ("27447-80=22", "99213@20", set()),
        ("27447-78=22", "99213@20", set()),
        ("27447-54=22", "99213@20", set()),
        ("27447-55=22", "99213@20", {"visit-after"}),
        # maternity has a package of its own
        ("59400=21", "99213@20", set()),
    ],
)
def test_what_lies_within_a_package(operation: str, visit: str, speaks: set[str], tables: CodeBook) -> None:
    alone = slugs(operation, tables)
    assert slugs(f"{operation} {visit}", tables) - alone == speaks
    if "@-" not in visit:
        assert slugs(visit, tables, operation) - slugs(visit, tables) == speaks


def test_a_finding_names_operation_last_day_and_what_would_have_to_be_documented(tables: CodeBook) -> None:
    (found,) = judged(bill("99213@20"), tables, bill("27447=22", "OPERATION"))
    assert found.message == (
        "Line 1 has 99213 of 2026-06-03, within the global days of 27447 of 2026-05-14 (line 1 of claim OPERATION, "
        "which went before; 90 global days, the last one 2026-08-12), by the same provider."
    )
    assert found.fix == (
        "Leave out 99213, unless the record documents that the evaluation had nothing to do with 27447 (24). The "
        "documented reason comes first, then the modifier."
    )


def test_a_visit_that_went_before_an_operation_is_told_with_it(tables: CodeBook) -> None:
    assert slugs("27447=22", tables, "99213@-1") == {"visit-claimed-before"}
    assert slugs("27447=22", tables, "99213-57@-1") == set()
    assert slugs("17110", tables, "99213") == {"visit-claimed-before"}
    assert slugs("17110", tables, "99213-25") == set()


def other(taxonomy: str) -> Claim:
    people = tuple(replace(p, taxonomy=taxonomy, npi="1098765432") for p in MEDICARE.providers)
    return replace(MEDICARE, providers=people)


def test_another_specialty_has_no_part_in_the_package(tables: CodeBook) -> None:
    assert judged(bill("99213@20", like=other("207X00000X")), tables, bill("27447=22", "OPERATION")) == []


@pytest.mark.parametrize(
    ("first", "second", "speaks"),
    [
        ("27447-54=22", "27447-55=22", False),
        ("27447=22", "27447-55=22", True),
        ("27447-54=22", "27447=22", True),
        ("27447-54=22", "27447-54=22", True),
        ("27447=22", "27447-80=22", False),
        ("27447-62=22", "27447-62=22", False),
        ("27447-LT=22", "27447-55-RT=22", False),
    ],
)
def test_shares_of_one_operation_agree(first: str, second: str, speaks: bool, tables: CodeBook) -> None:
    found = judged(bill(second, like=other("207X00000X")), tables, bill(first, "FIRST"))
    assert ("MCPM:12.40.4/split-care" in {f.rule for f in found}) is speaks


def test_a_modifier_of_a_period_needs_one_where_claims_are_known(tables: CodeBook) -> None:
    assert slugs("99213-24", tables) == set()
    assert slugs("99213-24", tables, "99213@-100") == {"no-period"}
    assert slugs("99213-24", tables, "27447@-80=22") == set()
    assert slugs("20610-79", tables, "27447@-91=22") == {"no-period"}
    assert slugs("20610-79", tables, "64999@-20") == set()  # whose days the contractor decides


# --- visits ---


@pytest.mark.parametrize(
    ("lines", "speaks"),
    [
        ("99213 17110", {"minor-day"}),
        ("99203 17110", {"minor-day"}),
        ("99213-57 17110", {"minor-day"}),  # for operations of 90 days
        ("99213-25 17110", set()),
        ("99213@1 20610", set()),
        ("99213 71046", set()),
        ("99213 93000", set()),
        ("99213 96372", {"administration"}),
        ("99213-25 96372", set()),
        ("99211-25 96372", {"nurse-visit"}),
        ("99213 20610", set()),  # a pair edit speaks
    ],
)
def test_visits_beside_other_services(lines: str, speaks: set[str], tables: CodeBook) -> None:
    assert slugs(lines, tables) == speaks


@pytest.mark.parametrize(
    ("before", "speaks"),
    [
        ("99213@-1095", True),
        ("99213@-1096", False),  # three years to the day
        ("20610@-10", True),
        ("93010@-10", False),  # nobody was seen
        ("71046-26@-10", False),
    ],
)
def test_whom_the_practice_saw_within_three_years_is_not_new(before: str, speaks: bool, tables: CodeBook) -> None:
    assert ("new-patient" in slugs("99203", tables, before)) is speaks


def test_new_patients_are_new_for_every_payer_but_insurers_of_injuries(tables: CodeBook) -> None:
    for kind, speaks in (("commercial", True), ("medicaid", True), ("workers-compensation", False)):
        like = replace(MEDICARE, payers=(replace(MEDICARE.payers[0], type=kind),))
        found = judged(bill("99203", like=like), tables, bill("99213@-10", "BEFORE", like))
        assert bool(found) is speaks, kind


@pytest.mark.parametrize("day", [date.min, date.max, date(1991, 12, 31)])
@pytest.mark.parametrize("code", ["99213", "99203", "27447", "96372", "36591"])
def test_days_that_cannot_be_counted_from_are_left_alone(day: date, code: str, tables: CodeBook) -> None:
    told = bill(f"{code}=22 99213-24 20610-79 17110")
    odd = replace(told.lines[0], start=min(day, DAY), end=max(day, DAY))
    before = replace(told, id="BEFORE", lines=(odd,))
    judged(replace(told, lines=(odd, *told.lines[1:])), tables, before)
    assert judged(before, tables) == []


# Correct courses of care, claim by claim.
COURSES = (
    "99203@-20 | 99213-57@-1 | 27447-RT=21 | 99024@14 | 99213-24@30 | 20610-79-LT@60 | 99213@91",
    "92014@-30 | 66984-RT=24 | 99024@1 | 66984-79-LT@14=24 | 92014-24@20 | 92014@120",
    "99213-25 17110 | 17110-79@5 | 99213-24@6 | 99213@40",
    "47562=21 | 63030-79@3=21 | 99024@10 | 99232-24@10=21",
    "99213-25 96372 J1885 | 96372@7 | 99213@8",
    "99232=21 93010=21 71046-26=21 | 99232@1=21",
    "99213 93000 71046 | 80053@1 36415@1",
)


def course(text: str, tables: CodeBook) -> list[Finding]:
    """What is found in claims that come one after another."""
    claims = [bill(one, f"CLAIM{n}") for n, one in enumerate(text.split(" | "))]
    return [f for n, one in enumerate(claims) for f in judged(one, tables, *claims[:n])]


@pytest.mark.parametrize("text", COURSES)
def test_a_correct_course_of_care_has_no_findings(text: str, tables: CodeBook) -> None:
    assert course(text, tables) == []


@pytest.mark.parametrize("text", [text for text in COURSES if re.search("-(24|25|57|79)", text)])
def test_each_reason_that_is_taken_from_a_correct_course_is_missed(text: str, tables: CodeBook) -> None:
    for reason in re.finditer("-(24|25|57|79)", text):
        assert course(text[: reason.start()] + text[reason.end() :], tables), reason


# --- what always holds ---

CODES = (
    "99213 99203 99211 99232 99291 20610 11042 27447 17110 63030 71046 93000 96372 36591 A4310 99000 31231 64999 59400"
).split()
MODIFIERS = ["", "", "", "", "-25", "-24", "-57", "-79", "-78", "-54", "-26", "-TC", "-50", "-LT", "-RT", "-80", "-62"]
WORDS = st.builds(
    "{}{}@{}={}".format,
    st.sampled_from(CODES),
    st.sampled_from(MODIFIERS),
    st.sampled_from([-1, 0, 0, 0, 1, 10, 11, 90]),
    st.sampled_from(["11", "22"]),
)
CLAIMS = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)


def keys(found: list[Finding]) -> set[tuple[str, int]]:
    """Rule and line; whether a visit after an operation bears another reason than 24 is one matter."""
    return {(f.rule.replace("visit-after-24", "visit-after").rpartition(":")[2], place(f)) for f in found}


def place(found: Finding) -> int:
    assert found.location
    return int(found.location["line"])


@settings(max_examples=40, deadline=None)
@given(text=CLAIMS, before=CLAIMS, seed=st.integers(0, 99))
def test_the_order_of_lines_changes_nothing(text: str, before: str, seed: int, tables: CodeBook) -> None:
    words, earlier = text.split(), bill(before, "BEFORE")
    Random(seed).shuffle(words)

    def said(told: Claim) -> Counter[tuple[object, ...]]:
        """Each finding without line numbers, with the day of its line."""
        found = judged(told, tables, earlier)
        return Counter((f.rule, f.codes, told.lines[place(f) - 1].start) for f in found)

    assert said(bill(" ".join(words))) == said(bill(text))


ADVISED = re.compile(r"\((\w\w)\)")


@settings(max_examples=60, deadline=None)
@given(text=CLAIMS, before=CLAIMS)
def test_a_modifier_that_a_finding_advises_silences_it_and_touches_no_other_line(
    text: str, before: str, tables: CodeBook
) -> None:
    told, earlier = bill(text), bill(before, "BEFORE")
    found = judged(told, tables, earlier)
    for f in found:
        if "went before, has" in f.message:
            continue  # the modifier belongs on the claim that went before
        for modifier in ADVISED.findall(f.fix):
            lines = tuple(
                replace(x, modifiers=(*x.modifiers, modifier)) if x.number == place(f) else x for x in told.lines
            )
            after = keys(judged(replace(told, lines=lines), tables, earlier))
            assert (keys([f]) & after) == set(), (f.message, modifier)
            # What modifier indicator and scope say of the new modifier is another matter, of the same line.
            assert {k for k in keys(found) ^ after if k[1] != place(f)} <= may_change(told, place(f)), modifier


def may_change(told: Claim, at: int) -> set[tuple[str, int]]:
    """What may change on other lines: a return to the operating room begins no package, and a pair that the modifier
    opens leaves the word to these rules."""
    return {(slug, x.number) for x in told.lines if x.number != at for slug in BETWEEN_LINES}


BETWEEN_LINES = (
    "12.40.3/visit-after",
    "12.40.3/visit-of-day",
    "12.40.3/visit-day-before",
    "12.40.3/visit-claimed-before",
    "12.40.3/procedure-after",
    "12.30.6.6/minor-day",
    "12.30.6.7/administration",
    "I.D/minor-day",
)


@settings(max_examples=25, deadline=None)
@given(text=CLAIMS, before=CLAIMS)
def test_nothing_is_found_without_the_table_nor_for_others_than_medicare(
    text: str, before: str, book: CodeBook, tables: CodeBook
) -> None:
    assert judged(bill(text), book, bill(before, "BEFORE")) == []
    commercial = bill(text, like=GOOD_CLAIM)
    rules = {f.rule for f in judged(commercial, tables, bill(before, "BEFORE", GOOD_CLAIM))}
    assert rules <= {"MCPM:12.30.6.7/new-patient"}
