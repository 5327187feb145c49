"""`leadterm translate`: what a code is in another system, or in another year of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadterm.domain import CodeSystem, InputError

from ._out import choice, open_book, put_json

if TYPE_CHECKING:
    from leadterm.codesets.crosswalks.mapped import Mapped, Translation

SNOMED = "snomed"
SYSTEMS = [*(str(s) for s in CodeSystem), SNOMED]


def translate(
    code: Annotated[str, typer.Argument(help="A code, with or without its dot; a SNOMED CT concept identifier.")],
    source: Annotated[str, typer.Option("--from", help="System of the code: icd9cm, icd10cm, snomed, …")],
    target: Annotated[str, typer.Option("--to", help="System wanted; the same one for another year.")],
    on: Annotated[
        str | None, typer.Option("--on", "--date", help="The day on which the answer is to be in force, YYYY-MM-DD.")
    ] = None,
    age: Annotated[int | None, typer.Option(help="Age in years, for the rules of SNOMED CT.", min=0, max=150)] = None,
    age_days: Annotated[
        int | None, typer.Option("--age-days", help="Age in days, in the first year of life.", min=0, max=366)
    ] = None,
    sex: Annotated[str | None, typer.Option(help="F, M or U, for the rules of SNOMED CT.")] = None,
    backward: Annotated[
        bool, typer.Option("--backward", help="Read the map of the other direction from its targets.")
    ] = False,
    own: Annotated[
        Path | None, typer.Option("--map", help="Your own map: a csv or tsv with the columns from,to,approximate.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON value.")] = False,
) -> int:
    """Translate a code by a map of yours or by the official crosswalks (GEMs, conversion table, SNOMED CT map).

    Your own map is asked first, installed (`leadterm codes install`) or given with --map.

    Exit 0: found, 1: there is no equivalent, 3: the map is not installed.

    Examples: leadterm translate 250.00 --from icd9cm --to icd10cm
    · leadterm translate I48.1 --from icd10cm --to icd10cm --on 2026-05-14
    · leadterm translate E11.9 --from icd10cm --to icd9cm --backward
    · leadterm translate J45.9 --from icd10 --to icd11 --map mine.csv --json
    """
    from leadterm.codesets.crosswalks.own_map import read_own_map
    from leadterm.codesets.crosswalks.snomed_map import Patient
    from leadterm.codesets.crosswalks.translation import translate as translated
    from leadterm.domain import parse_date
    from leadterm.schemas import encode_map

    asked, wanted = _system(source, "from"), _system(target, "to")
    day = parse_date(on, "--on") if on is not None else None
    patient = Patient(age, age_days, _sex(sex))
    brought = read_own_map(own) if own else None
    found = translated(open_book(), code, asked, wanted, day, patient, backward, brought)
    if json:
        put_json(encode_map.translation(found))
    else:
        _show(found)
    return int(not found.found)


def _system(text: str, option: str) -> Any:
    from leadterm.codesets.crosswalks.mapped import Local, Vocabulary

    def kind(word: str) -> CodeSystem | Vocabulary:
        return Vocabulary(word) if word == SNOMED else CodeSystem(word)

    known = text.lower() in SYSTEMS or not _has_own_map()
    return choice(text, kind, option, SYSTEMS) if known else Local(text.strip())


def _has_own_map() -> bool:
    """Whether a map of the user's is installed: it may know systems that nobody else does."""
    from leadterm.codesets.crosswalks.leading import OwnLeads

    return OwnLeads.COMPONENT in {release.name for release in open_book().releases()}


def _sex(text: str | None) -> str | None:
    if text is None:
        return None
    if text.upper() not in ("F", "M", "U"):
        raise InputError("--sex takes one of: F, M, U.")
    return text.upper()


def _show(found: Translation) -> None:
    """The answer for a person: scenarios with their choice lists where there are any, else line by line."""
    from .plain import print_findings, styled

    print(f"{styled(found.code, 'bold')}  {found.title or ''}".rstrip() + f"  ({found.source} → {found.target})")
    for origin in dict.fromkeys(m.origin for m in found.maps):
        print(f"  by {origin}")
    alone = [m for m in found.maps if not m.combination or found.backward]
    for line in alone:
        _show_line(line, "  ")
    for source, groups in found.scenarios:
        for scenario in (s for s in groups if s.number):
            print(f"  scenario {scenario.number} of {source}: one of each list, together")
            for group in scenario.choices:
                print(f"    list {group.number}")
                for line in found.maps:
                    if (line.source, line.scenario, line.choice) == (source, scenario.number, group.number):
                        _show_line(line, "      ")
    print_findings(found.findings)


def _show_line(line: Mapped, indent: str) -> None:
    from .plain import styled

    if line.target is None:
        print(f"{indent}no equivalent")
    else:
        state = " · not in force" if line.valid is False else ""
        like = {True: " · approximate", False: " · identical", None: ""}[line.approximate]
        print(f"{indent}{styled(line.target, 'bold')}  {line.target_title or ''}".rstrip() + f"{like}{state}")
    for step in line.path:
        since = f", from {step.effective}" if step.effective else ""
        print(f"{indent}  {step.before} → {step.after} ({step.source}{since})")
    if line.condition:
        print(f"{indent}  if: {line.condition}")
    for piece in line.advice:
        print(f"{indent}  advice: {piece}")
