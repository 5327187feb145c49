"""Which product a name means where it stands, and how much of it was given."""

from __future__ import annotations

from decimal import Decimal

from leadterm.codesets.lists.hcpcs import Hcpcs
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled

from .amounts import NUMBER, Amount
from .details import Details
from .formulary import Product, in_force
from .mentions import Mention

_WEIGHT = compiled(
    rf"\b(?:weight|wt|weighs|weighed)\b\.?[^\d\n]{{0,20}}(?P<number>{NUMBER})\s*(?P<unit>kgs?"
    rf"|kilograms?|lbs?|pounds?)\b"
)
_SURFACE = compiled(rf"\b(?:bsa|body surface area)\b[^\d\n]{{0,15}}(?P<number>{NUMBER})")
_DIALYSIS = compiled(
    r"\besrd\b|\bend[- ]stage (?:renal|kidney)|(?<!not )(?<!not yet )(?<!never )\bon (?:hemo)?dialysis\b"
    r"|\bhemodialysis\b"
)
_LIMIT = compiled(r"\b(?P<which>greater than|less than or equal to) (?P<number>\d+) mg\b")
POUND = Decimal("0.45359237")


def choose(chart: Chart, release: Hcpcs | None, mention: Mention, told: Details) -> tuple[Product, ...]:
    """The products that a mention can mean, one where the record decides: by form, maker, dialysis, way, strength."""
    found = tuple(p for p in mention.products if in_force(release, p.code.value, chart.on))
    around = f"{mention.whole} {' '.join(mention.names)}"
    found = _by_words(found, around)
    dialysis = chart.once("drugs.dialysis", lambda: bool(_DIALYSIS.search(chart.text)))
    found = _some(found, [p for p in found if p.esrd is None or p.esrd is dialysis])
    if told.route:
        found = _some(found, [p for p in found if told.route in p.routes] or [p for p in found if not p.routes])
    kinds = {a.kind for a, _, _ in told.doses}
    found = _some(found, [p for p in found if p.unit.kind in kinds])
    found = _some(found, [p for p in found if p.starter])
    found = _some(found, [p for p in found if _fits_limit(p, told)])
    return _by_strength(found, chart, told)


def _fits_limit(product: Product, told: Details) -> bool:
    """Whether the dose is within the limit that a product's text sets ("greater than 100 mg"), or sets none."""
    limit = _LIMIT.search(product.title.lower())
    if limit is None:
        return True
    doses = [a.value for a, _, _ in told.doses if a.kind == "mg"]
    if not doses:
        return False
    over = doses[0] > Decimal(limit["number"])
    return over is (limit["which"] == "greater than")


def _some(every: tuple[Product, ...], kept: list[Product]) -> tuple[Product, ...]:
    """What is kept, unless nothing would be."""
    return tuple(kept) or every


def _by_words(found: tuple[Product, ...], around: str) -> tuple[Product, ...]:
    """The products whose form and maker the record names; else those that ask for none."""
    fits = [p for p in found if all(any(word in around for word in words) for words in p.needs)]
    most = max((len(p.needs) for p in fits), default=0)
    return _some(found, [p for p in fits if len(p.needs) == most])


def _by_strength(found: tuple[Product, ...], chart: Chart, told: Details) -> tuple[Product, ...]:
    """Of one drug in several strengths the one of the dose: a container of it, else whole units, else the next."""
    if len(found) < 2 or len({p.unit.kind for p in found}) > 1:
        return found
    much, _ = amount_of(chart, found[0], told)
    sized = [p for p in found if much in p.sizes]
    if len(sized) == 1:
        return tuple(sized)
    if much is None or len({(p.kind, p.routes) for p in found}) > 1:
        return found
    exact = [p for p in found if much in p.sizes]
    whole = [p for p in found if p.unit.value and not much.value % p.unit.value]
    above = [p for p in found if p.unit >= much]
    best = (
        exact[:1]
        or sorted(whole, key=lambda p: -p.unit.value)[:1]
        or sorted(above, key=lambda p: p.unit.value)[:1]
        or sorted(found, key=lambda p: -p.unit.value)[:1]
    )
    return tuple(best)


# --- how much ---


def amount_of(chart: Chart, product: Product, told: Details) -> tuple[Amount | None, str]:
    """How much was given in the kind of the product's unit, and how it was computed where the record did not."""
    kind = product.unit.kind
    if kind == "dose":
        return Amount(Decimal(told.fold), "dose"), ""
    said = next((a for a, _, _ in told.doses if a.kind == kind), None)
    if said is not None:
        return said.times(told.fold), ""
    if told.waste and told.waste.amount and (held := _contents(told, kind)):
        return held, ""
    if told.per and told.per[0].kind == kind and (size := _body(chart, told.per[1])):
        number, words = size
        return told.per[0].times(number), words
    volume = next((a for a, _, _ in told.doses if a.kind == "ml"), None)
    strength = next((s for s in told.strengths if s.kind == kind), None)
    if volume and strength:
        return strength.times(volume.value * told.fold), f"{volume} of {strength} in each ml"
    if told.bare is not None and _is_plausible(told.bare, product):
        return Amount(told.bare, kind).times(told.fold), ""
    if ratio := next((a for a in told.ratios if a.kind == kind), None):
        return ratio.times(told.fold), ""
    if (held := _contents(told, kind)) is not None or product.container != "single":
        return held, ""
    whole = next((s for s in told.strengths if s.kind == kind and s in product.sizes), None)
    return whole.times(told.fold) if whole else None, ""  # "60 mg/mL PFS": a syringe of one millilitre


def _is_plausible(number: Decimal, product: Product) -> bool:
    """Whether a number without a unit can be in that of the product's containers: of one, or between and about them."""
    sizes = [size.value for size in product.sizes]
    return number in sizes or (bool(sizes) and min(sizes) >= 5 and min(sizes) <= number <= 2 * max(sizes))


def _contents(told: Details, kind: str) -> Amount | None:
    """The contents of the containers, where a record tells only these, less what was discarded."""
    held = sum((size.value * count for count, size in told.containers if size.kind == kind), Decimal(0))
    if not held or (told.waste and told.waste.amount is None):
        return None
    lost = (
        told.waste.amount.value if told.waste and told.waste.amount and told.waste.amount.kind == kind else Decimal(0)
    )
    return Amount(held - lost, kind) if held > lost else None


def _body(chart: Chart, per: str) -> tuple[Decimal, str] | None:
    """The documented weight in kilograms or surface in square metres, and the words for the pathway."""
    if per == "m2":
        surface = _SURFACE.search(chart.text)
        return (Decimal(surface["number"]), f"surface {surface['number']} m2") if surface else None
    weight = _WEIGHT.search(chart.text)
    if weight is None:
        return None
    number = Decimal(weight["number"].replace(",", ""))
    if weight["unit"].startswith(("lb", "pound")):
        number *= POUND
    return number, f"weight {weight['number']} {weight['unit']}"
