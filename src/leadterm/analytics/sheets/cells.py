"""What a spreadsheet would take for a formula, and what no file of text can hold (OWASP, CSV Injection)."""

from __future__ import annotations

# Full-width forms are taken for the plain ones by some programs.
STARTS = tuple("=+-@\t\r\n＝＋－＠")


def is_formula(text: str) -> bool:
    """Whether a program may take a cell with this text for a formula; blanks before it are skipped by some."""
    return text.startswith(STARTS) or text.lstrip(" \u00a0\ufeff").startswith(STARTS)


def neutral(text: str) -> str:
    """The text as a cell of csv: behind an apostrophe where it might be taken for a formula."""
    return f"'{text}" if is_formula(text) else text
