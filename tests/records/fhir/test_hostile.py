"""Whatever a file holds, it is read or refused in a sentence."""

from __future__ import annotations

import copy
import json
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.domain import InputError

from .notation import base64_of, bundle, coded, concept, document, one, reading, ref, resource, rules, written
from .test_encounters import PATIENT, VISIT

ODD = """
null true -1 1.5 1000000000000000000000000000000 "" "x" "9999-99-99" "2026-02-30" "Patient/p" "#" "urn:uuid:x" [] {}
[[]] [null] {"coding":1} {"coding":[1]} {"reference":7} {"reference":"#x"} [{"code":{}}]
"""
VALUES = st.sampled_from([*map(json.loads, ODD.split()), "y" * 1000])
WHOLE: dict[str, Any] = bundle(
    PATIENT,
    {**VISIT, "diagnosis": [{"condition": ref("Condition/c"), "use": coded("AD"), "rank": 1}]},
    resource("Condition/c", code=concept("I10"), encounter=ref("Encounter/v"), note=[{"text": "n"}]),
    document("d", "Fever.", context={"encounter": [ref("Encounter/v")], "period": {"start": "2026-05-01"}}),
    resource("Composition/k", section=[{"title": "t", "text": {"div": "<div>x</div>"}}], encounter=ref("Encounter/v")),
    resource(
        "Claim/b",
        diagnosis=[{"sequence": 1, "diagnosisCodeableConcept": concept("I10"), "type": [coded("x")]}],
        insurance=[{"sequence": 1, "coverage": ref("Coverage/w")}],
        careTeam=[{"provider": ref("Practitioner/a"), "role": coded("primary")}],
        supportingInfo=[{"category": coded("typeofbill"), "code": coded("111")}],
        item=[{"productOrService": concept("99213", "http://www.ama-assn.org/go/cpt"), "quantity": {"value": 1}}],
    ),
    resource("Coverage/w", beneficiary=ref("Patient/p"), payor=[ref("Organization/o")], type=coded("1"), order=1),
    resource("Practitioner/a", name=[{"family": "f", "given": ["g"]}], identifier=[{"system": "s", "value": "v"}]),
    resource(
        "MedicationRequest/m", medicationReference=ref("#q"), contained=[resource("Medication/q", code=coded("1"))]
    ),
    resource("Binary/y", contentType="text/plain", data=base64_of("b")),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in places(item, (*path, key)))]


PLACES = places(WHOLE)[1:]


def put(whole: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed: dict[str, Any] = copy.deepcopy(whole)
    at: Any = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return changed


@given(st.sampled_from(PLACES), VALUES)
def test_a_wrong_shape_anywhere_is_left_out(path: tuple[Any, ...], value: Any) -> None:
    with suppress(InputError):
        assert reading(put(WHOLE, path, value))


def test_a_wrong_shape_is_told_once_and_the_rest_is_read() -> None:
    encounter = one(resource("Condition/c", code=concept("I10"), onsetDateTime=["x", 7], clinicalStatus={"coding": 7}))
    assert [lead.code for lead in encounter.codes] == ["I10"]
    assert rules(encounter) == ["fhir-shape"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"7",
        b"{",
        b'{"resourceType": "Patient"',
        b'{"resourceType": "Patient"} x',
        b'{"a": 1}',
        b'{"": 1, "entry": []}',
        b'{"resourceType": 7}',
        b'{"resourceType": "Bundle", "entry": [',
        b'{"resourceType": "Bundle", "entry": [{} {}]}',
        b'{"resourceType": "Patient", "a": ' + b"[" * 100_000,
        b'{"resourceType": "Bundle", "entry": [' + b'{"a":' * 100_000,
        b"\xff\xfe\x00",
        b'{"resourceType": "Patient", "id": "\xff"}',
    ],
)
def test_what_is_no_fhir_is_refused_in_a_sentence(raw: bytes) -> None:
    with pytest.raises(InputError, match=r"^chart\.json .*\.$"):
        reading(raw)


@pytest.mark.parametrize("piece", ["{}", "[]", '{"a":0}', "1.5", '"ab"', '{"coding":[{"code":"a"}]}'])
def test_what_would_take_memory_without_measure_is_refused(piece: str) -> None:
    raw = f'{{"resourceType":"Patient","a":[{",".join([piece] * (1_000_000 // len(piece)))}]}}'
    with pytest.raises(InputError, match="brackets and commas"):
        reading(raw.encode())
    assert reading(raw[:900_000].rpartition(",")[0].encode() + b"]}")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999999999999999999", "1e400", "9" * 5000, "-1"])
def test_numbers_that_nothing_counts_are_left_out(number: str) -> None:
    line = '{"productOrService": {"coding": [{"system": "cpt", "code": "99213"}]}, "unitPrice": {"value": %s}}'
    encounter = one(f'{{"resourceType": "Claim", "item": [{line % number}]}}'.encode())
    assert len(encounter.charges) == 1


def test_a_member_that_is_named_twice_is_told() -> None:
    encounter = one(b'{"resourceType": "Condition", "code": {}, "code": {"coding": [{"code": "1"}]}}')
    assert [lead.code for lead in encounter.codes] == ["1"]
    assert rules(encounter) == ["fhir-members"]


def test_a_resource_that_stands_twice_is_read_once() -> None:
    encounter = one(bundle(*[resource("Condition/c", code=concept("I10"))] * 2))
    assert len(encounter.codes) == 1
    assert rules(encounter) == ["fhir-twice"]


def test_sections_and_bundles_may_nest_but_not_without_end() -> None:
    section: dict[str, Any] = {"text": {"div": "<div>x</div>"}}
    for _ in range(150):
        section = {"section": [section]}
    assert "fhir-shape" in rules(one(resource("Composition/k", section=[section])))
    inner: dict[str, Any] = resource("Condition/c", code=coded("1"))
    for _ in range(150):
        inner = bundle(inner)
    assert "fhir-contact" in rules(one(inner))


def test_references_in_a_circle_end() -> None:
    role = resource("PractitionerRole/a", practitioner=ref("PractitionerRole/a"))
    encounter = one(bundle(role, document("d", "x", author=[ref("PractitionerRole/a")])))
    assert encounter.documents[0].author == "a"


@pytest.mark.parametrize("piece", ["<!--", "<script>", "<a '", "&", "<", '<a "', "<![CDATA["])
def test_markup_without_end_takes_time_in_proportion(piece: str) -> None:
    def seconds(count: int) -> float:
        raw = written(document("d", piece * count, "text/html"))
        start = time.process_time()
        reading(raw)
        return time.process_time() - start

    assert seconds(10_000) < max(20 * seconds(1_000), 0.5)
