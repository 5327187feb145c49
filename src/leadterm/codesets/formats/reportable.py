"""Public-health trigger codes: which diagnoses may have to be reported. Only ICD-10-CM entries are taken.

Two shapes, both JSON:

- a FHIR ValueSet of the electronic case reporting guide (`http://hl7.org/fhir/us/ecr/ValueSet/…`) whose codes stand in
  `compose.include.concept` or in `expansion.contains`: `reportable:triggers`, codes without their conditions;
- the groupers of the Terminology Exchange Service as DIBBs carries them (`metadata.category`, `valuesets`):
  `reportable:conditions`. A condition grouper names the conditions and refers to value sets, which stand in files of
  their own; handed over together they are joined. References that no file answers are counted and make it partial.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from leadterm.domain import Code, CodeSystem, DateRange, InputError

from ..store import Store
from ._dates import UNDATED, calendar, hints
from ._offered import Format, Offered, Part, Recognised, Table, decoded, insert, one_table

TRIGGERS = "reportable:triggers"
CONDITIONS = "reportable:conditions"
LICENCE = "trigger codes of CSTE and APHL; ICD-10-CM entries alone; see the file"
ICD10CM = frozenset(("http://hl7.org/fhir/sid/icd-10-cm", "urn:oid:2.16.840.1.113883.6.90"))
ECR = "http://hl7.org/fhir/us/ecr/valueset/"
CONDITION = "condition_grouper"
_CATEGORY = re.compile(
    r'\A\s*\{\s*"metadata"\s*:\s*\{[^}]*"category"\s*:\s*"(?:condition|reporting_spec|additional_context)_grouper'
)
_DATED = re.compile(r'"date"\s*:\s*"(?P<year>20[0-9]{2})-')
_CODES = "code TEXT PRIMARY KEY, title TEXT NOT NULL"
_NAMES = "id INTEGER PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL"
_OF = "code TEXT NOT NULL, condition INTEGER NOT NULL, title TEXT NOT NULL, PRIMARY KEY (code, condition)"


def recognise_triggers(offered: Offered) -> Recognised | None:
    """A ValueSet of the electronic case reporting guide, by its type and address."""
    if not (offered.starts("{") and offered.mentions('"resourceType": "ValueSet"', ECR)):
        return None
    if _CATEGORY.match(decoded(offered.head)):
        return None
    own = Offered(offered.name, b"", bytes)
    return Recognised(TRIGGERS, calendar(own, None) if any(hints(own)) else UNDATED, LICENCE)


def recognise_groupers(offered: Offered) -> Recognised | None:
    """A file of groupers, by its category. Those of one year are read together, whatever their month."""
    head = decoded(offered.head)
    if not _CATEGORY.match(head):
        return None
    dated = _DATED.search(head)
    return Recognised(CONDITIONS, DateRange(date(int(dated["year"]), 1, 1)) if dated else UNDATED, LICENCE)


def read_triggers(files: Sequence[Offered], recognised: Recognised) -> Table:
    """The ICD-10-CM codes of a ValueSet. Raises InputError for a file without one."""
    found, others = _icd10cm(_concepts(_json(files[0])), files[0].name)
    if not found:
        raise InputError(f"{files[0].name} lists no ICD-10-CM code; hand over an expanded value set.")
    counts = [("ICD-10-CM codes", len(found)), ("codes of other systems left out", others)]
    return one_table(counts, _CODES, sorted(found.items()))


def read_groupers(files: Sequence[Offered], recognised: Recognised) -> Table:
    """The conditions of the newest condition grouper, with the ICD-10-CM codes that its references lead to."""
    held: dict[str, Mapping[str, Any]] = {}
    groupers: dict[str, list[Mapping[str, Any]]] = {}
    for offered in files:
        content = _json(offered)
        sets = content.get("valuesets")
        if not isinstance(sets, list) or not all(isinstance(s, dict) and isinstance(s.get("url"), str) for s in sets):
            raise InputError(f"{offered.name} has no list of value sets with their addresses; get the file again.")
        held |= {f"{s['url']}|{s.get('version', '')}": s for s in sets} | {s["url"]: s for s in sets}
        if str(content["metadata"].get("category", "")).startswith(CONDITION):
            for one in sets:
                groupers.setdefault(str(one.get("version", "")), []).append(one)
    if not groupers:
        raise InputError(f"{files[0].name} names no condition; hand it over together with the condition grouper.")
    version = max(groupers, key=_by_number)
    return _conditions(version, groupers[version], held, files[0].name)


def _conditions(
    version: str, groupers: Sequence[Mapping[str, Any]], held: Mapping[str, Mapping[str, Any]], name: str
) -> Table:
    named = sorted(groupers, key=lambda s: _title(s).lower())
    codes: dict[tuple[str, int], str] = {}
    answered = missing = 0
    for number, one in enumerate(named, 1):
        concepts = list(_concepts(one))
        for reference in _references(one):
            value_set = held.get(reference)
            answered, missing = answered + (value_set is not None), missing + (value_set is None)
            concepts += _concepts(value_set) if value_set else ()
        codes |= {(code, number): title for code, title in _icd10cm(concepts, name)[0].items()}
    rows = [(number, _title(one), version) for number, one in enumerate(named, 1)]
    return Table(
        (
            ("conditions", len(rows)),
            ("ICD-10-CM codes", len({code for code, _ in codes})),
            ("references answered", answered),
            ("references to files that are not here", missing),
        ),
        (
            Part(f"CREATE TABLE condition ({_NAMES})", insert("condition", _NAMES), rows),
            Part(
                f"CREATE TABLE entry ({_OF}) WITHOUT ROWID",
                insert("entry", _OF),
                [(code, number, title) for (code, number), title in sorted(codes.items())],
            ),
        ),
        partial=bool(missing),
    )


def _title(value_set: Mapping[str, Any]) -> str:
    return " ".join(str(value_set.get("title") or value_set.get("name") or "").split())


def _by_number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"[0-9]{1,9}", version))


def _json(offered: Offered) -> Mapping[str, Any]:
    content = offered.json()
    if not isinstance(content, dict):
        raise InputError(f"{offered.name} is JSON of another kind; get the file again.")
    return content


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects of a JSON list; nothing for what is no list."""
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else iter(())


