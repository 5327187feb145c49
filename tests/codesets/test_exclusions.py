"""Excluded providers and peers' services: what each file becomes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from leadterm.codesets.formats import Format, exclusions, peer_services
from leadterm.codesets.lists.exclusions import Exclusions
from leadterm.codesets.lists.peer_services import PeerServices
from leadterm.domain import InputError

from .test_reference_lists import release, store, written

LEIE = ",".join(exclusions.HEADER)
ADA = 'WILTON,ADA,M,,PRO,NURSE,,0000000000,19700102,"1 ELM ST, APT 2",AMES,IA,50010,1128b4,{},{},00000000,'
SUPPLIES = ",,,WILTON-SUPPLIES  INC.,OTHER,DME,,1234567893,,2 ELM ST,AMES,IA,50010,1128a1,20240220,00000000,20250301,IA"


def opened(folder: Path, face: Any, text: str, form: Format) -> Any:
    one = written("UPDATED.csv", text)
    found = form.recognise(one)
    assert found is not None
    assert found.name == face.COMPONENT
    table = form.read([one], found)
    return face(store(folder, table), release(found, table))


def listed(tmp_path: Path, *rows: str) -> Exclusions:
    return opened(tmp_path, Exclusions, "\n".join((LEIE, *rows)) + "\n", exclusions.FORMATS[0])


def test_an_exclusion_holds_from_its_day_to_the_day_before_reinstatement(tmp_path: Path) -> None:
    (one,) = listed(tmp_path, ADA.format("20250120", "20260301")).by_person("Wilton", "ada")
    days = (date(2025, 1, 19), date(2025, 1, 20), date(2026, 2, 28), date(2026, 3, 1))
    assert [one.in_force(day) for day in days] == [False, True, True, False]


def test_ten_zeros_are_no_npi(tmp_path: Path) -> None:
    found = listed(tmp_path, ADA.format("20250120", "00000000"), SUPPLIES)
    assert found.by_npi("0000000000") == ()
    (person,) = found.by_person("WILTON", "ADA")
    assert (person.npi, person.until, person.birth_date) == (None, None, date(1970, 1, 2))


def test_a_business_is_found_by_npi_and_by_name_whatever_its_punctuation(tmp_path: Path) -> None:
    found = listed(tmp_path, SUPPLIES)
    assert found.by_npi("1234567893") == found.by_business("Wilton Supplies, Inc") != ()
    (one,) = found.by_npi("1234567893")
    assert (one.type, one.waived, one.waiver_state) == ("1128a1", date(2025, 3, 1), "IA")


ROW = "{},{},,{},PRO,NURSE,,0000000000,19700102,1 ELM ST,AMES,IA,50010,1128b4,20250120,00000000,00000000,"


@pytest.mark.parametrize(
    ("listed_as", "asked", "found"),
    [
        (("O'MALLEY", "SIOBHAN"), ("Omalley", "Siobhan"), True),
        (("OMALLEY", "SIOBHAN"), ("O’Malley", "Siobhán"), True),
        (("DE LA CRUZ", "ANA MARIA"), ("Delacruz", "Ana"), True),
        (("SMITH-ROE", "J"), ("SMITH ROE JR", "J"), True),
        (("ROE", "ANA"), ("ROE", "ANNE"), False),
        (("ROE", "ANA"), ("ROWE", "ANA"), False),
        (("MD", "ANA"), ("MD", "ANA"), True),
    ],
)
def test_persons_of_such_a_name(
    tmp_path: Path, listed_as: tuple[str, str], asked: tuple[str, str], found: bool
) -> None:
    assert bool(listed(tmp_path, ROW.format(*listed_as, "")).by_person(*asked)) is found


@pytest.mark.parametrize(
    ("listed_as", "asked", "found"),
    [
        ("ACME HOME HEALTH INC", "The Acme Home Health, L.L.C.", True),
        ("A B C SUPPLY CO", "ABC Supply", True),
        ("ACME HOME HEALTH INC", "Acme Health", False),
        ("THE", "The", True),
        ("INC", "LLC", False),
    ],
)
def test_businesses_of_such_a_name(tmp_path: Path, listed_as: str, asked: str, found: bool) -> None:
    assert bool(listed(tmp_path, ROW.format("", "", listed_as)).by_business(asked)) is found


def test_a_row_is_told_by_the_name_that_the_list_writes(tmp_path: Path) -> None:
    found = listed(tmp_path, ADA.format("20250120", "00000000"), SUPPLIES)
    assert [one.name for one in (*found.by_person("WILTON", "ADA"), *found.by_npi("1234567893"))] == [
        "WILTON, ADA M",
        "WILTON-SUPPLIES INC.",
    ]


def test_no_name_finds_nobody(tmp_path: Path) -> None:
    found = listed(tmp_path, SUPPLIES)
    assert found.by_person("", "") == found.by_person("WILTON", "") == found.by_business(" - ") == ()


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (ADA.format("20251340", "00000000"), "row 2: EXCLDATE is no day"),
        (ADA.format("00000000", "00000000"), "row 2: there is no day of exclusion"),
        (SUPPLIES.replace("1234567893", "123"), "row 2: the NPI has not ten digits"),
        (SUPPLIES.replace("WILTON-SUPPLIES  INC.", ""), "row 2: it names neither"),
        (SUPPLIES + ",more", "row 2: it has 19 columns"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_place(tmp_path: Path, row: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        listed(tmp_path, row)


@pytest.mark.parametrize("name", ["2610EXCL.csv", "2610rein.csv", "leie 2610-excl (1).csv"])
def test_what_changed_in_a_month_does_not_take_the_place_of_the_list(name: str) -> None:
    one = written(name, f"{LEIE}\n{SUPPLIES}\n")
    found = exclusions.FORMATS[0].recognise(one)
    assert found is not None
    with pytest.raises(InputError, match="what changed in a month; get the whole list"):
        exclusions.FORMATS[0].read([one], found)


def test_services_of_peers_are_added_up_by_specialty_and_code(tmp_path: Path) -> None:
    text = "Specialty,Code,Services\n207Q00000X,99213,10\n207q00000x,99213,2.5\n282N00000X,871,7\n"
    peers = opened(tmp_path, PeerServices, text, peer_services.FORMATS[0])
    assert dict(peers.services("207Q00000X")) == {"99213": 12.5}
    assert peers.specialties() == ("207Q00000X", "282N00000X")
    assert not peers.services("208000000X")


@pytest.mark.parametrize(
    "row",
    [
        *("207Q00000X,9921,10", "207Q00000X,99213,many", ",99213,10", "207Q00000X,99213,1e9"),
        *("FAMILY PRACTICE,99213,10", "08,99213,10"),  # which no claim tells as a specialty
    ],
)
def test_a_row_of_peers_that_cannot_be_is_refused(tmp_path: Path, row: str) -> None:
    with pytest.raises(InputError, match="row 2"):
        opened(tmp_path, PeerServices, f"specialty,code,services\n{row}\n", peer_services.FORMATS[0])
