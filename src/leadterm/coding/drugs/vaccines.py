"""Vaccines that were given: the number of the product, and the code of giving it by payer, age, counseling and way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from leadterm.codesets.lists.hcpcs import Hcpcs
from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.querying._asking import query
from leadterm.coding.rules import reason
from leadterm.coding.services.payers import is_medicare
from leadterm.coding.services.service import Offer, Service
from leadterm.domain import Code, CodeSystem, Evidence, PathwayStep, Query, Step

from ._cues import cue
from .amounts import Amount
from .counseling import counseled
from .days import day_of
from .details import Details, details
from .formulary import Formulary, Product
from .given import is_recorded, is_unchecked
from .mentions import Mention, mentions
from .names import Finder

TABLE = "drugs/vaccines"
PRODUCT, GIVING, MEDICARE, HOME = (
    "CPT:vaccines/product",
    "CPT:vaccines/administration",
    "CMS:claims-processing.18/vaccines",
    "CMS:claims-processing.18/home",
)
# What Medicare has codes of its own for.
_MEDICARE = {"flu": "G0008", "pneumococcal": "G0009", "hepatitis b": "G0010"}
_COVID, _HOME = "90480", "M0201"
OF_AGE = 18  # years: to this age counseling is counted by component
_RECORDED = compiled(r"\blot\b|\bvis\b|\bexp\b|\bndc\b")
_SHEET = compiled(
    r"\bvis(?: \w+)? (?:was |were )?given\b|\bgiven (?:a |the )?vis\b|\binformation (?:sheet"
    r"|statement)s? (?:was |were )?given\b"
)
_GIVEN_SITE = compiled(
    r"\bdelt(?:oid)?\b|\bthigh|\bvastus|\bim\b|\bintramuscular|\bsub-?q|\bs[cq]\b|\bright arm"
    r"|\bleft arm|\b[lr] arm|\b[lr](?:d|vl|t|ua|a)\b|\bp\.?o\b|\boral(?:ly)?\b|\bby mouth\b|\bnasal\w*"
    r"|\bnares\b|\bnostril"
)
# A needle's way with the side of the body: who writes it has given it, with or without a lot.
_STUCK = compiled(
    r"\b(?:im|sc|sq|subq|sub-q)\b[\s,.:;/-]*(?:in(?:to)? |to )?(?:the )?(?:upper |ant\w* )?(?:[rl]|rt|lt|right|left)\b"
    r"|\b(?:[rl]|rt|lt|right|left)[\s.]*(?:deltoid|delt|arm|thigh|vl|vastus|ua|quad)\b"
    r"|\b[rl](?:d|vl|t|ua|a)\b|\b(?:deltoid|delt|arm|thigh|vl)[\s,(]+(?:[rl]|rt|lt|right|left)\b"
    r"|\bml\W{1,3}(?:po|oral(?:ly)?|by mouth)\b|\beach nostril|\b(?:both|each) (?:nares|naris|nostrils?)\b"
)
_NOW = compiled(r"\b(?:given|administered|done) (?:today|now|here|this visit)\b|\btoday\W+given\b")
_SHOTS_TODAY = compiled(
    r"\b(?:shots?|vaccines?|immuni[sz]ations?|vaccinations?|imms?) (?:given |done )?(?:today|now)\b"
)
_NOT_NOW = compiled(
    r"\bup[- ]to[- ]date\b|\butd\b|\bhistory\b|\bdue\b|\boverdue\b|\bdeclin\w+|\brefus\w+"
    r"|\bat (?:the )?pharmacy\b|\blast\b|\bpreviously\b|\bseries complete"
)


@dataclass(frozen=True, slots=True)
class Vaccine:
    """A row of the table."""

    code: str
    group: str
    name: str
    components: int
    way: str
    first: date | None
    last: date | None
    least: int | None
    most: int | None
    doses: tuple[str, ...] = ()

    def fits(self, day: date, age: int | None) -> bool:
        """Whether it may be meant on a day, for an age."""
        dated = (self.first is None or self.first <= day) and (self.last is None or day <= self.last)
        grown = age is None or ((self.least is None or self.least <= age) and (self.most is None or age <= self.most))
        return dated and grown


@dataclass(frozen=True, slots=True)
class Shot:
    """A vaccine that was given; `choices` of several rows are left open by the record."""

    mention: Mention
    choices: tuple[Vaccine, ...]
    told: Details
    day: date

    @property
    def group(self) -> str:
        """The group that all choices share; empty where they share none."""
        groups = {v.group for v in self.choices}
        return next(iter(groups)) if len(groups) == 1 else ""

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The name, with its dose where one follows."""
        end = self.mention.end
        if self.told.doses and self.told.doses[0][1] >= self.mention.end - self.mention.low:
            end = max(end, self.mention.low + self.told.doses[0][2])
        return (self.mention.quote(self.mention.start, end),)


