"""Amounts of outpatient hospital lines by APC, reckoned by hand from the invented rates of `tests/edits/tables`.

A line is `code-modifiers xunits`; an amount may have the beneficiary's copayment behind it: `548.87/109.78`.
"""

from __future__ import annotations

import json
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.codesets.hostile import linked
from tests.codesets.made import offered, read, release, store
from tests.edits.bills import claim

from leadterm.cli import run
from leadterm.codesets import CodeBook, open_book
from leadterm.codesets.formats import addenda
from leadterm.codesets.installing.changing import install
from leadterm.codesets.payment.opps import AddendumA, AddendumB
from leadterm.domain import InputError, Money
from leadterm.pricing import Pricer, Terms, bill_of_codes
from leadterm.pricing.bills import Billed
from leadterm.pricing.outpatient import price_lines
from leadterm.pricing.values import PricedLine
from leadterm.schemas import encode_prices

TABLES = Path(__file__).parents[1] / "edits" / "tables"
MAY = date(2026, 5, 14)


@pytest.fixture(scope="module")
def addendum(tmp_path_factory: pytest.TempPathFactory) -> AddendumB:
    found, made = read(addenda.FORMATS[0], offered(TABLES / "2026_April_Web_Addendum_B.03.23.26.csv"))
    return AddendumB(store(tmp_path_factory.mktemp("b"), made), release(found, made))


@pytest.fixture(scope="module")
def groups(tmp_path_factory: pytest.TempPathFactory) -> AddendumA:
    found, made = read(addenda.FORMATS[1], offered(TABLES / "2026_April_Web_Addendum_A.03.23.26.csv"))
    return AddendumA(store(tmp_path_factory.mktemp("a"), made), release(found, made))


def billed(number: int, text: str, day: date | None = MAY) -> Billed:
    code, *more = text.split()
    name, *modifiers = code.split("-")
    units = next((Decimal(m[1:]) for m in more if m[0] == "x"), Decimal(1))
    day = next((date(2026, 5, int(m[1:])) for m in more if m[0] == "@"), day)
    return Billed(str(number), name, tuple(modifiers), units, False, day, None, "", "", None)


def bill(text: str) -> tuple[Billed, ...]:
    return tuple(billed(n, one) for n, one in enumerate(text.split(", "), 1))


def short(line: PricedLine, copayment: bool) -> str:
    if line.amount is None:
        return "-"
    return f"{line.amount}/{line.shares.patient}" if copayment and line.shares else str(line.amount)


@pytest.mark.parametrize(
    ("lines", "amounts"),
    [
        # each by itself
        ("93306", "548.87/109.78"),
        ("93306 x2", "1097.74/219.56"),
        ("77080", "107.97/0.00"),
        ("G0463", "130.47/26.10"),
        ("J1885, 93306", "0.00/0.00 548.87/109.78"),
        ("36430, P9016 x2", "449.89/89.98 386.90/77.38"),
        ("33533, 99213, 97110, A9270, 93306", "- - - - 548.87/109.78"),
        # drugs: three decimals, rounded once; a coinsurance that follows inflation
        ("J9271 x200, 96413", "11651.40/2332.00 350.91/70.19"),
        ("J9299 x3", "96.34/17.91"),
        # several T of a day: the first whole, the others half
        ("45385, 43239", "1169.71/233.95 472.39/94.48"),
        ("43239, 45385, 20610", "472.39/94.48 1169.71/233.95 148.47/29.70"),
        ("45385, 43239 @15", "1169.71/233.95 944.77/188.96"),
        ("64483 x3", "1835.56/367.12"),
        ("45385, 64483 x2", "1169.71/233.95 917.78/183.56"),
        # both sides, broken off
        ("20610-50", "445.40/89.09"),
        ("45385, 20610-50", "1169.71/233.95 222.70/44.54"),
        ("45385-73", "584.86/116.98"),
        ("45385-74", "1169.71/233.95"),
        ("93306-52", "274.44/54.89"),
        ("45385, 43239-73", "1169.71/233.95 236.19/47.24"),
        # a comprehensive service takes in the rest, and its copayment is capped
        ("27447, 93306, 45385, 80053, J1885", "12866.82/1736.00 0.00/0.00 0.00/0.00 0.00/0.00 0.00/0.00"),
        ("66984-RT x2, 93306", "2339.42/467.89 0.00/0.00"),
        ("66984, C2616", "2339.42/467.89 16720.15/1736.00"),
        # observation as one
        ("99284-25, G0378 x9, 93306", "2636.34/527.27 0.00/0.00 0.00/0.00"),
        ("99284-25, G0378 x7, 93306", "427.40/85.48 0.00/0.00 548.87/109.78"),
        # packaged beside others
        ("93005", "58.49/11.70"),
        ("93005, 93306", "0.00/0.00 548.87/109.78"),
        ("93005, 88305", "0.00/0.00 61.19/12.24"),
        ("74177", "377.91/75.59"),
        # departments off the campus
        ("93306-PN", "219.55/43.91"),
        ("93306-PO", "548.87/109.78"),
        ("G0463-PO", "52.19/10.44"),
        ("J9271-PN x2, 96413-PN", "116.51/23.32 140.36/28.08"),
    ],
)
def test_an_amount_is_what_it_is_by_hand(addendum: AddendumB, groups: AddendumA, lines: str, amounts: str) -> None:
    priced = price_lines(bill(lines), addendum, groups)
    assert " ".join(short(line, "/" in amounts) for line in priced) == amounts


