"""Grouping: what the codes that are coded group to, and what that is worth.

    worth(coded, book)             the MS-DRG, the HCCs and the prices of one coded encounter
    drg_of, hccs_of, prices_of     each of them alone

Every part is an answer or a `WhyNot` with one sentence; nothing is raised for what a chart lacks or what is not
installed. Only what is coded is asked: what another code would pay is never computed here. One module a question:
ms_drg, hcc, price; the packages behind them are reached through ports (`_ports`) and imported on first use.
"""

from __future__ import annotations

from dataclasses import dataclass

from leadterm.codesets import CodeBook
from leadterm.domain import CodedEncounter, Money

from ._ports import Grouper, RiskModels
from ._why import WhyNot
from .hcc import Category, Hccs, Score, Superseded, hccs_of
from .ms_drg import Drg, Secondary, Weight, drg_of
from .price import Price, PricedLine, Prices, Services, StayPrice, prices_of
from .risk import risk_adjusted

__all__ = [
    "Category",
    "Drg",
    "Grouper",
    "Hccs",
    "Price",
    "PricedLine",
    "Prices",
    "RiskModels",
    "Score",
    "Secondary",
    "Services",
    "StayPrice",
    "Superseded",
    "Weight",
    "WhyNot",
    "Worth",
    "drg_of",
    "hccs_of",
    "prices_of",
    "risk_adjusted",
    "worth",
]


@dataclass(frozen=True, slots=True)
class Worth:
    """What a coded encounter groups to and is worth.

    Attributes:
        drg: The MS-DRG of a facility's inpatient stay, or why there is none.
        hccs: What each model of risk adjustment makes of the diagnoses, or why there is nothing.
        prices: Services and stay in dollars, each, or why not.
    """

    drg: Drg | WhyNot
    hccs: tuple[Hccs, ...] | WhyNot
    prices: Prices


def worth(coded: CodedEncounter, book: CodeBook, base_rate: Money | None = None) -> Worth:
    """What the codes that are not rejected group to and are worth, on the dates of the encounter.

    `base_rate`: what the hospital is paid for a weight of one; without it a stay has a weight and no price.
    """
    drg = drg_of(coded, book)
    return Worth(drg, hccs_of(coded), prices_of(coded, book, drg, base_rate))
