"""I.C.2: neoplasms."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step
from leadterm.coding.guidelines.chapter11_digestive import polyps

from . import carcinoid, detail, history, opening, parts, purpose, receptors, secondary, surgery, treatment

STEPS = (
    Step(Phase.SAY, history.past_cancers),
    Step(Phase.CLARIFY, detail.one_tumor),
    Step(Phase.CLARIFY, detail.one_blood_cancer),
    Step(Phase.LINK, secondary.of_lymphoma),
    Step(Phase.LINK, secondary.of_carcinoid),
    Step(Phase.LINK, secondary.without_site),
    Step(Phase.LINK, receptors.receptor_status),
    Step(Phase.COMPLETE, purpose.purposes),
    Step(Phase.COMPLETE, surgery.prophylactic_removal),
    Step(Phase.COMPLETE, surgery.surgical_aftercare),
    Step(Phase.COMPLETE, surgery.in_transplant),
    Step(Phase.ACCOMPANY, history.followed_up),
    Step(Phase.ACCOMPANY, history.absent_organs),
    Step(Phase.ORDER, treatment.treatment_first),
)
# The part of the colon stands in the report of the endoscopy more often than beside the adenoma.
OPENERS = (parts.open_part, carcinoid.open_carcinoid, polyps.adenoma, opening.open_neoplasm)