@pytest.mark.parametrize(
    ("index", "lines", "amounts"),
    [
        ("1.2", "93306", "614.73/122.95"),
        ("0.9", "27447", "12094.81/1736.00"),
        ("0.9", "45385, 43239", "1099.53/219.91 444.04/88.81"),
        ("1.2", "J9271 x2", "116.51/23.32"),
        ("1.2", "P9016", "193.45/38.69"),
    ],
)
def test_the_wage_index_holds_for_sixty_percent(addendum: AddendumB, index: str, lines: str, amounts: str) -> None:
    priced = price_lines(bill(lines), addendum, wage_index=Decimal(index))
    assert " ".join(short(line, True) for line in priced) == amounts


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("33533", "Status C"),
        ("33533-CA", "modifier CA"),
        ("99213", "Status B"),
        ("80053", "laboratory fee schedule"),
        ("74177, 72148", "composite"),
        ("93005 x2", "How many units"),
        ("93306-50", "both sides of a service"),
        ("20610-50 x2", "several units"),
        ("27447-73", "without its device"),
        ("96413-PO", "another rate since 2026"),
        ("99999", "does not have the code"),
        ("99284, G0378 x9", "Addendum A"),
        ("93306-26", "26 is of physicians"),
        ("45385-53", "53 is of physicians"),
        ("27447-AS", "AS is of physicians"),
    ],
)
def test_what_is_not_told_has_no_amount_and_says_why(addendum: AddendumB, lines: str, why: str) -> None:
    first = price_lines(bill(lines), addendum)[0]
    assert (first.amount, first.shares) == (None, None)
    assert why in first.why


def test_without_an_addendum_or_a_day_there_is_no_amount(addendum: AddendumB) -> None:
    (line,) = price_lines(bill("93306"), lambda day: None)
    assert "installed" in line.why
    (line,) = price_lines((billed(1, "93306", None),), addendum)
    assert line.amount is None


def test_every_step_says_what_it_did_and_on_whose_authority(addendum: AddendumB) -> None:
    _, second = price_lines(bill("45385, 43239"), addendum, wage_index=Decimal("0.9"))
    assert [(s.what, str(s.amount)) for s in second.steps] == [
        ("Addendum B: APC 5301, status T, $944.77", "944.77"),
        ("Wage index 0.9 on 60 %", "888.08"),
        ("Place 2 among the procedures of the day (T): half", "444.04"),
    ]
    assert all(step.citation for step in second.steps)


