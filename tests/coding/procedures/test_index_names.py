"""Headings of reports as surgeons dictate them: the names that the Index lists, and other wordings of them."""

from __future__ import annotations

import pytest

from leadterm.pipeline import Coder

from .test_reading import coded, procedures

REPORT = """OPERATIVE REPORT
PREOPERATIVE DIAGNOSIS: {why}.
POSTOPERATIVE DIAGNOSIS: Same.
PROCEDURE PERFORMED: {what}.
ANESTHESIA: General.
DESCRIPTION OF PROCEDURE: The patient was placed in position. {how} Sponge and needle counts were correct.
"""
# What it is called | why | how it was done | codes
HEADINGS = """
Therapeutic paracentesis | Ascites | A needle was put in; five liters came. | 0W9G3ZZ
Diagnostic paracentesis | Ascites | 60 mL was sent for cell count and culture. | 0W9G3ZX
Lysis of penile adhesions | Penile adhesions | The adhesions were freed bluntly. | 0VNTXZZ
Left varicocelectomy | Left varicocele | A subinguinal incision was made; the veins were divided. | 06BY0ZZ
Cystoscopy with hydrodistention of the bladder | Cystitis | The bladder was filled for three minutes. | 0T7B8ZZ
Bilateral vasovasostomy | Desires fertility | The ends were sewn under the microscope. | 0VQQ0ZZ
Incision and drainage of left Bartholin abscess | Bartholin abscess | A stab incision drained pus. | 0U9LXZZ
Laser vaporization of vulvar condylomata | Condylomata of the vulva | The laser was used. | 0U5MXZZ
Release of A1 pulley, right index finger | Right trigger finger | The pulley was divided. | 0LN70ZZ
Left great toenail avulsion | Ingrown left great toenail | The nail was lifted and avulsed. | 0HDRXZZ
Right foot Morton neuroma excision | Morton neuroma right foot | The nerve was divided. | 01BG0ZZ
Left olecranon bursectomy | Left olecranon bursitis | The bursa was excised. | 0MB40ZZ
Bilateral mastopexy | Breast ptosis | The nipples were raised. | 0HSV0ZZ
Bilateral reduction mammoplasty | Macromastia | About 500 g were excised from each side. | 0HBV0ZZ
Excision of lipoma of the right shoulder | Lipoma | The mass was shelled out. | 0JBD0ZZ
Excision of pterygium, right eye | Right pterygium | The pterygium was dissected off. | 08BSXZZ
Phacoemulsification with IOL OS | Cataract OS | The lens was put in the bag. | 08RK3JZ
Bilateral medial rectus recession | Esotropia | Each muscle was recessed. | 08SL0ZZ 08SM0ZZ
Bilateral myringotomies with insertion of ventilating tubes | Otitis media | Tubes were put in. | 099570Z 099670Z
Bilateral uterine artery embolization | Fibroids | Particles were given through both. | 04LE3DT 04LF3DU
Explant of implantable loop recorder | Battery end | The pocket was opened. | 0JPT02Z
Right knee scope with partial medial and lateral meniscectomies | Tears | The tears were trimmed. | 0SBC4ZZ
Left leg stab phlebectomies | Varicose veins left leg | Through stabs the veins were avulsed. | 06DY3ZZ
Closed reduction of nasal bone fracture | Nasal fracture | The bones were lifted. | 0NSBXZZ
Right inguinal herniorrhaphy with high ligation of sac | Hernia | A groin incision was made. | 0YQ50ZZ
"""


@pytest.mark.parametrize(
    "heading", [line for line in HEADINGS.splitlines() if line], ids=lambda one: one.split(" |")[0]
)
def test_a_heading_is_coded_by_its_name(full_coder: Coder, heading: str):
    what, why, how, codes = (part.strip() for part in heading.split("|"))
    assert set(procedures(coded(full_coder, REPORT.format(what=what, why=why, how=how)))) == set(codes.split())


@pytest.mark.parametrize(
    "told",
    [
        "Ultrasound for paracentesis: trace ascites only, no safe pocket, paracentesis not performed.",
        "Plan capsulectomy with explant of both breast implants.",
        "History of phlebectomy and of bilateral blepharoplasty.",
    ],
)
def test_what_was_not_done_here_is_not_coded(full_coder: Coder, told: str):
    assert not procedures(coded(full_coder, f"HOSPITAL COURSE:\n{told}\n"))


@pytest.mark.parametrize("told", ["underwent excision of a lipoma of the back", "underwent closed reduction"])
def test_what_a_patient_underwent_is_a_list(full_coder: Coder, told: str):
    text = f"HOSPITAL COURSE:\nOn hospital day 2 he {told} of the right shoulder dislocation.\n"
    assert procedures(coded(full_coder, text))
