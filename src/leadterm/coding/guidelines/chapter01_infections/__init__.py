"""I.C.1: certain infectious and parasitic diseases."""

from __future__ import annotations

from leadterm.coding.guidelines._steps import Phase, Step

from . import carriers, contacts, covid, defaults, hiv, organisms, procedures, resistance, sepsis

STEPS = (
    Step(Phase.SAY, contacts.contacts),
    Step(Phase.SAY, covid.confirmed),
    Step(Phase.SAY, covid.screened),
    Step(Phase.SAY, covid.after),
    Step(Phase.ACCOMPANY, covid.vaccination),
    Step(Phase.SAY, carriers.carriers),
    Step(Phase.CLARIFY, hiv.disease),
    Step(Phase.CLARIFY, sepsis.systemic),
    Step(Phase.CLARIFY, organisms.combined),
    Step(Phase.CLARIFY, procedures.depth),
    Step(Phase.LINK, procedures.sepsis),
    Step(Phase.LINK, sepsis.severe),
    Step(Phase.LINK, sepsis.inflammation),
    Step(Phase.COMPLETE, organisms.accompany),
    Step(Phase.COMPLETE, resistance.resistance),
    Step(Phase.SPARE, sepsis.one_code),
    Step(Phase.ACCOMPANY, organisms.only_beside),
    Step(Phase.ORDER, hiv.first),
    Step(Phase.ORDER, sepsis.order),
    Step(Phase.ORDER, procedures.order),
)
OPENERS = (defaults.open_default,)
