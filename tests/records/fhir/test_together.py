"""Files of FHIR that are given together: loose resources, exports and bundles that speak of one another."""

from __future__ import annotations

import time
from typing import Any

from leadterm.domain import Encounter
from leadterm.records.fhir import Given, read_files

from .notation import NPI, bundle, coded, concept, document, ref, resource, rules, written

ANN = resource("Patient/1", birthDate="1960-02-03", gender="female", name=[{"family": "Doe", "given": ["Ann"]}])
BEN = resource("Patient/1", birthDate="1981-05-06", gender="male", name=[{"family": "Roe", "given": ["Ben"]}])
HEART = resource("Practitioner/h", name=[{"family": "Heart"}], identifier=[{"system": NPI, "value": "1234567893"}])
HOUSE = resource("Organization/o", name="General Hospital")
ROLE = resource("PractitionerRole/r", practitioner=ref("Practitioner/h"), organization=ref("Organization/o"))
VISIT = resource(
    "Encounter/e",
    subject=ref("Patient/1"),
    participant=[{"type": [coded("ATND")], "individual": ref("PractitionerRole/r")}],
    serviceProvider=ref("Organization/o"),
    diagnosis=[{"condition": ref("Condition/c"), "rank": 1}],
    **{"class": {"code": "AMB"}},
)
FOUND = resource("Condition/c", clinicalStatus=coded("active"), code=concept("I10"), encounter=ref("Encounter/e"))
PLAN = resource("Coverage/p", status="active", beneficiary=ref("Patient/1"), payor=[ref("Organization/q")])
PAYER = resource("Organization/q", name="Blue Plan")
NOTE = resource(
    "DocumentReference/d",
    status="current",
    author=[ref("Practitioner/h")],
    context={"encounter": [ref("Encounter/e")]},
    content=[{"attachment": {"contentType": "text/plain", "url": "Binary/b"}}],
)
BINARY = resource("Binary/b", contentType="text/plain", data="R291dC4=")


def together(*files: dict[str, Any] | list[dict[str, Any]], folders: str = "") -> list[Encounter]:
    """Files of a resource each, or of the lines of an export; by letters, the folders that they lie in."""
    given = []
    for n, content in enumerate(files):
        lines = [written(line) for line in content] if isinstance(content, list) else None
        folder = folders[n] if folders else ""
        given.append(Given(n, f"f{n}.json", f"f{n}", folder, written(content) if lines is None else lines))
    return [encounter for _, encounter in read_files(given)]


def noted(encounters: list[Encounter]) -> set[str]:
    return {rule for encounter in encounters for rule in rules(encounter)}


def test_loose_resources_are_read_as_a_bundle_of_them_would_be() -> None:
    loose = (NOTE, HEART, PLAN, FOUND, VISIT, BINARY, ANN, ROLE, PAYER, HOUSE)
    (found,) = together(*loose)
    (whole,) = together(bundle(*loose, type="searchset"))
    assert (found.patient.last_name, found.payers[0].name) == ("Doe", "Blue Plan")
    assert [(p.role, p.npi, p.name) for p in found.providers] == [
        ("attending", "1234567893", None),
        ("facility", None, "General Hospital"),
    ]
    assert [(d.text, d.author, d.file) for d in found.documents] == [("Gout.", "Heart", "f0.json")]
    assert [(lead.code, lead.kind) for lead in found.codes] == [("I10", "diagnosis")]
    assert (found.patient, found.providers, found.payers) == (whole.patient, whole.providers, whole.payers)
    assert not noted([found])


def test_a_bundle_asks_other_files_for_what_it_lacks() -> None:
    (found,) = together(bundle(VISIT, FOUND, NOTE, ANN), bundle(HEART, ROLE), HOUSE, PLAN, PAYER, BINARY)
    assert [p.npi or p.name for p in found.providers] == ["1234567893", "General Hospital"]
    assert ([d.text for d in found.documents], [p.name for p in found.payers]) == (["Gout."], ["Blue Plan"])


def test_what_a_bundle_holds_itself_is_what_it_means() -> None:
    later = {**FOUND, "encounter": ref("Encounter/x")}
    first, other = together(bundle(VISIT, FOUND, ANN), bundle({**VISIT, "id": "x"}, later, BEN))
    assert (first.patient.last_name, other.patient.last_name) == ("Doe", "Roe")


