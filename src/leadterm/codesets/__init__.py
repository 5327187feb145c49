"""Code sets: releases with their dates, the Tabular List, validity, search. `open_book` gives the `CodeBook`."""

from .book import CodeBook, open_book
from .nodes import Node, TitleRow
from .payment.drg_tables import DrgRow
from .sources import UNDATED

__all__ = ["UNDATED", "CodeBook", "DrgRow", "Node", "TitleRow", "open_book"]
