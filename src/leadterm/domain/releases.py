"""What becomes of releases: what an installation did, and what changed from one release to another."""

from __future__ import annotations

from dataclasses import dataclass

from .codebook import Release

INSTALLED, REPLACED, PRESENT = "installed", "replaced", "present"


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that cannot be used, and the sentence that says why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one release.

    Attributes:
        release: As the manifest holds it now.
        status: `installed`, `replaced` (another content of the same component and day went) or `present` (was there).
    """

    release: Release
    status: str


@dataclass(frozen=True, slots=True)
class Installation:
    """What became of all that was handed over.

    Attributes:
        outcomes: One a release, by name and first day.
        refused: Files that claim to be of a known format and cannot be used.
        superfluous: Files that say what another one says that was read.
        unknown: Files of no known format (licences, layouts, notes).
    """

    outcomes: tuple[Outcome, ...]
    refused: tuple[Refused, ...] = ()
    superfluous: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that differs.

    Attributes:
        key: Of the entry: a code, a path of an index, a pair.
        kind: `added`, `deleted` or `changed`.
        fields: For each field that differs: its name, what it was and what it is; of an added or deleted entry all.
        replaced_by: Codes that stand in the place of a deleted code or of one that may no longer be billed, where an
            installed release tells.
    """

    key: str
    kind: str
    fields: tuple[tuple[str, str, str], ...]
    replaced_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed in one component.

    Attributes:
        name: `icd10cm:drug`.
        before, after: The releases compared.
        changes: In the order of the newer release, deleted ones last.
        part: The parts (chapters) that were compared when one release is partial; empty for all.
    """

    name: str
    before: Release
    after: Release
    changes: tuple[Change, ...]
    part: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many were added, deleted, changed; and of the changed, how many in each field."""
        found = {"added": 0, "deleted": 0, "changed": 0}
        for change in self.changes:
            found[change.kind] += 1
            if change.kind == "changed":
                for name, _, _ in change.fields:
                    found[name] = found.get(name, 0) + 1
        return found
