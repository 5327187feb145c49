"""Unwrapping: which line ends were meant, and that wrapping a note at any width changes none of its segments."""

from __future__ import annotations

import json
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from benchmarks.wrapping import wrapped
from hypothesis import given
from hypothesis import strategies as st

from leadterm.abstraction.layout.fold import fold
from leadterm.abstraction.layout.segments import split
from leadterm.abstraction.layout.unwrap import unwrap

ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
ACI = "benchmarks/aci-bench/notes.jsonl"


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in unwrap(text).split("\n") if line.strip()]


def segments(text: str) -> list[str]:
    flat = unwrap(text)
    return [" ".join(flat[a:b].split()) for a, b in split(flat, 0, len(flat))]


def filled(text: str, width: int) -> str:
    """Each line of the text filled anew, without its double blanks."""
    return "\n".join(
        textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False) for line in text.split("\n")
    )


def nested(text: str, width: int) -> str:
    """The text wrapped at a greater width, and each of its lines at this one."""
    return wrapped(wrapped(text, width + 31), width)


# --- single line ends ---


@pytest.mark.parametrize(
    "text",
    [
        "No fever, chills\nor cough",
        "The patient has CKD stage\n3 and no edema",
        "The patient has had CKD, now at stage\n3. with edema",
        "There is no evidence of\nPneumonia on the film",
        "He has pain of\n- as he says - the knee",
        "He saw Dr.\nOak last week",
        "Wt. 150 lb, BP\n120/80 today",
        "swelling of the left (\nmore than right) ankle",
        "HTN;\nDM;\nCKD",
        "PATIENT IS A 60 YEAR OLD MAN WITH A HISTORY OF GOUT AND\nDIABETES MELLITUS WHO DENIES CHEST PAIN",
    ],
)
def test_a_line_that_goes_on_is_joined(text: str) -> None:
    assert unwrap(text) == text.replace("\n", " ")


@pytest.mark.parametrize(
    "text",
    [
        "Aspirin 81 mg\nMetformin 500 mg\nLisinopril 20 mg",
        "asthma\nhtn\ndm2",
        "HTN\nDM type 2\nNo CAD\nCKD",
        "- fever\n- cough",
        "1. HTN\n2. DM",
        "Lungs: clear\nHeart: regular",
        "Smoker: No\nAlcohol: Yes",
        "PAST MEDICAL HISTORY\nHypertension",
        "Attending: L. Oak, DO\nTriage nurse: B. Elm",
        "One.\n\nand two",
        "> he wrote\n> and went",
        "| Test | Value |\n|------|-------|\n| WBC | 4.1 |\n| Hgb | 9.4 |",
        "Test      Value   Flag\nglucose   180     high\nsodium    138     normal",
        "Hgb\t9.4\tlow\nglucose\t180\thigh",
        "     GENERAL HOSPITAL\n     DISCHARGE SUMMARY",
        "metformin 1000 mg by mouth twice a day with meals\nlisinopril 20 mg by mouth once a day\nglipizide 5 mg daily",
    ],
)
def test_a_line_end_that_was_meant_stays(text: str) -> None:
    assert unwrap(text) == text


def test_a_list_below_wrapped_prose_keeps_its_items() -> None:
    prose = wrapped("The patient is a woman who was seen for pain of the knee, and who has had it for months. " * 4, 60)
    items = "Medications\nAspirin 81 mg daily\nAtorvastatin 40 mg by mouth every evening at bedtime\nMetformin 500 mg"
    assert lines(f"{prose}\n\n{items}")[1:] == items.split("\n")


def test_a_hanging_indent_belongs_to_its_item() -> None:
    text = (
        "1. Type 2 diabetes with hyperglycemia, above goal; will increase glargine\n"
        "   to 38 units and recheck the glucose log when she comes back to clinic\n"
        "2. Hypertension, at goal"
    )
    first, second = lines(text)
    assert first.startswith("1. Type 2")
    assert first.endswith("to clinic")
    assert second == "2. Hypertension, at goal"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x85", "\u2028"])
def test_every_kind_of_line_end_is_unwrapped(end: str) -> None:
    text = f"No fever, chills{end}or cough{end}{end}Alert"
    flat = unwrap(text)
    assert flat == f"No fever, chills{' ' * len(end)}or cough{end}{end}Alert"


# --- whole notes ---

