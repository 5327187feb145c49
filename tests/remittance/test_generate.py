"""The judge judged: generated files are what they claim to be, by an own reading, by oxedi and by pyx12."""

from __future__ import annotations

import importlib.util
import io
import random
import re
import sys
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadterm.domain import (
    Adjustment,
    Money,
    Party,
    PaymentHeader,
    ProviderAdjustment,
    ProviderSummary,
    Remittance,
    RemittedClaim,
    RemittedLine,
    Source,
)

from .generate import CONVENTION, SCENARIOS, SEPARATORS, generate, npi, routing
from .mutants import ERROR, MUTANTS, Mutant, flips, subject
from .recompute import Truth, Unreadable, faults, interchanges, oxedi_totals, recompute, totals, truth_of

SEEDS = range(120)


def _module(path: Path) -> Any:
    """A module by its file: the benchmarks stand beside the tests, not on their path."""
    spec = importlib.util.spec_from_file_location(f"_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


data835 = _module(Path(__file__).parents[2] / "benchmarks/data835.py")


@pytest.fixture(scope="module")
def files() -> list[tuple[bytes, Truth]]:
    """One file a seed with its truth."""
    return [(g.content, g.truth) for g in map(generate, SEEDS)]


# The generator against the own reading of its bytes.


def test_what_is_read_back_is_what_was_meant(files: list[tuple[bytes, Truth]]):
    for content, truth in files:
        assert recompute(content) == truth


def test_generated_files_add_up_at_every_level(files: list[tuple[bytes, Truth]]):
    assert [seed for seed, (content, _) in enumerate(files) if faults(content)] == []


def test_the_same_seed_gives_the_same_bytes(files: list[tuple[bytes, Truth]]):
    assert [generate(seed).content for seed in SEEDS[:10]] == [content for content, _ in files[:10]]
    assert len({content for content, _ in files}) == len(files)


@pytest.mark.parametrize("count", [0, 1, 7, 60])
def test_it_gives_as_many_claims_as_were_asked_for(count: int):
    assert generate(5, count).truth.totals.claims == count


@pytest.mark.parametrize("separators", SEPARATORS)
def test_separators_change_nothing_that_is_said(separators: str):
    plain = generate(8, 12, interchanges=1, separators="*^:~", newline="", tail="", bom=False)
    other = generate(8, 12, interchanges=1, separators=separators)
    assert other.content != plain.content or separators == "*^:~"
    assert other.truth == plain.truth == recompute(other.content)


@pytest.mark.parametrize(
    "layout", [{"newline": "\r\n"}, {"tail": "  \n\n"}, {"bom": True}, {"newline": "\n", "tail": ""}]
)
def test_line_breaks_blanks_and_a_byte_order_mark_change_nothing_that_is_said(layout: dict[str, Any]):
    plain = {"interchanges": 2, "separators": "*^:~", "newline": "", "tail": "", "bom": False}
    written = [generate(8, 12, **kind) for kind in (plain, {**plain, **layout})]
    assert written[0].content != written[1].content
    assert recompute(written[0].content) == recompute(written[1].content)


def test_another_control_number_changes_control_numbers_only():
    first, again = generate(4, 10), generate(4, 10, control=700)
    assert first.content != again.content
    without = [[replace(p, control_number="") for p in g.truth.payments] for g in (first, again)]
    assert without[0] == without[1]


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_names_may_hold_letters_outside_ascii(encoding: str):
    content = generate(1, 30, encoding=encoding).content
    assert "MUÑOZ".encode(encoding) in content


def test_an_unknown_shape_is_refused():
    with pytest.raises(TypeError):
        generate(1, shape_nobody_knows=1)


# What payers send is all there.


def test_all_scenarios_statuses_methods_and_forms_occur(files: list[tuple[bytes, Truth]]):
    payments = [p for _, truth in files for p in truth.payments]
    claims = [c for p in payments for c in p.claims]
    lines = [s for c in claims for s in c.lines]
    assert {c.status for c in claims} == {"1", "2", "3", "4", "19", "20", "21", "22", "23", "25"}
    assert {p.method for p in payments} == {"ACH", "CHK", "FWT", "BOP", "NON"}
    assert {s.qualifier for s in lines} == {"HC", "NU", "N4"}
    assert {len(s.modifiers) for s in lines} == {0, 1, 2, 3, 4}
    assert {a.group for c in claims for a in c.all_adjustments()} == {"CO", "PR", "OA", "PI"}
    assert {party[0] for c in claims for party in c.parties} == {"QC", "IL", "74", "82", "TT", "PR", "GB"}
    assert {kind for c in claims for kind in c.dates} == {"036", "050"}
    assert {kind for c in claims for kind in c.amounts} == {"AU", "I", "F5", "T"}
    assert any(not c.lines for c in claims)
    assert any(c.adjustments and c.lines for c in claims)
    assert any(s.submitted_code for s in lines)
    assert any(s.charge == 0 and s.paid > 0 for s in lines)
    assert any(s.start is None for s in lines)
    assert {0, -1, Decimal("0.75"), Decimal("2.5")} <= {s.units for s in lines}
    assert any(p.amount < 0 for p in payments)
    assert any(not p.claims for p in payments)
    assert any(p.summaries and p.summaries[0].inpatient for p in payments)


@pytest.mark.parametrize("name", SCENARIOS)
def test_each_scenario_adds_up_alone(name: str):
    made = generate(3, 20, scenarios=(name,), interchanges=1)
    assert made.truth.totals.claims == 20
    assert faults(made.content) == frozenset()


def test_amounts_stand_in_every_way_of_writing_them(files: list[tuple[bytes, Truth]]):
    text = b"".join(content for content, _ in files)
    for form in (
        rb"\*[0-9]+\*",
        rb"\*[0-9]+\.[0-9]\*",
        rb"\*[0-9]+\.[0-9]{2}\*",
        rb"\*\.[0-9]+\*",
        rb"\*-0\*",
        rb"\*0\.00\*",
    ):
        assert re.search(form, text), form


def test_segments_are_as_full_as_they_may_be(files: list[tuple[bytes, Truth]]):
    most: Counter[bytes] = Counter()
    for content, _ in files:
        for interchange in interchanges(content):
            for segment in interchange.split(interchange[105:106]):
                kind, *elements = segment.strip(b" \r\n").split(interchange[3:4])
                most[kind] = max(most[kind], len(elements))
    assert most[b"CAS"] in (18, 19)
    assert [most[kind] for kind in (b"PLB", b"BPR", b"MIA", b"SVC", b"CLP")] == [14, 16, 23, 7, 13]
    assert {b"CUR", b"TS2", b"RDM", b"QTY", b"LQ", b"PER", b"MOA", b"TS3"} <= set(most)


def test_a_reversal_says_nothing_of_what_the_patient_owes(files: list[tuple[bytes, Truth]]):
    reversals = [c for _, truth in files for p in truth.payments for c in p.claims if c.status == "22"]
    assert any(a.group == "PR" for c in reversals for a in c.all_adjustments())
    assert {c.patient for c in reversals} == {0}
    assert all(c.charge < 0 and c.paid <= 0 for c in reversals)


def test_identifiers_bear_their_check_digits():
    rng = random.Random(1)
    assert {len(npi(rng)) for _ in range(20)} == {10}
    # The example that CMS gives for the check digit.
    digits = "808401234567893"
    assert sum(sum(divmod(int(d) * (1 + n % 2), 10)) for n, d in enumerate(reversed(digits))) % 10 == 0
    for _ in range(20):
        number = "80840" + npi(rng)
        assert sum(sum(divmod(int(d) * (1 + n % 2), 10)) for n, d in enumerate(reversed(number))) % 10 == 0
        assert sum(int(d) * w for d, w in zip(routing(rng), (3, 7, 1) * 3, strict=True)) % 10 == 0


# Judges by others.


def test_oxedi_finds_the_same_sums_and_no_fault_but_in_debits(files: list[tuple[bytes, Truth]]):
    pytest.importorskip("oxedi")
    for content, truth in files:
        sums, findings = oxedi_totals(content)
        assert sums == replace(truth.totals, remarks={})
        # It reads BPR02 without BPR03: a debit never balances for it.
        debits = sum(p.amount < 0 for p in truth.payments)
        assert [f.kind for f in findings] == ["BalanceMismatch"] * debits


def test_oxedi_cuts_all_interchanges_with_the_separators_of_the_first():
    oxedi = pytest.importorskip("oxedi")
    one, two = (generate(3, 2, interchanges=1, separators=s, bom=False).content for s in ("*^:~", "|^>~"))
    assert oxedi.parse(one + two).count_claims() == 2
    assert recompute(one + two).totals.claims == 4


def test_oxedi_leaves_an_amount_finer_than_a_cent_out_of_its_sums():
    oxedi = pytest.importorskip("oxedi")
    content = next(m for m in MUTANTS if m.name == "CLP04 reads 12.345").mutate(subject(), random.Random(1))
    assert [f.kind for f in oxedi.parse(content).diagnostics] == ["TypeMismatch"]
    with pytest.raises(Unreadable, match="finer than a cent"):
        recompute(content)


def test_pyx12_accepts_what_is_generated():
    assert [_pyx12(_plain(seed)) for seed in range(4)] == [True] * 4


def test_pyx12_refuses_what_is_not_right():
    # Its map allows one PLB only, where the guide repeats it without limit: files with more cannot be put to it.
    broken = next(m for m in MUTANTS if m.name == "PER BL missing").mutate(_plain(0), random.Random(1))
    assert _pyx12(broken) is False


def _plain(seed: int) -> bytes:
    one = {"interchanges": 1, "separators": "*^:~", "bom": False, "tail": ""}
    return generate(seed, 12, settlements=False, debits=True, **one).content


def _pyx12(content: bytes) -> bool:
    pytest.importorskip("pyx12")
    import pyx12.params
    import pyx12.x12n_document

    text = io.StringIO(content.decode())
    return bool(pyx12.x12n_document.x12n_document(pyx12.params.params(), text, None, None))


# Real samples.

HEALTH = "samples/x12/linuxforhealth/835_005010X221A1"
# File, its faults that hide money (what stands there, what should), BPR02, Σ CLP04, claims, lines, sums of CAS.
SAMPLES: dict[str, tuple[tuple[tuple[bytes, bytes], ...], str, str, int, int, dict[tuple[str, str], str]]] = {
    # SVC01 is cut with `>`, ISA16 says `:`.
    f"{HEALTH}/cob-contractural-adjustment.835": (
        ((b"HC>", b"HC:"),), "34", "34", 1, 1, {("OA", "23"): "516", ("OA", "94"): "-9"},
    ),
    # BPR16 is no day.
    f"{HEALTH}/managed-care.835": (
        ((b"*20002316~", b"*20020316~"),), "945", "945", 2, 2,
        {("CO", "A2"): "105", ("PR", "1"): "900", ("CO", "45"): "50"},
    ),
    f"{HEALTH}/medicare-part-a.835": ((), "150000", "149998.73", 2, 0, {("CO", "45"): "76368.24"}),
    # As the first.
    f"{HEALTH}/secondary-payment.835": (
        ((b"HC>12345>26", b"HC:12345:26"), (b"HC>66543>26", b"HC:66543:26")), "1222", "1222", 2, 2,
        {("OA", "23"): "9548.14", ("PR", "1"): "150", ("PR", "2"): "70", ("CO", "42"): "85"},
    ),
    # A `*` stands where SVC01 should be cut.
    f"{HEALTH}/tertiary-payment.835": (
        ((b"HC*24599.00*", b"HC:24599*"),), "187.5", "187.5", 1, 1, {("OA", "23"): "1579"},
    ),
    "samples/x12/linuxforhealth/demo/demo.835": ((), "150000", "149998.73", 2, 0, {("CO", "45"): "76368.24"}),
    "samples/x12/pyx12/files/835_mult_loops.txt": (
        (), "0", "0", 1, 3, {("CO", "16"): "500.04", ("OA", "A7"): "415.35"},
    ),
}  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize("name", SAMPLES)
def test_each_sample_says_its_sums_once_what_hides_them_is_mended(shared: Path, name: str):
    content = (shared / name).read_bytes()
    mends, amount, paid, claims, lines, adjustments = SAMPLES[name]
    if mends:
        with pytest.raises(Unreadable, match=r"not a day|month must be|one of two parts"):
            recompute(content)
    for wrong, right in mends:
        assert wrong in content
        content = content.replace(wrong, right)
    sums = recompute(content).totals
    assert (sums.amount, sums.paid, sums.claims, sums.lines) == (Decimal(amount), Decimal(paid), claims, lines)
    assert sums.adjustments == {key: Decimal(value) for key, value in adjustments.items()}
    assert faults(content) == frozenset()
    pytest.importorskip("oxedi")
    assert oxedi_totals(content)[0] == replace(sums, remarks={})


# What a reader answers, as a truth.


def test_a_remittance_of_the_domain_becomes_the_truth_of_its_file():
    content = b"".join(
        (
            b"ISA*00*          *00*          *ZZ*PAYER          *ZZ*CLINIC         ",
            b"*260105*0930*^*00501*000000001*0*P*:~",
            b"GS*HP*PAYER*CLINIC*20260105*0930*1*X*005010X221A1~ST*835*0001~",
            b"BPR*I*80*C*CHK************20260105~TRN*1*T1*1123456789~DTM*405*20260104~",
            b"N1*PR*BLUE HERON~N1*PE*LOW FELL*XX*1234567893~",
            b"LX*1~TS3*1234567893*11*20261231*1*100.5~",
            b"CLP*A1*1*100.5*75*20*12*ICN1*11*1~CAS*CO*45*.5~NM1*QC*1*IVERNE*ADA****MI*M1~",
            b"MOA***MA01~REF*1L*G1~DTM*232*20260102~DTM*050*20260103~AMT*AU*100.5~",
            b"SVC*HC:99213:25*100.5*75.5**1~DTM*472*20260102~",
            b"CAS*CO*253*5~CAS*PR*1*20**3*0*1~REF*LU*11~REF*6R*L1~AMT*B6*100~LQ*HE*N130~LQ*RX*75~",
            b"PLB*1234567893*20261231*L6:ICN1*-5~SE*27*0001~GE*1*1~IEA*1*000000001~",
        )
    )
    at = Source("CLP", 1, 0)

    def adjusted(group: str, reason: str, amount: str, quantity: Decimal | None = None) -> Adjustment:
        return Adjustment(group, reason, Money.parse(amount), quantity, at)

    line = RemittedLine(
        number=1,
        qualifier="HC",
        code="99213",
        modifiers=("25",),
        charge=Money.parse("100.50"),
        paid=Money.parse("75.50"),
        revenue_code=None,
        units=Decimal(1),
        source=at,
        start=date(2026, 1, 2),
        control_number="L1",
        adjustments=(adjusted("CO", "253", "5"), adjusted("PR", "1", "20"), adjusted("PR", "3", "0", Decimal(1))),
        remarks=("N130",),
        dates={"472": date(2026, 1, 2)},
        amounts={"B6": Money.parse("100")},
        references=(("LU", "11"), ("6R", "L1")),
    )
    claim = RemittedClaim(
        id="A1",
        status="1",
        charge=Money.parse("100.50"),
        paid=Money.parse("75"),
        patient=Money.parse("20"),
        filing="12",
        payer_control_number="ICN1",
        source=at,
        facility="11",
        frequency="1",
        provider="1234567893",
        start=date(2026, 1, 2),
        adjustments=(adjusted("CO", "45", "0.50"),),
        lines=(line,),
        remarks=("MA01",),
        outpatient=("", "", "MA01"),
        parties=(Party("QC", "IVERNE", "ADA", qualifier="MI", id="M1"),),
        dates={"232": date(2026, 1, 2), "050": date(2026, 1, 3)},
        amounts={"AU": Money.parse("100.50")},
        references=(("1L", "G1"),),
    )
    header = PaymentHeader(
        control_number="0001",
        convention=CONVENTION,
        handling="I",
        amount=Money.parse("80"),
        method="CHK",
        payment_date=date(2026, 1, 5),
        trace="T1",
        originator="1123456789",
        produced=date(2026, 1, 4),
        payer=Party("PR", "BLUE HERON"),
        payee=Party("PE", "LOW FELL", qualifier="XX", id="1234567893"),
        source=at,
    )
    year_end = date(2026, 12, 31)
    summary = ProviderSummary("1234567893", "11", year_end, Decimal(1), Money.parse("100.50"), (), (), at)
    interest = ProviderAdjustment("1234567893", year_end, "L6", "ICN1", Money.parse("-5"), at)
    answered = Remittance(header, (claim,), (interest,), (summary,))
    assert truth_of([answered]) == recompute(content)
    assert faults(content) == frozenset()
    assert recompute(content).payments[0].claims[0].lines[0].rejects == ("75",)


def test_totals_leave_out_what_cancels_out():
    truth = generate(9, 3, scenarios=("refused",), interchanges=1, groups=1, transactions=1, settlements=False).truth
    (payment,) = truth.payments
    taken_back = tuple(
        replace(
            c,
            lines=tuple(
                replace(s, adjustments=tuple(replace(a, amount=-a.amount) for a in s.adjustments)) for s in c.lines
            ),
        )
        for c in payment.claims
    )
    both = totals([payment, replace(payment, claims=taken_back)])
    assert (both.claims, both.adjustments) == (6, {})


# Mutants.


@pytest.fixture(scope="module", params=[0, 1, 2])
def whole(request: pytest.FixtureRequest) -> bytes:
    """A file without fault in which every mutant finds its place."""
    return subject(request.param)


# What oxedi 0.6 does not see. CARC and RARC are no lists of its; BPR03, CLP05 and TS3 it does not add up.
UNSEEN_BY_OXEDI = {
    "BPR03 says debit",
    "CLP05 is not the sum of PR",
    "CAS given to the patient",
    "TS3 counts a claim more",
    "TS3 charge a cent more",
    "ST02 twice",
    "bell in a name",
    "NUL in a name",
    "CARC is 9999X",
    "RARC is 1N!",
}
ADDS_UP = {"service", "claim", "transaction", "envelope"}


def test_mutants_are_many_and_differ_by_name():
    assert len({m.name for m in MUTANTS}) == len(MUTANTS) >= 120


def test_the_file_that_is_mutated_is_without_fault(whole: bytes):
    assert faults(whole) == frozenset()
    pytest.importorskip("oxedi")
    assert oxedi_totals(whole)[1] == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: m.name)
