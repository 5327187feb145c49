"""A small ICD-10-PCS in the official layouts: two sections, three tables, an Index and definitions, all invented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar

from leadterm.codesets.faces import Face
from leadterm.codesets.formats import Format, pcs_definitions, pcs_index, pcs_tables
from leadterm.codesets.pcs.tables import PcsDefinitions, PcsIndex, PcsTables
from leadterm.domain import Code, CodeEntry, DataMissing

from .made import read, release, store, written

F = TypeVar("F", bound=Face)
AXES = {"1": "Section", "2": "Body System", "3": "Operation", "4": "Body Part", "5": "Approach", "6": "Device"}


def axis(position: int, labels: Mapping[str, str], name: str = "", extra: str = "") -> str:
    """One axis as the official file writes it."""
    values = "".join(f'<label code="{code}">{label}</label>' for code, label in labels.items())
    title = name or AXES.get(str(position), "Qualifier")
    return f'<axis pos="{position}" values="{len(labels)}"><title>{title}</title>{values}{extra}</axis>'


def row(*axes: Mapping[str, str]) -> str:
    """One row, with the count of its codes."""
    codes = 1
    for labels in axes:
        codes *= len(labels)
    return f'<pcsRow codes="{codes}">{"".join(axis(n, labels) for n, labels in enumerate(axes, 4))}</pcsRow>'


def table(section: tuple[str, str], system: tuple[str, str], operation: tuple[str, str], *rows: str) -> str:
    """One table."""
    heads = [axis(n, dict([head])) for n, head in enumerate((section, system), 1)]
    meaning = axis(3, dict([operation]), extra="<definition>Doing it</definition>")
    return f"<pcsTable>{''.join(heads)}{meaning}{''.join(rows)}</pcsTable>"


NO_DEVICE, NO_QUALIFIER = {"Z": "No Device"}, {"Z": "No Qualifier"}
SURGERY, NEW = ("0", "Medical and Surgical"), ("X", "New Technology")
GARDEN = ("F", "Garden System")
MENDING = table(
    SURGERY,
    GARDEN,
    ("Q", "Repair"),
    row(
        {"0": "Leaf, Right", "1": "Leaf, Left"},
        {"0": "Open", "8": "Via Natural or Artificial Opening"},
        NO_DEVICE,
        NO_QUALIFIER,
    ),
    row({"2": "Stem"}, {"X": "External"}, {"J": "Synthetic Substitute"}, {"A": "Bark", "Z": "No Qualifier"}),
)
CUTTING = table(SURGERY, GARDEN, ("T", "Resection"), row({"2": "Stem"}, {"0": "Open"}, NO_DEVICE, NO_QUALIFIER))
# One character says different things in two rows.
DRIPPING = table(
    NEW,
    ("W", "Soil"),
    ("0", "Introduction"),
    row({"3": "Root"}, {"3": "Percutaneous"}, {"2": "Greenwater"}, {"1": "New Technology Group 1"}),
    row({"3": "Root"}, {"3": "Percutaneous"}, {"2": "Bluewater"}, {"2": "New Technology Group 2"}),
)
CODES = (
    *("0FQ00ZZ", "0FQ08ZZ", "0FQ10ZZ", "0FQ18ZZ", "0FQ2XJA", "0FQ2XJZ", "0FT20ZZ"),
    *("XW03321", "XW03322"),
)


def tables_xml(*tables: str, version: str = "2031") -> str:
    """The tables file."""
    head = f"<version>{version}</version><title>{version} Tables</title>"
    return f'<?xml version="1.0" encoding="utf-8"?>\n<ICD10PCS.tabular>\n{head}\n{"".join(tables)}</ICD10PCS.tabular>'


TABLES = tables_xml(MENDING, CUTTING, DRIPPING)
INDEX = """<?xml version="1.0" encoding="utf-8"?>
<ICD10PCS.index>
<version>2031</version><title>2031 ICD-10-PCS Index</title>
<letter><title>R</title>
<mainTerm><title>Repair</title>
  <term level="1"><title>Leaf</title>
    <term level="2"><title>Left</title><codes>0FQ1</codes></term>
    <term level="2"><title>Right</title><codes>0FQ0</codes></term>
  </term>
  <term level="1"><title>Stem</title><code>0FQ2XJA</code><code>0FQ2XJZ</code></term>