def test_what_two_systems_call_alike_is_followed_to_neither() -> None:
    (found,) = (e for e in together(bundle(VISIT, FOUND), ANN, BEN, PLAN, folders="abcb") if e.codes)
    assert (found.patient.last_name, found.payers) == (None, ())
    assert "fhir-ambiguous" in rules(found)


def test_two_people_of_one_number_are_no_provider_by_name() -> None:
    visit = {**VISIT, "participant": [{"individual": ref(f"Practitioner?identifier={NPI}|1234567893")}]}
    (found,) = together(visit, FOUND, HEART, {**HEART, "id": "k", "name": [{"family": "Liver"}]})
    assert (found.providers[0].npi, found.providers[0].last_name) == ("1234567893", None)
    assert "fhir-ambiguous" in rules(found)


def test_a_copy_is_read_once_and_the_newest_version_holds() -> None:
    (found,) = together(VISIT, FOUND, FOUND, {**ANN, "meta": {"versionId": "2"}}, {**BEN, "meta": {"versionId": "1"}})
    assert (len(found.codes), found.patient.last_name) == (1, "Doe")
    assert {"fhir-twice", "fhir-versions"} <= set(rules(found))
    newer = {**FOUND, "code": concept("I11.9"), "meta": {"lastUpdated": "2026-05-02T01:00:00+02:00"}}
    older = {**FOUND, "meta": {"lastUpdated": "2026-05-01T22:30:00Z"}}
    assert [[c.code for c in e.codes] for e in together(VISIT, newer, older)] == [["I11.9"]]


def test_versions_that_nothing_orders_are_told_and_followed_to_none() -> None:
    liver = {**HEART, "name": [{"family": "Liver"}], "identifier": []}
    (found,) = together(VISIT, FOUND, ROLE, HEART, liver)
    assert "fhir-differing" in rules(found)
    assert found.providers[0].last_name is None
    both = together(
        VISIT, document("d", "Gout.", encounter=ref("Encounter/e")), document("d", "Flu.", encounter=ref("Encounter/e"))
    )
    assert [(d.id, d.text) for d in both[0].documents] == [
        ("DocumentReference/d", "Gout."),
        ("DocumentReference/d.2", "Flu."),
    ]


def test_one_id_of_two_people_mixes_no_documents() -> None:
    mine = document("a", "Gout.", subject=ref("Patient/1"))
    theirs = document("b", "Flu.", subject=ref("Patient/1"))
    found = together(ANN, mine, BEN, theirs)
    assert [[d.text for d in e.documents] for e in found] == [["Gout."], ["Flu."]]
    assert {e.patient.last_name for e in found} == {None}
    assert "fhir-differing" in noted(found)


def test_what_names_no_encounter_is_of_its_file_alone() -> None:
    found = together(
        ANN, document("a", "Gout.", subject=ref("Patient/1")), document("b", "Flu."), document("c", "Flu.")
    )
    assert [(e.patient.last_name, len(e.documents)) for e in found] == [("Doe", 1), (None, 1), (None, 1)]


def test_people_alone_introduce_others() -> None:
    assert [e.patient.last_name for e in together(ANN, {**BEN, "id": "2"})] == ["Doe", "Roe"]


def test_an_export_takes_time_in_proportion_to_its_size() -> None:
    def seconds(count: int) -> float:
        people = [{**ANN, "id": f"p{n}"} for n in range(count)]
        visits = [{**VISIT, "id": f"e{n}", "subject": ref(f"Patient/p{n}")} for n in range(count)]
        loose = [document(f"d{n}", "Gout.", context={"encounter": [ref(f"Encounter/e{n}")]}) for n in range(count)]
        start = time.process_time()
        assert len(together(loose, visits, people, [HEART, ROLE, HOUSE])) == count
        assert len(together(*loose, *visits, *people, HEART, ROLE)) == count
        return time.process_time() - start

    seconds(20)
    small, large = min(seconds(50) for _ in range(3)), seconds(400)
    assert large < 8 * small * 2
