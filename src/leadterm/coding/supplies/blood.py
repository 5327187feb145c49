"""Blood products transfused, by the unit, on a facility's claim."""

from __future__ import annotations

import re
from decimal import Decimal

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.names import Names
from leadterm.coding.numerals import number_of, words_to
from leadterm.coding.patterns import compiled
from leadterm.coding.querying._asking import query
from leadterm.coding.rules import reason
from leadterm.coding.sentences import Place
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.service import Offer, Service
from leadterm.coding.statements import Told, day_of, documents, told
from leadterm.domain import ClaimType, Query

PRODUCT, WHICH = "MCPM:4.231/blood-product", "MCPM:4.231/which-product"
_PRODUCTS = (
    ("red", r"(?:p?rbcs?|packed (?:red )?(?:blood )?cells|red (?:blood )?cells)(?: units?)?"),
    (
        "platelets",
        r"(?:apheresis |pheresis |single[- ]donor )?(?:platelets?|plts?)(?= (?:transfus|given|infus|\())|(?:unit"
        r"|units|pack|packs|dose|doses)(?: of)?(?: \w+){0,3} platelets|(?:apheresis|pheresis"
        r"|single[- ]donor) platelets",
    ),
    ("frozen plasma", r"ffp|fresh frozen plasma"),
    ("plasma frozen within a day", r"fp-?24|pf-?24"),
    ("cryoprecipitate", r"cryoprecipitate|cryo(?= (?:units?|pool|transfus))"),
    ("whole blood", r"whole blood(?! (?:count|glucose))"),
)
_NAMES = Names(
    [pattern for _, pattern in _PRODUCTS], ["rbc|cells", "platelet|plt", "ffp|frozen", "fp", "cryo", "whole"]
)
_GIVEN = compiled(r"\b(?:transfus\w+|infus\w+|given|received|administered|hung|started|completed)\b", re.IGNORECASE)
_MARKS = (
    (
        "L",
        compiled(
            r"\bleuk?o-?(?:reduced|depleted|cyte[s]?[- ](?:reduced|poor|depleted))|\blr\b|leukocyte-?reduced",
            re.IGNORECASE,
        ),
    ),
    ("I", compiled(r"\birradiated\b", re.IGNORECASE)),
    ("P", compiled(r"\b(?:apheresis|pheresis|single[- ]donor)\b", re.IGNORECASE)),
    ("C", compiled(r"\bcmv[- ]?(?:neg(?:ative)?|safe)\b", re.IGNORECASE)),
)
_COUNT = compiled(
    rf"(?<![\d:-])(?P<n>\d{{1,2}}|{words_to(6)})[ \t]+(?:\w+[ -]){{0,3}}?"
    r"(?:units?|u|packs?|doses?|bags?|pools?)\b",
    re.IGNORECASE,
)
_UNIT = compiled(r"\bunit[ \t]*(?:#|no\.?|number)[ \t]*:?[ \t]*([A-Z0-9-]+)", re.IGNORECASE)


def read(chart: Chart) -> Offer:
    """The blood products that the chart tells as transfused."""
    if chart.encounter.claim_type is not ClaimType.INSTITUTIONAL or "transfus" not in chart.text:
        return Offer()
    standing = _NAMES.standing(chart)
    if not standing:
        return Offer()
    found: dict[int, list[Place]] = {}
    for document in documents(chart):
        for n, place in _NAMES.found(standing, document):
            if told(chart, place) is Told.DONE and _GIVEN.search(place.said):
                found.setdefault(n, []).append(place)
    read_ = [_product(chart, _PRODUCTS[n][0], places) for n, places in found.items()]
    return Offer(tuple(s for s in read_ if isinstance(s, Service)), (), tuple(q for q in read_ if isinstance(q, Query)))


def _product(chart: Chart, product: str, places: list[Place]) -> Service | Query | None:
    """The line of a product by what it is marked as, or what must be asked; None where its code is not known."""
    marks = {mark for mark, pattern in _MARKS for p in places if pattern.search(p.said)}
    table = [r for r in rows("supplies/blood") if r["product"] == product]
    best = max((r for r in table if set(r["all"]) <= marks), key=lambda r: len(r["all"]), default=table[0])
    words = [p.evidence for p in places[:2]]
    if len(table) > 1 and not marks:
        codes, names = tuple(r["code"] for r in table), tuple(r["name"] for r in table)
        return query("service", f"Which product was transfused ({table[0]['name']})?", codes, names, words)
    if not known(chart, best["code"]):
        return None
    units = max(_units(p) for p in places)
    units = max(units, len({m[1] for p in places for m in _UNIT.finditer(p.document.text)}))
    service = coded(
        chart, best["code"], "supply", best["name"], words, day_of(chart, places[0].document), Decimal(units)
    )
    return service.stepped(reason(PRODUCT), PRODUCT)


def _units(place: Place) -> int:
    """The units that the sentence counts; 1 where it counts none."""
    near = f"{place.before[-45:]}{place.span.of(place.document.text)}{place.after[:25]}"
    m = _COUNT.search(near)
    return number_of(m["n"]) if m else 1