LONG_LINES = """\
CHIEF COMPLAINT

Follow-up of diabetes and a cough.

HISTORY OF PRESENT ILLNESS

Mr. Alder is a 67-year-old man with type 2 diabetes, chronic kidney disease, and hypertension who was last seen by \
Dr. Birch in March. He has had a dry cough for two weeks, worse at night, without fever or shortness of breath. He \
denies chest pain, orthopnea, and leg swelling. Home glucose has been 110 to 160 on metformin 1000 mg twice a day and \
Jardiance 10 mg daily.

PAST MEDICAL HISTORY

Type 2 diabetes mellitus.
Chronic kidney disease, stage 3a.
Hypertension.

PHYSICAL EXAM

• Lungs: Clear to auscultation bilaterally. No wheezes, rales, or rhonchi are heard over either lung field today.
• Heart: Regular rate and rhythm.
• Extremities: No edema. Monofilament testing is normal at all ten sites on both feet.

ASSESSMENT AND PLAN

1. Cough. Most likely due to lisinopril, which he started in February. We will stop it and start losartan 50 mg daily.
2. Type 2 diabetes with stage 3a chronic kidney disease. A1c is 6.9 percent. Continue metformin and Jardiance.
3. Hypertension. Blood pressure is at goal; he will keep a log at home and bring it to the next visit in three months.
"""

DICTATED = """\
Mrs. Cedar returns today. She is a 54-year-old woman with rheumatoid arthritis on methotrexate and folic acid. She \
reports morning stiffness of about 30 minutes, mainly in the hands, and no new nodules. There is no history of \
tuberculosis. Hepatitis B and C serologies were negative in 2021. On examination the wrists are mildly swollen; the \
knees are cool. Impression is rheumatoid arthritis with low disease activity. She should continue methotrexate 15 mg \
weekly. I will see her again in four months.

In addition she asked about a mole on her back. It is a 6 mm brown macule, regular, without bleeding or itching, and \
looks like a benign nevus. She will watch it, and call if it changes.
"""

BULLETS = """\
PROBLEMS
- Heart failure with reduced ejection fraction, NYHA class II, on sacubitril-valsartan, metoprolol and spironolactone
- Permanent atrial fibrillation, rate controlled, on apixaban 5 mg twice daily without bleeding
- Gout
PLAN
- Continue the present medication and check potassium and creatinine in two weeks
- Echo before the next visit
"""

EMERGENCY = """\
HPI: 23 y.o. male who twisted his right ankle while playing soccer about two hours before arrival and could not bear \
weight. He denies numbness, knee pain, or any other injury. No prior fracture of the ankle.
PMH: None.
Meds: None. Allergies: NKDA.
VS: BP 128/76, HR 88, RR 16, Temp 98.4 F, SpO2 99% on room air.
Exam: Swelling and tenderness over the lateral malleolus. No tenderness at the base of the fifth metatarsal. Pulses \
are intact, and sensation is normal.
Imaging: X-ray of the right ankle shows no acute fracture or dislocation.
MDM: Sprain most likely. Ottawa rules were positive, thus the film. Compartment syndrome was considered but is unlikely.
Diagnosis: Sprain of the right ankle, initial encounter.
Disposition: Home with crutches, ice, elevation, and ibuprofen as needed. Return precautions were given.
"""

CAPITALS = """\
OPERATIVE NOTE

THE PATIENT WAS TAKEN TO THE OPERATING ROOM AND PLACED SUPINE ON THE TABLE. GENERAL ANESTHESIA WAS INDUCED, AND THE \
ABDOMEN WAS PREPPED AND DRAPED IN THE USUAL FASHION. A PORT WAS PLACED AT THE UMBILICUS. THE GALLBLADDER WAS DISTENDED \
AND INFLAMED WITH ADHESIONS TO THE OMENTUM. THE CYSTIC DUCT AND ARTERY WERE CLIPPED AND DIVIDED. THERE WAS NO BILE \
LEAK. THE PATIENT TOLERATED THE PROCEDURE WELL AND WAS TAKEN TO RECOVERY IN STABLE CONDITION.
"""

LETTER = """\
Dear Dr. Fir,

Thank you for asking me to see Ms. Hazel, who was referred for headaches. She has had throbbing pain on the left side \
about twice a month since her twenties, with nausea and sensitivity to light, and without aura. Ibuprofen helps if it \
is taken early. Her mother has migraine as well. The neurological examination was normal, and so was an MRI of the \
brain in June.

I believe that this is migraine without aura, not intractable. She would like to try sumatriptan 50 mg at onset, and \
I have given her a prescription. She should avoid it if she becomes pregnant.

With kind regards,

E. Juniper, MD
"""

TABLES = """\
The patient was admitted with community acquired pneumonia and improved on ceftriaxone and azithromycin over the next \
three days. She did not need oxygen after the second day, and was walking in the hallway by the time of discharge.

Test        Result   Range
glucose     142      70-99
sodium      138      135-145

Time    BP       HR
08:00   120/80   72
12:00   126/84   76

She will follow up with her primary care physician within a week, and have a chest film in six weeks to be sure that \
the infiltrate has cleared.
"""

