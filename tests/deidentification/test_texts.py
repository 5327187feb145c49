"""Note text in, text without identifiers out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.deidentification import Dates, Kind, Options, Replacement, Text
from leadterm.domain import InputError, Span

from .notation import KEY, SHIFT, done, kinds, shifted


@pytest.mark.parametrize(
    ("note", "written"),
    [
        ("Seen by Dr. Delgado and K. Patel, RN.", "Seen by Dr. [NAME 1] and [NAME 2], RN."),
        ("Patient: Okonkwo, Ada\nOkonkwo is well.", "Patient: [NAME 1]\n[NAME 1] is well."),
        ("His daughter Grace called. Grace period given.", "His daughter [NAME 1] called. Grace period given."),
        ("Dr. Foley placed a Foley catheter.", "Dr. [NAME 1] placed a Foley catheter."),
        ("Mr. Parkinson has Parkinson's disease.", "Mr. [NAME 1] has Parkinson's disease."),
        ("MRN: 00482913, SSN 123-45-6789", "MRN: [MRN], SSN [SSN]"),
        ("Call (419) 555-0182 or fax 419-555-0183.", "Call [PHONE] or fax [FAX]."),
        ("Write to a.b@example.org, see https://example.org/x.", "Write to [EMAIL], see [URL]."),
        ("Lives at 1420 Maple Street, Toledo, OH 43604.", "Lives at [PLACE 1], [PLACE 2], OH 436."),
        ("Sedona, AZ 82101", "[PLACE 1], AZ 000"),
        ("She is a 93-year-old woman, her son 61.", "She is a 90+-year-old woman, her son 61."),
        ("Seen 5/2/2026, again on 5/9. DOB 3/14/1931.", "Seen 2026, again on [DATE]. DOB [DATE]."),
        ("BP 120/80, pain 5/10, strength 4/5, vision 20/20.", "BP 120/80, pain 5/10, strength 4/5, vision 20/20."),
        ("Works at Ridgeline Steel. Lives in Ohio.", "Works at [ORGANIZATION 1]. Lives in Ohio."),
        ("Pacemaker serial number PJN2847561.", "Pacemaker serial number [DEVICE]."),
        ("Medicare 1EG4-TE5-MK73; VIN 1HGCM82633A004352", "Medicare [PLAN]; VIN [VEHICLE]"),
        ("DEA BK4471203. Photo scan_01.jpg. IP 203.0.113.77.", "DEA [LICENCE]. Photo [PHOTO]. IP [IP]."),
        ("May repeat. Will follow up. Rose rash. Young adult.", "May repeat. Will follow up. Rose rash. Young adult."),
        ("pt is maria gonzalez, seen by j. park, np in memphis, tn.",
         "pt is [NAME 1], seen by [NAME 2], np in [PLACE 1], tn."),
        ("dr okafor called her daughter lisa on jan 4.", "dr [NAME 1] called her daughter [NAME 2] on [DATE]."),
        ("transferred from mercy general to st. mary's hospital",
         "transferred from [ORGANIZATION 1] to [ORGANIZATION 2]"),
        ("MR. DAY IS ILL. ROSE, HIS WIFE, IS PRESENT.", "MR. [NAME 1] IS ILL. [NAME 2], HIS WIFE, IS PRESENT."),
        ("cough x 3 days, lungs clear, has gout and a foley.", "cough x 3 days, lungs clear, has gout and a foley."),
        ("Her cousin Tahvonen moved from Kuusamo, Finland.", "Her cousin [NAME 1] moved from [PLACE 1], Finland."),
        ("Biktarvy and Dopplers; AirSense mask, Modic changes.",
         "Biktarvy and Dopplers; AirSense mask, Modic changes."),
        ("Her son T.J. found her. T.J. called.", "Her son [NAME 1] found her. [NAME 1] called."),
        ("Seen the fourth of July and Friday the 13th.", "Seen [DATE] and [DATE]."),
        ("At 908 Sycamore, Lincoln, Nebraska 68502.", "At [PLACE 1], [PLACE 2], Nebraska 685."),
        ("Officer Danvers, badge 4471; user mgonz88.", "Officer [NAME 1], badge [OTHER]; user [OTHER]."),
    ],
)  # fmt: skip
def test_a_note_without_its_identifiers(note: str, written: str) -> None:
    assert done(note).text == written


@pytest.mark.parametrize(
    ("written", "days", "moved"),
    [
        ("5/2/2026", 7, "4/25/2026"),
        ("05/02/26", 7, "04/25/26"),
        ("2026-05-02", 32, "2026-03-31"),
        ("May 2nd, 2026", 1, "May 1st, 2026"),
        ("Saturday, May 2, 2026", 3, "Wednesday, April 29, 2026"),
        ("02-MAY-2026", 2, "30-APR-2026"),
        ("March 2026", 31, "February 2026"),
        ("seen on 5/2", 2, "seen on 4/30"),
        ("20260502", 2, "20260430"),
        ("13/45/2026 and 2/30/2026", 5, "13/45/2026 and [DATE]"),
    ],
)
def test_a_shifted_date_keeps_its_shape(written: str, days: int, moved: str) -> None:
    assert shifted(written, days) == moved


def test_intervals_are_kept_and_a_patient_has_one_offset() -> None:
    from datetime import date, timedelta

    dates = [d for d in done("On 2026-01-01. On 2026-03-01.", SHIFT).text.replace(".", "").split() if d != "On"]
    first, last = map(date.fromisoformat, dates)
    assert last - first == timedelta(days=59)
    again = done("On 2026-01-01.", SHIFT)
    assert dates[0] in again.text


def test_weekdays_are_kept_where_that_is_asked() -> None:
    from datetime import date

    moved = done("2026-05-02", Options(Dates.SHIFT, weekdays=True, key=KEY, year=2026)).text
    assert date.fromisoformat(moved).weekday() == date(2026, 5, 2).weekday()


def test_surrogates_are_stable_in_a_chart_and_are_none_of_its_words() -> None:
    options = Options(surrogates=True, key=KEY, year=2026)
    text = done("Patient: Ada Okonkwo, MRN: 00482913. Okonkwo is well. Dr. Delgado agrees.", options).text
    assert "Okonkwo" not in text
    assert "00482913" not in text
    assert "[" not in text
    surname = text.split(", MRN")[0].split()[-1]
    assert f"{surname} is well" in text


@pytest.mark.parametrize("wrong", [{"dates": Dates.SHIFT}, {"surrogates": True}, {"surrogates": True, "key": b"short"}])
def test_what_is_drawn_needs_a_key(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError, match="secret key"):
        Options(**wrong)  # type: ignore[arg-type]


# --- the way between both texts ---

NOTE = "Patient: Ada Okonkwo has asthma since 5/2/2026. Dr. Delgado agrees.\n"


def test_words_are_found_again_in_the_new_text() -> None:
    new = done(NOTE)
    start = NOTE.index("asthma")
    span = new.span(Span(start, start + 6))
    assert span.of(new.text) == "asthma"
    assert new.old_span(span) == Span(start, start + 6)


def test_a_stand_in_that_is_touched_is_taken_whole() -> None:
    new = done(NOTE)
    start = NOTE.index("Okonkwo")
    assert new.span(Span(start, start + 3)).of(new.text) == "[NAME 1]"


@settings(max_examples=30)
@given(st.integers(0, len(NOTE) - 1), st.integers(1, len(NOTE)))
def test_every_span_stays_in_order_and_in_the_text(start: int, length: int) -> None:
    new = done(NOTE)
    old = Span(start, min(start + length, len(NOTE)))
    there = new.span(old)
    assert 0 <= there.start <= there.end <= len(new.text)
    back = new.old_span(there)
    assert back.start <= old.start
    assert back.end >= old.end


def test_a_text_without_identifiers_maps_to_itself() -> None:
    text = Text("plain", (Replacement(9, 12, 9, 10, Kind.NAME, "name/title"),))
    assert text.span(Span(0, 5)) == Span(0, 5)


# --- what must always hold ---

PIECES = st.sampled_from(
    ["Dr. ", "Okonkwo", "MRN: ", "00482913", " 5/2/2026 ", "Mr. ", "\n", "é", "(", "[NAME 1]", "{{", "a@b.co",
     "'s", ", ",
     "Lives in ", "Toledo", " OH 43604", "93 yo", "-", "/", "O'", "\u0130", "\ud83d\ude00", "ſ", "St. ", "\t", "9" * 30]
)  # fmt: skip


@settings(max_examples=40)
@given(st.lists(PIECES, max_size=20).map("".join))
def test_no_text_breaks_it_and_twice_is_once(text: str) -> None:
    once = done(text)
    assert done(once.text).text == once.text or "[" in text or "(" in text or "{" in text or _is_told_again(once.text)
    at = 0
    for r in once.replaced:
        assert at <= r.start < r.end <= len(text)
        at = r.end


def _is_told_again(text: str) -> bool:
    """Whether what was put in a text makes a new identifier with what stands beside it ("436" behind a dash)."""
    return bool(done(text).replaced)


@pytest.mark.parametrize(
    "hostile",
    ["A" * 4_000, "Dr. " * 1_000, "1/" * 2_000, "9-" * 2_000, "Smith, " * 600, " " * 4_000, "12 N Aa " * 500,
     "A'" * 2_000, "f:" * 2_000, "\n" * 4_000],
    ids=lambda text: repr(text[:8]),
)  # fmt: skip
def test_time_stays_in_proportion(hostile: str) -> None:
    import time

    start = time.process_time()
    kinds(hostile[: len(hostile) // 2])
    half = time.process_time() - start
    kinds(hostile)
    whole = time.process_time() - start - half
    assert whole < 0.3 + 3.5 * half  # twice the text, at most some more than twice the time
