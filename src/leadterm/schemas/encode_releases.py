"""What becomes of releases as contract JSON: diff/1, installation/1."""

from __future__ import annotations

from collections.abc import Iterable

from leadterm.domain import Change, Difference, Installation, Outcome, Release

from .encode_codes import release
from .encode_parts import Json

PLANNED, REMOVED = "planned", "removed"


def diff(differences: Iterable[Difference]) -> Json:
    """What changed, as leadterm.diff/1."""
    return {"schema": "leadterm.diff/1", "differences": [_difference(d) for d in differences]}


def _difference(one: Difference) -> Json:
    return {
        "name": one.name,
        "before": release(one.before),
        "after": release(one.after),
        "part": list(one.part),
        "counts": one.counts,
        "changes": [_change(c) for c in one.changes],
    }


def _change(one: Change) -> Json:
    fields = [{"name": name, "before": was, "after": now} for name, was, now in one.fields]
    return {"key": one.key, "kind": one.kind, "fields": fields, "replaced_by": list(one.replaced_by)}


def installation(done: Installation, dry_run: bool = False) -> Json:
    """What became of the files, as leadterm.installation/1."""
    return {
        "schema": "leadterm.installation/1",
        "dry_run": dry_run,
        "releases": [_outcome(o) for o in done.outcomes],
        "refused": [{"path": r.path, "reason": r.reason} for r in done.refused],
        "superfluous": list(done.superfluous),
        "unknown": list(done.unknown),
    }


def removal(gone: Iterable[Release]) -> Json:
    """Releases that were taken out, as leadterm.installation/1."""
    return installation(Installation(tuple(Outcome(r, REMOVED) for r in gone)))


def _outcome(one: Outcome) -> Json:
    r = one.release
    return {
        "name": r.name,
        "from": r.period.start.isoformat(),
        "to": r.period.end.isoformat() if r.period.end else None,
        "status": one.status,
        "source": r.source,
        "counts": dict(r.counts),
        "partial": r.partial,
    }