NOTES = {
    "long lines": LONG_LINES,
    "dictated": DICTATED,
    "bullets": BULLETS,
    "emergency": EMERGENCY,
    "capitals": CAPITALS,
    "letter": LETTER,
    "tables": TABLES,
    "already wrapped": wrapped(LONG_LINES, 78),
    "already wrapped, dictated": filled(DICTATED, 72),
    "carriage returns": LETTER.replace("\n", "\r\n"),
}
WIDTHS = (40, 44, 51, 57, 63, 70, 77, 80, 88, 97, 109, 120)


@pytest.mark.parametrize("wrap", [wrapped, filled, nested])
@pytest.mark.parametrize("name", NOTES)
def test_wrapping_a_note_changes_no_segment(name: str, wrap: Callable[[str, int], str]) -> None:
    text = NOTES[name]
    expected = segments(text)
    assert [w for w in WIDTHS if segments(wrap(text, w)) != expected] == []


@pytest.fixture(scope="module")
def visits(shared: Path) -> dict[str, str]:
    path = shared / ACI
    if not path.is_file():
        pytest.skip(f"{ACI} is absent from the common data")
    with path.open(encoding="utf-8") as rows:
        return {row["id"]: row["text"] for row in map(json.loads, rows)}


@pytest.mark.parametrize("width", WIDTHS)
def test_wrapping_visit_notes_changes_hardly_a_segment(width: int, visits: dict[str, str]) -> None:
    """What is left is said twice in the words themselves: a sentence without a full stop before a capital."""
    changed = [name for name, text in visits.items() if segments(wrapped(text, width)) != segments(text)]
    assert len(changed) <= len(visits) // 50


# --- any text ---

PIECES = st.sampled_from(
    [
        "the patient was",
        "and",
        "Aspirin",
        "- ",
        "1. ",
        "2) ",
        "Plan:",
        ".",
        ",",
        "\n",
        "\n",
        "\r\n",
        "\n\n",
        "   ",
        " | ",
        "\t",
        "a",
        "•",
        " word of some length ",
        "DENIES PAIN ",
        "Dr.",
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=5) | st.sampled_from(ENDS), max_size=60).map("".join)


@given(TEXTS)
def test_only_line_ends_change_and_only_to_blanks(text: str) -> None:
    flat = unwrap(text)
    assert len(flat) == len(text)
    assert all(a == b or (a in ENDS and b == " ") for a, b in zip(text, flat, strict=True))


@given(TEXTS)
def test_unwrapping_twice_changes_nothing_more(text: str) -> None:
    assert unwrap(unwrap(text)) == unwrap(text)


@given(TEXTS)
def test_a_blank_line_is_never_joined(text: str) -> None:
    plain = text.replace("\r\n", "\n").translate({ord(end): "\n" for end in ENDS})
    blank = [i for i, line in enumerate(plain.split("\n")) if not line.strip()]
    kept = unwrap(plain).split("\n")
    assert len([line for line in kept if not line.strip()]) == len(blank)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NOTES)
def test_unwrapping_a_wrapped_note_twice_changes_nothing_more(name: str, width: int) -> None:
    flat = unwrap(wrapped(NOTES[name], width))
    assert unwrap(flat) == flat


# --- the fold of any text ---


def test_every_character_folds_by_itself_to_one() -> None:
    every = [chr(point) for point in range(0x110000) if chr(point) != "\r"]
    folded = fold("".join(every))
    assert len(folded) == len(every)
    assert [a for a, b in zip(every[:0x3100], folded, strict=False) if fold(a) != b] == []


@given(TEXTS)
def test_a_folded_text_is_as_long_and_folds_to_itself(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Sjögren’s", "sjogren's"),
        ("ΣΑΣ İ ẞ", "σας i ß".replace("ς", "σ")),
        ("type\u00a02\tDM — no\r\nCAD", "type 2 dm - no \ncad"),
        ("ＤＭ２", "dm2"),
        ("3×2 cm²", "3x2 cm2"),
    ],
)
def test_variants_of_a_character_fold_to_one(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_line_that_is_indented_by_half_a_page_is_read_like_any_other() -> None:
    text = """
                    },
                    {
                                    {
                                        "valueDecimal": 42.534202
                        ],
                        "productOrService": {
"""
    assert lines(text)


def seconds(text: str) -> float:
    times = []
    for _ in range(3):
        start = time.process_time()
        unwrap(text)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize(
    "piece", ["x\n", "a\r", "- a\n", "1.\n", " \n", " seen and\nwas", "a   b\n", "| a |\n", "Aa:\n"]
)
def test_time_grows_with_the_length_of_the_text(piece: str) -> None:
    def ratio() -> float:
        return seconds(piece * (200_000 // len(piece))) / max(seconds(piece * (20_000 // len(piece))), 0.0005)

    assert any(ratio() < 16 for _ in range(3))  # a busy machine may disturb one