</mainTerm>
<mainTerm><title>Resection</title><term level="1"><title>Stem</title><codes>0FT2</codes></term></mainTerm>
</letter>
<letter><title>S</title>
<mainTerm><title>Stalk, main</title><use>Stem</use></mainTerm>
<mainTerm><title>Stalkectomy</title>
  <term level="1"><see>Resection, Stem<codes>0FT2</codes></see></term>
  <term level="1"><see>Repair, Leaf, Left</see></term>
</mainTerm>
<mainTerm><title>Sprinkler</title><use>Bluewater in Soil</use></mainTerm>
<mainTerm><title>Splice</title><see>Repair with qualifier Bark<tab>0FQ</tab></see></mainTerm>
<mainTerm><title>Watering</title><tab>XW0</tab></mainTerm>
</letter>
</ICD10PCS.index>"""
DEFINITIONS = """<?xml version="1.0" encoding="utf-8"?>
<ICD10PCS.definitions>
<version>2031</version><title>2031 ICD-10-PCS Definitions</title>
<section code="0"><title>Medical and Surgical</title>
<axis pos="3"><title>Operation</title>
<terms><title>Resection</title><definition>Taking all of it</definition>
<includes>Total removal of a stem</includes></terms>
<terms><title>Repair</title><definition>Making it whole</definition>
<explanation>When nothing else fits</explanation></terms>
</axis>
<axis pos="4"><title>Body Part</title>
<terms><title>Leaf, Left</title><title>Leaf, Right</title><includes>Blade</includes><includes>Petiole</includes></terms>
</axis>
<axis pos="5"><title>Approach</title><terms><title>Open</title><definition>By cutting</definition></terms></axis>
</section>
<deviceAggregation><aggregate><device>Clamp, Small</device><operation>Insertion</operation>
<bodySys>Garden System</bodySys><parent value="C">Clamp</parent></aggregate></deviceAggregation>
</ICD10PCS.definitions>"""
FILES: tuple[tuple[Format, str, str], ...] = (
    (pcs_tables.FORMATS[0], "icd10pcs_tables_2031.xml", TABLES),
    (pcs_index.FORMATS[0], "icd10pcs_index_2031.xml", INDEX),
    (pcs_definitions.FORMATS[0], "icd10pcs_definitions_2031.xml", DEFINITIONS),
)


class Garden:
    """A code book that has these releases and knows which codes are in force; a stand-in for the whole one."""

    def __init__(self, folder: Path, known: Mapping[str, CodeEntry] | None = None, without: type[Face] | None = None):
        self._known = known or {}
        self._faces: dict[str, Face] = {}
        faces: tuple[type[Face], ...] = (PcsTables, PcsIndex, PcsDefinitions)
        for face, (form, name, text) in zip(faces, FILES, strict=True):
            if face is not without:
                found, made = read(form, written(name, text))
                self._faces[face.COMPONENT] = face(store(folder, made, name), release(found, made))

    def find(self, face: type[F], on: date | None = None) -> F | None:
        """The component, if it was made."""
        found = self._faces.get(face.COMPONENT)
        return found if isinstance(found, face) else None

    def component(self, face: type[F], on: date | None = None) -> F:
        """The same, or DataMissing."""
        if (found := self.find(face, on)) is None:
            raise DataMissing(f"No {face.WHAT} is installed.")
        return found

    def lookup(self, code: Code, *, on: date | None = None) -> CodeEntry | None:
        """What the dated list and the titles say."""
        return self._known.get(code.value)
