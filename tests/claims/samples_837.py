"""The public 5010 claims of the LinuxForHealth project, and what they are when renewed: of 2026, ICD-10-CM, valid NPIs.

The originals are illustrations of 1996 to 2006: ICD-9-CM codes, provider numbers whose check digits fail, and in some
files faults of form. They stand in the common data, never in the repository.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from .generate import luhn

SHARED = Path(os.environ.get("LEADTERM_SHARED", Path(__file__).parents[3] / "shared"))
FOLDER = SHARED / "samples" / "x12" / "linuxforhealth"
FOLDERS = ("837_005010X222A2", "837_005010X223A3")
NEW_DAY = date(2026, 5, 14)
# By the general equivalence mappings, and where these give no one code, by the title.
TENTH = {
    "0340": "J020",
    "03591": "A46",
    "25000": "E119",
    "2724": "E785",
    "2780": "E669",
    "2859": "D649",
    "30000": "F419",
    "3449": "G839",
    "36616": "H2510",
    "3669": "H269",
    "38181": "H6990",
    "38900": "H902",
    "4019": "I10",
    "436": "I6789",
    "4659": "J069",
    "4779": "J309",
    "496": "J449",
    "51881": "J9600",
    "53081": "K219",
    "71516": "M1710",
    "71906": "M25469",
    "7215": "M4820",
    "79431": "R9431",
    "8540": "S069X0A",
    "8628": "S279XXA",
    "9592": "S4990XA",
    "9951": "T783XXA",
    "E8888": "W1839XA",
    "V7389": "Z1159",
}
QUALIFIERS = {"BK": "ABK", "BF": "ABF"}
# Faults of form of the originals, by file: what stands there, and what should.
MENDED = {
    "demo.ambulance.example5.837": (("41::1", "41:B:1"),),
    "demo.cob.example3.A.837": (
        ("N4*MIAMI*FL*33111~LX*1", "N4*MIAMI*FL*33111~NM1*PR*2*GREAT PRAIRIES HEALTH*****PI*567890~LX*1"),
    ),
    "demo.cob.example4.837": (("AMT*F2*15.00~", ""),),
    # A pointer is the place of a diagnosis.
    "demo.example9.837": (("***1.00~", "***1~"),),
    # Taxonomy codes as they were before all of them ended in X.
    "demo.example1.837": (("203BF0100Y", "207Q00000X"),),
    "demo.example2.837": (("203BF0100Y", "207Q00000X"),),
    "institutional-claim.837i": (("203BA0200N", "282N00000X"),),
    "two-claims-single-provider.837i": (("363LP0200N", "363LP0200X"),),
}


def files() -> list[Path]:
    """The 5010 claims; none where the common data is absent."""
    return sorted(path for name in FOLDERS for path in (FOLDER / name).glob("*") if path.is_file())


def renewed(path: Path, *, only_days: bool = False) -> bytes:
    """The file as somebody would send it in 2026, its form mended; everything else stands as it stood.

    `only_days`: codes and provider numbers stand as they stood too.
    """
    text = re.sub(r"~\s*", "~", path.read_text("utf-8").strip())
    for old, new in MENDED.get(path.name, ()):
        assert old in text, f"{path.name} is not the file that was mended"
        text = text.replace(old, new)
    segments = [s.split("*") for s in text.split("~") if s]
    moved = NEW_DAY - _first_service(segments)
    made = [_moved(segment, moved) for segment in segments]
    if not only_days:
        made = [_recoded(segment) for segment in made]
    return ("~".join("*".join(segment) for segment in _counted(made)) + "~").encode()


def _first_service(segments: list[list[str]]) -> date:
    days = [s[3][:8] for s in segments if s[0] == "DTP" and s[1] in ("472", "434")]
    return min(_day(text) for text in days)


def _moved(segment: list[str], moved: timedelta) -> list[str]:
    """The segment with its days moved: days of birth and of policies stay."""
    name = segment[0]
    # Some files name one separator in ISA16 and use another.
    segment = segment if name == "ISA" else [e.replace(">", ":") for e in segment]
    if name == "DTP" and segment[2] in ("D8", "RD8", "DT"):
        return [*segment[:3], re.sub(r"[0-9]{8}", lambda m: _shifted(m[0], moved), segment[3])]
    if name == "BHT":
        return [*segment[:4], _shifted(segment[4], moved), *segment[5:]]
    onset = "BH:11:D8:"
    if name == "HI":
        return [onset + _shifted(e.removeprefix(onset), moved) if e.startswith(onset) else e for e in segment]
    return segment


def _recoded(segment: list[str]) -> list[str]:
    """The segment with codes of today and with numbers whose check digits hold."""
    if segment[0] == "NM1" and len(segment) > 9 and segment[8] == "XX":
        return [*segment[:9], valid_npi(segment[9]), *segment[10:]]
    return [segment[0], *map(_diagnosis, segment[1:])] if segment[0] == "HI" else segment


def _shifted(text: str, moved: timedelta) -> str:
    return f"{_day(text) + moved:%Y%m%d}"


def _day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def valid_npi(number: str) -> str:
    """The number with a first digit of a provider and the check digit that holds."""
    digits = ("1" if number[0] not in "12" else number[0]) + number[1:9]
    return digits + str(luhn("80840" + digits))


def npi_holds(number: str) -> bool:
    """Whether the check digit holds."""
    return len(number) == 10 and luhn("80840" + number[:9]) == int(number[9])


def _diagnosis(element: str) -> str:
    qualifier, code, *rest = element.split(":")
    return ":".join((QUALIFIERS[qualifier], TENTH[code], *rest)) if qualifier in QUALIFIERS else element


def _counted(segments: list[list[str]]) -> Iterator[list[str]]:
    """The segments, each SE counting those of its transaction."""
    count = 0
    for segment in segments:
        count = 1 if segment[0] == "ST" else count + 1
        yield ["SE", str(count), segment[2]] if segment[0] == "SE" else segment
