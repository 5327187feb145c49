"""What is done on wards, told in the course of a stay or in a log: each in words of its own, and what was not done."""

from __future__ import annotations

import pytest

from leadterm.pipeline import Coder

from .test_reading import coded, procedures

COURSE = "Hospital course: {}"
BESIDE = "OPERATIVE REPORT\nProcedure: Laparoscopic cholecystectomy\nDescription: The gallbladder was removed. {}"


def _codes(coder: Coder, text: str) -> list[str]:
    return sorted(procedures(coded(coder, text)))


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("HD 5/2, 5/4 and 5/6. Hgb 8.", ["5A1D70Z"]),
        ("HD was done 5/4.", ["5A1D70Z"]),
        ("Dialysis continued on schedule (sessions 5/2 and 5/4, intermittent hemodialysis).", ["5A1D70Z"]),
        ("On hemodialysis via left arm fistula.", []),
        ("CVVH was considered.", []),
        ("A 28 Fr chest tube was placed on the left for hemothorax; removed 5/4.", ["0W9B30Z"]),
        ("Left chest tube removed 5/4.", []),
        ("Right IJ dual lumen dialysis catheter placed 5/2, tip in the SVC; pulled 5/6.", ["02HV33Z"]),
        ("PICC to be arranged by nursing (placed on 5/3, tip in SVC).", ["02HV33Z"]),
        ("PICC to be arranged by the infusion center, tip to be checked.", []),
        ("He was intubated in our ED on 5/3 for stridor, direct laryngoscopy.", ["0BH17EZ"]),
        ("He arrived intubated from a sister hospital.", []),
        ("Trach changed on 5/3 to a 6 Shiley by ENT.", ["0B21XFZ"]),
        ("RT replaced the clogged tube with a new Portex 7.", ["0B21XFZ"]),
        ("Trach change deferred to the next facility.", []),
        ("Trach tube removed 5/9 at bedside.", ["0BP1XFZ"]),
        ("Thick trach secretions removed.", []),
        ("A new 18 Fr G-tube was slid in via the mature tract.", ["0D20XUZ"]),
        ("Cooled to 33 C with Arctic Sun, started 5/2.", ["6A4Z0ZZ"]),
        ("She received methotrexate 3 g IV via port.", ["3E04305"]),
        ("Cytarabine 100 mg intrathecally was given on 5/2.", ["3E0R305"]),
        ("Methotrexate 12 mg intrathecal was held.", []),
        ("CPAP at night with his home machine for 8 h.", []),
        ("BiPAP was offered for 4 h.", []),
    ],
)
def test_what_a_course_tells_was_done(full_coder: Coder, words: str, codes: list[str]):
    assert _codes(full_coder, COURSE.format(words)) == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ICU NOTE\n5/3 04:00 BiPAP started for COPD. 5/4 10:00 BiPAP off to nasal cannula.", ["5A09457"]),
        ("NICU SUMMARY\nDOB 3/2/2026. RESP: placed on CPAP at 0600 DOL 1, weaned off CPAP DOL 6 at 0800.", ["5A09557"]),
        (
            "PROCEDURE LOG\n5/25 R chest tube, 12 Fr, for effusion. 5/27 L 14 Fr pigtail for air.",
            ["0W9930Z", "0W9B30Z"],
        ),
        ("HPI: He received alteplase 60 mg IV bolus in our ED at 0900.", ["3E03317"]),
        ("HPI: He received alteplase IV bolus in the ED of an outside hospital.", []),
    ],
)
def test_what_a_log_tells_by_its_hours(full_coder: Coder, text: str, codes: list[str]):
    assert _codes(full_coder, text) == codes


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("Ventilated from 5/1 08:00 until extubated 5/3 09:00.", ["0FT44ZZ", "5A1945Z"]),
        ("Intubated at 08:00 and extubated at 10:00.", ["0FT44ZZ"]),
        ("ICU course: CVVHD 5/2 to 5/4.", ["0FT44ZZ", "5A1D90Z"]),
        ("A right chest tube was placed in the trauma bay for air.", ["0FT44ZZ", "0W9930Z"]),
    ],
)
def test_breathing_and_dialysis_are_no_steps_of_the_operation_beside_them(
    full_coder: Coder, words: str, codes: list[str]
):
    assert _codes(full_coder, BESIDE.format(words)) == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (
            "HOSPITAL SUMMARY\n\n5/9 Bedside: right thoracentesis, 1 L.\n5/12 follow-up for possible bronchoscopy.",
            ["0W993ZZ"],
        ),
        ("SUMMARY\n\n5/3 OR: Left chest port removal.", ["02PY33Z", "0JPT0WZ"]),
        ("Left femoral non-tunneled dialysis catheter placed 5/3. Film: tip at the IVC.", ["06H033Z"]),
        ("DISCHARGE SUMMARY\nHospital course: Impella removed on 5/4.", ["02PA3RZ"]),
        ("EP NOTE\nRF ablation of the cavotricuspid isthmus was done.", ["02583ZZ"]),
        ("EP NOTE\nRF ablation of the slow pathway was discussed.", []),
        ("NOTE\nProcedure: pericardial biopsy, open\nThe fluid had come back.", ["02BN0ZX"]),
        ("OPERATIVE REPORT\nProcedure: C4-5 disc replacement\nDescription: The disc was seated.", ["0RR30JZ"]),
        (
            "OPERATIVE REPORT\nProcedure: CABG x 2\nSkeletonized LIMA to LAD. Skeletonized RIMA to OM1.",
            ["02100Z8", "02100Z9"],
        ),
        (
            "IR NOTE\nProcedure: embolization\nA blush was seen from the left gastric artery. "
            "This vessel was closed with microcoils.",
            ["04L23DZ"],
        ),
        (
            "OPERATIVE REPORT\nProcedure: L3-4 and L5-S1 posterior lumbar interbody fusion with cages\n"
            "Description: Discs were removed at both levels.",
            ["0SB20ZZ", "0SB40ZZ", "0SG00AJ", "0SG30AJ"],
        ),
    ],
)
def test_lines_of_logs_and_the_words_that_belong_to_them(full_coder: Coder, text: str, codes: list[str]):
    assert _codes(full_coder, text) == codes


