"""Cases of what was done: a chart, the procedures or lines that it wants, questions and findings with them.

A file of `services/` holds many. Its heads are the defaults of its cases:

    systems       which code systems the key speaks of: icd10pcs, hcpcs, cpt; codes of others are nobody's business
    setting, date, age, sex, difficulty, guidelines, reviewed_by
    [[case]]      id, title, text; any head again; and
      encounter   what else the record has, as in leadterm.encounter/1 (class, payers, providers, charges, …)
      require     code, why, paragraph; units, modifiers, pointers, day where the key says them; evidence
      optional    code, why
      forbid      code, why
      ask         reason, words: a question that must be asked, with words that stand in it
      find        rule: a finding that must be made
      quiet       rule: a finding that must not be made (the near miss of a rule)
      clean       true: no question about services may be asked
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from leadterm.domain import Code, CodeSystem, InputError

ENDING = ".toml"
HEADS = frozenset("systems setting claim_type date age sex difficulty guidelines reviewed_by specialty".split())
OWN = frozenset("id title text encounter require optional forbid ask find quiet clean".split())
KEYS = frozenset("code why paragraph units modifiers pointers day evidence".split())
_OTHERS = {
    "optional": {"code", "why"},
    "forbid": {"code", "why"},
    "ask": {"reason", "words"},
    "find": {"rule"},
    "quiet": {"rule"},
}
GUESS = (CodeSystem.ICD10PCS, CodeSystem.CPT, CodeSystem.HCPCS)


@dataclass(frozen=True, slots=True)
class ServiceKey:
    """A code that the chart wants, and what its line must say; None where the key leaves it open."""

    code: Code
    why: str
    paragraph: str
    units: str | None = None
    modifiers: tuple[str, ...] | None = None
    pointers: tuple[int, ...] | None = None
    day: date | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceCase:
    """One case.

    Attributes:
        id, title, reviewed_by: See `Case`.
        systems: Which code systems the key speaks of.
        record: The encounter in the shape of `leadterm.encounter/1`.
        require: What must be coded.
        optional, forbid: Codes that may be there, and codes that tempt and are wrong, each with its reason.
        ask: (reason, words) of questions that must be asked.
        find: Rules of findings that must be made.
        quiet: Rules of findings that must not be made.
        clean: Whether no question of any reason in `reasons` may be asked beside those of `ask`.
    """

    id: str
    title: str
    reviewed_by: str | None
    systems: frozenset[CodeSystem]
    record: Mapping[str, Any]
    require: tuple[ServiceKey, ...]
    optional: Mapping[Code, str]
    forbid: Mapping[Code, str]
    ask: tuple[tuple[str, str], ...]
    find: tuple[str, ...]
    clean: bool
    quiet: tuple[str, ...] = ()


@cache
def service_cases() -> Mapping[str, ServiceCase]:
    """Every shipped case of what was done, by id. Raises InputError for one that breaks the notation."""
    folder = files("leadterm.cases") / "services"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(ENDING))
    found: dict[str, ServiceCase] = {}
    for name in names:
        for case in read_service_cases(name, (folder / name).read_text(encoding="utf-8")):
            if case.id in found:
                raise InputError(f"Two files have a case of the id {case.id}.")
            found[case.id] = case
    return MappingProxyType(found)


def read_service_cases(name: str, content: str) -> tuple[ServiceCase, ...]:
    """The cases of a file, in its order. Raises InputError, which names file, case and key, for what is not known."""
    try:
        table = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"The cases {name} are not TOML: {error}.") from None
    several = table.pop("case", [])
    _known(name, table, HEADS)
    return tuple(_case(name, {**table, **one}) for one in several)


def _case(name: str, values: dict[str, Any]) -> ServiceCase:
    at = f"{name} {values.get('id', '')}".strip()
    _known(at, values, HEADS | OWN)
    for key in ("id", "title", "text", "systems", "setting", "date"):
        if key not in values:
            raise InputError(f"The case {at} lacks the key {key}.")
    case = ServiceCase(
        id=values["id"],
        title=values["title"],
        reviewed_by=values.get("reviewed_by") or None,
        systems=frozenset(CodeSystem(s) for s in values["systems"]),
        record=_record(values),
        require=tuple(_key(at, row, values["text"]) for row in values.get("require", ())),
        optional=_reasons(at, "optional", values),
        forbid=_reasons(at, "forbid", values),
        ask=tuple((row["reason"], row["words"]) for row in _rows(at, "ask", values)),
        find=tuple(row["rule"] for row in _rows(at, "find", values)),
        clean=bool(values.get("clean", False)),
        quiet=tuple(row["rule"] for row in _rows(at, "quiet", values)),
    )
    if not (case.require or case.forbid or case.ask or case.find or case.quiet):
        raise InputError(f"The case {at} wants nothing: give it require, forbid, ask, find or quiet.")
    return case


def _record(values: dict[str, Any]) -> dict[str, Any]:
    """The encounter in the shape of the contract; a stay ends on the case's date."""
    stay = values["setting"] == "inpatient"
    given = dict(values.get("encounter", {}))
    patient = {"sex": values.get("sex", "U"), **({"age": values["age"]} if "age" in values else {})}
    return {
        "schema": "leadterm.encounter/1",
        "id": values["id"],
        "setting": values["setting"],
        **({"claim_type": values["claim_type"]} if "claim_type" in values else {}),
        "discharge" if stay else "date_of_service": values["date"].isoformat(),
        "documents": [{"id": "chart", "text": values["text"]}],
        **given,
        "patient": {**patient, **given.get("patient", {})},
    }


def _key(at: str, row: dict[str, Any], text: str) -> ServiceKey:
    _known(f"{at} require", row, KEYS)
    for words in row.get("evidence", ()):
        if words not in text:
            raise InputError(f"The case {at} quotes words for {row.get('code')} that do not stand in its text.")
    return ServiceKey(
        code=_code(at, row),
        why=row["why"],
        paragraph=row.get("paragraph", ""),
        units=str(row["units"]) if "units" in row else None,
        modifiers=tuple(row["modifiers"]) if "modifiers" in row else None,
        pointers=tuple(row["pointers"]) if "pointers" in row else None,
        day=row.get("day"),
        evidence=tuple(row.get("evidence", ())),
    )


def _rows(at: str, key: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = values.get(key, [])
    for row in found:
        _known(f"{at} {key}", row, frozenset(_OTHERS[key]))
    return found


def _reasons(at: str, key: str, values: dict[str, Any]) -> Mapping[Code, str]:
    return MappingProxyType({_code(at, row): row["why"] for row in _rows(at, key, values)})


def _code(at: str, row: dict[str, Any]) -> Code:
    for system in GUESS:
        try:
            return Code(system, row["code"])
        except InputError:
            continue
    raise InputError(f"The case {at} names {str(row.get('code'))[:12]}, which no system of services writes so.")


def _known(at: str, values: Mapping[str, Any], known: frozenset[str]) -> None:
    for key in values:
        if key not in known:
            raise InputError(f"The case {at} has the unknown key {key[:40]}.")
