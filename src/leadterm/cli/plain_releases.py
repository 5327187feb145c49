"""What an installation did and what changed between releases, as plain lines."""

from __future__ import annotations

from collections.abc import Sequence

from leadterm.domain import Change, Difference, Installation

from .plain import days, styled

MARKS = {"added": ("+", "cyan"), "deleted": ("-", "red"), "changed": ("~", "yellow")}
WIDEST = 100


def print_installation(done: Installation) -> None:
    """One line a release; then what was refused and why, and how many files were left aside."""
    for o in done.outcomes:
        r = o.release
        partial = " (partial: it answers for nothing by itself)" if r.partial else ""
        counts = ", ".join(f"{count:,} {kind}" for kind, count in r.counts if count)
        print(f"{o.status:<9} {styled(f'{r.name:<24}', 'bold')} {days(r)}{partial}")
        print(f"          {styled(r.source, 'dim')}{': ' if counts else ''}{counts}")
    for one in done.refused:
        print(f"{styled('refused', 'red')}   {one.path}: {one.reason}")
    _aside("because another file that was read says the same", done.superfluous)
    _aside("of no known format (licences, layouts, notes)", done.unknown)
    if done == Installation(()):
        print("There is no file to install there.")


def _aside(why: str, paths: Sequence[str]) -> None:
    if paths:
        print(
            styled(f"{len(paths):,} left aside, {why}: {', '.join(paths[:6])}{', …' if len(paths) > 6 else ''}", "dim")
        )


def print_difference(one: Difference, limit: int) -> None:
    """The two releases, what is counted, and the first `limit` changes of each kind."""
    print(styled(f"{one.name}  {one.before.period.start} → {one.after.period.start}", "bold"))
    if one.part:
        print(f"  compared in chapter {', '.join(one.part)} alone: one release holds no more")
    counts = (f"{count:,} {kind.replace('_', ' ')}" for kind, count in one.counts.items() if count)
    print(f"  {', '.join(counts) or 'nothing changed'}")
    for kind in MARKS:
        found = [c for c in one.changes if c.kind == kind]
        for change in found[:limit]:
            _change(change)
        if limit and len(found) > limit:
            print(styled(f"  … and {len(found) - limit:,} more {kind} (--limit, --json)", "dim"))


def _change(change: Change) -> None:
    mark, style = MARKS[change.kind]
    by = f" → {' '.join(change.replaced_by)}" if change.replaced_by else ""
    print(f"  {styled(mark, style)} {change.key}{by}")
    for name, was, now in change.fields:
        if change.kind == "changed":
            print(f"      {name}: {_short(was)} → {_short(now)}")
        elif name in ("title", "code", "description"):
            print(f"      {_short(now or was)}")


def _short(text: str) -> str:
    flat = " ".join(text.split()) or "(none)"
    return flat if len(flat) <= WIDEST else f"{flat[: WIDEST - 1]}…"
