"""`leadterm code`: charts in, codes and findings out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadterm.domain import CodedEncounter, InputError

from ._options import Age, AsJson, AsJsonl, Beside, ClaimType, Encoding, Setting, Sex
from ._out import choice, open_book, put_json, put_line, say
from .validate import Criteria, Rules

if TYPE_CHECKING:
    from leadterm.pipeline import Coder
    from leadterm.records import Joining, Overrides

Files = Annotated[
    list[str],
    typer.Argument(help="Text, C-CDA, FHIR, HL7 v2, PDF, RTF, encounter JSON or jsonl, folders; - for standard input."),
]


def code(
    files: Files,
    setting: Setting = None,
    claim_type: ClaimType = None,
    age: Age = None,
    sex: Sex = None,
    date: Annotated[
        str | None,
        typer.Option("--date", "--on", help="Controlling date, YYYY-MM-DD: discharge for a stay, service else."),
    ] = None,
    encounter: Beside = None,
    policy: Annotated[
        Path | None,
        typer.Option(help='A facility\'s policy: a TOML file such as omit = ["activity", "external-cause-status"].'),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(help="coding (default), or concepts: every mention as a code, for evaluation, never for a claim."),
    ] = None,
    facts: Annotated[bool, typer.Option("--facts", help="Print the facts instead of codes.")] = False,
    marked: Annotated[
        bool | None, typer.Option("--marked/--no-marked", help="With --facts: the text with its facts marked, or not.")
    ] = None,
    json: AsJson = False,
    jsonl: AsJsonl = False,
    encoding: Encoding = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse a chart that is older than the first release.")
    ] = False,
    rules: Rules = None,
    criteria: Criteria = None,
    together: Annotated[
        bool | None,
        typer.Option(
            "--together/--apart",
            help="Take all files as one encounter, or each by itself; else those that bear one number of an encounter"
            " and one patient are joined.",
        ),
    ] = None,
) -> int:
    """Code charts: every code with the words that support it and the way that led there.

    Several files of one encounter are joined where their numbers say so (visit, account, patient).

    Examples: leadterm code visit.txt --setting outpatient --age 67 --sex F --date 2026-05-14 ·
    leadterm code notes.jsonl --jsonl > coded.jsonl · leadterm code visit.txt --encounter visit.json --json ·
    leadterm code visit.txt --facts
    """
    from leadterm.app.settings import edit_options
    from leadterm.pipeline import Coder, Profile
    from leadterm.records import Format, named

    if marked is not None and not facts:
        raise InputError("--marked and --no-marked go with --facts.")
    overrides = overrides_of(setting, claim_type, age, sex, encounter)
    on = day_of(date)
    paths = paths_of(files)
    purpose = choice(profile, Profile, "profile", [str(p) for p in Profile]) or Profile.CODING
    options = edit_options(rules, criteria)
    coder = Coder(open_book(), on, strict=strict, profile=purpose, policy=_policy(policy), options=options)
    lines = jsonl or any(named(f) is Format.JSONL for f in files)
    worst, whole, unread = 0, [], True
    for answer, is_line in _answers(coder, paths, overrides, encoding, joining_of(together), facts=facts):
        value, code_of = _counted(answer)
        worst = max(worst, code_of)
        unread = unread and isinstance(answer, dict) and not is_line
        if lines or is_line:
            put_line(value)
        elif json:
            whole.append(value)
        else:
            _show(answer, facts=facts, marked=marked is not False)
    if whole:
        put_json(whole[0] if len(whole) == 1 else whole)
    return 2 if worst and unread else worst


def overrides_of(
    setting: str | None, claim_type: str | None, age: int | None, sex: str | None, encounter: Path | None
) -> Overrides:
    """What the flags say in the place of a chart. Raises InputError for what they cannot say."""
    from leadterm.domain import ClaimType, Setting, Sex
    from leadterm.records import Overrides, read_encounter

    if age is not None and not 0 <= age <= 130:
        raise InputError("--age takes whole years from 0 to 130.")
    return Overrides(
        choice(setting, Setting, "setting", [str(s) for s in Setting]),
        choice(claim_type, ClaimType, "claim-type", [str(c) for c in ClaimType]),
        age,
        choice(sex, Sex, "sex", [str(s) for s in Sex]),
        encounter=read_encounter(encounter) if encounter else None,
    )


def _policy(file: Path | None) -> Any:
    """The policy of the flag, else of `leadterm.toml`."""
    from leadterm import coding
    from leadterm.app import settings
    from leadterm.records import must_exist

    if file is None:
        return settings.policy()
    must_exist(file)
    return coding.read_policy(file)


def day_of(text: str | None) -> Any:
    """The day of `--date`; None without it."""
    from leadterm.domain import parse_date

    return parse_date(text, "--date") if text is not None else None


def refuse_missing(files: Iterable[str]) -> None:
    """The first file that is not there stops the call before any work: a typing error should not cost a minute."""
    from leadterm.records import must_exist

    for name in files:
        if name != "-":
            must_exist(Path(name))


def paths_of(files: Iterable[str]) -> list[Path | None]:
    """The files that names stand for, those of a folder too; None for standard input. Raises InputError as above."""
    from leadterm.records import files_of

    return [path for name in files for path in ([None] if name == "-" else files_of([Path(name)]))]


def joining_of(together: bool | None) -> Any:
    """How the flag would have files come together."""
    from leadterm.records import Joining

    if together is None:
        return Joining.BY_NUMBERS
    return Joining.TOGETHER if together else Joining.APART


def _answers(
    coder: Coder,
    paths: Sequence[Path | None],
    overrides: Overrides,
    encoding: str | None,
    joining: Joining,
    *,
    facts: bool,
) -> Iterator[tuple[CodedEncounter | dict[str, Any], bool]]:
    """One answer a chart, in order, and whether it is a line's.

    A row, or one of several files, that cannot be read or coded becomes an object with its error; missing data ends the
    call.
    """
    from leadterm.records import BadRow, read_joined

    for chart in read_joined(paths, sys.stdin.buffer, overrides, encoding, joining):
        content = chart.content
        if isinstance(content, BadRow):
            yield {"id": content.id, "error": content.error}, chart.is_line
            continue
        try:
            yield (coder.facts(content) if facts else coder.code(content)), chart.is_line
        except InputError as error:
            if not chart.is_row and len(paths) < 2:
                raise
            yield {"id": content.id, "error": str(error)}, chart.is_line


def _counted(answer: CodedEncounter | dict[str, Any]) -> tuple[Any, int]:
    """The JSON of an answer and the exit code that it asks for."""
    from leadterm.schemas import encode

    if isinstance(answer, dict):
        return answer, 1
    if answer.facts and not answer.engine_version:
        e = answer.encounter
        return encode.facts(e.id, e.documents, answer.facts), 0
    if not answer.engine_version:
        return encode.facts(answer.encounter.id, answer.encounter.documents, ()), 0
    return encode.coded(answer), int(any(f.stands for f in answer.findings))


def _show(answer: CodedEncounter | dict[str, Any], *, facts: bool, marked: bool) -> None:
    from ._facts import print_facts
    from .render import print_coded

    if isinstance(answer, dict):
        say(f"leadterm: {answer['id']}: {answer['error']}")
    elif facts:
        print_facts(answer, marked=marked)
    else:
        print_coded(answer)
