"""Several tests or therapies of one day: a part of each further one is paid less (indicators 4, 5, 6, 7).

Of imaging (4) the technical and the professional components are ranked apart, within one session; of cardiovascular
(6) and eye tests (7) the technical ones, of therapy (5) the practice expense, within one day. Each unit has its own
place. The group that bills counts as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from leadterm.domain import Money

from ._tables import Reduction, parts_of_test, reduction
from .work import ONE, Work, percent

IMAGING, THERAPY, HEART, EYES = "4", "5", "6", "7"
REDUCED = frozenset((IMAGING, THERAPY, HEART, EYES))
TECHNICAL, PROFESSIONAL, EXPENSE, MEDICARE = "T", "P", "E", "M"
# Said of imaging of another session of the same day, which then is reduced with nothing.
OTHER_SESSION = frozenset({"59", "XE"})
EQUIPMENT = frozenset({"FX", "FY", "CT"})
WHOLE, TECHNICAL_ALONE, TEST = "1", "3", "4"
NAMES = {TECHNICAL: "technical component", PROFESSIONAL: "professional component"}


@dataclass(frozen=True, slots=True)
class Part:
    """The technical or the professional part of one unit.

    Attributes:
        kind: `T` or `P`.
        whole: Before the cap of imaging.
        cap: The cap, where it is lower.
    """

    kind: str
    whole: Money
    cap: Money | None

    @property
    def paid(self) -> Money:
        """Of a unit that is not reduced."""
        return self.cap if self.cap is not None else self.whole

    def reduced(self, share: Decimal) -> Money:
        """Of a unit that is: the cap of imaging is looked at after the reduction."""
        less = Money.rounded(self.whole.amount * share)
        return less if self.cap is None else min(less, self.cap)


def sessions_of(works: Sequence[Work]) -> dict[tuple[str, ...], list[Work]]:
    """The lines of one day by what is reduced together."""
    found: dict[tuple[str, ...], list[Work]] = {}
    for work in works:
        row = work.fee.row
        key: tuple[str, ...] = (row.multiple,)
        if row.multiple == IMAGING:
            other = not OTHER_SESSION.isdisjoint(work.line.modifiers)
            key = (IMAGING, row.imaging_family, *(work.content if other else ()))
        found.setdefault(key, []).append(work)
    return found


def reduce(indicator: str, works: Sequence[Work]) -> None:
    """Counts the units of lines that are reduced together, each at its place."""
    if indicator == THERAPY:
        _therapy(works)
    else:
        _parts(indicator, works)


def _therapy(works: Sequence[Work]) -> None:
    rule = reduction(THERAPY, EXPENSE, works[0].schedule.day)
    if rule is None or (len(works) == 1 and works[0].count <= ONE):
        _counted(works)
        return
    order = sorted(works, key=lambda w: (-w.fee.practice_expense(), w.content))
    for number, work in enumerate(order):
        first = min(work.count, ONE) if number == 0 else Decimal(0)
        _expense(work, first, work.count - first, rule)


def _expense(work: Work, first: Decimal, further: Decimal, rule: Reduction) -> None:
    cited = rule.citation
    if not further:
        work.amount = Money.rounded(work.unit.amount * first)
        work.step("Highest practice expense of the day's therapy: whole", work.amount, first, cited)
        return
    less = min(work.fee.with_practice_expense(rule.share), work.unit)
    work.step(f"A further unit of the day's therapy: {percent(rule.share)} of its practice expense", less, None, cited)
    work.amount = Money.rounded(work.unit.amount * first + less.amount * further)
    if work.count != ONE:
        work.step(
            f"{first:f} whole, {further:f} with that" if first else f"{further:f} units", work.amount, None, cited
        )


def _counted(works: Sequence[Work]) -> None:
    for work in works:
        work.amount = Money.rounded(work.unit.amount * work.count)
        if work.count != ONE:
            work.step(f"{work.count:f} units", work.amount, work.count, "units of the line")


def _parts(indicator: str, works: Sequence[Work]) -> None:
    day = works[0].schedule.day
    rules = {kind: rule for kind in NAMES if (rule := reduction(indicator, kind, day))}
    if not rules or (len(works) == 1 and works[0].count <= ONE):
        _counted(works)
        return
    parts = [(work, parts_of(work)) for work in works]
    firsts = {kind: _first([(w, p) for w, own in parts for p in own if p.kind == kind]) for kind in rules}
    for work, own in parts:
        if any(p.kind in rules and not (firsts[p.kind] is work and work.count <= ONE) for p in own):
            _partwise(work, own, rules, firsts)
        else:
            _counted([work])


def _first(parts: Sequence[tuple[Work, Part]]) -> Work | None:
    """The line whose part is the highest, and so paid whole for one unit."""
    return min(parts, key=lambda found: (-found[1].whole.amount, found[0].content), default=(None, None))[0]


def _partwise(work: Work, parts: Sequence[Part], rules: dict[str, Reduction], firsts: dict[str, Work | None]) -> None:
    total = Money(Decimal(0))
    for part in parts:
        rule = rules.get(part.kind)
        whole = work.count if rule is None else min(work.count, ONE) if firsts[part.kind] is work else Decimal(0)
        total += _paid(work, part, whole, rule)
    # Parts are rounded by themselves: together they are never more than the service.
    work.amount = min(total, Money.rounded(work.unit.amount * work.count))
    if len(parts) > 1:
        work.step("The parts together", work.amount, None, "PC/TC indicator 1, 4")


def _paid(work: Work, part: Part, whole: Decimal, rule: Reduction | None) -> Money:
    amount = _told(work, part, whole, rule)
    if part.kind == TECHNICAL:
        work.technical = amount
    return amount


def _told(work: Work, part: Part, whole: Decimal, rule: Reduction | None) -> Money:
    further = work.count - whole
    name = NAMES[part.kind]
    if not further or rule is None:
        amount = Money.rounded(part.paid.amount * whole)
        work.step(f"{name.capitalize()} ${part.paid} whole{_times(whole)}", amount, whole, _cited(rule))
        return amount
    less = part.reduced(rule.share)
    amount = Money.rounded(part.paid.amount * whole + less.amount * further)
    first = f"${part.paid} whole, further units " if whole else ""
    capped = f", at most the cap ${part.cap}" if part.cap is not None else ""
    what = f"{name.capitalize()}, {rule.words}: {first}{percent(rule.share)} of ${part.whole}{capped}{_times(further)}"
    work.step(what, amount, None if whole or part.cap is not None or further != ONE else rule.share, rule.citation)
    return amount


def less_by_equipment(work: Work) -> None:
    """Takes off what an outdated machine costs the technical component (FX, FY, CT)."""
    for name in work.line.modifiers:
        rule = reduction(name, TECHNICAL, work.schedule.day) if name in EQUIPMENT else None
        if rule is None or work.amount is None:
            continue
        technical = min(work.technical or _technical(work), work.amount)
        if not technical.amount:
            continue
        less = Money.rounded(technical.amount * (ONE - rule.share))
        work.amount = work.amount - less
        what = f"{rule.words}: technical component ${technical} less {percent(ONE - rule.share)}"
        work.step(what, work.amount, None, rule.citation)


def _technical(work: Work) -> Money:
    """What the line has for the technical component, where nothing reduced it."""
    paid = (p.paid.amount for p in parts_of(work) if p.kind == TECHNICAL)
    return Money.rounded(sum(paid, Decimal(0)) * work.count)


def _times(count: Decimal) -> str:
    return f" × {count:f}" if count != ONE else ""


def _cited(rule: Reduction | None) -> str:
    return rule.citation if rule else "PC/TC indicator 1, 4"


def parts_of(work: Work) -> list[Part]:
    """The parts of one unit, both sides reckoned in; a service that is technical or professional alone has one."""
    row = work.fee.row
    if row.modifier in ("26", "TC"):
        return [_own(work, PROFESSIONAL if row.modifier == "26" else TECHNICAL)]
    if row.pctc == TECHNICAL_ALONE:
        return [_own(work, TECHNICAL)]
    if row.pctc == WHOLE:
        return [_coded(work, PROFESSIONAL, (row.code,), "26"), _coded(work, TECHNICAL, (row.code,), "TC")]
    codes = parts_of_test(row.code) if row.pctc == TEST else None
    if codes is None:
        return []
    return [_coded(work, PROFESSIONAL, codes[0], ""), _coded(work, TECHNICAL, codes[1], "")]


def _own(work: Work, kind: str) -> Part:
    cap = work.unit if work.fee.cap is not None else None
    return Part(kind, Money.rounded(work.fee.whole.amount * work.sides), cap)


def _coded(work: Work, kind: str, codes: Sequence[str], component: str) -> Part:
    whole = cap = Decimal(0)
    capped = False
    for code in codes:
        fee = work.schedule.fee(code, component, work.facility, work.locality)
        if not isinstance(fee, str):
            whole += fee.whole.amount
            cap += fee.unit.amount
            capped = capped or fee.cap is not None
    sides = work.sides
    return Part(kind, Money.rounded(whole * sides), Money.rounded(cap * sides) if capped else None)
