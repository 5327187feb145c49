"""`leadterm practice`: coding cases to learn from: what there is, one chart, and the grade of an attempt."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadterm.domain import DIAGNOSIS_ROLES, Code, CodeSystem, InputError, Role

from ._out import json_bytes, open_book, put_json, say, write_whole

if TYPE_CHECKING:
    from leadterm.cases import Case
    from leadterm.review import AttemptCode

practice = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Coding cases: charts to code, then a grade.")
CaseName = Annotated[str, typer.Argument(help="Number or id of a case, or a case file of your own (.toml).")]
Json = Annotated[bool, typer.Option("--json", help="One JSON value.")]
OWN = ".toml"
ROLES = sorted(DIAGNOSIS_ROLES)
MOST_BYTES = 1_000_000
_PARTS = re.compile(r"[\s,;]+")


@practice.command("list")
def list_cases(
    specialty: Annotated[str | None, typer.Option(help="Only this specialty, in any case.")] = None,
    difficulty: Annotated[int | None, typer.Option(help="Only 1 easy, 2 usual or 3 hard.", min=1, max=3)] = None,
    json: Json = False,
) -> int:
    """List the cases: number, title, specialty, difficulty, setting, and who reviewed the key, if anybody did.

    Examples: leadterm practice list · leadterm practice list --specialty cardiology --difficulty 2
    """
    from leadterm.cases import load_cases

    from . import _practice

    wanted = specialty.strip().casefold() if specialty else None
    shown = [
        c
        for c in load_cases().values()
        if wanted in (None, c.specialty.casefold()) and difficulty in (None, c.difficulty)
    ]
    if json:
        put_json(_practice.list_json(shown))
        return 0
    _practice.print_list(shown)
    if not shown:
        say(f"No case is like that; specialties: {', '.join(sorted({c.specialty for c in load_cases().values()}))}.")
    return 0


@practice.command("start")
def start(
    case: CaseName,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write an empty attempt (JSON) to fill in.")] = None,
    json: Json = False,
) -> int:
    """Show a case: its chart and what to do, never the key.

    Examples: leadterm practice start 7 · leadterm practice start 007-black-stools --out attempt.json
    """
    from . import _practice

    found = _case(case)
    if out is not None and out.exists():
        raise InputError(f"{out} is there already; an attempt is not written over: choose another name.")
    if json:
        put_json(_practice.case_json(found))
    else:
        _practice.print_case(found)
    if out is not None:
        write_whole(out, json_bytes({"case": case if case.endswith(OWN) else found.id, "codes": []}))
        say(f"Wrote {out}: fill in its codes, then leadterm practice grade {out}")
    return 0


@practice.command("grade")
def grade(
    case: Annotated[
        str, typer.Argument(help="A case, with --codes; else an attempt file (JSON), - for standard input.")
    ],
    codes: Annotated[
        str | None, typer.Option(help="Your codes, the principal or first-listed one first: E11.22,N18.32.")
    ] = None,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show the whole key as well.")] = False,
    json: Json = False,
) -> int:
    """Grade an attempt: what is right, what is wrong and why, what is missing and the words of the chart for it.

    The exit code is 0 for every graded attempt, whatever its score.

    Examples: leadterm practice grade 1 --codes "E11.22, I12.9, N18.32" · leadterm practice grade attempt.json --reveal
    """
    from leadterm import review

    from . import _practice

    name, attempt = (case, _entered(codes)) if codes is not None else _attempt(case)
    found = _case(name)
    graded = review.grade(found, attempt, open_book())
    if json:
        put_json(_practice.grade_json(found, graded, reveal))
    else:
        _practice.print_grade(found, graded, reveal)
    return 0


def _case(name: str) -> Case:
    """The case of that name, or in that file. Raises InputError where there is none, with the nearest ids."""
    from leadterm.cases import find_case, read_case

    if not name.endswith(OWN):
        return find_case(name)
    return read_case(Path(name).stem, _decoded(Path(name).read_bytes(), name))


def _attempt(source: str) -> tuple[str, list[AttemptCode]]:
    """The case's name and the codes of an attempt file."""
    from json import JSONDecodeError, loads

    path = Path(source)
    if source != "-" and not path.exists():
        raise InputError(f"{source} is no file; to grade codes of a case, add --codes.")
    content = sys.stdin.buffer.read(MOST_BYTES) if source == "-" else path.read_bytes()
    try:
        value = loads(_decoded(content, source))
    except JSONDecodeError as error:
        raise InputError(f"The attempt is not JSON: {error.msg} in line {error.lineno}.") from None
    if (
        not isinstance(value, dict)
        or not isinstance(value.get("case"), str)
        or not isinstance(value.get("codes"), list)
    ):
        raise InputError('An attempt is an object with "case" and a list "codes"; practice start --out writes one.')
    return value["case"], [_attempt_code(entry, at) for at, entry in enumerate(value["codes"])]


def _attempt_code(entry: Any, at: int) -> AttemptCode:
    from leadterm.review import AttemptCode

    if isinstance(entry, str):
        return AttemptCode(_code(entry))
    if not isinstance(entry, dict) or not isinstance(entry.get("code"), str):
        raise InputError(f'codes[{at}] is neither a code nor an object with "code" and "role".')
    role = entry.get("role")
    if role is not None and role not in ROLES:
        raise InputError(f"codes[{at}].role is not one of: {', '.join(ROLES)}.")
    return AttemptCode(_code(entry["code"]), Role(role) if role else None)


def _entered(codes: str) -> list[AttemptCode]:
    from leadterm.review import AttemptCode

    return [AttemptCode(_code(part)) for part in _PARTS.split(codes) if part]


def _code(text: str) -> Code:
    return Code.parse(text, CodeSystem.ICD10CM)


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{name} is not UTF-8 text.") from None
