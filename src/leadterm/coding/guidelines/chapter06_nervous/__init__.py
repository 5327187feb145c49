"""I.C.6: diseases of the nervous system."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Opener, Phase, Step

from . import dominance, neuropathy, pain, parkinson, scales, seizures

OPENERS: tuple[Opener, ...] = (
    dominance.open_palsy,
    seizures.open_migraine,
    seizures.open_epilepsy,
    parkinson.open_parkinsonism,
    neuropathy.open_neuropathy,
    pain.open_pain,
)
STEPS = (
    Step(Phase.CLARIFY, seizures.one_code),
    Step(Phase.CLARIFY, parkinson.detail),
    Step(Phase.LINK, pain.of_neoplasm),
    Step(Phase.COMPLETE, pain.chronic_at_its_place),
    Step(Phase.COMPLETE, pain.place_of_chronic),
    Step(Phase.COMPLETE, scales.stroke_scale),
    Step(Phase.COMPLETE, scales.coma_scale),
    Step(Phase.SPARE, pain.routine),
    Step(Phase.ORDER, pain.pain_first),
)