def _concepts(value_set: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """System, code and display of everything that a value set lists itself."""
    compose, expansion = value_set.get("compose"), value_set.get("expansion")
    for part in _objects(compose.get("include") if isinstance(compose, dict) else None):
        for one in _objects(part.get("concept")):
            yield str(part.get("system", "")), str(one.get("code", "")), str(one.get("display", ""))
    for one in _objects(expansion.get("contains") if isinstance(expansion, dict) else None):
        yield str(one.get("system", "")), str(one.get("code", "")), str(one.get("display", ""))


def _references(value_set: Mapping[str, Any]) -> Iterator[str]:
    compose = value_set.get("compose")
    for part in _objects(compose.get("include") if isinstance(compose, dict) else None):
        listed = part.get("valueSet")
        yield from (str(one) for one in listed) if isinstance(listed, list) else ()


def _icd10cm(concepts: Iterable[tuple[str, str, str]], name: str) -> tuple[dict[str, str], int]:
    """Titles by code of ICD-10-CM, and how many entries are of other systems. Raises InputError for what is no code."""
    found, others = {}, 0
    for system, code, display in concepts:
        if system in ICD10CM:
            try:
                found[Code.parse(code, CodeSystem.ICD10CM).value] = " ".join(display.split())
            except InputError as error:
                raise InputError(f"{name}: {error}") from None
        else:
            others += 1
    return found, others


def differs_triggers(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every trigger code."""
    for code, title in store.all("SELECT code, title FROM entry ORDER BY code"):
        yield code, {"title": title}


def differs_conditions(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every condition with its codes."""
    for number, name in store.all("SELECT id, name FROM condition ORDER BY name"):
        codes = store.all("SELECT code FROM entry WHERE condition = ? ORDER BY code", number)
        yield name, {"codes": " ".join(code for (code,) in codes)}


FORMATS: tuple[Format, ...] = (
    Format("trigger codes of case reporting (value set)", recognise_triggers, read_triggers),
    Format("reportable conditions (grouper files)", recognise_groupers, read_groupers, joins=True),
)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = {
    TRIGGERS: differs_triggers,
    CONDITIONS: differs_conditions,
}
