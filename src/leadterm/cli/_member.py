"""The member whom risk adjustment scores: a file (leadterm.member/1), with flags over it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadterm.domain import InputError

if TYPE_CHECKING:
    from leadterm.grouping import MemberRecord


def record(file: Path | None, told: dict[str, Any]) -> MemberRecord:
    """The member of a file with what flags tell over it. Raises InputError in a sentence."""
    from leadterm.grouping import member_of

    given = {name: value for name, value in told.items() if value is not None}
    return member_of({**(_read(file) if file else {}), **given})


def _read(file: Path) -> dict[str, Any]:
    from leadterm.records import decode, must_exist, read_whole

    must_exist(file)
    try:
        value = json.loads(decode(read_whole(file), file.name))
    except (ValueError, RecursionError):
        raise InputError(f"{file.name} is not JSON; a member is an object like leadterm.member/1.") from None
    if not isinstance(value, dict):
        raise InputError(f"{file.name} holds no JSON object; a member is one like leadterm.member/1.")
    return value
