"""Breast, skin and glands: layers, kinds of debridement, drains, donor sites, what stays a question."""

from __future__ import annotations

import pytest

from leadterm.pipeline import Coder

from .test_reading import coded, procedures

REPORT = """OPERATIVE REPORT
PREOPERATIVE DIAGNOSIS: {why}
POSTOPERATIVE DIAGNOSIS: Same.
PROCEDURE PERFORMED: {what}
ANESTHESIA: General.
DESCRIPTION OF PROCEDURE: The patient was brought to the operating room, prepped and draped. {how}
The patient tolerated the procedure well and went to recovery.
"""

TOLD = [
    (
        "Stage 3 pressure ulcer of the right ischium",
        "Sharp excisional debridement of right ischial pressure ulcer",
        "With a scalpel, devitalized skin, subcutaneous tissue and fascia were excised down to viable muscle.",
        ["0JB90ZZ"],
    ),
    (
        "Necrotizing fasciitis of the left lower leg",
        "Excisional debridement of left leg",
        "Necrotic fascia and necrotic gastrocnemius muscle were sharply excised. No bone was exposed.",
        ["0KBT0ZZ"],
    ),
    (
        "Venous ulcer, left calf",
        "Non-excisional debridement of left calf ulcer",
        "Slough of the skin and subcutaneous tissue was removed by Versajet.",
        ["0JDP0ZZ"],
    ),
    (
        "Infected abdominal wall wound",
        "Excisional debridement of abdominal wound, skin and subcutaneous tissue",
        "Necrotic skin and fat were excised with curette and scissors. Fascia was intact and muscle was not exposed.",
        ["0JB80ZZ"],
    ),
    (
        "Abscess of the left forearm",
        "Incision and drainage of left forearm abscess",
        "A 3 cm incision was made into the subcutaneous tissue and 20 mL of pus came out. Packed with iodoform gauze.",
        ["0J9H0ZZ"],
    ),
    (
        "Abscess of the back",
        "I&D of back abscess",
        "It was carried through the subcutaneous fat. Loculations were broken. A Penrose drain was left in.",
        ["0J9700Z"],
    ),
    (
        "Full thickness burn of the dorsum of the left hand",
        "Split-thickness skin graft to left hand from right thigh",
        "A 0.012 inch graft was harvested from the right anterior thigh, meshed and stapled.",
        ["0HRGX74", "0HBHXZZ"],
    ),
    (
        "Defect of the nose after Mohs surgery",
        "Full-thickness skin graft to nose",
        "A full thickness graft was harvested from the left supraclavicular neck, defatted and sewn into the defect.",
        ["0HR1X73", "0HB4XZZ"],
    ),
    (
        "Laceration of the scalp",
        "Repair of scalp laceration, 6 cm",
        "The wound was irrigated. The galea was intact. Skin was closed with staples.",
        ["0HQ0XZZ"],
    ),
    (
        "Laceration of the right forearm",
        "Layered closure of right forearm laceration",
        "The subcutaneous tissue was approximated with 3-0 Vicryl and the skin with 4-0 nylon.",
        ["0JQG0ZZ"],
    ),
    (
        "Melanoma of the right calf",
        "Wide local excision of melanoma, right calf",
        "The lesion was excised with 2 cm margins through the skin and subcutaneous tissue.",
        ["0JBN0ZZ"],
    ),
    (
        "Lipoma of the left shoulder",
        "Excision of lipoma, left shoulder",
        "The lipoma was shelled out of the subcutaneous tissue and sent.",
        ["0JBF0ZZ"],
    ),
    (
        "Breast cancer, left",
        "Left lumpectomy with sentinel lymph node biopsy",
        "Two hot nodes were excised from the left axilla. The mass was excised with margins.",
        ["0HBU0ZZ", "07B60ZX"],
    ),
    (
        "Breast cancer, right",
        "Right simple mastectomy with axillary lymph node dissection",
        "The breast was removed. Level I and II nodes were removed en bloc. Two JP drains were placed.",
        ["0HTT0ZZ", "07T50ZZ"],
    ),
    (
        "Macromastia",
        "Bilateral reduction mammaplasty",
        "Tissue was resected from both breasts, 600 g on the right and 650 g on the left.",
        ["0HBV0ZZ"],
    ),
    (
        "Primary hyperparathyroidism",
        "Right superior parathyroidectomy",
        "The gland was removed whole and PTH fell.",
        ["0GTL0ZZ"],
    ),
    (
        "Pituitary macroadenoma",
        "Endoscopic endonasal transsphenoidal resection of pituitary adenoma",
        "The sella was opened and the tumor was removed with curettes, part of the gland was kept.",
        ["0GB04ZZ"],
    ),
]


@pytest.mark.parametrize(("why", "what", "how", "codes"), TOLD, ids=[t[1] for t in TOLD])
def test_a_report_leads_to_its_codes_and_to_no_other(
    full_coder: Coder, why: str, what: str, how: str, codes: list[str]
):
    assert sorted(procedures(coded(full_coder, REPORT.format(why=why, what=what, how=how)))) == sorted(codes)


ASKED = [
    ("Sharp debridement of left heel ulcer", "Slough was removed with forceps.", "excision"),
    ("Excisional debridement of left heel ulcer", "The wound was cleaned.", "depth"),
    ("Incision and drainage of left thigh abscess", "Pus was expressed.", "depth"),
]


@pytest.mark.parametrize(("what", "how", "words"), ASKED)
def test_a_kind_or_depth_that_nobody_tells_is_asked(full_coder: Coder, what: str, how: str, words: str):
    answer = coded(full_coder, REPORT.format(why="Infected wound.", what=what, how=how))
    assert procedures(answer) == []
    assert [words in q.question for q in answer.queries if q.reason == "procedure"] == [True]