@cache
def _table() -> tuple[Formulary, dict[str, tuple[Vaccine, ...]]]:
    """The names, as a formulary whose products only carry the rows' numbers, and the rows of each name."""
    names: dict[str, list[Vaccine]] = {}
    for row in rows(TABLE):
        for name in (row["name"], *(n for n in row["names"].split("; ") if n)):
            names.setdefault(name, []).append(_vaccine(row))
    kept = {name: tuple(found) for name, found in names.items()}
    dummy = Product(Code(CodeSystem.CPT, "90471"), "", Amount(Decimal(1), "dose"), "vaccine")
    return Formulary(True, Finder(kept), dict.fromkeys(kept, (dummy,))), kept


def _vaccine(row: dict[str, str]) -> Vaccine:
    first, last = (date.fromisoformat(row[c]) if row[c] else None for c in ("from", "to"))
    least, most = (int(row[c]) if row[c] else None for c in ("least", "most"))
    told = (row["code"], row["group"], row["name"], int(row["components"]), row["way"])
    return Vaccine(*told, first, last, least, most, tuple(d for d in (row["doses"] or "").split("; ") if d))


def vaccines(chart: Chart, release: Hcpcs | None) -> Offer:
    """The lines of vaccines with their administration, and what to ask."""
    found = _shots(chart)
    if not found:
        return Offer()
    products = [s for shot in found if (s := _product(shot)) is not None]
    return Offer((*products, *_giving(chart, release, found)), (), tuple(q for shot in found for q in _open(shot)))


# --- which were given ---


def _shots(chart: Chart) -> tuple[Shot, ...]:
    formulary, table = _table()
    found: dict[str, Shot] = {}
    for mention in mentions(chart, formulary):
        if not _may_tell(mention):
            continue
        told = details(mention.own, mention.end - mention.low, mention.whole, mention.ahead)
        day = day_of(chart, mention)
        if day is None or not _was_given(mention, told):
            continue
        shot = Shot(mention, _dosed(_choices(chart, [table[name] for name in mention.names]), told), told, day)
        key = ",".join(v.code for v in shot.choices) if shot.choices[0].code else shot.group or mention.names[0]
        found.setdefault(key, shot)
    return _without_vague(tuple(found.values()))


def _may_tell(mention: Mention) -> bool:
    """Whether the words around a name can say that it was given, before anything is read of them."""
    whole = mention.whole
    told = cue("given").search(whole) or _RECORDED.search(whole) or _STUCK.search(whole) or _SHOTS_TODAY.search(whole)
    return is_recorded(mention) or told is not None


def _was_given(mention: Mention, told: Details) -> bool:
    """Whether the record says that it was given now: in words, or by its lot and the place of the needle."""
    own = _SHEET.sub(" ", f"{mention.lead} {mention.own}")
    if cue("refused").search(own) or is_unchecked(mention):
        return False
    now = bool(_NOW.search(own)) and bool(_STUCK.search(mention.own))
    if not now and (cue("elsewhere").search(own) or _NOT_NOW.search(own)):
        return False
    recorded = bool(_RECORDED.search(mention.own) and _GIVEN_SITE.search(mention.whole))
    recorded = recorded or bool(_STUCK.search(mention.own))
    said = bool(cue("given").search(own)) or bool(_SHOTS_TODAY.search(f"{mention.header} {mention.lead} {own}"))
    if cue("planned").search(own) and not said and not recorded:
        return False
    record = is_recorded(mention)
    if mention.passage.kind in _STORY and not record:
        return recorded or (said and (bool(cue("here").search(own)) or told.times.moment is not None))
    return said or recorded or record


_STORY = frozenset(
    "immunizations hpi medications allergies past-medical-history family-history instructions chief-complaint".split()
)


def _choices(chart: Chart, named: Sequence[tuple[Vaccine, ...]]) -> tuple[Vaccine, ...]:
    """The rows that the names share, which fit day and age."""
    first, *others = named
    shared = [v for v in first if all(any(v.code == o.code for o in some) for some in others)] or list(first)
    return tuple([v for v in shared if v.fits(chart.on, chart.age)] or shared)


def _dosed(choices: tuple[Vaccine, ...], told: Details) -> tuple[Vaccine, ...]:
    """Of rows that part by their dose ("nirsevimab 50 mg") the one of the dose that is told."""
    amounts = {str(a) for a, _, _ in told.doses} | {str(a) for a in told.ratios}
    fit = [v for v in choices if len(choices) > 1 and any(v.name.endswith(a) or a in v.doses for a in amounts)]
    return tuple(fit) if len(fit) == 1 else choices


def _without_vague(found: tuple[Shot, ...]) -> tuple[Shot, ...]:
    """Without "flu shot" where the record names the product of that group too."""
    named = {shot.group for shot in found if shot.choices[0].code and shot.group}
    return tuple(s for s in found if s.choices[0].code or s.group not in named)


# --- lines ---


