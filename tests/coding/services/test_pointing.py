"""Every line points to what it was done for: to diagnoses of the claim, never to an external cause."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.coding.services.pointing import pointed
from leadterm.domain import Assignment, ClaimType, Role
from leadterm.domain.coded import DIAGNOSIS_ROLES
from leadterm.pipeline import Coder

from .charts import captured, charge, chart, encounter, read

VISIT = """\
CHIEF COMPLAINT: Right knee pain, cough.
PROCEDURE: Right knee injection with triamcinolone for osteoarthritis of the right knee.
ASSESSMENT AND PLAN:
1. Osteoarthritis of the right knee. Injected today.
2. Hypertension. Continue lisinopril.
   EKG performed today: normal sinus rhythm.
3. Type 2 diabetes mellitus. A1c checked today, 7.1.
4. Flu vaccine given today.
"""


def coded(coder: Coder, text: str, *charges: str) -> dict[str, list[str]]:
    """The codes that each line points to."""
    answer = coder.code(encounter(text, charges=tuple(charge(c) for c in charges)))
    codes = {a.sequence: a.code.value for a in answer.diagnoses}
    return {a.code.value: [codes[p] for p in a.pointers] for a in answer.charges}


def diagnoses(coder: Coder, text: str) -> tuple[Assignment, ...]:
    return coder.code(encounter(text)).diagnoses


def one(coder: Coder, value: str, words: str, kind: str = "procedure") -> list[str]:
    """What a line that was read by these words of the visit points to."""
    of, found = chart(coder, VISIT), diagnoses(coder, VISIT)
    (line,) = pointed(of, [read(of, value, words, kind)], found)
    codes = {a.sequence: a.code.value for a in found}
    return [codes[p] for p in line.pointers]


def test_a_procedure_points_to_what_it_was_done_for(coder: Coder):
    assert one(coder, "20610", "Right knee injection") == ["M17.11"]


def test_a_test_points_to_the_problem_that_it_stands_under(coder: Coder):
    assert one(coder, "93000", "EKG") == ["I10"]


def test_a_vaccine_points_to_its_own_code(coder: Coder):
    assert one(coder, "90686", "Flu vaccine", "vaccine") == ["Z23"]


def test_a_visit_points_to_what_was_assessed(coder: Coder):
    assert coded(coder, VISIT, "99214")["99214"] == ["M17.11", "I10", "E11.9"]


def test_a_line_of_which_nothing_is_told_points_to_what_leads(coder: Coder):
    assert coded(coder, VISIT, "36415")["36415"][0] == "M17.11"


def test_giving_a_drug_points_to_what_the_drug_was_given_for(coder: Coder):
    of, found = chart(coder, VISIT), diagnoses(coder, VISIT)
    drug = read(of, "J3301", "triamcinolone", "drug")
    giving = captured("96372")
    lines = pointed(of, [drug, giving], found)
    assert [n.pointers for n in lines] == [(1,), (1,)]


def test_a_screening_leads_and_what_it_found_follows(coder: Coder):
    text = "INDICATION: Screening colonoscopy, average risk.\nPROCEDURE: Colonoscopy with snare polypectomy.\n" \
           "IMPRESSION: Polyp of the ascending colon.\n"  # fmt: skip
    codes = coded(coder, text, "45385")["45385"]
    assert codes[0] == "Z12.11"
    assert len(codes) == 2


def test_pointers_that_the_record_chose_stand(coder: Coder):
    of, found = chart(coder, VISIT), diagnoses(coder, VISIT)
    assert pointed(of, [captured("93000", pointers=(3,))], found)[0].pointers == (3,)


def test_lines_of_a_hospital_have_no_pointers(coder: Coder):
    hospital = encounter(VISIT, claim_type=ClaimType.INSTITUTIONAL, charges=(charge("93005"),))
    assert {a.pointers for a in coder.code(hospital).charges} == {()}


def test_an_injury_does_not_point_to_how_it_came(coder: Coder):
    text = "HPI: Fell from a ladder at home.\nASSESSMENT: Laceration of the right forearm, fall from a ladder.\n" \
           "Laceration repair 3 cm.\n"  # fmt: skip
    answer = coder.code(encounter(text, charges=(charge("12002"), charge("99283"))))
    causes = {a.sequence for a in answer.diagnoses if a.role is Role.EXTERNAL_CAUSE}
    assert causes
    assert all(not causes.intersection(a.pointers) for a in answer.charges)


CODES = st.lists(st.sampled_from(["99213", "20610", "93000", "90686", "36415", "45385", "G0439", "J1885"]), max_size=6)
TEXTS = st.sampled_from([VISIT, "ASSESSMENT: Fell from a ladder. Fracture of the left wrist.\n", "Cough.", ""])


@settings(max_examples=40)
@given(TEXTS, CODES)
def test_pointers_name_diagnoses_of_the_claim_each_once(coder: Coder, text: str, charges: list[str]):
    answer = coder.code(encounter(text, charges=tuple(charge(c) for c in charges)))
    known = {a.sequence for a in answer.assignments if a.role in DIAGNOSIS_ROLES and a.role is not Role.EXTERNAL_CAUSE}
    for line in answer.charges:
        assert len(line.pointers) <= 4
        assert len(set(line.pointers)) == len(line.pointers)
        assert set(line.pointers) <= known
        assert bool(line.pointers) == bool(known)


@settings(max_examples=25)
@given(st.permutations(["99213", "20610", "93000", "90686", "36415"]))
def test_the_order_of_charges_changes_no_line(coder: Coder, charges: list[str]):
    assert coded(coder, VISIT, *charges) == coded(coder, VISIT, *sorted(charges))