CODES = "27447 45385 43239 20610 93306 G0463 99284 G0378 93005 88305 64570 74177 80053 J1885 J9271 33533 99213".split()
LINES = st.lists(st.sampled_from(CODES), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def hospital(book: CodeBook, tmp_path_factory: pytest.TempPathFactory) -> CodeBook:
    """A code book with both addenda of April 2026."""
    home = tmp_path_factory.mktemp("opps") / "home"
    shutil.copytree(book.folder, home / book.folder.name, copy_function=linked)
    assert install(sorted(TABLES.glob("*Addendum*")), home).refused == ()
    return open_book(home)


VISIT = "visit: lines.1.code = 45385; lines.1.modifiers = none; lines.2.code = 43239"


def test_a_hospitals_claim_is_priced_by_apc(hospital: CodeBook) -> None:
    found = Pricer(hospital).price(claim(VISIT))
    assert [str(line.amount) for line in found.lines] == ["1169.71", "472.39", "0.00"]
    assert (str(found.total), found.lines[0].shares) == ("1642.10", None)
    assert found.assumed == ("No wage index is given: the amounts are national.",)


def test_terms_tell_the_wage_index_and_whose_share_is_whose(hospital: CodeBook) -> None:
    terms = Terms(wage_index=Decimal("1.2"), sequestration=True)
    first = Pricer(hospital, terms).price(claim("visit: lines.1.code = 93306")).lines[0]
    assert first.shares is not None
    assert (str(first.amount), str(first.shares.patient)) == ("614.73", "122.95")
    assert str(first.shares.medicare) == "481.94"  # 491.78 less 2 %, 9.84


def test_another_quarter_answers_and_says_so(hospital: CodeBook) -> None:
    found = Pricer(hospital, Terms(on=date(2026, 8, 1))).price(claim(VISIT))
    assert any("No OPPS Addendum B for 2026-08-01" in sentence for sentence in found.assumed)


@pytest.mark.parametrize("bill", ["0111", "0721", "0851"])
def test_bills_of_others_are_not_priced(hospital: CodeBook, bill: str) -> None:
    assert "another facility" in Pricer(hospital).price(claim(f"visit: type_of_bill = {bill}")).why


def test_a_type_of_bill_that_is_none_is_refused_in_a_sentence() -> None:
    for text in ("xyz", "1", "01311", ""):
        with pytest.raises(InputError, match="A type of bill has four characters, as 0131"):
            bill_of_codes(["45385"], MAY, None, text)
    assert bill_of_codes(["45385"], MAY, None, "131").hospital == "13"


def test_codes_by_hand_are_a_hospitals_with_a_type_of_bill(hospital: CodeBook) -> None:
    found = Pricer(hospital).price(bill_of_codes(["45385", "43239", "J9271x2"], MAY, None, "0131"))
    assert [str(line.amount) for line in found.lines] == ["1169.71", "472.39", "116.51"]
    assert encode_prices.prices(found)["lines"][1]["amount"] == "472.39"


def test_the_command_says_the_same(
    hospital: CodeBook, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LEADTERM_HOME", str(hospital.folder.parent))
    asked = ["price", "--code", "45385", "--code", "43239", "--bill", "0131", "--wage-index", "0.9", "--json"]
    assert run(asked) == 0
    assert [line["amount"] for line in json.loads(capsys.readouterr().out)["lines"]] == ["1099.53", "444.04"]
    assert run([*asked[:-2], "10.5"]) == 2
    assert "0.9634" in capsys.readouterr().err


def test_so_does_the_address(hospital: CodeBook) -> None:
    fastapi, client = pytest.importorskip("fastapi"), pytest.importorskip("fastapi.testclient")
    from leadterm.web.api import router

    served = fastapi.FastAPI()
    served.include_router(router(hospital))
    asked = {"code": ["45385", "43239"], "bill": "0131", "wage_index": "0.9", "on": "2026-05-14"}
    found = client.TestClient(served).get("/api/price", params=asked).json()
    assert found["total"] == "1543.57"


@settings(max_examples=60)
@given(LINES)
def test_a_claim_is_never_paid_more_than_its_lines_by_themselves(
    addendum: AddendumB, groups: AddendumA, codes: list[str]
) -> None:
    together = price_lines(bill(", ".join(codes)), addendum, groups)
    alone = [addendum.row(code) for code in codes]
    whole = Money.total(Money.rounded(row.rate) for row in alone if row and row.rate)
    assert Money.total(line.amount for line in together if line.amount) <= whole


@settings(max_examples=60)
@given(LINES, st.decimals(min_value="0.2", max_value="2", places=4))
def test_the_order_of_lines_changes_no_total(addendum: AddendumB, codes: list[str], index: Decimal) -> None:
    totals = [
        Money.total(
            line.amount for line in price_lines(bill(", ".join(some)), addendum, wage_index=index) if line.amount
        )
        for some in (codes, codes[::-1])
    ]
    assert totals[0] == totals[1]