@pytest.mark.parametrize(
    ("history", "codes"),
    [("EGD by GI on 5/02 showed erosions.", ["0DJ08ZZ", "0DTJ4ZZ"]), ("EGD in 2019 by GI was normal.", ["0DTJ4ZZ"])],
)
def test_the_history_of_a_report_tells_of_this_stay(full_coder: Coder, history: str, codes: list[str]):
    text = f"OPERATIVE REPORT\nIndication: {history}\nProcedure: Laparoscopic appendectomy"
    assert _codes(full_coder, text) == codes


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("Left breast BI-RADS 4 lesion. US guided 14G core biopsies x3 by radiology, clip left.", ["0HBU3ZX"]),
        ("Right breast BI-RADS 4 lesion. US guided 14G core biopsies x3 by radiology, clip left.", ["0HBT3ZX"]),
        ("Ultrasound guided FNA right thyroid nodule was done.", ["0GBH3ZX"]),
        ("Bone marrow aspirate and trephine biopsy done at the right posterior iliac crest.", ["07DR3ZX"]),
        ("CT guided 10 Fr pigtail was placed into the pelvic abscess.", ["0W9J30Z"]),
        ("Received 10 fractions. WBRT with 6 MV photons.", ["D0001ZZ"]),
        ("WBRT with 6 MV photons was planned.", []),
        ("Placenta retained; suction curettage was done.", ["10D17ZZ"]),
        ("Thoracentesis, right, 1.5 L for relief; fluid sent.", ["0W993ZZ"]),
        ("Thoracentesis, right; fluid sent for culture.", ["0W993ZX"]),
        ("Ventilated from 5/2 to 5/9 without interruption.", ["5A1955Z"]),
    ],
)
def test_samples_and_taps_of_a_course(full_coder: Coder, words: str, codes: list[str]):
    assert _codes(full_coder, COURSE.format(words)) == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (
            "Procedure: Radical prostatectomy, open\nA central line was placed in the right IJ, tip in the SVC.",
            ["02HV33Z", "0VT00ZZ", "0VT30ZZ"],
        ),
        (
            "Procedure: Radical prostatectomy, open\nRed cells were given by the central line.",
            ["0VT00ZZ", "0VT30ZZ"],
        ),
        ("Procedure: Left nephroureterectomy\nOpen flank incision.", ["0TT10ZZ", "0TT70ZZ"]),
        (
            "Procedure: Left nephroureterectomy\nOpen flank incision. A cuff of bladder was taken.",
            ["0TBB0ZZ", "0TT10ZZ", "0TT70ZZ"],
        ),
        ("Procedure: percutaneous renal biopsy\nUS: no hydro; lower pole of the left kidney marked.", ["0TB13ZX"]),
        (
            "Procedure: embolization of the left renal artery from a femoral approach with coils",
            ["04LA3DZ"],
        ),
        ("Procedure: Shoulder reduction\nRight shoulder dislocated. Reduced by Stimson technique.", ["0RSJXZZ"]),
        (
            "Procedure under ankle block: a splinter was found and removed from the subcutaneous tissue of the "
            "right foot. Incision 2 cm, closed.",
            ["0JCQ0ZZ"],
        ),
    ],
)
def test_words_beside_an_operation(full_coder: Coder, text: str, codes: list[str]):
    assert _codes(full_coder, f"OPERATIVE REPORT\n{text}") == codes
