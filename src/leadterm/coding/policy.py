"""A facility's policy: which of the codes that the guidelines leave to it are reported (`optional.tsv` names them).

A policy can leave out; it can neither add a code nor touch one that the guidelines want.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from leadterm.domain import Finding, InputError, Severity

from ._tables import rows
from .chart import Candidate
from .rules import reason

RULE = "ICD10CM:III/policy"


@dataclass(frozen=True, slots=True)
class Policy:
    """What is left out.

    Attributes:
        omit: Groups of `optional.tsv`. Raises InputError for one that is not there.
    """

    omit: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known = groups()
        for group in self.omit:
            if group not in known:
                near = get_close_matches(group, known, 1)
                hint = f" Do you mean {near[0]}?" if near else f" There are: {', '.join(known)}."
                raise InputError(f"A policy cannot omit {group[:40]!r}.{hint}")

    def kept(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The candidates that are reported."""
        return [c for c in candidates if not c.code.startswith(self._prefixes())] if self.omit else list(candidates)

    def told(self, candidates: Sequence[Candidate]) -> tuple[Finding, ...]:
        """One finding that names what was left out; none where nothing was."""
        left = tuple(c.code for c in candidates if self.omit and c.code.startswith(self._prefixes()))
        if not left:
            return ()
        message = f"Left out by the facility's policy: {', '.join(left)}."
        return (
            Finding(
                "policy", RULE, Severity.INFO, message, "Change the policy to report them.", left, source=reason(RULE)
            ),
        )

    def _prefixes(self) -> tuple[str, ...]:
        return tuple(prefix for group in self.omit for prefix in groups()[group])


def groups() -> dict[str, tuple[str, ...]]:
    """The prefixes of each group that a policy may omit."""
    return {row["group"]: tuple(row["codes"].split()) for row in rows("optional")}


def read_policy(file: Path) -> Policy:
    """The policy of a TOML file (`omit = ["activity", …]`). Raises InputError for what it does not know."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InputError(f"{file} cannot be read as TOML: {error}.") from None
    if unknown := set(table) - {"omit"}:
        raise InputError(f"{file} has settings that no policy has: {', '.join(sorted(unknown))}; it takes omit.")
    return policy_of(table.get("omit", []), str(file))


def policy_of(omit: object, where: str) -> Policy:
    """The policy that a list of groups makes. Raises InputError, naming `where`, for anything else."""
    if not isinstance(omit, Iterable) or isinstance(omit, str) or not all(isinstance(group, str) for group in omit):
        raise InputError(f'{where}: omit takes a list of groups, such as ["activity"].')
    return Policy(tuple(omit))