def test_a_mutant_differs_is_repeatable_and_is_what_it_says(mutant: Mutant, whole: bytes):
    for chance in range(2):
        broken = mutant.mutate(whole, random.Random(chance))
        assert broken == mutant.mutate(whole, random.Random(chance)) != whole
        level = mutant.expect.removeprefix("finding:")
        if mutant.expect == ERROR:
            with pytest.raises(Unreadable):
                recompute(broken)
        elif level in ADDS_UP and ERROR not in mutant.also:
            assert level in faults(broken)


def test_oxedi_sees_all_mutants_but_those_named(whole: bytes):
    oxedi = pytest.importorskip("oxedi")
    unseen = set()
    for mutant in MUTANTS:
        try:
            if not oxedi.parse(mutant.mutate(whole, random.Random(0))).diagnostics:
                unseen.add(mutant.name)
        except oxedi.ParseError:
            continue
    assert unseen == UNSEEN_BY_OXEDI


def test_flipped_bits_are_repeatable_and_as_many_as_asked_for(whole: bytes):
    for bits in (1, 5):
        broken = flips(whole, random.Random(3), bits)
        assert broken == flips(whole, random.Random(3), bits)
        assert sum((a ^ b).bit_count() for a, b in zip(whole, broken, strict=True)) == bits


