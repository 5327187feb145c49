"""Answers of the code book as plain lines, with colour on a terminal only; kept apart because it must start at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from leadterm.codesets import UNDATED, Node
from leadterm.domain import CodeEntry, Finding, Hit, Release, Severity
from leadterm.schemas.encode import UnknownCode

COLOURS = {"bold": "1", "dim": "2", "red": "1;31", "yellow": "33", "cyan": "36"}
SEVERITY = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
NOTES = (
    "inclusion_terms",
    "includes",
    "excludes1",
    "excludes2",
    "code_first",
    "use_additional",
    "code_also",
    "seventh",
    "general",
)


def styled(text: str, style: str) -> str:
    """`text` in a colour where standard output is a terminal and NO_COLOR is not set."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return text
    return f"\033[{COLOURS[style]}m{text}\033[0m"


def print_findings(findings: Sequence[Finding]) -> None:
    """One line a finding: severity, rule, what is wrong, how to fix it."""
    for f in findings:
        fix = f" {f.fix}" if f.fix and f.override is None else ""
        permitted = f" (permitted by {f.override.by}: {f.override.reason})" if f.override else ""
        print(f"{styled(f.severity, SEVERITY[f.severity])} {styled(f.rule, 'dim')} {f.message}{fix}{permitted}")


def print_entry(entry: CodeEntry | UnknownCode) -> None:
    """A code with everything that holds for it."""
    if isinstance(entry, UnknownCode):
        print_findings([entry.finding])
        return
    state = "billable" if entry.billable else "not billable: needs more characters"
    valid = "" if entry.valid else " · NOT in force on that day"
    print(f"{styled(entry.code.value, 'bold')}  {entry.description or '(no official words installed)'}")
    print(f"  {entry.code.system} · {state}{valid}")
    if entry.effective:
        print(f"  in force {entry.effective.start} – {entry.effective.end or 'open'}")
    if entry.chapter:
        print(f"  chapter {entry.chapter}")
    if entry.parents:
        print(f"  under   {' › '.join(reversed(entry.parents))}")
    if entry.children:
        print(f"  below   {' '.join(entry.children)}")
    for kind in NOTES:
        for note in getattr(entry.notes, kind):
            print(f"  {styled(kind.replace('_', ' '), 'cyan')} {styled(note.at, 'dim')} {note.text}")
    for row in entry.related:
        leads = f"{row.code} " if row.code else ""
        print(f"  {styled(row.label.lower(), 'cyan')} {leads}{row.text}")
    print_findings(entry.findings)


def print_hits(hits: Sequence[Hit]) -> None:
    """One line a hit, best first; `…` marks a code that needs more characters."""
    for h in hits:
        matched = "" if h.matched == h.description else f" {styled(f'({h.matched})', 'dim')}"
        print(f"{styled(f'{h.code.value:<9}', 'bold')}{' ' if h.billable else '…'}{h.description}{matched}")
    if not hits:
        print("Nothing found. Try fewer or other words.")


def print_tree(node: Node | None, nodes: Sequence[Node]) -> None:
    """The node and what stands below it, with the number of its own children."""
    if node is not None:
        print(f"{styled(node.code, 'bold')} {node.title}")
    for n in nodes:
        more = styled(f" … {len(n.children)}", "dim") if n.children else ""
        print(f"  {n.code:<9} {n.title}{more}")


def days(release: Release) -> str:
    """The days of a release in words; a list that bears no date holds from the day that stands for none."""
    if release.period == UNDATED:
        return "undated"
    return f"in force {release.period.start} – {release.period.end or 'open'}"


def print_releases(releases: Sequence[Release]) -> None:
    """For each release: its days, its source and licence, what it counts."""
    for r in releases:
        partial = " (partial)" if r.partial else ""
        print(f"{styled(r.name + partial, 'bold')}  {days(r)}")
        print(f"  from {r.source} · {r.licence}")
        print(f"  {', '.join(f'{count:,} {kind}' for kind, count in r.counts)}")
