"""The claims of an 837 as leadterm.claims/1, in pieces: memory stays bounded whatever the file holds."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Protocol

from leadterm.domain import Claim, Finding

from .encode_claim import claim
from .encode_parts import Json, finding, plain

MOST_IN_MEMORY = 1 << 24


class Place(Protocol):
    """Where a claim stands in its file."""

    @property
    def interchange(self) -> str: ...  # noqa: D102
    @property
    def group(self) -> str: ...  # noqa: D102
    @property
    def transaction(self) -> str: ...  # noqa: D102
    @property
    def created(self) -> date | None: ...  # noqa: D102
    @property
    def position(self) -> int: ...  # noqa: D102
    @property
    def offset(self) -> int: ...  # noqa: D102


class Read(Protocol):
    """A claim as it was read."""

    @property
    def number(self) -> str: ...  # noqa: D102
    @property
    def claim(self) -> Claim | None: ...  # noqa: D102
    @property
    def place(self) -> Place: ...  # noqa: D102
    @property
    def findings(self) -> tuple[Finding, ...]: ...  # noqa: D102


def read_claim(value: Read) -> Json:
    """One claim as it was read."""
    place = value.place
    return {
        "number": value.number,
        "place": {
            "interchange": place.interchange,
            "group": place.group,
            "transaction": place.transaction,
            "created": plain(place.created),
            "position": place.position,
            "offset": place.offset,
        },
        "claim": None if value.claim is None else claim(value.claim),
        "findings": [finding(f) for f in value.findings],
    }


def claims_pieces(parts: Iterable[Read | Finding]) -> Iterator[str]:
    """The text of one leadterm.claims/1 value from the parts of a file."""
    with tempfile.SpooledTemporaryFile(MOST_IN_MEMORY, "w+", encoding="utf-8", errors="backslashreplace") as findings:
        yield '{"schema": "leadterm.claims/1", "claims": ['
        first = True
        for part in parts:
            if isinstance(part, Finding):
                findings.write(_item(finding(part), first=findings.tell() == 0))
            else:
                yield _item(read_claim(part), first=first)
                first = False
        yield '\n], "findings": ['
        findings.seek(0)
        while piece := findings.read(1 << 16):
            yield piece
        yield "]}\n"


def _item(value: Mapping[str, Any], *, first: bool) -> str:
    return f"{'' if first else ','}\n{json.dumps(value, ensure_ascii=False)}"
