"""What the section of a fact is good for: conclusion, background, reason, story, or none (`policy.tsv`)."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.domain import Assertion, Fact, FactKind

from ._tables import prefixed
from .chart import Chart
from .patterns import compiled

# Where a chart without conclusions says what it has to say.
_NARRATIVE = ("unknown", "hpi", "other", "chief-complaint", "findings", "admission-diagnosis", "disposition")
# Who examines the eye diagnoses by what is seen there: its letters often end with that.
_LOOKED_AT = ("results", "exam", "imaging")
_SEEN = compiled(r"E(?:08|09|10|11|13)\.3|H[1-5]")


def uses_of(chart: Chart) -> dict[str, str]:
    """Use of each fact's section, by the fact's id."""
    return chart.once("admission.uses", lambda: _read_uses(chart))


def _read_uses(chart: Chart) -> dict[str, str]:
    """The uses. Where a chart concludes nothing, its narrative is all that the provider says."""
    table = prefixed("policy", "use")
    uses = {f.id: table.get(f.section, "background") for f in chart.facts}
    if not any(table.get(s) == "conclusion" for s in chart.sections):
        for f in chart.facts:
            if f.section in _NARRATIVE or (f.section in _LOOKED_AT and f.targets and _SEEN.match(f.targets[0])):
                uses[f.id] = "conclusion"
    if chart.stay:
        uses |= {f.id: use for f in chart.facts if (use := _in_stay(chart, f)) is not None}
    for f in chart.facts:
        # What a physician has read under the microscope is confirmed (IV.K); raw results and images are not.
        if (
            f.section == "results"
            and f.kind is not FactKind.VALUE
            and _PATHOLOGY.search(f"{chart.line(f)} {chart.sentence(f)}")
        ):
            uses[f.id] = "conclusion"
    return uses


_YEAR = compiled(r"\b(?:19|20)\d\d\b")
# Where a record of a stay concludes besides its course.
_CONCLUDING = ("discharge-diagnosis", "assessment", "assessment-plan", "impression")


def _in_stay(chart: Chart, fact: Fact) -> str | None:
    """The use of a fact's section where a record of a stay makes it another: its problems are those of the stay.

    A plan below the course is for afterwards; a letter that has but a course tells the rest in parts without a name.
    """
    if fact.section == "problem-list" and fact.assertion is Assertion.RESOLVED and _long_gone(chart, fact):
        return "background"
    if fact.section == "problem-list" or fact.section in _same(chart):
        return "conclusion"
    told = chart.sections & {"hospital-course", "discharge-diagnosis"}
    if fact.section == "plan" and told:
        return "background"
    if fact.section == "unknown" and told and not chart.sections.intersection(_CONCLUDING):
        return "conclusion"
    # A course without a header, beside a list of diagnoses: what it tells of the treated disease's consequences.
    untitled = fact.section in ("unknown", "other") and told and "hospital-course" not in chart.sections
    treated = fact.assertion in (Assertion.PRESENT, Assertion.RESOLVED) and fact.targets[:1]
    return "conclusion" if untitled and treated and fact.targets[0].startswith(_CONSEQUENCES) else None


def _long_gone(chart: Chart, fact: Fact) -> bool:
    """Whether its line tells years, all of them before that of the admission: what was over then is no problem now."""
    years = [int(found) for found in _YEAR.findall(chart.line(fact))]
    begun = chart.encounter.admission
    return bool(years) and begun is not None and max(years) < begun.year


def _same(chart: Chart) -> frozenset[str]:
    """The sections whose diagnoses a later one repeats as "same": it names none of its own."""
    return chart.once("diagnoses said to be the same", lambda: frozenset(_repeated(chart)))


def _repeated(chart: Chart) -> Iterator[str]:
    naming = {f.section for f in chart.facts if f.targets}
    for before, after in _REPEATED:
        if after in chart.sections and after not in naming:
            yield before


_REPEATED = (("preoperative-diagnosis", "postoperative-diagnosis"), ("admission-diagnosis", "discharge-diagnosis"))
# What comes of a disease or an operation and is treated; none of it is told but as of this stay.
_CONSEQUENCES = tuple(
    "D62 N17 E86 E87 E83.3 E83.4 K56.7 F05 G93.41 G92.8 J96.0 J96.2 I21.A1 D70.1 D65 R33 A04.72".split()
)


_PATHOLOGY = compiled(r"\b(?:path(?:ology)?|bx|biops(?:y|ies)|cytolog\w+|histolog\w+|specimen|fna)\b")
