"""Late documents by forms and over HTTP; on the page of a chart, places in the original and codes of the record."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from httpx import Client, Response

from .coders import HOSTILE, Chart, allowed, given, opened, practised
from .page import read
from .test_api import valid

KNOWN = "PID|1||30418^^^E^MR||Invented^Ada||19590211|F"
VISIT = f"PV1|1|O|CLINIC{'|' * 16}V-88"


def message(number: int, *said: str, more: str = "", visit: str = VISIT) -> bytes:
    """A document of a visit as HL7 v2."""
    head = rf"MSH|^~\&|W|E|C|E|20260514101500||MDM^T02|M{number}|P|2.5.1"
    about = f"TXA|1|PR|TX|20260514101000||||||||D-{number}|||||AU"
    words = [f"OBX|{n}|TX|1^Note||{text}||||||F" for n, text in enumerate(said, 1)]
    return "\r".join([head, KNOWN, visit, about, *words, more]).encode()


FIRST = message(1, "Assessment: Gout.", more="DG1|1||I10^Hypertension <b>^I10C||20260514|W")
LATE = message(2, "Assessment: Asthma.")
OTHER = message(3, "Assessment: Asthma.", visit=VISIT.replace("V-88", "V-99"))


def charted(desk: Client) -> Chart:
    return opened(given(desk, "visit.hl7", FIRST), desk)


def brought(chart: Chart, name: str, content: bytes, **fields: str) -> Response:
    return chart.client.post(f"{chart.home}/late", files={"file": (name, content)}, data=fields)


def test_late_documents_are_added_and_their_difference_is_shown(desk: Client) -> None:
    chart = charted(desk)
    chart.done(f"accept:{chart.ids()['M10.9']}")
    chart.done("finish")
    answer = brought(chart, "late.hl7", LATE)
    assert answer.status_code == 303
    page = read(desk.get(answer.headers["location"]).text)
    allowed(page)
    for words in ("1 late document. 1 code added. The finished coding was reopened.", "J45.909", "OBX 1, field 5"):
        assert words in " ".join(page.text.split())
    assert chart.ids("suggested").keys() == {"J45.909"}
    chart.done("undo")
    assert not chart.ids("suggested")
    assert "This was undone since." in desk.get(answer.headers["location"]).text
    assert "what they changed" not in chart.page("/late").text


def test_documents_that_changed_nothing_are_told(desk: Client) -> None:
    chart = charted(desk)
    assert brought(chart, "late.hl7", LATE).status_code == 303
    again = brought(chart, "late.hl7", LATE)
    assert (again.status_code, "in the chart already" in again.text) == (200, True)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("other.hl7", OTHER, "Not every file bears the number"),
        ("note.txt", b"Assessment: Asthma.", "Not every file bears the number"),
        ("claim.837", b"ISA*00*          *00*", "X12"),
        ("dtd.xml", b'<?xml version="1.0"?><!DOCTYPE a><ClinicalDocument/>', "DOCTYPE"),
        ("noise.bin", b"\1\2\0\3", "looks binary"),
        ("empty.txt", b"", "empty"),
        (f"{HOSTILE}.json", b'{"resourceType": "Bundle", "entry": [', "JSON"),
    ],
)
def test_what_cannot_come_is_refused_in_a_sentence(desk: Client, name: str, content: bytes, sentence: str) -> None:
    answer = brought(charted(desk), name, content)
    assert answer.status_code == 400
    page = read(answer.text)
    allowed(page)
    (alert,) = [e for e in page.all() if e.attributes.get("role") == "alert" and "remark" in e.attributes["class"]]
    assert sentence in alert.text


def test_a_person_may_know_that_a_text_is_of_it(desk: Client) -> None:
    chart = charted(desk)
    answer = brought(chart, "note.txt", b"Assessment: Asthma.", together="yes")
    assert answer.status_code == 303
    assert chart.ids().keys() == {"M10.9", "J45.909"}


def test_nothing_comes_to_a_practice_case(desk: Client) -> None:
    chart = practised(desk, "002-wound-of-the-foot")
    assert not chart.page().find(id="late")
    answer = brought(chart, "note.txt", b"Assessment: Asthma.", together="yes")
    assert (answer.status_code, "practice case" in answer.text) == (400, True)


def test_files_of_one_visit_are_one_chart(desk: Client) -> None:
    answer = desk.post("/desk/open", files=[("file", ("a.hl7", FIRST)), ("file", ("b.hl7", LATE))])
    assert opened(answer, desk).ids().keys() == {"M10.9", "J45.909"}


def test_a_number_of_two_patients_can_be_permitted_by_who_looked(desk: Client) -> None:
    other = LATE.replace(b"30418", b"55501").replace(b"Invented^Ada||19590211", b"Imagined^Ben||19880101")
    files = [("file", ("a.hl7", FIRST)), ("file", ("b.hl7", other))]
    assert "2 charts opened" in desk.post("/desk/open", files=files).text
    listed = read(desk.get("/desk").text)
    named = {e.text: e.attributes["href"] for e in reversed(list(listed.all())) if e.tag == "a"}
    chart = Chart(desk, named["a"])
    (finding,) = [f.attributes["data-finding"] for f in chart.page().all() if "data-finding" in f.attributes]
    chart.done(f"accept:{chart.ids()['M10.9']}")
    chart.done(f"permit:{finding}", reason="The number of the second message is wrong.")
    chart.done("finish")


def test_words_tell_where_they_stand_in_the_original(desk: Client) -> None:
    chart = charted(desk)
    at = FIRST.index(b"Gout")
    place = f"OBX 1, field 5, bytes {at} to {at + 4}"
    (mark,) = chart.page().find(tag="mark")
    assert mark.attributes["title"] == place
    assert f"in the original: {place}" in " ".join(chart.page(f"/codes/{chart.ids()['M10.9']}").text.split())


def test_codes_of_the_record_are_leads_and_no_rows(desk: Client) -> None:
    chart = charted(desk)
    assert chart.ids().keys() == {"M10.9"}
    page = chart.page()
    allowed(page)
    (leads,) = [e for e in page.all() if e.attributes.get("id") == "leads"]
    told = " ".join(leads.text.split())
    about = "diagnosis · uncertain · working diagnosis"
    for words in ("Hypertension <b>", "I10", about, "not on the chart", "DG1 1, field 3"):
        assert words in told
    assert not [e for e in leads.all() if e.attributes.get("name") == "do"]


# --- programs ---


def test_a_program_brings_late_documents_to_a_chart(desk: Client) -> None:
    chart = charted(desk)
    address = chart.home.replace("/desk/", "/desk/api/charts/") + "/late"
    answer = valid(desk.post(address, params={"name": "late.hl7"}, content=LATE).json(), "recoding-1")
    assert [code["code"] for code in answer["added"]] == ["J45.909"]
    again = desk.post(address, files={"file": ("late.hl7", LATE)}).json()
    assert (again["late"], again["reopened"]) == ([], False)
    assert "number" in desk.post(address, content=b"Assessment: Asthma.").json()["error"]
    assert desk.post("/desk/api/charts/none/late", content=LATE).status_code == 404
    assert desk.post(address, content=LATE, headers={"Authorization": "Bearer no"}).status_code == 401


CSV = b"encounter id,date of service,note\r\n1,2026-05-14,Assessment: Gout.\r\n2,2026-05-14,Assessment: Asthma.\r\n"
FHIR = (
    b'{"resourceType": "DocumentReference", "id": "d", "status": "current", "content": [{"attachment":'
    b' {"contentType": "text/plain", "data": "QXNzZXNzbWVudDogR291dC4="}}]}'
)
CCDA = (
    b'<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><component><structuredBody><component><section>'
    b"<title>Assessment</title><text>Gout.</text></section></component></structuredBody></component></ClinicalDocument>"
)
FORMATS: Mapping[str, bytes] = {
    "note.txt": b"Assessment: Gout.",
    "note.rtf": rb"{\rtf1\ansi Assessment: Gout.\par}",
    "visit.hl7": FIRST,
    "visit.xml": CCDA,
    "d.json": FHIR,
    "d.ndjson": FHIR + b'\n{"resourceType": "Patient", "id": "p"}\n',
    "chart.json": b'{"schema": "leadterm.encounter/1", "id": "e", "text": "Assessment: Gout."}',
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_coded(desk: Client, name: str) -> None:
    coded = valid(desk.post("/api/code", params={"name": name}, content=FORMATS[name]).json(), "coded-1")
    assert [a["code"] for a in coded["assignments"]] == ["M10.9"]


def test_rows_are_a_list(desk: Client) -> None:
    answer = desk.post("/api/code", files={"file": ("t.csv", CSV)}).json()
    assert [[a["code"] for a in valid(each, "coded-1")["assignments"]] for each in answer] == [["M10.9"], ["J45.909"]]
    rows = desk.post("/api/code", params={"name": "r.jsonl"}, content=b'{"text": "Gout."}\n{"text": 1}\n').json()
    assert set(rows[1]) == {"id", "error"}


def test_files_are_joined_by_their_numbers(desk: Client) -> None:
    files = [("file", ("a.hl7", FIRST)), ("file", ("b.hl7", LATE)), ("file", ("c.hl7", OTHER))]
    assert [len(each["assignments"]) for each in desk.post("/api/code", files=files).json()] == [2, 1]
    assert len(desk.post("/api/code", params={"apart": "true"}, files=files).json()) == 3


def test_what_is_said_of_a_chart_holds(desk: Client) -> None:
    said = {"setting": "inpatient", "age": "70", "sex": "F", "date": "2026-05-14"}
    coded = desk.post("/api/code", params=said, content=b"Assessment: Gout.").json()
    assert (coded["setting"], coded["date_of_service"]) == ("inpatient", "2026-05-14")
    latin = "Assessment: Ménière's disease.".encode("windows-1252")
    assert desk.post("/api/code", params={"encoding": "windows-1252"}, content=latin).status_code == 200


@pytest.mark.parametrize(
    ("asked", "content"),
    [
        ({}, b""),
        ({"setting": "klingon"}, b"Gout."),
        ({"age": "900"}, b"Gout."),
        ({"date": "14.05.2026"}, b"Gout."),
        ({"together": "yes", "apart": "yes"}, b"Gout."),
        ({"together": "perhaps"}, b"Gout."),
        ({"encoding": "klingon"}, b"Gout."),
        ({"name": "x" * 300}, b"Gout."),
        ({}, b"\1\2\0\3"),
        ({}, b"ISA*00*          *00*"),
        ({}, b"caf\xe9"),
        ({"name": "big.xml"}, b"<?xml version='1.0'?><ClinicalDocument>" + b" " * 50_000_001),
    ],
)
def test_what_cannot_be_coded_is_told_in_a_sentence(desk: Client, asked: dict[str, str], content: bytes) -> None:
    answer = desk.post("/api/code", params=asked, content=content)
    assert (answer.status_code, set(answer.json())) == (400, {"error"})
    assert answer.json()["error"].endswith((".", ")."))


def test_a_coding_is_made_anew_with_late_files(desk: Client) -> None:
    coded = desk.post("/api/code", params={"name": "visit.hl7"}, content=FIRST).content
    parts = {"coded": ("visit.coded.json", coded), "file": ("late.hl7", LATE)}
    answer = valid(desk.post("/api/recode", files=parts).json(), "recoding-1")
    assert ([c["code"] for c in answer["added"]], answer["coded"]["assignments"][0]["evidence"][0]["source"]) == (
        ["J45.909"],
        f"OBX[1]-5[1], bytes {FIRST.index(b'Gout')}-{FIRST.index(b'Gout') + 4}",
    )
    for wrong in ({"file": ("late.hl7", LATE)}, {**parts, "coded": ("c", b"no")}, {"coded": ("c", coded)}):
        refused = desk.post("/api/recode", files=wrong)
        assert (refused.status_code, set(refused.json())) == (400, {"error"})
    text = desk.post("/api/recode", files={**parts, "file": ("n.txt", b"Assessment: Asthma.")})
    assert text.status_code == 400
