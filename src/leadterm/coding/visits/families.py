"""Which family of codes a visit belongs to: by place, class and title, and where it matters new or established."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.services.payers import is_medicare
from leadterm.domain import Encounter, Evidence, Setting

from .notes import Note, day_of, notes
from .wording import worded

# Families that part new from established patients.
PARTED = ("office", "home", "preventive")
SITES = {
    Setting.INPATIENT: "hospital",
    Setting.EMERGENCY: "emergency",
    Setting.SKILLED_NURSING: "nursing",
    Setting.HOME_HEALTH: "home",
}
SITE_OF_TITLE = {"emergency": "emergency", "nursing": "nursing", "home": "home", "discharge": "hospital",
                 "initial": "hospital", "subsequent": "hospital"}  # fmt: skip
SAME_DAY_HOURS = 8

_TIME = compiled(r"(?<![\d/.-])([01]\d|2[0-3]):?([0-5]\d)(?![\d/.-])")
_BOTH = worded("families.in_and_out")
_HEAD = 160  # characters in which a title stands
_LATER = worded("families.later")
_FIRST = worded("families.first")
_NURSING_FIRST = worded("families.nursing_first")
_LEAVES = worded("families.leaves")
_ASKED = worded("families.asked")


@dataclass(frozen=True, slots=True)
class Family:
    """The family of a visit.

    Attributes:
        name: As in `codes.tsv` without `-new` and `-established`; `critical`, `preventive`, `nurse` beside.
        told: What shows it: reasons with the words, where words show it.
    """

    name: str
    told: tuple[tuple[str, Evidence | None], ...]


def family(chart: Chart, note: Note) -> Family | None:
    """The family of a note's visit; None where the note does not tell it."""
    site, why = _site(chart, note)
    told = ((why, note.title),)
    if note.kind == "nurse":
        return Family("nurse", told) if site in ("office", "emergency") else None
    if site == "hospital":
        return _hospital(chart, note, told)
    if site == "nursing":
        return _nursing(note, told)
    if note.kind == "preventive" and site in ("office", "home"):
        return Family("preventive", told)
    if note.kind == "consult":
        return _consult(chart, note, site, told)
    return Family(site, told) if site else None


@cache
def _places() -> dict[str, str]:
    return {row["given"]: row["site"] for row in rows("visits/places")}


def _site(chart: Chart, note: Note) -> tuple[str, str]:
    """Where the visit took place, and what shows it: what the record says, then the note, then the setting."""
    return next(_sites(chart, note))


def _sites(chart: Chart, note: Note) -> Iterator[tuple[str, str]]:
    """Where the visit may have taken place and what shows it, the surest first."""
    encounter = chart.encounter
    place, kind = (encounter.place_of_service or "").zfill(2), (encounter.encounter_class or "").lower()
    of_title = SITE_OF_TITLE.get(note.kind, "")
    if site := _places().get(place, ""):
        # Observation and admission from the emergency department are billed from the hospital's outpatient place too.
        if place in ("22", "23") and kind in ("observation", "inpatient"):
            yield "hospital", f"place of service {place}, {kind}"
        yield site, f"place of service {place}"
    if site := _places().get(kind, ""):
        yield site, f"class {kind}"
    if encounter.setting in SITES:
        yield SITES[encounter.setting], f"setting {encounter.setting.value}"
    if of_title:
        yield of_title, f"a note titled “{note.title.text if note.title else note.document.type}”"
    yield "office", f"setting {encounter.setting.value}"


def _hospital(chart: Chart, note: Note, told: tuple[tuple[str, Evidence | None], ...]) -> Family | None:
    """Initial, subsequent, same-day or discharge care; None where nothing tells which."""
    if note.kind in ("initial", "discharge") and (
        _same_day(chart.encounter) or _one_day(chart, note) or _in_and_out(note)
    ):
        return Family("hospital-same-day", told)
    if note.kind == "discharge":
        return Family("hospital-discharge", told)
    if note.kind == "consult":
        return _consult(chart, note, "hospital", told)
    if note.kind == "critical":
        return Family("critical", told)
    if note.kind == "initial":
        return Family("hospital-initial", told)
    if later := next(note.said(_LATER), None):
        return Family("hospital-subsequent", (*told, ("care after the first day", later[1])))
    if note.kind in ("subsequent", "office"):
        return Family("hospital-subsequent", told)
    if first := next(note.said(_FIRST), None):
        return Family("hospital-initial", (*told, ("the admission itself", first[1])))
    return None


def _same_day(encounter: Encounter) -> bool:
    """Whether a stay began and ended on one day, of which Medicare wants eight hours."""
    start, end = encounter.admission, encounter.discharge
    if start is None or end is None:
        return False
    if isinstance(start, datetime) and isinstance(end, datetime):
        return start.date() == end.date() and (end - start).total_seconds() >= SAME_DAY_HOURS * 3600
    return start == end


def _in_and_out(note: Note) -> bool:
    """Whether the title of a note names admission and discharge of one day."""
    return note.title is not None and _BOTH.search(note.text[:_HEAD]) is not None


def _one_day(chart: Chart, note: Note) -> bool:
    """Whether notes of admission and of discharge bear the day of this one; of Medicare eight hours between them."""
    day = day_of(chart, note)
    own = {n.kind: n for n in notes(chart) if day_of(chart, n) == day}
    if "initial" not in own or "discharge" not in own:
        return False
    start, end = _clock(own["initial"]), _clock(own["discharge"])
    told = start is not None and end is not None
    return not is_medicare(chart) or not told or (end or 0) - (start or 0) >= SAME_DAY_HOURS * 60


def _clock(note: Note) -> int | None:
    """The minutes since midnight that the title of a note names."""
    found = _TIME.search(note.text.strip().partition("\n")[0])
    return int(found[1]) * 60 + int(found[2]) if found else None


def _nursing(note: Note, told: tuple[tuple[str, Evidence | None], ...]) -> Family:
    if note.kind == "discharge" or _LEAVES.search(note.text):
        return Family("nursing-discharge", told)
    first = next(note.said(_NURSING_FIRST), None) if note.kind not in ("subsequent", "office") else None
    if note.kind == "initial" or first:
        return Family("nursing-initial", (*told, *((("the admission to the facility", first[1]),) if first else ())))
    return Family("nursing-subsequent", told)


def _consult(chart: Chart, note: Note, site: str, told: tuple[tuple[str, Evidence | None], ...]) -> Family | None:
    """A consultation that somebody asked for; for Medicare, and where nobody did, a visit of its place."""
    asked = next(note.said(_ASKED), None)
    if is_medicare(chart) or asked is None:
        reason = "Medicare takes no consultation codes" if is_medicare(chart) else "nobody's request is told"
        name = "hospital-initial" if site == "hospital" else site
        return Family(name, (*told, (reason, asked[1] if asked else None)))
    name = "consult-hospital" if site == "hospital" else "consult-office"
    return Family(name, (*told, ("an opinion that another asked for", asked[1])))
