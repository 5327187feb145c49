"""Signals: claims of a period in, what is worth a look out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any, cast

import pytest

from claims.correct import correct_claims
from claims.generate import claims as varied_claims
from leadterm.codesets.lists.exclusions import Exclusion
from leadterm.compliance.signals import Tables, Watch, signal_rules, with_settings
from leadterm.domain import Claim, DateRange, InputError, ProviderRole, Signal, SignalSubject, signal_id

from .bills import bill, npi

YEAR = DateRange(date(2026, 1, 1), date(2026, 12, 31))


def watched(
    claims: Iterable[Claim], tables: Tables | None = None, **settings: Mapping[str, float]
) -> tuple[Signal, ...]:
    rules = with_settings({kind.replace("_", "-"): values for kind, values in settings.items()})
    return Watch(tables, rules, YEAR).see_all(claims).signals()


def only(signals: tuple[Signal, ...], kind: str) -> list[str | None]:
    return [s.subject.npi for s in signals if s.kind == kind]


def day(number: int) -> date:
    return date(2026, 1, 5) + timedelta(number % 350)


def practice(high: int, of: int = 40, providers: int = 20, specialty: str = "207Q00000X") -> list[Claim]:
    """Providers who bill level 4 in 14 to 18 of 40 visits; the first in `high` of them."""
    return [
        bill(f"{specialty}/{p} {day(n * 5)} p{n}: {'99214' if n < (high if p == 1 else 14 + p % 5) else '99213'}")
        for p in range(1, providers + 1)
        for n in range(of)
    ]


# --- levels ---


def test_a_mean_level_far_above_peers_is_a_signal() -> None:
    (signal,) = watched(practice(high=38))
    assert (signal.kind, signal.subject.npi, signal.subject.code) == ("em-levels", npi("207Q00000X", 1), "99211-99215")
    assert signal.statistic.value >= signal.threshold == 3.5
    assert (signal.numerator, signal.denominator) == (38, 40)
    assert signal.peers is not None
    assert signal.peers.observed == pytest.approx(3.95)
    assert 3.35 < signal.peers.value < 3.45
    assert len(signal.claims) == 20 < signal.claim_count
    assert "differs from" in signal.reason


def test_a_level_among_peers_is_none() -> None:
    assert watched(practice(high=19)) == ()


def test_too_few_peers_keep_it_silent() -> None:
    assert watched(practice(high=40, providers=9)) == ()


def test_providers_without_a_specialty_are_not_compared() -> None:
    assert watched(practice(high=40, specialty="-")) == ()


def test_many_services_alone_are_no_signal() -> None:
    claims = [
        bill(f"207Q00000X/{p} {day(n)} p{n}: {'99214' if n % 50 < (22 if p == 1 else 20) else '99213'}")
        for p in range(1, 13)
        for n in range(600 if p == 1 else 50)
    ]
    assert watched(claims) == ()


def test_a_threshold_is_a_setting() -> None:
    assert watched(practice(high=38), em_levels={"z": 20}) == ()


def test_peers_that_a_user_has_loaded_take_the_place_of_those_in_the_data() -> None:
    class Loaded:
        def services(self, specialty: str) -> Mapping[str, float]:
            return {"99212": 5000.0, "99213": 5000.0, "99214": 2000.0} if specialty == "207Q00000X" else {}

    signals = watched(practice(high=38, providers=2), Tables(peers=cast(Any, Loaded())))
    assert only(signals, "em-levels") == [npi("207Q00000X", 1)]
    assert signals[0].peers is not None
    assert signals[0].peers.value == pytest.approx(2.75)


# --- modifiers ---


def test_visits_with_modifier_25_beside_most_procedures() -> None:
    claims = [
        bill(f"207N00000X/{p} {day(n)} p{n}: {'99213-25 ' if n < (29 if p == 1 else 8 + p % 4) else ''}17000")
        for p in range(1, 21)
        for n in range(30)
    ]
    (signal,) = watched(claims)
    assert (signal.kind, signal.subject.npi) == ("modifier-25", npi("207N00000X", 1))
    assert (signal.numerator, signal.denominator, signal.claim_count) == (29, 30, 29)


class Pairs:
    """One edit, 11055 over 11720, that a modifier may open."""

    def either(self, one: str, other: str, on: date) -> Any:
        edit = type("Edit", (), {"modifier_allowed": True})()
        return edit if {one, other} == {"11055", "11720"} else None


def with_59(code: str) -> list[Claim]:
    return [
        bill(f"213E00000X/{p} {day(n)} p{n}: 11055 {f'{code}-59' if n < (25 if p == 1 else 2 + p % 3) else ''}")
        for p in range(1, 21)
        for n in range(30)
    ]


def test_modifier_59_on_what_ncci_bundles() -> None:
    tables = Tables(pairs=cast(Any, Pairs()))
    (signal,) = watched(with_59("11720"), tables)
    assert (signal.kind, signal.subject.npi) == ("modifier-59", npi("213E00000X", 1))
    assert signal.reason.startswith(
        "Claims on which modifier 59 or X{EPSU} opens a pair that NCCI bundles are 25 of 30"
    )
    assert only(watched(with_59("20605"), tables), "modifier-59") == []  # no edit is opened by it


def test_without_the_pairs_the_modifier_itself_counts() -> None:
    assert only(watched(with_59("20605")), "modifier-59") == [npi("213E00000X", 1)]


# --- unbundling ---

LIPIDS = "82465 83718 84478"


def panels(parts: str, provider: int = 1) -> list[Claim]:
    return [
        bill(f"291U00000X/{p} {day(n)} p{n}: {parts if p == provider and n < 20 else '80061'}")
        for p in range(1, 16)
        for n in range(25)
    ]


def test_parts_of_a_panel_in_its_place() -> None:
    (signal,) = watched(panels(LIPIDS))
    assert (signal.kind, signal.subject.npi, signal.numerator) == ("panel-parts", npi("291U00000X", 1), 20)


def test_a_part_that_is_missing_makes_no_panel() -> None:
    assert watched(panels("82465 83718")) == ()


def pairs(apart: bool) -> list[Claim]:
    found = []
    for p in range(1, 16):
        for n in range(30):
            if apart and p == 1 and n < 25:
                found.append(bill(f"207W00000X/{p} {day(n * 11)} p{n}: 92134"))
                found.append(bill(f"207W00000X/{p} {day(n * 11 + 2)} p{n}: 92083"))
            else:
                found.append(bill(f"207W00000X/{p} {day(n * 11)} p{n}: 92134 92083"))
    return found


def test_services_apart_that_others_bill_together() -> None:
    (signal,) = watched(pairs(apart=True))
    assert (signal.kind, signal.subject.code, signal.subject.other) == ("billed-apart", "92083", "92134")
    assert (signal.numerator, signal.denominator) == (25, 30)
    assert watched(pairs(apart=False)) == ()


def test_on_one_day_but_on_two_claims_is_apart_too() -> None:
    claims = [c for c in pairs(apart=False) if c.providers[0].npi != npi("207W00000X", 1)]
    claims += [bill(f"207W00000X/1 {day(n)} p{n}: {code}") for n in range(20) for code in ("92134", "92083")]
    assert only(watched(claims), "billed-apart") == [npi("207W00000X", 1)]


# --- time ---


@pytest.mark.parametrize(
    ("services", "hours"),
    [
        ("90837*1", None),
        (" ".join(["90837"] * 28), 24.73),
        ("97110*97", 24.13),
        ("97110-CQ*97", None),
        ("97110-GP-59*97", 24.13),
        ("99291 99292*48", 24.75),
        ("00840*1500m", 25.0),
        ("00840-QK*1500m", None),
        (" ".join(["99215"] * 40), None),  # levels may be chosen without their time
    ],
)
def test_a_day_that_cannot_be(services: str, hours: float | None) -> None:
    signals = [s for s in watched([bill(f"103TC0700X/1 2026-03-02 p1: {services}")]) if s.kind == "impossible-day"]
    assert [s.statistic.value for s in signals] == ([] if hours is None else [hours])


def test_a_line_over_days_is_spread_over_them() -> None:
    assert watched([bill("103TC0700X/1 2026-03-02 p1 to=2026-03-04: 97110*97")]) == ()


def test_long_days_again_and_again_beside_peers() -> None:
    claims = [
        bill(f"207R00000X/{p} {day(d * 7)} p{n}: 99214")
        for p in range(1, 13)
        for d in range(15)
        for n in range(34 if p == 1 and d < 6 else 12)
    ]
    (signal,) = watched(claims)
    assert (signal.kind, signal.subject.npi, signal.numerator) == ("long-days", npi("207R00000X", 1), 6)


def test_units_and_days_beyond_reason_do_no_harm() -> None:
    hostile = bill("103TC0700X/1 2026-03-02 p1: 97110*99999999999999 00840*1e30m")
    line = replace(hostile.lines[0], start=date(1, 1, 1), end=date.max, units=hostile.lines[0].units)
    assert watched([hostile, replace(hostile, id="X2", lines=(line,))]) == ()


@pytest.mark.parametrize("units", ["NaN", "Infinity", "-5", "0"])
def test_units_that_cannot_be_counted_count_nothing(units: str) -> None:
    one = bill("103TC0700X/1 2026-03-02 p1: 97110")
    assert watched([replace(one, lines=(replace(one.lines[0], units=Decimal(units)),))]) == ()


# --- sudden use ---


def uses(since: int, rate: int = 2, others: bool = False) -> Iterator[Claim]:
    for p in range(1, 13):
        for n in range(120):
            on = day(n * 350 // 120)
            used = on.month >= since and n % rate == 0 and (p == 1 or others)
            yield bill(f"208100000X/{p} {on} p{n}: 99213{' 95004' if used else ''}")


def test_a_code_that_is_suddenly_used() -> None:
    (signal,) = watched(list(uses(since=8)))
    assert (signal.kind, signal.subject.code, signal.subject.npi) == ("sudden-use", "95004", npi("208100000X", 1))
    assert signal.peers is not None
    assert signal.peers.what == "own months before 2026-08"
    assert "which differs from the 0 of" in signal.reason


def test_a_code_that_everybody_takes_up_is_none() -> None:
    assert watched(list(uses(since=8, others=True))) == ()


def test_a_provider_without_a_past_is_not_judged() -> None:
    begun_late = [c for c in uses(since=8) if c.providers[0].npi != npi("208100000X", 1) or c.lines[0].start.month >= 7]
    assert watched(begun_late) == ()


# --- stays, assessments, exclusions ---


def stays(high: int, hospitals: int = 12, per: int = 40) -> list[Claim]:
    return [
        bill(f"282N00000X/{h} {day(n * 8)} p{h}-{n} drg={'871' if n < (high if h == 1 else 16 + h % 4) else '872'}"
             f" to={day(n * 8) + timedelta(4)}: 99221")
        for h in range(1, hospitals + 1)
        for n in range(per)
    ]  # fmt: skip


def test_a_share_of_the_higher_group_far_above_others() -> None:
    signals = watched(stays(high=39))
    assert {(s.kind, s.subject.npi) for s in signals} == {("drg-pairs", npi("282N00000X", 1))}
    assert "sepsis with MCC" in {s.subject.code for s in signals}


def short(hospital: int, days: int) -> list[Claim]:
    """Forty stays of groups that no pair watches, so many of them of a day."""
    left = {n: day(n * 8) + timedelta(1 if n < days else 5) for n in range(40)}
    return [bill(f"282N00000X/{hospital} {day(n * 8)} p{hospital}-{n} drg=100 to={left[n]}: 99221") for n in left]


def test_a_share_of_short_stays_far_above_others() -> None:
    (signal,) = watched([claim for h in range(1, 13) for claim in short(h, 38 if h == 1 else 5 + h % 4)])
    assert (signal.subject.code, signal.subject.drg, signal.numerator) == ("short stays", None, 38)
    assert signal.reason.startswith("Stays of one day or less are 38 of 40 (95 %), which differs from the ")


def test_with_too_few_hospitals_the_own_past_is_compared() -> None:
    claims = [
        bill(
            f"282N00000X/1 {on} p{n} drg={871 if n % 10 < (3 if n < 60 else 9) else 872} to={on + timedelta(3)}: 99221"
        )
        for n in range(120)
        for on in [date(2026, 1, 1) + timedelta(n * 3)]
    ]
    (signal,) = watched(claims)
    assert signal.statistic.name == "standard deviations above the own past"
    assert signal.peers is not None
    assert (round(signal.peers.value, 1), round(signal.peers.observed, 1)) == (0.3, 0.9)
    assert (signal.peers.count, signal.peers.what) == (60, "stays in the own first half of the period")


RISKS = frozenset({"E119", "I5032", "J449", "F331"})


def assessed(alone: int) -> list[Claim]:
    """Fifteen who assess 30 patients each, whose diagnosis another visit bears but for some; for the first, `alone`."""
    found = []
    for p in range(1, 16):
        for n in range(30):
            found.append(bill(f"363L00000X/{p} {day(n)} q{p}-{n} place=12 dx=E11.9+I50.32: 99345"))
            if n >= (alone if p == 1 else 3 + p % 3):
                found.append(bill(f"207Q00000X/{p} {day(n + 9)} q{p}-{n} dx=E11.9+I50.32: 99213"))
    return found


def test_diagnoses_that_stand_on_an_assessment_alone() -> None:
    tables = Tables(risk_adjusted=lambda on: RISKS)
    (signal,) = [s for s in watched(assessed(28), tables) if s.kind == "only-assessed"]
    assert (signal.subject.npi, signal.numerator, signal.denominator) == (npi("363L00000X", 1), 56, 60)
    assert only(watched(assessed(5), tables), "only-assessed") == []
    assert only(watched(assessed(28)), "only-assessed") == []  # no model of risk adjustment is installed


@pytest.mark.parametrize("code", ["80053", "71046", "A4253", "J1885", "36415", "0001U"])
def test_a_test_or_a_supply_supports_no_diagnosis(code: str) -> None:
    more = [bill(f"291U00000X/1 {day(n)} q1-{n} dx=E11.9+I50.32: {code}") for n in range(28)]
    signals = watched([*assessed(28), *more], Tables(risk_adjusted=lambda on: RISKS))
    assert [s.numerator for s in signals if s.kind == "only-assessed"] == [56]


def test_a_stay_supports_a_diagnosis() -> None:
    more = [bill(f"282N00000X/1 {day(n)} q1-{n} drg=291 dx=E11.9+I50.32:") for n in range(28)]
    assert only(watched([*assessed(28), *more], Tables(risk_adjusted=lambda on: RISKS)), "only-assessed") == []


class Listed:
    """A list with one provider by NPI, and one by name without one."""

    def __init__(self) -> None:
        self._row = Exclusion(
            "WILTON", "ADA", "", "", "", "", None, None, "IA", "1128b4", date(2026, 3, 1), None, None, ""
        )

    def by_npi(self, number: str) -> tuple[Exclusion, ...]:
        return (replace(self._row, npi=number, until=date(2026, 6, 1)),) if number == npi("207Q00000X", 1) else ()

    def by_person(self, last: str, first: str) -> tuple[Exclusion, ...]:
        return (self._row,) if (last, first) == ("WILTON", "ADA") else ()

    def by_business(self, name: str) -> tuple[Exclusion, ...]:
        return ()


def test_services_of_an_excluded_provider_on_the_days_of_the_exclusion() -> None:
    days = ("2026-02-28", "2026-03-01", "2026-05-31", "2026-06-01")
    claims = [bill(f"207Q00000X/1 {on} p1: 99213") for on in days] + [bill("207Q00000X/2 2026-04-01 p1: 99213")]
    (signal,) = watched(claims, Tables(excluded=cast(Any, Listed())))
    assert (signal.numerator, signal.denominator, signal.claims) == (2, 4, (claims[1].id, claims[2].id))
    assert signal.certainty == "strong"


def test_a_match_by_name_alone_is_told_as_weaker() -> None:
    claim = bill("207Q00000X/3 2026-04-01 p1: 99213", name=("WILTON", "ADA"))
    (signal,) = watched([claim], Tables(excluded=cast(Any, Listed())))
    assert (signal.certainty, signal.subject.name) == ("weak", "ADA WILTON")
    assert signal.reason == (
        "By name alone, ADA WILTON may be on the list, or be another of such a name: the list has WILTON, ADA"
        " (1128b4 since 2026-03-01, IA); verify it by birth date and Social Security number, which claims do not give,"
        " before 1 of 1 claims are worth a look."
    )


def test_one_who_has_no_number_is_looked_up_by_name() -> None:
    claim = bill("207Q00000X/3 2026-04-01 p1: 99213", name=("WILTON", "ADA"))
    claim = replace(claim, providers=(replace(claim.providers[0], npi=None),))
    again, outside = replace(claim, frequency="7"), bill("207Q00000X/3 2027-04-01 p1: 99213", name=("WILTON", "ADA"))
    outside = replace(outside, providers=claim.providers)
    watch = Watch(Tables(excluded=cast(Any, Listed())), None, YEAR).see_all([claim, again, outside])
    (signal,) = watch.signals()
    assert (signal.subject.npi, signal.subject.name, signal.claims) == (None, "ADA WILTON", (claim.id,))
    assert watch.claims == 0


def test_of_two_of_a_name_those_are_told_whose_exclusion_holds_on_the_day() -> None:
    row = Listed()._row
    three = (
        replace(row, middle_name="M", birth_date=date(1961, 2, 3)),
        replace(row, middle_name="Q", since=date(2019, 5, 1), until=date(2020, 1, 1)),
        replace(row, middle_name="T", since=date(2026, 6, 1), state="OH"),
    )

    class Three(Listed):
        def by_person(self, last: str, first: str) -> tuple[Exclusion, ...]:
            return three

    claims = [bill(f"207Q00000X/3 {on} p1: 99213", name=("WILTON", "ADA")) for on in ("2026-04-01", "2026-05-01")]
    (signal,) = watched(claims, Tables(excluded=cast(Any, Three())))
    assert "the list has WILTON, ADA M (1128b4 since 2026-03-01, born 1961-02-03, IA); verify" in signal.reason
    (signal,) = watched(
        [bill("207Q00000X/3 2026-07-01 p1: 99213", name=("WILTON", "ADA"))], Tables(excluded=cast(Any, Three()))
    )
    assert (
        "ADA M (1128b4 since 2026-03-01, born 1961-02-03, IA) and WILTON, ADA T (1128b4 since 2026-06-01, OH)"
        in signal.reason
    )


def test_a_claim_over_days_counts_from_the_day_of_the_exclusion_and_a_stay_by_its_admission() -> None:
    over = bill("207Q00000X/1 2026-02-27 p1 to=2026-03-02: 99213")
    stay = bill("207Q00000X/1 2026-02-27 p2 to=2026-03-02 drg=871: 99221")
    (signal,) = watched([over, stay], Tables(excluded=cast(Any, Listed())))
    assert (signal.numerator, signal.denominator, signal.claims) == (1, 2, (over.id,))


def test_role_and_specialty_of_one_who_is_excluded_are_the_same_in_every_order() -> None:
    seen = bill("207Q00000X/1 2026-04-01 p1: 99213")
    referring = replace(seen.providers[0], role=ProviderRole.REFERRING, taxonomy=None)
    sent = replace(seen, id="S", providers=(referring, bill("207Q00000X/5 2026-04-01 p1: 99213").providers[0]))
    for claims in ([seen, sent], [sent, seen]):
        (signal,) = watched(claims, Tables(excluded=cast(Any, Listed())))
        assert (signal.subject.role, signal.subject.specialty, signal.numerator) == ("rendering", "207Q00000X", 2)


# --- what always holds ---


@cache
def everything() -> tuple[Claim, ...]:
    return (*practice(38), *with_59("20605"), *panels(LIPIDS), *pairs(apart=True), *uses(since=8), *stays(39))


def told(signals: tuple[Signal, ...]) -> list[tuple[Any, ...]]:
    return [(s.id, s.kind, s.statistic, s.numerator, s.denominator, s.peers, s.reason, s.claim_count) for s in signals]


def test_the_order_of_claims_changes_nothing_but_which_are_shown() -> None:
    claims = list(everything())
    before = told(watched(claims))
    Random(3).shuffle(claims)
    after = told(watched(claims))
    assert before == after
    assert len(before) >= 5


def test_asking_twice_answers_twice_the_same() -> None:
    watch = Watch(None, None, YEAR).see_all(everything())
    assert watch.signals() == watch.signals()
    assert watch.tested["modifier-59"] == 20 + 15 + 15


def test_replacements_and_voids_count_nothing() -> None:
    claims = practice(38)
    again = [replace(c, frequency=f, payer_control_number="1") for c in claims for f in ("7", "8")]
    assert told(watched([*claims, *again])) == told(watched(claims))


def test_claims_outside_the_period_are_passed_over() -> None:
    claims = practice(38)
    assert Watch(period=DateRange(date(2027, 1, 1))).see_all(claims).signals() == ()
    assert Watch().see_all(claims).signals()[0].period == DateRange(date(2026, 1, 5), day(195))


def test_claims_as_varied_as_the_format_allows_can_be_watched() -> None:
    watch = Watch(Tables(excluded=cast(Any, Listed()), risk_adjusted=lambda on: RISKS)).see_all(varied_claims(300, 5))
    watch.see_all(correct_claims(3, 0, 60))
    assert watch.claims > 200
    assert all(s.kind in ("impossible-day", "long-days") for s in watch.signals())


def test_nothing_seen_is_no_signal() -> None:
    assert Watch().signals() == ()
    assert Watch().seen is None


def test_without_a_period_that_of_the_data_is_judged() -> None:
    assert Watch().see_all([bill(f"207Q00000X/1 {on} p1: 99213") for on in ("2026-03-01", "2026-02-01")]).seen == (
        DateRange(date(2026, 2, 1), date(2026, 3, 1))
    )


def test_the_id_of_a_signal_is_of_its_kind_subject_and_period() -> None:
    subject = SignalSubject("rendering", "1234567893", "207Q00000X", code="99211-99215")
    other = replace(subject, specialty=None)  # a corrected specialty does not make another signal
    assert signal_id("em-levels", subject, YEAR) == signal_id("em-levels", other, YEAR)
    assert signal_id("em-levels", subject, YEAR) != signal_id("modifier-25", subject, YEAR)
    assert signal_id("em-levels", subject, YEAR) != signal_id("em-levels", subject, DateRange(date(2026, 1, 1)))


def test_signals_speak_of_what_differs_and_accuse_nobody() -> None:
    tables = Tables(excluded=cast(Any, Listed()), risk_adjusted=lambda on: RISKS)
    claims = [*everything(), *assessed(28), bill("207Q00000X/1 2026-04-01 p1: 99213")]
    for signal in watched(claims, tables):
        words = signal.reason.lower()
        assert "differs from" in words or "worth a look" in words
        assert not any(word in words for word in ("fraud", "abuse", "improper", "upcod", "violat", "illegal", "cheat"))
        assert signal.reason.endswith(".")
        assert signal.source
        assert signal.innocent
        assert signal.numerator <= signal.denominator


# --- rules and settings ---


def test_every_rule_says_what_it_counts_and_what_would_explain_it() -> None:
    for kind, rule in signal_rules().items():
        assert rule.id == f"LEADTERM:signals/{kind}"
        assert min(map(len, (rule.title, rule.citation, rule.statistic, rule.counted, rule.innocent))) > 10
        assert ", of " in rule.counted
        assert rule.innocent.endswith(".")
        for setting in rule.settings.values():
            assert setting.least <= setting.value <= setting.most
            assert setting.meaning


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"em-level": {"z": 4}}, "There is no signal 'em-level'"),
        ({"em-levels": {"zz": 4}}, "has no setting 'zz'"),
        ({"em-levels": {"z": 99}}, "em-levels.z is a number from 1 to 20"),
        ({"em-levels": {"z": "4"}}, "em-levels.z is a number"),
        ({"excluded-provider": {"z": 4}}, "its settings are none"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(changed: Any, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        with_settings(changed)
