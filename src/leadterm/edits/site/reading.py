"""Reads a site's rules from TOML files; a mistake names the file, the rule and what would be right."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from leadterm.domain import DateRange, InputError, Severity
from leadterm.edits._catalogue import load_rules
from leadterm.edits._rules import Rule

from .conditions import Condition, read_condition
from .fields import FIELDS, Subject
from .rules import SiteRule, SiteRules

ID = re.compile(r"(?:SITE|PAYER):[A-Za-z0-9.-]+(?:/[A-Za-z0-9.-]+)?")
REQUIRED = frozenset({"id", "on", "severity", "message", "fix", "source", "effective", "when"})
OPTIONAL = frozenset({"unless"})
MOST_BYTES = 4_000_000
OF_CLAIMS = frozenset({Subject.CLAIM, Subject.LINE})


def read_site_rules(paths: Iterable[Path]) -> SiteRules:
    """The rules of these files together. Raises InputError for a file or a rule that is not right."""
    found: dict[str, SiteRule] = {}
    digest = hashlib.sha256()
    paths = tuple(paths)
    for path in paths:
        raw = _raw(path)
        digest.update(raw)
        for rule in _rules(raw, path.name):
            if rule.rule.id in found or rule.rule.id in load_rules():
                raise InputError(f"{path.name}: the rule {rule.rule.id} stands twice.")
            found[rule.rule.id] = rule
    return SiteRules(tuple(found.values()), f"sha256:{digest.hexdigest()}" if paths else "")


def _raw(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB, which no rule file is.")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"The rules {path} cannot be read: {error.strerror}.") from None


def _rules(raw: bytes, name: str) -> Iterable[SiteRule]:
    try:
        content = tomllib.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"{name} is not TOML: {error}.") from None
    rows = content.pop("rule", None)
    if content or not isinstance(rows, list):
        odd = f" It has {min(content)} besides." if content else ""
        raise InputError(f"{name} holds [[rule]] tables and nothing else.{odd}")
    for number, row in enumerate(rows, 1):
        told = row.get("id") if isinstance(row, dict) else None
        where = f"{name}, rule {number}" + (f" ({told})" if isinstance(told, str) else "")
        try:
            yield _rule(row, name)
        except InputError as error:
            raise InputError(f"{where}: {error}.") from None


def _rule(row: Any, name: str) -> SiteRule:
    if not isinstance(row, dict):
        raise InputError("a rule is a table")
    if odd := sorted((REQUIRED - set(row)) | (set(row) - REQUIRED - OPTIONAL)):
        verb = "it lacks" if odd[0] in REQUIRED else "there is no key"
        raise InputError(f"{verb} {odd[0]}")
    for key in ("id", "message", "fix", "source"):
        if not isinstance(row[key], str) or not row[key].strip():
            raise InputError(f"{key} is a text")
    if not ID.fullmatch(row["id"]):
        raise InputError("its id reads SITE:slug or PAYER:payer/slug")
    subject = _one_of(row["on"], Subject, "on")
    when, unless = _conditions(row["when"], subject), _conditions(row.get("unless", []), subject)
    if not when:
        raise InputError("when has no condition, so that it would speak of everything")
    rule = Rule(
        id=row["id"],
        family="site",
        module=name,
        on_claims=subject in OF_CLAIMS,
        severity=_one_of(row["severity"], Severity, "severity"),
        citation=row["source"],
        effective=_effective(row["effective"]),
        reason=row["message"],
        fix=row["fix"],
        fires="",
        passes="",
    )
    return SiteRule(rule, subject, when, unless)


def _conditions(rows: Any, subject: Subject) -> tuple[Condition, ...]:
    if not isinstance(rows, list):
        raise InputError("when and unless are lists of conditions")
    fields: Mapping[str, Any] = FIELDS[subject]
    return tuple(read_condition(row, fields) for row in rows)


def _one_of(value: Any, kind: Any, key: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise InputError(f"{key} is one of {', '.join(kind)}") from None


def _effective(value: Any) -> DateRange:
    days = value if isinstance(value, list) else []
    plain = all(isinstance(d, date) and not isinstance(d, datetime) for d in days)
    if not plain or not 1 <= len(days) <= 2 or days != sorted(days):
        raise InputError("effective is [first day] or [first day, last day], as dates without quotation marks")
    return DateRange(*days)
