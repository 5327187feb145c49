"""Who said it, where the document tells."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadterm.abstraction.layout.fold import fold
from leadterm.abstraction.layout.sections import Section, find_sections
from leadterm.abstraction.layout.segments import split
from leadterm.abstraction.provenance.speakers import find_speakers
from leadterm.domain import Document


def who(marked: str, **given: str | None) -> str | None:
    """Who says what stands in braces."""
    start, end = marked.index("{"), marked.index("}") - 1
    text = marked.replace("{", "").replace("}", "")
    folded = fold(text)
    sections = find_sections(text, folded)
    segments = [piece for s in sections for piece in split(text, s.body, s.end)]
    segment = next(((a, b) for a, b in segments if a <= start < b), (start, end))
    return find_speakers(Document("d1", text, **given), folded, sections).at(start, segment)  # type: ignore[arg-type]


# --- attributions in a sentence ---


@pytest.mark.parametrize(
    ("marked", "speaker"),
    [
        ("Patient reports {chest pain}.", "patient"),
        ("Pt states {dizziness} for two days.", "patient"),
        ("She also denies {fever}.", "patient"),
        ("Mr. Roe states that he has {diabetes}.", "patient"),
        ("65 y/o M c/o {chest pain}.", "patient"),
        ("This 40-year-old accountant complains of {back pain}.", "patient"),
        ("Denies fever or {chills}.", "patient"),
        ("Stable. Reports {nausea}.", "patient"),
        ("Patient has asthma and reports {wheezing}.", "patient"),
        ("The patient, however, denies {pain}.", "patient"),
        ("Wife notes {confusion}.", "family"),
        ("His wife, who is at bedside, reports {snoring}.", "family"),
        ("The mother states fever and denies {vomiting}.", "family"),
        ("RN reports {stage 2 pressure ulcer}.", "nurse"),
        ("Nurse Smith noted a {skin tear}.", "nurse"),
        ("Nursing staff documented {urinary incontinence}.", "nurse"),
        ("EMS reported {hypotension}.", "emt"),
        ("Paramedics found him {unresponsive}.", "emt"),
        ("Dietitian documented severe {malnutrition}.", "dietitian"),
        ("Physical therapist noted {gait instability}.", "therapist"),
        ("Respiratory therapy reports {stridor}.", "therapist"),
        ("Social work noted {homelessness}.", "social worker"),
        ("Her pharmacist identified {nonadherence}.", "pharmacist"),
        ("Pathology reports {adenocarcinoma}.", "pathologist"),
        ("Radiology reads this as {pulmonary embolism}.", "radiologist"),
        ("Cardiology feels this is {demand ischemia}.", "consultant"),
        ("Dr. Roe thinks this is {gout}.", "provider"),
        ("The nurse practitioner diagnosed {otitis}.", "provider"),
    ],
)
def test_the_subject_of_a_saying_verb_says_it(marked: str, speaker: str) -> None:
    assert who(marked) == speaker


@pytest.mark.parametrize(
    ("marked", "speaker"),
    [
        ("Per mother, he had a {seizure}.", "family"),
        ("He had a {seizure} per his mother.", "family"),
        ("{Seizure} witnessed by family.", "family"),
        ("According to the patient's daughter, she {fell}.", "family"),
        ("{Pneumonia} per radiology, started on ceftriaxone.", "radiologist"),
        ("{Stage 3 ulcer} noted by nursing.", "nurse"),
        ("Stable, but per nursing, {confused} overnight.", "nurse"),
        ("Severe {malnutrition}, per registered dietitian.", "dietitian"),
        ("Per cardiology, likely {NSTEMI}.", "consultant"),
        ("{NSTEMI} per interventional radiology and cardiology.", "consultant"),
        ("Per Dr. Roe, {gout}.", "provider"),
        ("Per PCP, has {CKD}.", "provider"),
        ("He was {hypoxic} as per EMS.", "emt"),
        ("As per EMS, he was {hypoxic}.", "emt"),
        ("Per her report, {migraine}.", "patient"),
        ("He had a seizure, per wife, and then a {fall}.", "family"),
    ],
)
def test_a_source_says_what_stands_before_it_or_after_it_where_it_opens(marked: str, speaker: str) -> None:
    assert who(marked) == speaker


@pytest.mark.parametrize(
    "marked",
    [
        "Patient reports cough. Exam shows {wheezing}.",
        "Patient reports cough but on exam has {wheezing}.",
        "Patient has {asthma} and reports wheezing.",
        "Pneumonia per radiology, ceftriaxone for {UTI}.",
        "Patient noted to have {hypertension}.",
        "Patient found to have {hypertension}.",
        "Metformin 500 mg per day for {diabetes}.",
        "Discharged per patient request with {COPD}.",
        "Insulin per pharmacy protocol for {diabetes}.",
        "Nursing notes reviewed, {COPD} stable.",
        "Awaiting the final pathology report. {COPD} stable.",
        "Given age and recent surgery. Wound checked, we noted {cellulitis}.",
        "Family history reviewed, {COPD} stable.",
        "Nursing home resident with {dementia}.",
        "Lab reports {hyponatremia}.",
    ],
)
def test_other_words_attribute_nothing(marked: str) -> None:
    assert who(marked) is None


def test_an_attribution_gives_way_to_the_author_where_he_speaks_again() -> None:
    text = "Patient reports palpitations and I suspect {atrial fibrillation}."
    assert who(text, author_role="physician") == "provider"


def test_an_attribution_wins_over_the_author() -> None:
    assert who("Per wife, he {fell}.", author_role="physician") == "family"


# --- who wrote it ---


@pytest.mark.parametrize(
    ("role", "type", "speaker"),
    [
        ("physician", None, "provider"),
        ("attending physician", "progress note", "provider"),
        ("M.D.", None, "provider"),
        ("PA-C", None, "provider"),
        ("nurse practitioner", None, "provider"),
        ("RN, FNP-C", None, "provider"),
        ("Registered Nurse", None, "nurse"),
        ("RN", "progress note", "nurse"),
        ("cardiologist", "progress note", "provider"),
        ("cardiologist", "consult note", "consultant"),
        ("Radiologist", None, "radiologist"),
        ("physician", "radiology report", "provider"),
        ("speech-language pathologist", None, "therapist"),
        ("PT", None, "therapist"),
        ("social worker", None, "social worker"),
        ("Dietitian", None, "dietitian"),
        ("paramedic", None, "emt"),
        ("patient", None, "patient"),
        ("medical student", None, None),
        (None, "Nursing progress note", "nurse"),
        (None, "nursing home visit progress note", "provider"),
        (None, "H&P", "provider"),
        (None, "discharge_summary", "provider"),
        (None, "CT abdomen", "radiologist"),
        (None, "surgical pathology report", "pathologist"),
        (None, "physical therapy evaluation", "therapist"),
        (None, "laboratory report", "laboratory"),
        ("laboratory", "report", "laboratory"),
        ("pathologist", "laboratory report", "pathologist"),
        ("physician", "laboratory report", "provider"),
        (None, "other", None),
        (None, None, None),
    ],
)
def test_role_and_type_of_a_document_tell_its_author(role: str | None, type: str | None, speaker: str | None) -> None:
    assert who("{COPD}.", author_role=role, type=type) == speaker


PARTS = "PROGRESS NOTE\nCOPD.\n\nNURSING NOTE 05/12/2026\nUlcer.\n\nRadiology Report\nNodule.\n"


@pytest.mark.parametrize(("word", "speaker"), [("COPD", "provider"), ("Ulcer", "nurse"), ("Nodule", "radiologist")])
def test_titles_part_a_text_of_several_writers(word: str, speaker: str) -> None:
    assert who(PARTS.replace(word, f"{{{word}}}")) == speaker


def test_a_part_of_a_nurse_ends_before_the_assessment() -> None:
    text = "Progress note\nCOPD.\n\nNursing Note\nUlcer.\n\nASSESSMENT:\n1. {Pneumonia}"
    assert who(text, author_role="physician") == "provider"


@pytest.mark.parametrize(
    "line", ["Cardiology Consult", "- Nursing Note", "Awaiting the cardiology note", "Nursing Note was reviewed today"]
)
def test_a_line_of_a_plan_is_no_title(line: str) -> None:
    assert who(f"Plan:\nPneumonia\n\n{line}\n{{Gout}}") is None


@pytest.mark.parametrize(
    ("signature", "speaker"),
    [
        ("Electronically signed by Jane Roe, MD", "provider"),
        ("Electronically signed: J. Roe, R.N. 05/12/2026 08:00", "nurse"),
        ("Signed by Jane Roe, MSN, RN, FNP-C", "provider"),
        ("Dictated by: Jane Roe, M.D., Radiology", "radiologist"),
        ("/s/ Jane Roe, LCSW", "social worker"),
        ("Electronically signed by Jane Roe", None),
        ("Consent was signed by the patient and RN", None),
    ],
)
def test_a_signature_tells_who_wrote(signature: str, speaker: str | None) -> None:
    assert who(f"{{Ulcer}}.\n\n{signature}\n") == speaker


def test_the_first_to_sign_wrote_it() -> None:
    assert who("{Ulcer}.\n\nSigned by J. Roe, RN\nSigned by A. Doe, MD\n") == "nurse"


def test_the_role_of_the_author_wins_over_title_and_signature() -> None:
    assert who("Nursing Note\n{Ulcer}.\n\nSigned by J. Roe, RN\n", author_role="physician") == "provider"


# --- paragraphs and sections ---


@pytest.mark.parametrize(
    ("marked", "speaker"),
    [
        ("RN note: Pt calm. {Ulcer} stage 3.", "nurse"),
        ("Nursing: {Ulcer} stage 3.", "nurse"),
        ("ED triage nurse note: {syncope}.", "nurse"),
        ("Radiology: right lower lobe {pneumonia}.", "radiologist"),
        ("Pathology: {adenocarcinoma}.", "pathologist"),
        ("EMS report: {hypoglycemia} on scene.", "emt"),
        ("CT (radiology read: {pulmonary embolism}) done.", "radiologist"),
        ("CT (radiology read: embolism) with {COPD}.", None),
        ("Renal: {CKD} stage 3.", None),
        ("Nutrition: severe {malnutrition}.", None),
        ("Patient: 65 M with {COPD}.", None),
        ("RN note: calm.\n\nAssessment:\n{Pneumonia}.", None),
        ("RN note: calm.\n\n{Pneumonia}.", None),
        ("Plan:\nNursing: turn every 2 h for {ulcer}.", None),
    ],
)
def test_a_paragraph_under_the_name_of_its_writer_is_his(marked: str, speaker: str | None) -> None:
    assert who(marked) == speaker


def test_what_a_chart_quotes_of_imaging_is_the_radiologists() -> None:
    assert who("HPI: cough.\n\nImaging: {pneumonia} on CXR.\n", author_role="physician") == "radiologist"


REPORT = "INDICATION: Cough.\n\nTECHNIQUE: Two views.\n\nFINDINGS: Nodule.\n\nIMPRESSION: Granuloma.\n"


@pytest.mark.parametrize(
    ("word", "speaker"), [("Nodule", "radiologist"), ("Granuloma", "radiologist"), ("Cough", "provider")]
)
def test_a_text_set_like_a_report_of_imaging_is_the_radiologists(word: str, speaker: str) -> None:
    assert who(REPORT.replace(word, f"{{{word}}}")) == speaker


def test_an_operative_report_with_a_technique_is_not() -> None:
    text = "PREOPERATIVE DIAGNOSIS: Gallstones.\n\nTECHNIQUE: Prepped.\n\nFINDINGS: {Adhesions}.\n"
    assert who(text) is None


# --- what always holds ---


@given(
    st.text(alphabet=st.sampled_from("per nursing: notes RN\n.,({[]}) denies İßſΣ"), max_size=200), st.integers(0, 200)
)
def test_any_text_is_read(text: str, position: int) -> None:
    folded = fold(text)
    speakers = find_speakers(Document("d1", text), folded, find_sections(text, folded))
    assert speakers.at(position, (0, len(text))) is None or text


@pytest.mark.parametrize(
    "part",
    [
        "patient reports ",
        "per ",
        "per nursing ",
        " note ",
        "Nursing note:\n",
        "RN note: x\n\n",
        "signed by RN\n",
        "nurse: ",
    ],
)
def test_a_megabyte_of_one_phrase_takes_its_share_of_time(part: str) -> None:
    def seconds(size: int) -> float:
        text = part * (size // len(part))
        document, folded, section = Document("d1", text), fold(text), Section("hpi", 0, len(text), 0)
        start = time.process_time()
        speakers = find_speakers(document, folded, [section])
        for position in range(0, len(text), 40):
            speakers.at(position, (0, len(text)))
        return time.process_time() - start

    seconds(20_000)
    assert seconds(400_000) < 40 * seconds(40_000) + 0.05