def _product(shot: Shot) -> Service | None:
    """The line of a vaccine's product; None where the chart leaves open which it was."""
    if len(shot.choices) != 1 or not shot.choices[0].code:
        return None
    code, name = shot.choices[0].code, shot.choices[0].name
    step = PathwayStep(Step.TABLE, f"“{shot.mention.names[0]}” {code}: {name}. {reason(PRODUCT)}", PRODUCT)
    return Service(
        Code(CodeSystem.CPT, code),
        "vaccine",
        shot.evidence,
        (step,),
        (),
        0.8,
        (6, shot.mention.start),
        units=Decimal(1),
        day=shot.day,
        ndc=shot.told.ndc,
    )


def _giving(chart: Chart, release: Hcpcs | None, found: Sequence[Shot]) -> Iterator[Service]:
    """The codes of giving: Medicare's own, COVID-19's, an antibody's, then the others by counseling or by order."""
    rest: list[Shot] = []
    for shot in found:
        own = _own_code(chart, release, shot)
        if own is None:
            rest.append(shot)
        else:
            yield _line(*own, (shot,), 1)
    if rest and _by_component(chart):
        yield from _components(rest)
    else:
        yield from _by_order(rest)
    if _at_home(chart, release, found):
        yield _line(_HOME, CodeSystem.HCPCS, HOME, found, 1)


def _own_code(chart: Chart, release: Hcpcs | None, shot: Shot) -> tuple[str, CodeSystem, str] | None:
    if shot.group == "covid":
        return _COVID, CodeSystem.CPT, GIVING
    if shot.group == "antibody":
        return ("96380" if counseled(chart) else "96381"), CodeSystem.CPT, GIVING
    code = _MEDICARE.get(shot.group) if is_medicare(chart) else None
    return (code, CodeSystem.HCPCS, MEDICARE) if code and _listed(release, code) else None


def _listed(release: Hcpcs | None, code: str) -> bool:
    return release is None or release.code(code) is not None


def _by_component(chart: Chart) -> bool:
    return chart.age is not None and chart.age <= OF_AGE and counseled(chart)


def _components(rest: Sequence[Shot]) -> Iterator[Service]:
    yield _line("90460", CodeSystem.CPT, GIVING, rest, len(rest))
    if more := sum(shot.choices[0].components - 1 for shot in rest):
        yield _line("90461", CodeSystem.CPT, GIVING, [s for s in rest if s.choices[0].components > 1], more)


def _by_order(rest: Sequence[Shot]) -> Iterator[Service]:
    """The first and each further one, by needle and not; only one of all is the first."""
    needle = [s for s in rest if s.choices[0].way == "needle"]
    other = [s for s in rest if s.choices[0].way != "needle"]
    if needle:
        yield _line("90471", CodeSystem.CPT, GIVING, needle[:1], 1)
    if needle[1:]:
        yield _line("90472", CodeSystem.CPT, GIVING, needle[1:], len(needle) - 1)
    if other and not needle:
        yield _line("90473", CodeSystem.CPT, GIVING, other[:1], 1)
        other = other[1:]
    if other:
        yield _line("90474", CodeSystem.CPT, GIVING, other, len(other))


def _at_home(chart: Chart, release: Hcpcs | None, found: Iterable[Shot]) -> bool:
    """Whether Medicare's home code goes with them: the visit was in the home, and one of its vaccines was given."""
    encounter = chart.encounter
    home = encounter.place_of_service == "12" or (encounter.encounter_class or "").lower() == "home"
    groups = {*_MEDICARE, "covid"}
    return home and is_medicare(chart) and any(s.group in groups for s in found) and _listed(release, _HOME)


def _line(code: str, system: CodeSystem, rule: str, shots: Sequence[Shot], units: int) -> Service:
    evidence = tuple(dict.fromkeys(e for shot in shots for e in shot.evidence))
    names = ", ".join(dict.fromkeys(shot.mention.names[0] for shot in shots))
    step = PathwayStep(Step.GUIDELINE, f"giving {names}. {reason(rule)}", rule)
    return Service(
        Code(system, code),
        "administration",
        evidence,
        (step,),
        (),
        0.75,
        (7, 0),
        units=Decimal(units),
        day=shots[0].day,
    )


def _open(shot: Shot) -> Iterator[Query]:
    """Which product it was, where the record does not tell."""
    if len(shot.choices) == 1 and shot.choices[0].code:
        return
    group = shot.group
    known = shot.choices if shot.choices[0].code else _of_group(group, shot.day)
    options = tuple(v.name for v in known)[:8] or ("the product (please state)",)
    codes = tuple(v.code for v in known if v.code)[:8]
    yield query("service", f"Which product of “{shot.mention.names[0]}” was given?", codes, options, shot.evidence)


def _of_group(group: str, day: date) -> tuple[Vaccine, ...]:
    found = (_vaccine(row) for row in rows(TABLE) if row["code"] and group and row["group"] == group)
    return tuple(v for v in found if v.fits(day, None))
