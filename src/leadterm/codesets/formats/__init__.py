"""The official formats: what each file is, and the table that it becomes. One module a format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module

from ..store import Store
from ._offered import Format, Offered, Part, Recognised, Table

__all__ = ["Differ", "Format", "Offered", "Part", "Recognised", "Table", "all_formats", "differs"]

# Every entry of a component's store: its key, and the fields by which two releases are compared. A field `_` is not
# compared: it names the part of the component (a chapter), so that a partial release is held against that part alone.
Differ = Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]

# In the order in which files are offered to them; each claims its own and no other's.
MODULES = (
    "icd10cm_tabular",
    "alphabetic_index",
    "column_tables",
    "order_files",
    "poa_exempt",
    "pcs_tables",
    "pcs_index",
    "pcs_definitions",
    "hcpcs",
    "cpt",
    "gems",
    "icd9",
    "conversion",
    "snomed_map",
    "own_leads",
    "who",
    "doid",
    "ncci",
    "mue",
    "add_on",
    "fees",
    "localities",
    "anesthesia_base",
    "addenda",
    "coverage",
    "coverage_own",
    "ccsr",
    "msdrg",
    "reference",
    "charge_master",
    "exclusions",
    "peer_services",
)


@cache
def _modules() -> tuple[object, ...]:
    # Only who installs or compares pays for importing two dozen readers.
    return tuple(import_module(f"{__name__}.{name}") for name in MODULES)


def all_formats() -> tuple[Format, ...]:
    """Every format that can be installed."""
    return tuple(one for module in _modules() for one in module.FORMATS)  # type: ignore[attr-defined]


def differs() -> dict[str, Differ]:
    """By component: how two releases of it are compared."""
    return {name: differ for module in _modules() for name, differ in getattr(module, "DIFFERS", {}).items()}
