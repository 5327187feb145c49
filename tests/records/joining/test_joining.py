"""Files of one encounter as one: what ties them, what keeps them apart, and which of their documents are read."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.domain import (
    Document,
    DocumentStatus,
    Encounter,
    Identifier,
    IdentifierKind,
    InputError,
    Patient,
    Setting,
    Sex,
)
from leadterm.records import Joining, Overrides, files_of, joined, read_joined, settled
from leadterm.schemas import decode, encode
from schemas.validation import problems

from ..hl7v2.notation import message

NOTE = (
    "Assessment: community-acquired pneumonia of the right lower lobe, treated with ceftriaxone and azithromycin. "
    "Hypertension well controlled with lisinopril. Discharged tomorrow after physical therapy evaluation at home."
)


def numbers(visit: str | None = "V1", patient: str | None = "100", by: str | None = None) -> tuple[Identifier, ...]:
    given = ((IdentifierKind.VISIT, visit), (IdentifierKind.PATIENT, patient))
    return tuple(Identifier(kind, value, by) for kind, value in given if value)


def record(
    *documents: Document, id: str = "a", known: tuple[Identifier, ...] | None = None, **rest: object
) -> Encounter:
    return Encounter(id, documents=documents, identifiers=numbers() if known is None else known, **rest)  # type: ignore[arg-type]


def note(id: str = "d1", text: str = NOTE, **rest: object) -> Document:
    return Document(id, text, **rest)  # type: ignore[arg-type]


def one(*records: Encounter, together: bool = False) -> Encounter:
    ((_, found),) = joined(records, together=together)
    return found


def told(encounter: Encounter) -> list[str]:
    return [n.rule.rpartition("/")[2] for n in encounter.notes]


class TestWhatTies:
    def test_a_visit_of_one_patient(self) -> None:
        found = one(record(note(text="Asthma.")), record(note(text="Gout."), id="b"))
        assert (found.id, [d.id for d in found.documents], told(found)) == ("a", ["d1", "d2"], ["joined"])

    @pytest.mark.parametrize(
        ("mine", "theirs"),
        [
            (numbers("V1", "100"), numbers("V2", "100")),
            (numbers("V1", "100", by="1.2.3"), numbers("V1", "100", by="1.2.4")),
            (numbers(None, "100"), numbers(None, "100")),
            ((), ()),
        ],
        ids=["other visits", "other assigners", "a patient alone", "nothing"],
    )
    def test_what_does_not(self, mine: tuple[Identifier, ...], theirs: tuple[Identifier, ...]) -> None:
        assert len(joined([record(note(), known=mine), record(note(), known=theirs)])) == 2

    def test_assigners_in_two_notations_are_no_two(self) -> None:
        assert one(record(known=numbers(by="HOSP")), record(known=numbers(by="urn:oid:1.2.3"))).id == "a"

    def test_a_number_of_two_patients_joins_nothing(self) -> None:
        mine = record(note(), patient=Patient(birth_date=date(1950, 1, 2)))
        found = joined([mine, record(note(), id="b", patient=Patient(birth_date=date(1951, 1, 2)))])
        assert ([e.id for _, e in found], told(found[0][1])) == (["a", "b"], ["joined-patients"])

    def test_a_birth_date_may_be_corrected(self) -> None:
        of = [Patient(birth_date=date(1950, 1, n), last_name="Example") for n in (2, 12)]
        found = one(*(record(note(), patient=p) for p in of))
        assert (found.patient, "joined-differing" in told(found)) == (of[0], True)

    def test_the_notes_of_a_stay_are_of_many_days(self) -> None:
        stay = replace(record(note()), admission=date(2026, 2, 3), discharge=date(2026, 2, 9))
        days = (replace(record(note()), date_of_service=date(2026, 2, n)) for n in (4, 11))
        found = one(stay, *days)
        assert (found.admission, "joined-differing" in told(found)) == (date(2026, 2, 3), False)

    def test_a_number_alone_joins_nothing_where_both_patients_are_told_otherwise(self) -> None:
        mine, theirs = numbers("V1", "100", by="http://a"), numbers("V1", "7", by="1.2.3")
        mine = (Identifier(IdentifierKind.VISIT, "V1"), mine[1])
        found = joined([record(note(), known=mine), record(note(), known=theirs)])
        assert [told(e) for _, e in found] == [["joined-unsure"], []]

    def test_name_and_birth_date_tell_a_patient(self) -> None:
        ada = Patient(birth_date=date(1950, 1, 2), last_name="EXAMPLE", first_name="ADA")
        mine = record(note(), known=numbers("V1", "100", by="A"), patient=ada)
        theirs = record(note(), known=numbers("V1", "7", by="1.2"), patient=replace(ada, last_name="Example"))
        assert len(one(mine, theirs).documents) == 2

    def test_an_account_ties_visits_of_one_day_alone(self) -> None:
        def of(day: int) -> Encounter:
            return record(note(), known=numbers(None), account="77", date_of_service=date(2026, 5, day))

        assert len(joined([of(14), of(14)])) == 1
        assert len(joined([of(14), of(21)])) == 2

    def test_a_late_addendum_by_the_document_it_goes_on_with(self) -> None:
        addendum = note("n-8", "It was pneumonia.", appends="n-7", status=DocumentStatus.ADDENDUM)
        assert len(one(record(note("n-7")), record(addendum, known=numbers(None))).standing) == 2

    def test_a_record_may_show_that_two_are_one(self) -> None:
        first, second = record(note("x")), record(note("y"), known=numbers("V2"), id="b")
        both = (*numbers("V1"), *numbers("V2"))
        assert len(one(first, second, record(note("z"), known=both)).documents) == 3

    def test_a_record_that_may_be_of_two_visits_is_of_none(self) -> None:
        account = Identifier(IdentifierKind.ACCOUNT, "77")
        found = joined([record(note(text=str(v)), known=(*numbers(v), account)) for v in ("V1", "V2", None)])
        assert [told(e) for _, e in found] == [[], [], ["joined-several"]]

    def test_a_record_without_a_patient_is_of_none_of_two(self) -> None:
        found = joined(
            [record(note()), record(note(), known=numbers("V1", "200")), record(note(), known=numbers("V1", None))]
        )
        assert "joined-several" in told(found[2][1])

    def test_who_the_patient_is_may_stand_in_a_file_of_its_own(self) -> None:
        ada = Patient(sex=Sex.FEMALE, birth_date=date(1950, 1, 2))
        found = one(record(id="p", known=numbers(None), patient=ada), record(note(), id="b"))
        assert (found.patient.sex, found.documents[0].text) == (Sex.FEMALE, NOTE)

    def test_the_caller_may_say_so(self) -> None:
        assert len(one(record(note(), known=()), record(note(text="Gout."), known=()), together=True).documents) == 2

    def test_but_not_of_two_patients(self) -> None:
        with pytest.raises(InputError, match="more than one patient"):
            one(record(note()), record(note(), known=numbers("V1", "200")), together=True)


class TestWhichDocumentsAreRead:
    def standing(self, *documents: Document) -> list[str]:
        return [d.id for d in settled(record(*documents)).standing]

    def test_a_copy_once(self) -> None:
        found = settled(record(note("a"), note("b", NOTE.upper().replace(" ", "\n"))))
        assert ([d.id for d in found.standing], found.documents[1].same_as, told(found)) == (
            ["a"],
            "a",
            ["joined-copy"],
        )

    def test_the_final_one_of_two_copies(self) -> None:
        assert self.standing(note("a", status=DocumentStatus.PRELIMINARY), note("b")) == ["b"]

    def test_a_text_that_stands_whole_in_another_once(self) -> None:
        assert self.standing(note("a"), note("b", f"Lee Doctor, MD\n{NOTE}\nSigned.")) == ["b"]

    def test_a_sign_is_a_word(self) -> None:
        assert self.standing(note("a", "Babinski: -"), note("b", "Babinski: +")) == ["a", "b"]

    def test_the_same_words_of_another_day_are_said_again(self) -> None:
        days = [datetime(2026, 5, n) for n in (14, 15)]
        assert self.standing(*(note(f"n{d.day}", service_time=d) for d in days)) == ["n14", "n15"]

    def test_a_nurse_and_a_physician_are_two(self) -> None:
        assert self.standing(note("a", author_role="nurse"), note("b", author_role="physician")) == ["a", "b"]

    def test_nearly_the_same_is_told_and_read(self) -> None:
        long = " ".join(f"sentence{n} tells something particular about admission." for n in range(40))
        found = settled(record(note("a", f"{long} No fever."), note("b", f"{long} High fever.")))
        assert ([d.id for d in found.standing], told(found)) == (["a", "b"], ["joined-near"])

    def test_settling_again_changes_nothing(self) -> None:
        found = settled(record(note("a"), note("b"), note("c", f"More.\n{NOTE}")))
        assert settled(found) == found

    def test_a_second_version_by_its_number(self) -> None:
        found = one(record(note("n", "Gout.", version=2)), record(note("n", "Asthma.", version=1)))
        assert [d.text for d in found.standing] == ["Gout."]

    def test_a_second_version_by_its_time(self) -> None:
        signed = [datetime(2026, 5, 14, n) for n in (8, 9)]
        records = [record(note("n", f"{t.hour}", signed_time=t)) for t in signed]
        assert [d.text for d in one(*records).standing] == [d.text for d in one(*reversed(records)).standing] == ["9"]

    def test_versions_that_nothing_orders_are_both_read_and_told(self) -> None:
        found = one(record(note("n", "Gout.")), record(note("n", "Asthma.")))
        assert ([d.id for d in found.standing], told(found)) == (["n", "n.2"], ["joined-versions", "joined"])

    def test_what_another_file_takes_back(self) -> None:
        back = note("n", "Gout.", status=DocumentStatus.RETRACTED)
        assert one(record(note("n", "Gout.")), record(back)).standing == ()

    def test_what_another_file_took_back_before_it_came(self) -> None:
        back = note("n", "", status=DocumentStatus.RETRACTED)
        assert one(record(back), record(note("n", "Gout."))).standing == ()

    def test_what_was_issued_again(self) -> None:
        back = note("n", "Gout.", status=DocumentStatus.RETRACTED, signed_time=datetime(2026, 5, 14, 8))
        again = note("n", "Asthma.", signed_time=datetime(2026, 5, 14, 9))
        assert [d.text for d in one(record(back), record(again)).standing] == ["Asthma."]

    def test_what_another_file_replaces(self) -> None:
        correction = note("n-8", "Asthma.", supersedes="n-7", status=DocumentStatus.CORRECTED)
        assert [d.id for d in one(record(note("n-7", "Gout.")), record(correction)).standing] == ["n-8"]

    def test_another_form_of_a_document_once(self) -> None:
        assert self.standing(note("n-7"), note("n-8", "Other words.", same_as="n-7")) == ["n-7"]


def test_what_is_joined_comes_back_from_its_json() -> None:
    first = note("n-7", series="s", version=1, file="a.xml")
    added = note("n-8", "It was gout.", appends="n-7", status=DocumentStatus.ADDENDUM, same_as="n-9")
    found = one(record(first), record(added, known=(*numbers(by="1.2"), *numbers())))
    written = encode.encounter(found)
    assert problems("encounter-1", written, closed=True) == []
    assert found.notes
    assert decode.encounter(written, "x") == found


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("xyz"), st.integers(1, 3)), max_size=6))
def test_nothing_is_lost_or_comes_to_another_patient(drawn: list[tuple[str, str, int]]) -> None:
    records = [
        record(note(text=f"{visit}{patient}{n}"), known=numbers(visit, patient), id=f"r{n}")
        for n, (visit, patient, _) in enumerate(drawn)
    ]
    found = [encounter for _, encounter in joined(records)]
    texts = sorted(d.text for encounter in found for d in encounter.documents)
    assert texts == sorted(d.text for r in records for d in r.documents)
    assert all(len({d.text[:2] for d in encounter.documents}) == 1 for encounter in found)
    assert len(found) == len({(visit, patient) for visit, patient, _ in drawn})


class TestFiles:
    def read(self, *paths: Path, joining: Joining = Joining.BY_NUMBERS) -> list[Encounter]:
        charts = read_joined(files_of(paths), io.BytesIO(), Overrides(), joining=joining)
        return [c.content for c in charts if isinstance(c.content, Encounter)]

    def written(self, folder: Path, **files: str) -> Path:
        for name, content in files.items():
            (folder / name.replace("_", ".")).write_bytes(content.encode())
        return folder

    CCDA = (
        '<?xml version="1.0"?><ClinicalDocument><id extension="n-7"/><recordTarget><patientRole><id extension="100"/>'
        "</patientRole></recordTarget><componentOf><encompassingEncounter><id extension='V1'/></encompassingEncounter>"
        "</componentOf>{}<component><structuredBody><component><section><title>Plan</title><text>Rest.</text></section>"
        "</component></structuredBody></component></ClinicalDocument>"
    )
    ADMITTED = message("ADT^A01", "PV1|1|I|||||||||||||||||V1|||||||||||||||||||||||||20260510")
    REPORT = message("MDM^T02", "PV1|1|I|||||||||||||||||V1\nTXA|1|DS||||||||||D7|||||AU\nOBX|1|TX|1||Gout.")
    BACK = message("MDM^T11", "PV1|1|I|||||||||||||||||V1\nTXA|1|DS||||||||||D7|||||AU||CA")
    FHIR = json.dumps(
        {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [
                {"resource": {"resourceType": "Patient", "id": "p", "identifier": [{"value": "100"}]}},
                {
                    "resource": {
                        "resourceType": "Encounter",
                        "id": "e",
                        "identifier": [{"value": "V1"}],
                        "class": {"code": "AMB"},
                        "subject": {"reference": "Patient/p"},
                        "reasonCode": [{"text": "Cough"}],
                    }
                },
                {
                    "resource": {
                        "resourceType": "DocumentReference",
                        "id": "x",
                        "status": "current",
                        "subject": {"reference": "Patient/p"},
                        "context": {"encounter": [{"reference": "Encounter/e"}]},
                        "content": [{"attachment": {"contentType": "text/plain", "data": "QXN0aG1hLg=="}}],
                    }
                },
            ],
        }
    )

    def test_all_formats_of_one_visit(self, tmp_path: Path) -> None:
        self.written(tmp_path, a_hl7=self.ADMITTED, b_hl7=self.REPORT, c_xml=self.CCDA.format(""), d_json=self.FHIR)
        self.written(tmp_path, e_txt="Nobody's.")
        first, other = self.read(tmp_path)
        assert (first.id, first.setting, first.admission) == ("a", Setting.INPATIENT, date(2026, 5, 10))
        assert {d.file for d in first.standing} == {"b.hl7", "c.xml", "d.json"}
        assert other.documents[0].text == "Nobody's."

    def test_a_message_takes_back_what_another_file_told(self, tmp_path: Path) -> None:
        (found,) = self.read(self.written(tmp_path, a_hl7=self.REPORT, b_hl7=self.BACK))
        assert ([d.status for d in found.documents], found.standing) == ([DocumentStatus.RETRACTED], ())

    def test_relations_of_a_clinical_document(self, tmp_path: Path) -> None:
        related = (
            '<relatedDocument typeCode="APND"><parentDocument><id extension="n-6"/></parentDocument></relatedDocument>'
        )
        (found,) = self.read(self.written(tmp_path, a_xml=self.CCDA.format(f'{related}<setId root="1.9"/>')))
        (document,) = found.documents
        assert (document.status, document.appends, document.series) == (DocumentStatus.ADDENDUM, "n-6", "1.9")

    def test_each_by_itself_where_the_caller_says_so(self, tmp_path: Path) -> None:
        self.written(tmp_path, a_hl7=self.ADMITTED, b_hl7=self.REPORT)
        assert len(self.read(tmp_path, joining=Joining.APART)) == 2

    def test_rows_stay_rows(self, tmp_path: Path) -> None:
        rows = "".join(json.dumps({"id": i, "account": "V1", "text": "Gout."}) + "\n" for i in "pq")
        self.written(tmp_path, a_txt="One.", b_jsonl=rows, c_txt="Two.")
        assert [e.id for e in self.read(tmp_path)] == ["a", "p", "q", "c"]

    def test_a_folder_without_charts(self, tmp_path: Path) -> None:
        (tmp_path / ".hidden").write_text("x")
        with pytest.raises(InputError, match="no file that could be coded"):
            files_of([tmp_path])
