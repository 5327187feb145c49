"""`leadterm validate` and `leadterm permit`: what is wrong, and who permits what a rule questions."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadterm.domain import Claim, CodedEncounter, Finding, InputError, Override, parse_date, renumbered

from ._out import json_bytes, open_book, put_json, put_line, say, write_whole

if TYPE_CHECKING:
    from leadterm.validation import Judged

Files = Annotated[
    list[str],
    typer.Argument(help="Coded encounters or claims as JSON or jsonl, X12 837 files; - for standard input."),
]
Rules = Annotated[
    list[Path] | None,
    typer.Option("--rules", help="A TOML file of your own rules; may be given again. Else those of leadterm.toml."),
]
Criteria = Annotated[
    list[str] | None,
    typer.Option(
        "--criteria",
        help="A criteria set of clinical validity (sepsis-3, glim) in place of the standard one; may be given again.",
    ),
]
SHOWN_EVERY = 500


def validate(
    files: Files,
    json: Annotated[bool, typer.Option("--json", help="One JSON value.")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object a line: one a claim or coding.")] = False,
    rules: Rules = None,
    criteria: Criteria = None,
    received: Annotated[
        str | None, typer.Option(help="The day on which the payer gets the claims, YYYY-MM-DD: are they in time?")
    ] = None,
) -> int:
    """Check coded encounters, claims or an 837: every finding, each with its authority, place and fix.

    Examples: leadterm code visit.txt --json > visit.coded.json; leadterm validate visit.coded.json ·
    leadterm validate claims.837 --received 2026-11-22 · leadterm code notes.jsonl --jsonl | leadterm validate - --jsonl
    """
    from leadterm.app.settings import edit_options
    from leadterm.validation import Validator

    validator = Validator(open_book(), edit_options(rules, criteria), _day(received))
    answers = _counting(_judged(validator, files))
    if jsonl:
        return max((_line(j) for j in answers), default=0)
    if json:
        return _whole(answers, files)
    return _shown(answers)


def _day(text: str | None) -> Any:
    return parse_date(text, "--received") if text is not None else None


def _judged(validator: Any, files: Iterable[str]) -> Iterator[Judged]:
    from leadterm.records import must_exist

    files = list(files)
    for name in files:
        if name != "-":
            must_exist(Path(name))
    for name in files:
        yield from validator.file(None if name == "-" else Path(name), sys.stdin.buffer)


def _counting(answers: Iterator[Judged]) -> Iterator[Judged]:
    """The answers, with their number on a terminal's standard error: nobody knows how many a stream has."""
    live = sys.stderr.isatty() and not sys.stdout.isatty()
    number = 0
    for number, answer in enumerate(answers, 1):
        if live and number % SHOWN_EVERY == 0:
            print(f"\r{number:,} checked", end="", file=sys.stderr, flush=True)
        yield answer
    if live and number >= SHOWN_EVERY:
        print(f"\r{number:,} checked", file=sys.stderr)


def _json(judged: Judged) -> Any:
    from leadterm.schemas import encode

    if judged.error is not None:
        return {"id": judged.id, "error": judged.error}
    return encode.findings(judged.id, judged.findings)


def _line(judged: Judged) -> int:
    put_line(_json(judged))
    return int(judged.stands)


def _whole(answers: Iterable[Judged], files: list[str]) -> int:
    """One value: findings/1 of the one subject or of the X12 file, whose findings name their claims; else a list."""
    found = list(answers)
    if found and all(j.of_x12 for j in found) and len(files) == 1:
        from leadterm.schemas import encode

        name = "standard input" if files[0] == "-" else Path(files[0]).name
        subject = found[0].id if len(found) == 1 and not found[0].of_file else name
        put_json(encode.findings(subject, renumbered(f for j in found for f in j.findings)))
    else:
        put_json(_json(found[0]) if len(found) == 1 else [_json(j) for j in found])
    return int(any(j.stands for j in found))


