"""Records of the common data: nothing that their headers tell is left in what comes out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadterm.deidentification import Options, deidentify
from leadterm.deidentification.naming import is_ambiguous
from leadterm.domain import Encounter
from leadterm.records import Overrides, read_upload
from leadterm.schemas import encode

pytestmark = pytest.mark.shared


def encounters(path: Path) -> list[Encounter]:
    charts = read_upload(path.name, path.read_bytes(), Overrides())
    return [c.content for c in charts if isinstance(c.content, Encounter)]


# Fields of a header that are codes, and no identifiers.
CODES = frozenset(
    "role sex type relationship responsibility filing insurance_type state country taxonomy kind assigner".split()
)
NAMES = frozenset("first_name last_name middle_name author".split())


def told(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Every string of a header with its field."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from told(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from told(inner, key)
    elif isinstance(value, str) and key not in CODES:
        yield key, value


def identifiers(encounter: Encounter) -> set[str]:
    """What the header of an encounter identifies by: numbers, names, addresses; ordinary words left out."""
    whole = encode.encounter(encounter)
    parts = ("account", "referral", "patient", "providers", "payers", "identifiers")
    fields = [*told({part: whole.get(part) for part in parts})]
    fields += [("author", d["author"]) for d in whole.get("documents", []) if d.get("author")]
    words = {w for key, text in fields if key in NAMES for w in re.findall(r"[^\W\d_]{3,}", text)}
    others = {text for key, text in fields if key not in NAMES and re.search(r"\d", text)}
    return {w for w in words if not is_ambiguous(w)} | {text for text in others if len(text) > 3}


def written(encounter: Encounter) -> str:
    value = encode.encounter(encounter)
    for document in value.get("documents", []):
        del document["sha256"]
    return json.dumps(value, ensure_ascii=False)


FOLDERS = [("ccda", "*.xml", 12), ("hl7v2", "*.hl7", 8), ("fhir", "*.json", 20)]


@pytest.mark.parametrize(("folder", "pattern", "step"), FOLDERS)
def test_nothing_that_a_header_tells_is_left_in_text_or_json(
    shared: Path, folder: str, pattern: str, step: int
) -> None:
    left = []
    for path in sorted((shared / "samples" / folder).rglob(pattern))[::step]:
        for encounter in encounters(path):
            out = written(deidentify(encounter, Options(year=2026)).encounter)
            for secret in identifiers(encounter):
                if re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", out, re.IGNORECASE):
                    left.append((path.name, secret))
    assert left == []
