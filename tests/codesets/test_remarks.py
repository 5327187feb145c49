"""Every finding about an answer of the code sets can be explained: ids in the source and rows of the table agree."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

import leadterm
from leadterm.codesets import remarks as module
from leadterm.codesets.remarks import remarks
from leadterm.domain import InternalError, Severity

PREFIX = "CODESETS:"
SOURCES = {path: path.read_text(encoding="utf-8") for path in sorted(Path(leadterm.__file__).parent.rglob("*.py"))}
# An id that is put together: `finding("none", Severity.INFO, …)` of `mapped` says CODESETS:map/none.
COMPOSED = 'f"CODESETS:map/{slug}"'
BY_SLUG = re.compile(r'\bfinding\(\s*"([a-z-]+)",\s*Severity\.([A-Z]+)')
TAKES = re.compile(r"from \.mapped import (?:\([^)]*|[^\n(]*)\bfinding\b")
WRITTEN = re.compile(r'"(CODESETS:[^"{}\[]+)"')
NAMED = re.compile(r'^([A-Z_0-9]+) = "(CODESETS:[^"]+)"', re.MULTILINE)


def by_slug() -> list[tuple[str, str]]:
    """Slug and severity of every call of `finding` in the modules that take it from `mapped`."""
    home = {p for p, text in SOURCES.items() if COMPOSED in text}
    takers = {p for p, text in SOURCES.items() if TAKES.search(text)}
    return [found for path in home | takers for found in BY_SLUG.findall(SOURCES[path])]


def used() -> set[str]:
    """Every id in the source, written out or put together."""
    written = {found for text in SOURCES.values() for found in WRITTEN.findall(text)}
    return written | {f"{PREFIX}map/{slug}" for slug, _ in by_slug()}


def weighed() -> dict[str, set[Severity]]:
    """By id: the severities that stand beside it in the source."""
    found: dict[str, set[Severity]] = defaultdict(set)
    for slug, severity in by_slug():
        found[f"{PREFIX}map/{slug}"].add(Severity[severity])
    for text in SOURCES.values():
        called = {f'"{rule}"': rule for rule in WRITTEN.findall(text)} | dict(NAMED.findall(text))
        for name, rule in called.items():
            for severity in re.findall(rf"(?<!\w){re.escape(name)},\s*Severity\.([A-Z]+)", text):
                found[rule].add(Severity[severity])
    return found


def test_ids_are_put_together_in_one_place_only() -> None:
    put_together = [m for text in SOURCES.values() for m in re.findall(r'f"CODESETS:[^"]*"', text)]
    assert put_together == [COMPOSED]


def test_every_id_in_the_source_has_its_row() -> None:
    assert used() - set(remarks()) == set()


def test_every_row_is_used() -> None:
    assert set(remarks()) - used() == set()


@pytest.mark.parametrize("rule", remarks())
def test_the_severity_is_the_one_that_the_code_gives(rule: str) -> None:
    assert weighed()[rule] == {remarks()[rule].severity}


@pytest.mark.parametrize("remark", remarks().values(), ids=lambda r: r.id)
def test_a_row_says_everything_in_one_line_each(remark: module.Remark) -> None:
    for text in (remark.citation, remark.reason, remark.fix):
        assert text == text.strip()
        assert text
        assert "\n" not in text
    assert remark.reason.endswith(".")
    assert remark.fix.endswith(".")


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("CODESETS:map/none", {"weight": "1"}),
        ("CODESETS:map/none", {"fix": None}),
        ("CODESETS:Map", {}),
        ("map/none", {}),
    ],
)
def test_a_row_of_another_form_is_refused(key: str, change: dict[str, str | None]) -> None:
    whole = {"severity": "info", "citation": "c", "reason": "r", "fix": "f", **change}
    row = {name: value for name, value in whole.items() if value is not None}
    with pytest.raises(InternalError, match="malformed id, or other columns"):
        module._remark(key, row)
