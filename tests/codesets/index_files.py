"""Index files in the official layout, invented; and a second, independent reading of the real ones (xml.etree)."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from leadterm.codesets.formats import Format, Recognised
from leadterm.codesets.store import Store
from leadterm.domain import Release

from .made import offered, read, release, store

RELEASES = ("2023", "2025-04", "2026-04")
FILES = {
    ("eindex", "2023"): "icd10cm_eindex_2023.xml",
    ("eindex", "2025-04"): "icd-10-cm-eindex-2025.xml",
    ("eindex", "2026-04"): "icd10cm-eindex-April-1-2026-XML.xml",
    ("drug", "2023"): "icd10cm_drug_2023.xml",
    ("drug", "2025-04"): "icd-10-cm-drug-2025.xml",
    ("drug", "2026-04"): "icd10cm-drug-April-1-2026-XML.xml",
    ("neoplasm", "2023"): "icd10cm_neoplasm_2023.xml",
    ("neoplasm", "2025-04"): "icd-10-cm-neoplasm-2025.xml",
    ("neoplasm", "2026-04"): "icd10cm-neoplasm-April-1-2026-XML.xml",
}
Entry = dict[str, str]


def real(shared: Path, part: str, year: str) -> Path:
    """A real file of the common data."""
    return shared / "releases" / "icd10cm" / year / FILES[part, year]


@dataclass(frozen=True)
class Compiled:
    """A real file as the installer compiles it."""

    found: Recognised
    release: Release
    store: Store

    @property
    def counts(self) -> dict[str, int]:
        return dict(self.release.counts)


def compiler(formats: Sequence[Format], folder: Path) -> Callable[[Path], Compiled]:
    """Compiles real files, each once."""

    @cache
    def compiled(path: Path) -> Compiled:
        offer = offered(path, path.parents[1])
        (form,) = (f for f in formats if f.recognise(offer))
        found, table = read(form, offer)
        name = f"{path.stem}-{path.parent.name}"
        return Compiled(found, release(found, table, f"{name}.sqlite"), store(folder, table, name))

    return compiled


@cache
def second_reading(path: Path) -> dict[str, Entry]:
    """Every entry of a file by the essential titles of its path, read without the product's code."""
    found: dict[str, Entry] = {}
    seen: Counter[str] = Counter()

    def walk(element: ET.Element, above: tuple[str, ...]) -> None:
        title = element.find("title")
        assert title is not None
        line = (*above, _essential(_plain(title)))
        place = ", ".join(line)
        seen[place] += 1
        fields: Entry = {"title": re.sub(r"\s", "", _plain(title))}
        for each in element:
            if each.tag not in ("title", "term") and _plain(each):
                name = each.tag + each.get("col", "")
                fields[name] = "; ".join(filter(None, (fields.get(name), _plain(each))))
        found[f"{place} ({seen[place]})" if seen[place] > 1 else place] = fields
        for each in element.findall("term"):
            walk(each, line)

    for main in ET.parse(path).getroot().iter("mainTerm"):
        walk(main, ())
    return found


def _plain(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _essential(text: str) -> str:
    """`text` without its parentheses, the inner ones first."""
    while (shorter := re.sub(r"\([^()]*\)", " ", text)) != text:
        text = shorter
    return re.sub(r"\s+([,;])", r"\1", " ".join(text.split()))


def differences(old: dict[str, Entry], new: dict[str, Entry]) -> tuple[int, int, int]:
    """How many entries were added, deleted and changed."""
    changed = sum(old[key] != new[key] for key in old.keys() & new.keys())
    return len(new.keys() - old.keys()), len(old.keys() - new.keys()), changed
