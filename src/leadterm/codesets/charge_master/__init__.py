"""The user's own charge description master: read from a spreadsheet, kept as a release, looked up by code and words.

read_master(path, columns)     the rows of a CSV file or workbook, and what is wrong with others, each with its line
import_master(path, ...)       the same, kept in the data home as `charges:master`
remove_master(day)             taken out again
ChargeMaster                   what coding asks: rows by code, and all of them
"""

from .importing import Imported, import_master, remove_master
from .master import ChargeMaster
from .reading import read_master

__all__ = [
    "ChargeMaster",
    "Imported",
    "import_master",
    "read_master",
    "remove_master",
]
