"""Answers from coded data: prevalence and incidence with small counts kept back, outbreak detection, Parquet export.

Counting is DuckDB's work and happens on this machine; DuckDB is imported when it is first needed.
"""

from .answers import rates_csv, rates_json, surveillance_json
from .ears import Method, Period, ears, method_named
from .intervals import wilson
from .mart import Mart, gathered, is_mart, opened, write_parquet
from .measures import Rate, Rates, measure
from .question import By, Measure, Question, category_named, code_named
from .rows import blocks, no_grouping
from .series import read_series
from .suppress import LEAST_SHOWN

__all__ = [
    "LEAST_SHOWN",
    "By",
    "Mart",
    "Measure",
    "Method",
    "Period",
    "Question",
    "Rate",
    "Rates",
    "blocks",
    "category_named",
    "code_named",
    "ears",
    "gathered",
    "is_mart",
    "measure",
    "method_named",
    "no_grouping",
    "opened",
    "rates_csv",
    "rates_json",
    "read_series",
    "surveillance_json",
    "wilson",
    "write_parquet",
]
