"""Reads the notation of cases (TOML) strictly: a case, or one sentence that names the file and the key, never the text.

    title, specialty, difficulty, setting, claim_type, date, age, sex, guidelines, reviewed_by, text
    [[require]]   code, role, evidence, why, paragraph
    [[optional]]  code, why
    [[forbid]]    code, why, paragraph

Every key is wanted; only whole `[[optional]]` and `[[forbid]]` tables may be absent. A file of many cases has them as
`[[case]]` with an `id` each; its own heads are the defaults of its cases, which also may leave out `claim_type` and the
roles, where the setting and the place in the key tell them. `docs/how-to/write-a-case.md` tells what each means.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import chain
from typing import Any, TypeVar

from leadterm.domain import ClaimType, Code, CodeSystem, Document, Evidence, InputError, Role, Setting, Sex, Span

from ._case import Case, ForbiddenCode, KeyCode, OptionalCode

T = TypeVar("T")
W = TypeVar("W", bound=StrEnum)

HEAD = ("title", "specialty", "difficulty", "setting", "claim_type", "date", "age", "sex", "guidelines", "reviewed_by")
TABLES = ("require", "optional", "forbid")
REQUIRED = ("code", "role", "evidence", "why", "paragraph")
OPTIONAL = ("code", "why")
FORBIDDEN = ("code", "why", "paragraph")
LEADING = frozenset({Role.PRINCIPAL, Role.FIRST_LISTED})
FOLLOWING = frozenset({Role.SECONDARY, Role.EXTERNAL_CAUSE})
DIFFICULTIES = frozenset({1, 2, 3})
MOST_YEARS = 130
CHART = "chart"  # a case has one document
EDITION = "FY2026"
EXTERNAL = tuple("VWXY")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PARAGRAPH = re.compile(r"I{1,3}(\.[A-Za-z0-9]+)*|IV(\.[A-Za-z0-9]+)*")
_GUIDELINES = re.compile(r"FY20\d\d")


def read_case(id: str, content: str) -> Case:
    """The case that `content` writes. Raises InputError for whatever the notation does not know or wants otherwise."""
    try:
        return _case(id, tomllib.loads(content))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"The case {id} is not TOML: {error}.") from None


def _case(id: str, values: dict[str, Any]) -> Case:
    table = _Table(id, "", values)
    table.only((*HEAD, "text", *TABLES[:1]), TABLES[1:])
    document = Document(CHART, table.words("text"))
    case = Case(
        id=id,
        title=table.words("title"),
        specialty=table.words("specialty"),
        difficulty=table.whole("difficulty"),
        setting=table.word("setting", Setting),
        claim_type=table.word("claim_type", ClaimType),
        date=table.day("date"),
        age=table.whole("age"),
        sex=table.word("sex", Sex),
        guidelines=table.words("guidelines"),
        reviewed_by=table.text("reviewed_by").strip() or None,
        document=document,
        require=table.tables("require", lambda row: _required(row, document)),
        optional=table.tables("optional", _optional),
        forbid=table.tables("forbid", _forbidden),
    )
    _check(case, table)
    return case


def read_cases(name: str, content: str) -> tuple[Case, ...]:
    """The cases of a file of many, in its order. Raises InputError as `read_case` does, and for an id given twice."""
    try:
        table = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"The cases {name} are not TOML: {error}.") from None
    heads = {"guidelines": EDITION, "reviewed_by": "", "difficulty": 2, **table}
    several = heads.pop("case", None)
    if not isinstance(several, list) or not all(isinstance(one, dict) for one in several):
        raise InputError(f"The file {name} holds no [[case]].")
    cases = tuple(_read({**heads, **one}, name) for one in several)
    ids = [case.id for case in cases]
    for id in ids:
        if ids.count(id) > 1:
            raise InputError(f"The file {name} has two cases of the id {id}.")
    return cases


def _read(values: dict[str, Any], name: str) -> Case:
    """One of many: what setting and place tell is filled in, then it is read like any other."""
    id = values.pop("id", None)
    if not isinstance(id, str) or not _ID.fullmatch(id):
        raise InputError(f"A case of {name} has no id of small letters, digits and dashes.")
    keys = values.get("require")
    if isinstance(keys, list) and all(isinstance(key, dict) for key in keys):
        values["require"] = [{"role": _role(values, at, key), **key} for at, key in enumerate(keys)]
    values.setdefault("claim_type", _claim_type(values))
    return _case(id, values)


def _claim_type(values: dict[str, Any]) -> str:
    """What a claim is for a setting unless something else is said (CONTRACT: institutional for a stay)."""
    stays = (Setting.INPATIENT, Setting.SKILLED_NURSING, Setting.HOME_HEALTH)
    return (ClaimType.INSTITUTIONAL if values.get("setting") in stays else ClaimType.PROFESSIONAL).value


def _role(values: dict[str, Any], at: int, key: dict[str, Any]) -> str:
    if at == 0:
        claim = values.get("claim_type", _claim_type(values))
        stay = claim == ClaimType.INSTITUTIONAL and _claim_type(values) == ClaimType.INSTITUTIONAL
        return (Role.PRINCIPAL if stay else Role.FIRST_LISTED).value
    return (Role.EXTERNAL_CAUSE if str(key.get("code"))[:1] in EXTERNAL else Role.SECONDARY).value


def _required(row: _Table, document: Document) -> KeyCode:
    row.only(REQUIRED)
    return KeyCode(
        code=row.code(),
        role=row.word("role", Role),
        evidence=tuple(row.quotes("evidence", document)),
        why=row.words("why"),
        paragraphs=row.paragraphs(),
    )


def _optional(row: _Table) -> OptionalCode:
    row.only(OPTIONAL)
    return OptionalCode(row.code(), row.words("why"))


def _forbidden(row: _Table) -> ForbiddenCode:
    row.only(FORBIDDEN)
    return ForbiddenCode(row.code(), row.words("why"), row.paragraphs())


def _check(case: Case, table: _Table) -> None:
    """What holds between the keys: numbers in their bounds, roles in their places, no code twice."""
    if case.difficulty not in DIFFICULTIES:
        raise table.wrong("difficulty", "1, 2 or 3")
    if not 0 <= case.age <= MOST_YEARS:
        raise table.wrong("age", f"a number of years from 0 to {MOST_YEARS}")
    if not _GUIDELINES.fullmatch(case.guidelines):
        raise table.wrong("guidelines", "a fiscal year such as FY2026")
    if not case.require:
        raise table.wrong("require", "one code or more")
    for at, key in enumerate(case.require, 1):
        if at == 1 and key.role is not case.leading_role:
            raise table.wrong("require 1 role", f"{case.leading_role}, as its setting and claim type want")
        if at > 1 and key.role not in FOLLOWING:
            raise table.wrong(f"require {at} role", f"one of: {', '.join(sorted(FOLLOWING))}")
    seen: set[Code] = set()
    for entry in chain[KeyCode | OptionalCode | ForbiddenCode](case.require, case.optional, case.forbid):
        if entry.code in seen:
            raise InputError(f"The case {case.id} names {entry.code} twice; a code is required, optional or forbidden.")
        seen.add(entry.code)


@dataclass(frozen=True, slots=True)
class _Table:
    """One TOML table of a case, with the file and the place that errors name."""

    file: str
    at: str
    values: dict[str, Any]

    def wrong(self, key: str, what: str) -> InputError:
        """The error that `key` is not `what`."""
        return InputError(f"The case {self.file}: {f'{self.at} {key}'.strip()} is not {what}.")

    def only(self, wanted: tuple[str, ...], allowed: tuple[str, ...] = ()) -> None:
        """Raises InputError for a key that is missing or not known."""
        place = f" in {self.at}" if self.at else ""
        for key in self.values:
            if key not in wanted and key not in allowed:
                raise InputError(f"The case {self.file} has the unknown key {key[:40]}{place}.")
        for key in wanted:
            if key not in self.values:
                raise InputError(f"The case {self.file} lacks the key {key}{place}.")

    def text(self, key: str) -> str:
        """A string, untouched."""
        value = self.values[key]
        if not isinstance(value, str):
            raise self.wrong(key, "a string")
        return value

    def words(self, key: str) -> str:
        """A string that says something."""
        if not self.text(key).strip():
            raise self.wrong(key, "filled in")
        return self.text(key)

    def whole(self, key: str) -> int:
        """A whole number."""
        value = self.values[key]
        if type(value) is not int:
            raise self.wrong(key, "a whole number")
        return value

    def day(self, key: str) -> date:
        """A TOML date."""
        value = self.values[key]
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.wrong(key, "a date, written without quotes")
        return value

    def word(self, key: str, kind: type[W]) -> W:
        """One of the words of `kind`."""
        try:
            return kind(self.text(key))
        except ValueError:
            raise self.wrong(key, f"one of: {', '.join(kind)}") from None

    def code(self) -> Code:
        """The ICD-10-CM code, written as on paper."""
        try:
            return Code(CodeSystem.ICD10CM, self.text("code"))
        except InputError:
            raise self.wrong("code", "an ICD-10-CM code in capitals with its dot") from None

    def paragraphs(self) -> tuple[str, ...]:
        """Paragraphs of the guidelines, which semicolons part."""
        found = tuple(part.strip() for part in self.text("paragraph").split(";"))
        if not all(_PARAGRAPH.fullmatch(part) for part in found):
            raise self.wrong("paragraph", "a guideline paragraph such as I.C.4.a, several parted by semicolons")
        return found

    def quotes(self, key: str, document: Document) -> list[Evidence]:
        """The words of the chart that a list of strings quotes, each at its first place."""
        found = []
        for at, words in enumerate(self._list(key), 1):
            start = document.text.find(words) if isinstance(words, str) and words.strip() else -1
            if start < 0:
                raise self.wrong(f"{key} {at}", "words that stand in the text exactly so")
            found.append(Evidence.quote(document, Span(start, start + len(words))))
        if not found:
            raise self.wrong(key, "a list of words of the text")
        return found

    def tables(self, key: str, read: Callable[[_Table], T]) -> tuple[T, ...]:
        """What `read` makes of each table under `key`; none where it is absent."""
        rows = self._list(key) if key in self.values else []
        if not all(isinstance(row, dict) for row in rows):
            raise self.wrong(key, f"written as [[{key}]]")
        return tuple(read(_Table(self.file, f"{key} {at}", row)) for at, row in enumerate(rows, 1))

    def _list(self, key: str) -> list[Any]:
        value = self.values[key]
        if not isinstance(value, list):
            raise self.wrong(key, "a list")
        return value
