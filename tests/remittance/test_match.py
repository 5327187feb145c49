"""Which line of the claim that was sent a remitted line answers. A case: the claim's lines, the payer's, what fits.

Sent: `1 99213-25 100` is line 1, its procedure and charge; `2 J1885 40 05-01/05-03` has days of its own (2026, else May
14). Remitted: `99213-25 100`; then `#2` our line number, `@05-15` or `@05-01/05-02` its days, `@-` none, `<99214-25`
what was billed instead (SVC06).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.domain import Money, RemittedLine, Source
from leadterm.remittance import Match, match_lines

DAY = date(2026, 5, 14)
BY_NUMBER = "line-number"


@dataclass(frozen=True)
class Sent:
    number: int
    code: str | None
    modifiers: frozenset[str]
    charge: Decimal
    start: date
    end: date


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def days(text: str) -> tuple[date, date]:
    first, _, last = text.partition("/")
    return day(first), day(last or first)


def sent(*lines: str) -> list[Sent]:
    return [_sent(*line.split()) for line in lines]


def _sent(number: str, procedure: str, charge: str, period: str = "05-14") -> Sent:
    code, *modifiers = procedure.split("-")
    return Sent(int(number), code, frozenset(modifiers), Decimal(charge), *days(period))


def remitted(*lines: str) -> list[RemittedLine]:
    return [_remitted(number, *line.split()) for number, line in enumerate(lines, start=1)]


def _remitted(number: int, procedure: str, charge: str, *rest: str) -> RemittedLine:
    told = {word[0]: word[1:] for word in rest}
    code, *modifiers = procedure.split("-")
    billed, *billed_modifiers = told.get("<", "").split("-")
    period = told.get("@", "05-14")
    start, end = (None, None) if period == "-" else days(period)
    paid = Money.parse(charge)
    return RemittedLine(
        number, "HC", code, tuple(modifiers), paid, paid, None, Decimal(1), Source("SVC", number, number),
        submitted_code=billed or None, submitted_modifiers=tuple(billed_modifiers), start=start, end=end,
        control_number=told.get("#"),
    )  # fmt: skip


def matched(ours: list[Sent], theirs: list[RemittedLine]) -> list[str]:
    """`1-2 procedure`: remitted line 1 answers our line 2."""
    return [f"{m.remitted}-{m.line} {m.how}" for m in match_lines(ours, theirs)]


CASES = {
    "our line number, repeated": (["1 99213 100", "2 99213 100"], ["99213 100 #2"], ["1-2 line-number"]),
    "leading zeros of a line number": (["1 99213 100", "2 80053 40"], ["80053 40 #0002"], ["1-2 line-number"]),
    "a line number whatever was paid for": (["1 99213 100"], ["99212 80 #1"], ["1-1 line-number"]),
    "a line number with more than the charge": (["1 99213 100"], ["99213 130 #1"], ["1-1 line-number"]),
    "a line number on another day is not ours": (["1 99213 100"], ["99212 100 #1 @05-15"], []),
    "a line number that we never gave": (["1 99213 100"], ["99213 100 #7"], ["1-1 procedure"]),
    "a payer's own line number": (["1 99213 100"], ["99213 100 #48812L1"], ["1-1 procedure"]),
    "no line has the number nought": (["1 99213 100"], ["80053 100 #0"], []),
    "procedure, modifiers, day and charge": (["1 99213-25 100"], ["99213-25 100"], ["1-1 procedure"]),
    "modifiers in another order": (["1 20610-LT-59 90"], ["20610-59-LT 90"], ["1-1 procedure"]),
    "modifiers tell two lines apart": (
        ["1 73030-LT 60", "2 73030-RT 60"], ["73030-RT 60", "73030-LT 60"], ["1-2 procedure", "2-1 procedure"],
    ),
    "charges tell two lines apart": (
        ["1 99213 100", "2 99213 70"], ["99213 70", "99213 100"], ["1-2 procedure", "2-1 procedure"],
    ),
    "days tell two lines apart": (
        ["1 97110 50 05-01", "2 97110 50 05-08"], ["97110 50 @05-08", "97110 50 @05-01"],
        ["1-2 procedure", "2-1 procedure"],
    ),
    "modifiers that the payer left out": (["1 99213-25 100"], ["99213 100"], ["1-1 no-modifier"]),
    "modifiers that the payer added": (["1 99213 100"], ["99213-25 100"], ["1-1 no-modifier"]),
    "the line with the right modifiers goes first": (
        ["1 73030-LT 60", "2 73030-RT 60"], ["73030 60", "73030-LT 60"], ["1-2 no-modifier", "2-1 procedure"],
    ),
    "a line split in two": (["1 97110 90"], ["97110 60", "97110 30"], ["1-1 split", "2-1 split"]),
    "a line split without its modifier": (
        ["1 97110-GP 90"], ["97110 60", "97110 30"], ["1-1 split-no-modifier", "2-1 split-no-modifier"],
    ),
    "a line of several days split by day": (
        ["1 99232 240 05-01/05-03"], ["99232 80 @05-01", "99232 80 @05-02", "99232 80 @05-03"],
        ["1-1 split", "2-1 split", "3-1 split"],
    ),
    "split beyond the charge": (["1 97110 90"], ["97110 60", "97110 60"], ["1-1 split"]),
    "split exactly to the cent": (["1 97110 90.01"], ["97110 60", "97110 30.02"], ["1-1 split"]),
    "a bare line beside a whole one": (["1 85025 40"], ["85025 40", "85025 0"], ["1-1 procedure", "2-1 split"]),
    "recoded: what was billed counts": (["1 99214 130"], ["99213 130 <99214"], ["1-1 procedure"]),
    "recoded with the modifiers as billed": (["1 99214-25 130"], ["99213 130 <99214-25"], ["1-1 procedure"]),
    "bundled into one procedure": (
        ["1 82947 10", "2 82565 10"], ["80053 10 <82565", "80053 10 <82947"], ["1-2 procedure", "2-1 procedure"],
    ),
    "two that look alike are taken in order": (
        ["1 36415 9", "2 36415 9"], ["36415 9", "36415 9"], ["1-1 procedure", "2-2 procedure"],
    ),
    "a third that looks alike fits nothing": (
        ["1 36415 9", "2 36415 9"], ["36415 9", "36415 9", "36415 9"], ["1-1 procedure", "2-2 procedure"],
    ),
    "a reversal fits like what it takes back": (
        ["1 99213 100", "2 80053 40"], ["80053 -40", "99213 -100"], ["1-2 procedure", "2-1 procedure"],
    ),
    "a payer that names no day": (["1 99213 100"], ["99213 100 @-"], ["1-1 procedure"]),
    "another day": (["1 99213 100"], ["99213 100 @05-15"], []),
    "a day before the first": (["1 99232 240 05-02/05-03"], ["99232 80 @05-01"], []),
    "days that go beyond ours": (["1 99232 240 05-01/05-03"], ["99232 240 @05-02/05-04"], []),
    "too much charge": (["1 99213 100"], ["99213 100.01"], []),
    "another procedure": (["1 99213 100"], ["99214 100"], []),
    "nothing was sent": ([], ["99213 100"], []),
    "nothing was answered": (["1 99213 100"], [], []),
    "a line of a facility by its revenue code": (["1 0450 900"], ["0450 900"], ["1-1 procedure"]),
    "a line without a code is no code at all": (["1 99213 100"], ["-25 100"], []),
}  # fmt: skip


@pytest.mark.parametrize(("ours", "theirs", "wanted"), CASES.values(), ids=CASES)
def test_a_remitted_line_answers(ours: list[str], theirs: list[str], wanted: list[str]):
    assert matched(sent(*ours), remitted(*theirs)) == wanted


RECODED = {
    "judged as a procedure that another line bears": (
        ["1 80053 10", "2 82565 10"], ["80053 10 <82565", "80053 10"], ["1-2 procedure", "2-1 procedure"],
    ),
    "billed as what no line bears": (["1 80053 10"], ["80053 10 <82565"], []),
}  # fmt: skip


@pytest.mark.parametrize(("ours", "theirs", "wanted"), RECODED.values(), ids=RECODED)
def test_what_was_billed_goes_before_what_was_judged(ours: list[str], theirs: list[str], wanted: list[str]):
    assert matched(sent(*ours), remitted(*theirs)) == wanted


def test_the_line_with_exactly_the_days_goes_first():
    ours = sent("1 97110 50 05-01/05-03", "2 97110 50 05-02")
    theirs = remitted("97110 50 @05-02", "97110 50 @05-01/05-03")
    assert matched(ours, theirs) == ["1-2 procedure", "2-1 procedure"]


# Few codes, modifiers, charges and days, so that lines collide.
codes = st.sampled_from(["99213", "80053"])
modifiers = st.sets(st.sampled_from(["25", "LT"]), max_size=2)
charges = st.integers(0, 4).map(lambda n: Decimal(n * 10))
near = st.integers(0, 2).map(lambda n: DAY + timedelta(days=n))


@st.composite
def sent_lines(draw: st.DrawFn) -> list[Sent]:
    out = []
    for number in range(1, draw(st.integers(0, 4)) + 1):
        start, end = sorted((draw(near), draw(near)))
        out.append(Sent(number, draw(codes), frozenset(draw(modifiers)), draw(charges), start, end))
    return out


@st.composite
def remitted_lines(draw: st.DrawFn) -> list[RemittedLine]:
    out = []
    for number in range(1, draw(st.integers(0, 6)) + 1):
        start = draw(st.none() | near)
        sign = draw(st.sampled_from((1, 1, 1, -1)))
        control = draw(st.none() | st.sampled_from(["1", "02", "7", "X1", ""]))
        billed = draw(st.none() | codes)
        money = Money(sign * draw(charges))
        out.append(
            RemittedLine(
                number,
                "HC",
                draw(codes),
                tuple(draw(modifiers)),
                money,
                money,
                None,
                Decimal(1),
                Source("SVC", number, number),
                submitted_code=billed,
                start=start,
                end=start,
                control_number=control,
            )
        )
    return out


def taken(ours: list[Sent], theirs: list[RemittedLine], matches: tuple[Match, ...]) -> None:
    """What always holds of matches."""
    numbers = [m.remitted for m in matches]
    assert numbers == sorted(set(numbers))
    assert set(numbers) <= {line.number for line in theirs}
    assert {m.line for m in matches} <= {line.number for line in ours}
    by_number = {line.number: line for line in theirs}
    used: Counter[int] = Counter()
    for m in matches:
        if m.how != BY_NUMBER:
            used[m.line] += int(abs(by_number[m.remitted].charge.amount))
    numbered = {m.line for m in matches if m.how == BY_NUMBER}
    for line in ours:
        if line.number not in numbered:
            assert used[line.number] <= line.charge


def check_matches(ours: list[Sent], theirs: list[RemittedLine]) -> None:
    matches = match_lines(ours, theirs)
    taken(ours, theirs, matches)
    assert match_lines(ours, theirs) == matches
    # What fits nowhere where it stands alone fits nowhere among others.
    told = {m.remitted for m in matches}
    assert not [got for got in theirs if got.number in told and not match_lines(ours, [got])]


@given(sent_lines(), remitted_lines())
def test_matches_stay_within_the_charge_and_the_order(ours: list[Sent], theirs: list[RemittedLine]):
    check_matches(ours, theirs)


@pytest.mark.slow
@settings(max_examples=10_000)
@given(sent_lines(), remitted_lines())
def test_matches_stay_within_the_charge_and_the_order_at_length(ours: list[Sent], theirs: list[RemittedLine]):
    check_matches(ours, theirs)


@given(st.integers(1, 6), st.integers(1, 6), modifiers)
def test_lines_that_look_alike_are_answered_in_their_order(ours: int, theirs: int, some: set[str]):
    alike = [Sent(n, "36415", frozenset(some), Decimal(9), DAY, DAY) for n in range(1, ours + 1)]
    told = "-".join(("36415", *sorted(some)))
    wanted = [f"{n}-{n} procedure" for n in range(1, min(ours, theirs) + 1)]
    assert matched(alike, remitted(*[f"{told} 9"] * theirs)) == wanted


@given(sent_lines())
def test_a_claim_answered_as_it_was_sent_is_matched_line_by_line(ours: list[Sent]):
    theirs = [
        RemittedLine(
            line.number,
            "HC",
            line.code or "",
            tuple(line.modifiers),
            Money(line.charge),
            Money(line.charge),
            None,
            Decimal(1),
            Source("SVC", 1, 1),
            start=line.start,
            end=line.end,
        )
        for line in ours
    ]
    found = match_lines(ours, theirs)
    by_number = {line.number: line for line in ours}
    # Each finds a line that says the same; which of several that say the same is of no matter.
    for m in found:
        mine, other = by_number[m.remitted], by_number[m.line]
        assert (mine.code, mine.modifiers, mine.charge) == (other.code, other.modifiers, other.charge)
    assert len(found) == len(ours)


@given(sent_lines(), remitted_lines())
def test_a_reversal_is_matched_as_what_it_takes_back(ours: list[Sent], theirs: list[RemittedLine]):
    back = [replace(line, charge=-line.charge, paid=-line.paid) for line in theirs]
    assert match_lines(ours, back) == match_lines(ours, theirs)
