"""By which way a drug was given and where it went in: route, push or infusion, line or place of the body."""

from __future__ import annotations

from leadterm.coding.patterns import compiled

from ._cues import cue, cues

# By which way: words that name it, then places of the body that imply it.
_ROUTES = tuple((way, cue(f"route {way}")) for way in cues("route"))
_PLACES = tuple((way, cue(f"place {way}")) for way in cues("place"))
_SITE = compiled(
    r"\b(?P<side>right|left|rt|lt|r|l)[\s.]*(?:upper |lower |chest |arm |dorsal )*(?P<place>a\.?c\.?(?: fossa)?"
    r"|antecub\w*|fore ?arm|fa|hand|wrist|arm|port(?:-?a-?cath)?|chest|ej|ij|foot"
    r"|subclavian|picc)\b"
    r"|\b(?P<alone>port(?:-?a-?cath)?|picc|midline|central line|mediport)\b|\b(?P<second>(?:second"
    r"|2nd|#2) (?:piv|iv|peripheral|access|line|site))|\b(?P<short>[rl])(?P<ac>ac"
    r"|fa)\b"
)
_NAMES_OF_SITES = (
    ("ac", "ac"),
    ("antecub", "ac"),
    ("a.c", "ac"),
    ("fore", "forearm"),
    ("fa", "forearm"),
    ("port", "port"),
    ("chest", "port"),
)


def route(text: str) -> str:
    """The way that words name first, else that the first place of the body implies; empty where neither is told."""
    found = [(m.start(), way) for way, pattern in _ROUTES if (m := pattern.search(text))]
    if not found:
        found = [(m.start(), way) for way, pattern in _PLACES if (m := pattern.search(text))]
    return min(found)[1] if found else ""


def site(text: str) -> str:
    """The line or the side and place of the body that words name, `second` for another access; empty for none."""
    found = _SITE.search(text)
    if found is None:
        return ""
    if found["second"]:
        return "second"
    if found["short"]:
        return f"{found['short']} {'ac' if found['ac'] == 'ac' else 'forearm'}"
    if found["alone"]:
        return "port" if "port" in found["alone"] else found["alone"]
    place = next((name for start, name in _NAMES_OF_SITES if found["place"].startswith(start)), found["place"])
    return place if place in ("port", "picc") else f"{found['side'][0]} {place}"


def method(own: str, text: str, wide: str) -> tuple[bool, bool]:
    """Whether it was pushed, and whether it was infused, by the nearest words that say either."""
    for said in (own, text, wide.replace("bolus", "     ")):
        push, infusion = bool(cue("push").search(said)), bool(cue("infusion").search(said))
        if push or infusion:
            return push, infusion
    return False, False
