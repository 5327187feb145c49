"""The Official Guidelines as steps over candidates, one file a chapter; `apply_all` runs them in their order."""

from __future__ import annotations

from leadterm.coding.chart import Candidate, Chart

from .chapter01_infections import organisms, severe_sepsis
from .chapter02_neoplasms import adverse_effects, treatment_first
from .chapter04_diabetes import hyperglycemia, only_complicated
from .chapter05_mental import dementia_elsewhere
from .chapter09_circulatory import hypertension
from .chapter20_external import external_causes
from .chapter21_status import body_mass_index, long_term_drugs, routine_examination, weeks_of_gestation
from .combining import combine
from .companions import companions
from .detail import most_detailed
from .integral import integral_symptoms

# The clearest words for each thing, then what things mean together, then what that makes redundant, then what
# accompanies it.
STEPS = (
    most_detailed,
    hyperglycemia,
    combine,
    companions,
    hypertension,
    only_complicated,
    dementia_elsewhere,
    severe_sepsis,
    companions,
    most_detailed,
    integral_symptoms,
    organisms,
    adverse_effects,
    treatment_first,
    routine_examination,
    body_mass_index,
    long_term_drugs,
    weeks_of_gestation,
    external_causes,
)


def apply_all(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates after every guideline, codes unique."""
    for step in STEPS:
        candidates = merged(step(chart, candidates))
    return candidates


def merged(candidates: list[Candidate]) -> list[Candidate]:
    """One candidate a code, with the evidence of all that came to it; the order of first appearance stays."""
    by_code: dict[str, list[Candidate]] = {}
    for c in candidates:
        by_code.setdefault(c.code, []).append(c)
    return [_best(same) for same in by_code.values()]


def _best(same: list[Candidate]) -> Candidate:
    """The candidate that stands highest in the chart, with its own way and the evidence of all."""
    first = min(same, key=lambda c: c.rank)
    return first.joined(*(c for c in same if c is not first)) if len(same) > 1 else first
