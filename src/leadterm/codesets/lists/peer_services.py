"""Services of peers by specialty and code, as a user has loaded them: what providers are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import ClassVar

from leadterm.domain import Release

from ..store import Store


class PeerServices:
    """How often each code was billed by each specialty."""

    COMPONENT: ClassVar[str] = "peers:services"
    WHAT: ClassVar[str] = "distribution of services by specialty"

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store
        self._of = lru_cache(4096)(self._read)

    def services(self, specialty: str) -> Mapping[str, float]:
        """Services by code of a specialty (taxonomy code); empty for one that the file does not tell of."""
        return self._of(specialty.strip().upper())

    def specialties(self) -> tuple[str, ...]:
        """Every specialty, in order."""
        return tuple(s for (s,) in self._store.all("SELECT DISTINCT specialty FROM entry ORDER BY specialty"))

    def _read(self, specialty: str) -> Mapping[str, float]:
        rows = self._store.all("SELECT code, services FROM entry WHERE specialty = ?", specialty)
        return MappingProxyType(dict(rows))