# The file that posting is measured on.


@pytest.fixture(scope="module")
def measured() -> tuple[bytes, Any]:
    target = io.BytesIO()
    done = data835.write(target, claims=1300)
    return target.getvalue(), done


def test_the_benchmark_file_holds_what_it_says(measured: tuple[bytes, Any]):
    content, done = measured
    sums = recompute(content).totals
    assert (done.claims, done.lines, done.rows, done.transactions, done.size) == (1300, 2600, 10_400, 2, len(content))
    assert (sums.claims, sums.lines, sums.payments) == (done.claims, done.lines, done.transactions)
    assert sums.amount == sums.paid == data835.dollars(done.paid)
    assert sums.charge == data835.dollars(done.charge)
    assert sums.adjustments == {key: data835.dollars(cents) for key, cents in done.adjustments.items()}
    assert faults(content) == frozenset()


def test_each_benchmark_line_makes_four_ledger_rows(measured: tuple[bytes, Any]):
    lines = [s for p in recompute(measured[0]).payments for c in p.claims for s in c.lines]
    assert {1 + len(s.adjustments) for s in lines if s.paid} == {4}
    assert all(a.amount > 0 for s in lines for a in s.adjustments)


def test_oxedi_reads_the_benchmark_file_without_a_finding(measured: tuple[bytes, Any]):
    pytest.importorskip("oxedi")
    sums, findings = oxedi_totals(measured[0])
    assert (sums, findings) == (replace(recompute(measured[0]).totals, remarks={}), [])


def test_the_benchmark_file_grows_to_the_size_asked_for():
    target = io.BytesIO()
    done = data835.write(target, megabytes=1)
    assert 1_000_000 <= done.size == len(target.getvalue()) < 1_600_000


def test_the_size_of_a_benchmark_file_is_said_once():
    for claims, megabytes in ((None, None), (1, 1.0)):
        with pytest.raises(ValueError, match="one of the two"):
            data835.write(io.BytesIO(), claims=claims, megabytes=megabytes)
