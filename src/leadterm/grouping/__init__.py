"""Grouping: what the codes that are coded group to, and what that is worth.

    groups_of(coded, book)          MS-DRG, HCC, CCSR and comorbidity of one coded encounter
    groups_together(encounters)     HCC and comorbidity of several encounters of one member and year
    what_if(coded, book, purpose=)  what a code more or less would do, for audit and education alone
    drg_of, hccs_of, ccsr_of, comorbidity_of, stay_of     each part alone
    encounter_of(claim), encounter_of_record(encounter)   claims and recorded codes as coded encounters

Every part is an answer or a `WhyNot` with one sentence; nothing is raised for what a chart lacks or what is not
installed. Only what is coded is asked: what another code would pay is computed by `what_if` and nowhere else. One
module a question: ms_drg (with transfer), hcc, ccsr, comorbidity (with ahrq), price, what_if; the packages behind them
are reached through ports (`_ports`) and imported on first use.
"""

from __future__ import annotations

from ._conditions import Condition, GaveWay, Index, NotCounted
from ._drg import Acquired, Drg, Secondary, Weight
from ._ports import Grouper, Hac, RiskModels
from ._why import WhyNot
from .ccsr import Ccsr, CcsrCode, ccsr_of
from .comorbidity import Comorbidity, comorbidity_of, comorbidity_of_year
from .groups import Groups, groups_of, groups_together
from .hcc import MODELS, Category, Hccs, Score, Superseded, hccs_of, hccs_of_year
from .member import MemberRecord, member_of
from .ms_drg import drg_of
from .price import StayPrice, stay_of
from .risk import risk_adjusted
from .subjects import encounter_of, encounter_of_record
from .transfer import Transfer
from .what_if import Outcome, WhatIf, what_if

__all__ = [
    "MODELS",
    "Acquired",
    "Category",
    "Ccsr",
    "CcsrCode",
    "Comorbidity",
    "Condition",
    "Drg",
    "GaveWay",
    "Grouper",
    "Groups",
    "Hac",
    "Hccs",
    "Index",
    "MemberRecord",
    "NotCounted",
    "Outcome",
    "RiskModels",
    "Score",
    "Secondary",
    "StayPrice",
    "Superseded",
    "Transfer",
    "Weight",
    "WhatIf",
    "WhyNot",
    "ccsr_of",
    "comorbidity_of",
    "comorbidity_of_year",
    "drg_of",
    "encounter_of",
    "encounter_of_record",
    "groups_of",
    "groups_together",
    "hccs_of",
    "hccs_of_year",
    "member_of",
    "risk_adjusted",
    "stay_of",
    "what_if",
]
