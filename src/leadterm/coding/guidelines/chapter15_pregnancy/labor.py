"""What two things of pregnancy and labour mean together: bleeding, membranes, weeks (I.C.15.b; notes of O42 to O73)."""

from __future__ import annotations

from dataclasses import replace

from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.gestation import trimester_of
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason

from .mother import TERM, Mother, State, mother
from .phases import entered

BLEEDING = "ICD10CM:I.C.15/bleeding"
MEMBRANES = "ICD10CM:I.C.15/membranes"
PRETERM = "ICD10CM:I.C.15/preterm"
PLANNED = "ICD10CM:I.C.15/before-planned"
POSTTERM = "ICD10CM:I.C.15/post-term"
EARLY = 20
_BLEEDS = ("N93", "R58")
_HEMORRHAGE = compiled(r"\bh(?:a)?emorrhag\w*|\bpph\b|\bbrisk bleed|\bheavy bleed|\bexcessive bleed")
_ANTEPARTUM = compiled(
    r"\b(?:vaginal|antepartum|painless|bright red|sentinel|active|third trimester"
    r"|second trimester)[^.;\n]{0,15}(?:bleed\w*|h?a?emorrhage|spotting)|\bh(?:a)?emorrhage\b"
    r"|\bbleed(?:ing|s)?\b"
)


