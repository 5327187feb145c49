"""I.C.1.d.5: infection, sepsis and septic shock that follow a procedure."""

from __future__ import annotations

from dataclasses import replace

from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason

from .sepsis import SEPSIS

DEPTH = "ICD10CM:I.C.1.d.5.b/depth"
FOLLOWING = "ICD10CM:I.C.1.d.5.b/sepsis"
SHOCK = "ICD10CM:I.C.1.d.5.c/shock"
INFECTION = ("T81.40", "T81.41", "T81.42", "T81.43", "T81.49")
DEVICE = ("T80.2", "T82.6", "T82.7", "T83.5", "T84.5", "T85.7")
_AFTER = compiled(
    r"\bpost-?(?:op\w*|procedural|surgical)|\bsurgical|\bincision\w*|\bssi\b|\bwound infection"
    r"|\bfollowing (?:a )?(?:procedure|surgery)"
)
_DEPTHS = (
    (
        compiled(
            r"\borgan[ /-](?:and[ -])?space|\bintra-?abdominal|\bpelvic|\bperitone|\bsubphrenic|\bretroperitone"
            r"|\bmediastin|\b(?:hepatic|liver) abscess"
        ),
        "T81.43XA",
    ),
    (compiled(r"\bdeep\b|\bfascia|\bmuscle|\bsubfascial|\bintramuscular"), "T81.42XA"),
    (compiled(r"\bsuperficial|\bsubcutaneous|\bstitch abscess|\bcellulitis"), "T81.41XA"),
)
_ORGANS = ("K65.0", "K65.1", "K65.2", "N73", "K75.0", "J85.3", "K63.0")


def depth(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with an infection after a procedure at the depth that the chart gives it."""
    vague = [c for c in candidates if c.code.startswith(("T81.40X", "T81.49X"))]
    if not vague or any(c.code.startswith(("T81.41", "T81.42", "T81.43")) for c in candidates):
        return candidates
    said = " ".join(chart.sentence(f) for c in vague for f in c.facts)
    organ = any(c.code.startswith(_ORGANS) and _shares(chart, c, vague) for c in candidates)
    code = "T81.43XA" if organ else next((code for pattern, code in _DEPTHS if pattern.search(said)), None)
    if code is None:
        return candidates
    new = vague[0].joined(*vague[1:]).stepped(reason(DEPTH), DEPTH, code=f"{code[:-1]}{vague[0].code[-1]}")
    return [new if c is vague[0] else c for c in candidates if c is vague[0] or c not in vague]


def _shares(chart: Chart, organ: Candidate, vague: list[Candidate]) -> bool:
    """Whether the infection of an organ is told in a sentence with the one after the procedure, or with its words."""
    places = {f.segment for c in vague for f in c.facts}
    return any(f.segment in places or _AFTER.search(chart.sentence(f)) for f in organ.facts)


def sepsis(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with sepsis that the chart ties to an infection after a procedure, and its shock."""
    local = next((c for c in candidates if c.code.startswith(INFECTION)), None)
    systemic = next((c for c in candidates if c.code.startswith(SEPSIS)), None)
    if local is None or systemic is None or any(c.code.startswith("T81.44") for c in candidates):
        return candidates
    severe = [c for c in candidates if c.code.startswith((*SEPSIS, "R65.2"))]
    if not any(chart.linked(c, local) or any(_AFTER.search(chart.sentence(f)) for f in c.facts) for c in severe):
        return candidates
    told = f"sepsis from {local.code}. {reason(FOLLOWING)}"
    following = stated(f"T81.44X{local.code[-1]}", systemic.facts, told, FOLLOWING, beside=local)
    return [*(_shock(c) for c in candidates), following]


def _shock(c: Candidate) -> Candidate:
    return c.stepped(reason(SHOCK), SHOCK, code="T81.12XA") if c.code == "R65.21" else c


def order(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The infection of a procedure or device before the sepsis that it led to."""
    local = next((c for c in candidates if c.code.startswith((*INFECTION, *DEVICE))), None)
    systemic = next((c for c in candidates if c.code.startswith(SEPSIS)), None)
    if local is None or systemic is None or local.rank < systemic.rank:
        return candidates
    return [replace(c, rank=(*systemic.rank[:1], -2)) if c is local else c for c in candidates]
