"""A record with a header in, an encounter that names nobody out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm import deidentify
from leadterm.deidentification import Dates, Options, tables
from leadterm.deidentification import deidentify as without
from leadterm.domain import (
    Address,
    Charge,
    Code,
    CodeSystem,
    Document,
    Encounter,
    Evidence,
    InputError,
    Patient,
    Payer,
    Provider,
    ProviderRole,
    RecordedCode,
    Span,
    Subscriber,
)
from leadterm.schemas import encode

from .notation import KEY, SHIFT

TEXT = "Quillfeather came from Truckee. Insurance W2288. zebediah is 71. Amber colored urine. Seen by Quist.\n"
RECORD = Encounter(
    "visit-00482913",
    date_of_service=date(2026, 5, 14),
    account="A55-20018",
    patient=Patient(
        "00482913", birth_date=date(1955, 1, 9), first_name="Zebediah", last_name="Quillfeather", phone="5305550188",
        address=Address("12 Amber Drive", None, "Truckee", "CA", "96161"),
    ),
    providers=(Provider(ProviderRole.RENDERING, "1588732290", last_name="Quist", first_name="Amber"),),
    payers=(Payer("P1", "Blue", "commercial", "W2288", subscriber=Subscriber("spouse", "Zoila", "Quillfeather")),),
    documents=(Document("doc-00482913", TEXT, "Visit of Zebediah Quillfeather", author="Amber Quist",
                        service_time=datetime(2026, 5, 14, 9, 30)),),
    charges=(Charge(Code(CodeSystem.HCPCS, "J1885"), Decimal(2), date(2026, 5, 14), provider="Amber Quist"),),
    codes=(RecordedCode("I10", "icd10cm", text="Seen by Quist", day=date(2020, 2, 3), source="/a/b"),),
)  # fmt: skip
SECRETS = (
    "00482913 Quillfeather Zebediah zebediah Truckee Quist 1588732290 W2288 A55-20018 Zoila Blue 96161 5305550188 "
    "1955 12"
).split()


def written(encounter: Encounter) -> str:
    """The words of an encounter's JSON, digests left out."""
    value = encode.encounter(encounter)
    for document in value.get("documents", []):
        del document["sha256"]
    return json.dumps(value)


def test_nothing_of_the_header_is_left_in_text_or_fields() -> None:
    told = written(without(RECORD, Options(year=2026)).encounter)
    assert [secret for secret in SECRETS[:-1] if secret in told] == []
    assert "Amber colored urine" in told


def test_what_may_stand_stands() -> None:
    e = without(RECORD, Options(year=2026)).encounter
    assert (e.id, e.patient.age, e.patient.address) == ("chart-1", 71, Address(state="CA", zip="961"))
    assert (e.date_of_service, e.documents[0].id, e.payers[0].type) == (None, "d1", "commercial")
    assert (e.charges[0].units, e.charges[0].provider, e.codes[0].code) == (Decimal(2), None, "I10")
    assert (e.codes[0].text or "").startswith("Seen by [NAME ")
    assert e.codes[0].source is None


def test_every_day_of_a_record_is_shifted_alike() -> None:
    e = without(RECORD, SHIFT).encounter
    assert e.date_of_service is not None
    offset = date(2026, 5, 14) - e.date_of_service
    assert 1 <= offset.days <= 365
    assert e.patient.birth_date == date(1955, 1, 9) - offset
    assert e.documents[0].service_time == datetime(2026, 5, 14, 9, 30) - offset
    assert e.codes[0].day == date(2020, 2, 3) - offset


def test_who_is_over_89_has_no_birth_date_and_the_age_of_all() -> None:
    old = Encounter("a", date_of_service=date(2026, 5, 14), patient=Patient("1", birth_date=date(1931, 1, 9)))
    for options in (Options(year=2026), SHIFT):
        patient = without(old, options).encounter.patient
        assert (patient.birth_date, patient.age) == (None, 90)


def test_another_key_is_another_offset() -> None:
    other = Options(Dates.SHIFT, key=KEY + b"!", year=2026)
    assert without(RECORD, SHIFT).encounter.date_of_service != without(RECORD, other).encounter.date_of_service


def test_what_one_document_names_is_known_in_the_other() -> None:
    both = (Document("a", "Patient: Thessaly Okonkwo"), Document("b", "Long visit. thessaly okonkwo; Thessaly agrees."))
    texts = without(Encounter("x", documents=both)).texts
    assert "hessaly" not in texts["a"].text
    assert "Thessaly" not in texts["b"].text


def test_evidence_is_carried_over() -> None:
    done = without(RECORD)
    start = TEXT.index("Amber colored")
    old = Evidence("doc-00482913", Span(start, start + 13), "Amber colored")
    assert done.evidence(old).text == "Amber colored"
    assert done.evidence(old).document == "d1"


def test_it_says_that_it_is_no_determination() -> None:
    assert "not a determination" in without(RECORD).notes[0]
    assert any("not Safe Harbor by its letter" in note for note in without(RECORD, SHIFT).notes)


def test_from_python() -> None:
    assert deidentify("Dr. Okonkwo").encounter.documents[0].text == "Dr. [NAME 1]"
    with pytest.raises(InputError, match="dates is one of"):
        deidentify("x", dates="month")


def test_one_person_has_one_offset_in_files_of_different_ids() -> None:
    def visit(id: str, first: str) -> Encounter:
        patient = Patient(id, birth_date=date(1955, 1, 9), first_name=first, last_name="Quillfeather")
        return Encounter("a", date_of_service=date(2026, 5, 14), patient=patient)

    moved = {without(visit(*of), SHIFT).encounter.date_of_service for of in (("1", "Zoë"), ("urn:2", "ZOE"))}
    assert len(moved) == 1
    assert without(visit("1", "Ada"), SHIFT).encounter.date_of_service not in moved


def test_a_shift_into_other_releases_is_told() -> None:
    moved = without(RECORD, SHIFT).encounter.date_of_service
    assert moved is not None
    offset = date(2026, 5, 14) - moved

    def told(day: date) -> bool:
        notes = without(replace(RECORD, date_of_service=day), SHIFT).notes
        return any("half of a code year" in note for note in notes)

    assert told(date(2025, 10, 1) + offset - timedelta(1))
    assert told(date(2026, 4, 1))
    assert not any("half of a code year" in note for note in without(RECORD).notes)
    assert "by the releases of the day" in " ".join(without(RECORD).notes)


WORDS = (
    st.sampled_from(sorted(tables.words("surnames") | tables.words("given")))
    .filter(lambda word: word.isalpha() and word != "name")
    .map(str.title)
)
SENTENCES = st.sampled_from(
    ["{first} {last} was seen.", "{last}, {first} is well.", "Plan: call {first} {last} today.", "{FIRST} {LAST} 61M",
     "Spoke with {first} M. {last}.", "cc {last},{first}", "Mr. {last} agrees."]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(WORDS, WORDS, SENTENCES)
def test_whoever_the_header_names_is_gone_by_both_names(first: str, last: str, sentence: str) -> None:
    text = sentence.format(first=first, last=last, FIRST=first.upper(), LAST=last.upper())
    patient = Patient("1", first_name=first, last_name=last)
    new = without(Encounter("x", patient=patient, documents=(Document("a", text),))).texts["a"].text
    assert last not in new
