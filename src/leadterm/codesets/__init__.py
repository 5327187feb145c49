"""Code sets: releases with their dates, the Tabular List, validity, search. `open_book` gives the `CodeBook`."""

from .book import CodeBook, open_book
from .drg_tables import DrgRow
from .nodes import Node, TitleRow

__all__ = ["CodeBook", "DrgRow", "Node", "TitleRow", "open_book"]
