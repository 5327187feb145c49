"""What the readers of flat ICD-10 lists share: shapes of codes, first lines, titles in columns, refusals."""

from __future__ import annotations

import re

from leadterm.domain import CodeSystem, InputError, dotted

from ._offered import HEAD_BYTES, Offered, decoded

SYSTEMS = {CodeSystem.ICD10CM: "ICD-10-CM", CodeSystem.ICD10PCS: "ICD-10-PCS"}
# Codes and their headers, without dots.
SHAPES = {
    CodeSystem.ICD10CM: re.compile(r"[A-Z][0-9A-Z]{2,6}"),
    CodeSystem.ICD10PCS: re.compile(r"[0-9A-HJ-NP-Z]{3,7}"),
}
SHORT = 60


def head_lines(offered: Offered, most: int = 40) -> list[str]:
    """The first whole lines that are not blank."""
    lines = decoded(offered.head).splitlines()
    whole = lines[:-1] if len(offered.head) >= HEAD_BYTES else lines
    return [line for line in whole if line.strip()][:most]


def refused(offered: Offered, line: int, why: str) -> InputError:
    return InputError(f"The file {offered.name}, line {line}: {why}; get the file anew from its owner.")


def written(system: CodeSystem, offered: Offered, line: int, code: str) -> str:
    if not SHAPES[system].fullmatch(code):
        raise refused(offered, line, f"its code is none of {SYSTEMS[system]}")
    return dotted(code, system)


def titles_of(text: str) -> tuple[str, str] | None:
    """Short and long title; None where the columns do not fit. Some years count the columns in bytes of UTF-8."""
    raw = text.encode()
    for short, gap, long in (
        (text[:SHORT], text[SHORT : SHORT + 1], text[SHORT + 1 :]),
        (
            raw[:SHORT].decode(errors="ignore"),
            raw[SHORT : SHORT + 1].decode(errors="ignore"),
            raw[SHORT + 1 :].decode(errors="ignore"),
        ),
    ):
        if gap == " " and long[:1].strip():
            return short.strip(), long.strip()
    return None