def bleeding(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Bleeding by its source: previa, abruption, early or late pregnancy, the placenta left, the uterus lax."""
    her = mother(chart)
    if not her.expecting:
        return candidates
    found = [_with_hemorrhage(chart, c, candidates) for c in candidates]
    named = any(c.code.startswith(("O44", "O45", "O20", "O46", "O67", "O72", "O0", "O60")) for c in found)
    result = []
    for c in found:
        if c.code.startswith(("N91", "N92")):
            continue
        if c.code.startswith(_BLEEDS):
            to = None if named else _bleeding(chart, her)
            if to is None:
                continue
            c = c.stepped(f"{c.code} in this patient: {to}. {reason(BLEEDING)}", BLEEDING, code=to)
        elif c.code.startswith("O46") and any(o.code.startswith(("O44", "O45")) for o in found):
            continue
        elif c.code.startswith("O46.9") and her.number is not None and her.number < EARLY:
            c = c.stepped(f"before {EARLY} weeks: O20.9. {reason(BLEEDING)}", BLEEDING, code="O20.9")
        result.append(c)
    return _third_stage(chart, result)


def _with_hemorrhage(chart: Chart, c: Candidate, candidates: list[Candidate]) -> Candidate:
    """Previa with hemorrhage, where the chart tells of any before the birth."""
    bleeds = any(o.code.startswith(("O46", *_BLEEDS)) for o in candidates) or chart.tells(_ANTEPARTUM) is not None
    if c.code[:5] in ("O44.0", "O44.2", "O44.4") and bleeds:
        code = f"O44.{int(c.code[4]) + 1}{c.code[5:]}"
        return c.stepped(f"with bleeding: {code}. {reason(BLEEDING)}", BLEEDING, code=code)
    return c


def _bleeding(chart: Chart, her: Mother) -> str | None:
    if her.state is State.PUERPERIUM:
        return "O72.2"
    if her.state is State.LOST:
        return None
    if (her.number is not None and her.number < EARLY) or her.trimester == "first":
        return "O20.9"
    return entered(chart.book, "O46.9", her, her.phase)


def _third_stage(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Retained placenta and atony with or without hemorrhage, one code for each."""
    bleeds = any(c.code.startswith(("O72.1", "O72.2")) for c in candidates) or chart.tells(_HEMORRHAGE) is not None
    after = mother(chart).state in (State.DELIVERED, State.PUERPERIUM)
    moves = {"O62.2": "O72.1", "O73.0": "O72.0", "O73.1": "O72.2"} if bleeds and after else {}
    moved = [
        c.stepped(f"with hemorrhage: {moves[c.code]}. {reason(BLEEDING)}", BLEEDING, code=moves[c.code])
        if c.code in moves
        else c
        for c in candidates
    ]
    retained = any(c.code == "O72.0" for c in moved)
    return [c for c in moved if not (retained and c.code == "O72.1")]


_WITHIN = compiled(
    r"\blabou?r\b[^.;\n]{0,40}within 24|onset of labou?r <\s?24|\b(?:went into|entered"
    r"|spontaneous) labou?r (?:shortly|soon|\d+ (?:h|hr|hours?|min\w*) (?:later|after))"
    r"|\b(?:labou?r|contractions) (?:began|started|set in|ensued) (?:about )?(?:1?\d|2[0-4]) (?:h|hrs?|hours)"
    r" (?:later|after)"
)
_LATER = compiled(
    r"\b(?:more than|greater than|over|>|beyond) ?24 ?(?:h|hours?|hrs?)|\bprolonged (?:rupture|rom"
    r"|prom)|\blabou?r (?:began|started|onset) \d+ days? (?:later|after)"
)
_HOURS = compiled(
    r"\b(\d+) ?(?:h|hr|hrs|hours?) (?:after|post|s/p|following|from|since) (?:the )?(?:rupture|rom"
    r"|srom|prom|pprom|membranes)|\b(?:rupture|rom|srom|prom)\b[^.;\n]{0,12}\b(\d+) ?(?:h|hr|hrs"
    r"|hours?) (?:before|prior to|ago)"
)
_RUPTURE_AT = compiled(
    r"\b(?:ruptur\w+|srom|rom|prom|leak\w*|gush|broke)\b[^.;\n]{0,40}?\b(?:at )?([012]?\d):?([0-5]\d)\b"
)
_LABOR_AT = compiled(r"\b(?:labou?r|contractions?|ctx)\b[^.;\n]{0,45}?\b(?:at |about |by )?([012]?\d):([0-5]\d)\b")


def membranes(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Premature rupture by term or not, and by the hours to the onset of labour."""
    her = mother(chart)
    found = [c for c in candidates if c.code.startswith("O42")]
    if not found or not her.expecting:
        return candidates
    preterm = her.number is not None and her.number < TERM
    onset = _onset(chart)
    code = f"O42.{onset}{'1' if preterm else '2' if her.number is not None else '0'}"
    if preterm:
        code += {"first": "1", "second": "2", "third": "3"}.get(her.trimester or "", "9")
    one = found[0].joined(*found[1:]).stepped(f"{code}: {reason(MEMBRANES)}", MEMBRANES, code=code)
    return [one if c is found[0] else c for c in candidates if c is found[0] or c not in found]


def _onset(chart: Chart) -> str:
    """0: labour within 24 hours of the rupture, 1: later, 9: not told."""
    hours = _HOURS.search(chart.text)
    if hours:
        return "0" if int(hours[1] or hours[2]) <= 24 else "1"
    if chart.tells(_LATER):
        return "1"
    if chart.tells(_WITHIN) or _same_day(chart.text):
        return "0"
    return "9"


def _same_day(text: str) -> bool:
    rupture, labor = _RUPTURE_AT.search(text), _LABOR_AT.search(text)
    return rupture is not None and labor is not None and 0 <= labor.start() - rupture.start() < 250


_SPONTANEOUS = compiled(
    r"\b(?:spontaneous|active|preterm|advanced) (?:preterm )?labou?r|\bin labou?r\b|\blabou?ring\b|\bwent into labou?r"
    r"|\blabou?r (?:began|started|ensued|developed|progressed)"
)
_INDUCED = compiled(r"\binduc(?:ed|tion)|\biol\b")
_BORN_AT = compiled(r"\b(?:deliver\w+|birth|born|nsvd|svd|cesarean)\b[^.;\n]{0,30}$")


def before_term(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Preterm labour with or without delivery, and false labour, by the weeks."""
    her = mother(chart)
    if not her.expecting:
        return candidates
    labors = [c for c in candidates if c.code.startswith("O60")]
    code = _preterm(chart, her) if labors or _unnamed(chart, her) else None
    result = [
        c
        for c in candidates
        if c not in labors and not (c.code.startswith("O47") and (labors or her.state is State.DELIVERED))
    ]
    if code is not None:
        if labors:
            one = labors[0].joined(*labors[1:]).stepped(f"{code}: {reason(PRETERM)}", PRETERM, code=code)
        else:
            assert her.weeks is not None
            one = stated(code, (her.weeks,), f"{code}: {reason(PRETERM)}", PRETERM)
        result.insert(candidates.index(labors[0]) if labors else len(result), one)
    return [_false_labor(c, her) if c.code.startswith("O47") else c for c in result]


def _unnamed(chart: Chart, her: Mother) -> bool:
    """Whether labour that began by itself before term ended in this birth, without its name."""
    early = her.state is State.DELIVERED and her.number is not None and her.number < TERM
    return early and chart.tells(_SPONTANEOUS) is not None and chart.tells(_INDUCED) is None


def _preterm(chart: Chart, her: Mother) -> str | None:
    if her.number is not None and her.number >= TERM and her.state is not State.DELIVERED:
        return None
    second = her.trimester == "second"
    if her.state is not State.DELIVERED:
        return {"second": "O60.02", "third": "O60.03"}.get(her.trimester or "", "O60.00")
    at_birth = _weeks_of_birth(chart) or her.number
    if at_birth is not None and at_birth >= TERM:
        return None if her.number is not None and her.number >= TERM else ("O60.22X0" if second else "O60.23X0")
    if her.trimester is None:
        return "O60.10X0"
    late = at_birth is not None and trimester_of(str(at_birth)) == "third"
    return ("O60.13X0" if late else "O60.12X0") if second else "O60.14X0"


def _weeks_of_birth(chart: Chart) -> int | None:
    for f in chart.present:
        if f.concept == "weeks of gestation":
            line = chart.line(f)
            if _BORN_AT.search(line[: max(line.find(f.mention.text.lower()), 0)]):
                return int(float(f.attributes["value"]))
    return None


def _false_labor(c: Candidate, her: Mother) -> Candidate:
    if her.number is None:
        return c
    code = "O47.1" if her.number >= TERM else {"second": "O47.02", "third": "O47.03"}.get(her.trimester or "", "O47.00")
    return c if code == c.code else c.stepped(f"{her.number} weeks: {code}. {reason(PRETERM)}", PRETERM, code=code)


_PLANNED = compiled(
    r"\b(?:planned|scheduled|booked|elective|repeat)\b[^.;\n]{0,50}\b(?:cesarean|c-?section|c/s"
    r"|section|ltcs|cs)\b|\b(?:cesarean|c-?section|c/s|section|ltcs|cs)\b[^.;\n]{0,40}\b(?:planned"
    r"|scheduled|booked)\b"
)
_BEGAN = compiled(
    r"\b(?:spontaneous|active|early|onset of|went into|in|presented in|began|began in) labou?r\b|\blabou?ring\b"
)
_FULL = (37, 39)


def before_planned(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With labour that began by itself between 37 and 39 weeks before a planned cesarean (O75.82)."""
    her = mother(chart)
    if not her.cesarean or her.weeks is None or her.number is None or not _FULL[0] <= her.number < _FULL[1]:
        return candidates
    began = chart.tells(_BEGAN) is not None and chart.tells(_INDUCED) is None
    tried = any(c.code.startswith(("O66.4", "O61")) for c in candidates)
    if not began or tried or chart.tells(_PLANNED) is None or any(c.code == "O75.82" for c in candidates):
        return candidates
    return [*candidates, stated("O75.82", (her.weeks,), reason(PLANNED), PLANNED)]


_FORTY, _FORTY_ONE, _FORTY_TWO = 280, 287, 294


def after_term(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """A pregnancy over 40, or over 42, completed weeks by its days; none where the days say otherwise."""
    her = mother(chart)
    days = her.days
    if not her.expecting or days is None:
        return candidates
    named = [c for c in candidates if c.code.startswith("O48")]
    rest = [c for c in candidates if c not in named]
    if days <= _FORTY or not (named or (her.state is State.DELIVERED and days >= _FORTY_ONE)):
        return rest
    code = "O48.1" if days > _FORTY_TWO else "O48.0"
    assert her.weeks is not None
    one = named[0].joined(*named[1:]) if named else stated(code, (her.weeks,), code, POSTTERM)
    one = replace(one.stepped(f"{days // 7} weeks {days % 7} days: {code}. {reason(POSTTERM)}", POSTTERM), code=code)
    return [*rest, one]
