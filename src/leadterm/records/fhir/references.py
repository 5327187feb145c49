"""References between resources, brought to one form."""

from __future__ import annotations

import re
from functools import lru_cache

from .nodes import Node

NPI = "http://hl7.org/fhir/sid/us-npi"
# The last two steps of a path are the resource, whatever server it is on; a version after them does not matter.
_REST = re.compile(r"(?:^|/)([A-Z][A-Za-z]{2,40}/[A-Za-z0-9\-.]{1,64})(?:/_history/[A-Za-z0-9\-.]{1,64})?$")
_ID = re.compile(r"[A-Za-z0-9\-._]{1,100}")
LONGEST = 500


@lru_cache(maxsize=4096)
def key(reference: str, owner: str = "") -> str:
    """What a reference leads to: `Type/id`, a URN as it is, `owner#id` for what is contained.

    `Type/id` comes of a relative or an absolute address, with or without a version.
    """
    if reference.startswith("#"):
        return f"{owner}{reference}"
    found = _REST.search(reference)
    return found[1] if found else reference


def reference(node: Node, owner: str) -> str | None:
    """The key of a Reference (or of the reference in a CodeableReference); None where it leads nowhere.

    One by identifier alone is the search for it (`Practitioner?identifier=system|value`), as bulk loads write it.
    """
    if not isinstance(node.value, dict):
        return None
    written = node.value.get("reference")
    if isinstance(written, dict):
        written = written.get("reference")
    if isinstance(written, str):
        return key(written.strip(), owner) if 0 < len(written) <= LONGEST else None
    system, value = node.first("identifier.system").word(), node.first("identifier.value").word()
    return f"?identifier={system}|{value}" if value else None


def searched(reference: str) -> str | None:
    """Of a search for an identifier, what is searched; None for any other reference."""
    _, mark, identifier = reference.partition("?identifier=")
    return identifier if mark else None


def id_of(resource: Node) -> str | None:
    """The id of a resource where it is one."""
    written = resource.first("id").value
    return written if isinstance(written, str) and _ID.fullmatch(written) else None