def _shown(answers: Iterable[Judged]) -> int:
    from .plain import print_findings, styled

    number = standing = remarked = 0
    alone: Judged | None = None
    for number, judged in enumerate(answers, 1):
        standing += judged.stands
        remarked += bool(judged.findings) and not judged.stands
        if number == 1:
            alone = judged
            continue
        if alone is not None:
            _titled(alone, styled, print_findings)
            alone = None
        _titled(judged, styled, print_findings)
    if alone is not None:
        _titled(alone, styled, print_findings, title=False)
        if not alone.findings and alone.error is None:
            print("Nothing to remark.")
    else:
        say(f"{number:,} checked: {standing:,} with errors, {remarked:,} with remarks alone.")
    return int(standing > 0)


def _titled(judged: Judged, styled: Any, print_findings: Any, *, title: bool = True) -> None:
    if judged.error is not None:
        say(f"leadterm: {judged.id}: {judged.error}")
    elif judged.findings:
        if title:
            print(styled(judged.id, "bold"))
        print_findings(judged.findings)


def read_subject(file: str) -> CodedEncounter | Claim:
    """The coded encounter or claim that a JSON file, or standard input, holds. Raises InputError in a sentence."""
    from leadterm.records import read_one, read_whole

    if file == "-":
        return read_one(sys.stdin.buffer.read(), "standard input")
    return read_one(read_whole(Path(file)), Path(file).name)


def permit(
    file: Annotated[str, typer.Argument(help="A coded encounter, leadterm.coded/1 JSON.")],
    rule: Annotated[str, typer.Argument(help="Id of the rule whose finding is permitted.")],
    by: Annotated[str, typer.Option(help="Who permits it.")] = "",
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    codes: Annotated[
        str | None, typer.Option(help="Codes of the finding, parted by commas, where the rule found several things.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where to write the result; else the file itself.")] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take the permission back.")] = False,
    rules: Rules = None,
) -> int:
    """Permit what a rule questions in a coded encounter, by name and with a reason, or take that back.

    Examples: leadterm permit visit.coded.json ICD10CM:tabular/excludes1 --by "J. Rivera, CCS" --reason "Both
    documented; query of May 15." · leadterm permit visit.coded.json ICD10CM:tabular/excludes1 --withdraw
    """
    from datetime import UTC, datetime

    from leadterm.app.settings import edit_options
    from leadterm.schemas import encode

    if withdraw is bool(by or reason):
        raise InputError("Give --by and --reason to permit, or --withdraw alone.")
    if file == "-" and out is None:
        raise InputError("What comes by standard input goes to --out.")
    subject = read_subject(file)
    if not isinstance(subject, CodedEncounter):
        raise InputError("Findings on a claim are not permitted: correct the encounter that it was made of.")
    override = None if withdraw else Override(by, datetime.now(UTC).replace(microsecond=0), reason)
    permitted, changed = _permitted(subject, rule, codes, override, edit_options(rules, None))
    write_whole(out or Path(file), json_bytes(encode.coded(permitted)))
    word = "withdrawn" if withdraw else "permitted"
    print(f"{rule} {word} for {', '.join(changed.codes) or changed.message}")
    return 0


def _permitted(
    subject: CodedEncounter, rule: str, codes: str | None, override: Override | None, options: Any
) -> tuple[CodedEncounter, Finding]:
    """The encounter with its findings as they are now, one of them permitted or no longer. Raises InputError."""
    from dataclasses import replace

    from leadterm import pipeline

    found = pipeline.check_codes(subject, open_book(), options)
    wanted = {c.strip().upper() for c in codes.split(",")} if codes else None
    of_rule = [f for f in found if f.rule == rule and (wanted is None or wanted == set(f.codes))]
    if not of_rule:
        raise InputError(f"{rule} has found nothing{' on these codes' if codes else ''} in this encounter.")
    if len(of_rule) > 1:
        several = "; ".join(",".join(f.codes) for f in of_rule)
        raise InputError(f"{rule} has found {len(of_rule)} things; say which with --codes: {several}.")
    if not pipeline.may_permit(rule, options):
        raise InputError(f"Nobody can permit what {rule} questions; `leadterm explain {rule}` says why.")
    changed = replace(of_rule[0], override=override)
    return replace(subject, findings=tuple(changed if f is of_rule[0] else f for f in found)), changed
