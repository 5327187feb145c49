"""Leadterm: open-source medical coding, from the chart to the checked claim.

    import leadterm
    coded = leadterm.code("…", setting="outpatient", age=67, sex="F", on="2026-05-14")
    leadterm.lookup("E11.22", on="2026-05-14")
    leadterm.search("diabetic kidney diseas")
    coder = leadterm.Coder(on="2026-05-14"); coder.code(encounter)
    leadterm.validate(coded)
    leadterm.price(claim)
    leadterm.deidentify("…")

Nothing else is promised. Importing this module is cheap: the work is imported when it is first called.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from . import domain

if TYPE_CHECKING:
    from decimal import Decimal

    from .codesets import CodeBook
    from .deidentification import Deidentified
    from .pipeline import Coder
    from .pricing import Prices

__version__ = "0.1.0"
__all__ = ["Coder", "code", "deidentify", "domain", "lookup", "price", "search", "validate"]


def __getattr__(name: str) -> Any:
    if name == "Coder":
        from .pipeline import Coder

        return Coder
    raise AttributeError(f"module 'leadterm' has no attribute '{name}'")


def _day(on: date | str | None) -> date | None:
    return domain.parse_date(on, "date `on`") if isinstance(on, str) else on


def _system(word: str | None) -> domain.CodeSystem | None:
    try:
        return domain.CodeSystem(word) if word else None
    except ValueError:
        raise domain.InputError(f"A code system is one of: {', '.join(domain.CodeSystem)}.") from None


@cache
def _book() -> CodeBook:
    from .codesets import open_book

    return open_book()


def code(
    text: str,
    *,
    setting: str = "outpatient",
    claim_type: str | None = None,
    age: int | None = None,
    sex: str = "U",
    on: date | str | None = None,
) -> domain.CodedEncounter:
    """The codes of one chart, each with its evidence and pathway, with findings and queries.

    `on` is the controlling date (ISO or a date): discharge for an inpatient stay, service date else; without it the
    newest installed release answers. Raises InputError for a value that the contract does not know, DataMissing for a
    date before the first release.
    """
    from .pipeline import Coder

    day = _day(on)
    try:
        place, who = domain.Setting(setting), domain.Sex(sex.upper())
        kind = domain.ClaimType(claim_type) if claim_type else None
    except ValueError as error:
        raise domain.InputError(f"{error}: see the contract for the words allowed.") from None
    encounter = domain.Encounter(
        "chart",
        place,
        kind,
        date_of_service=day,
        patient=domain.Patient(sex=who, age=age),
        documents=(domain.Document("d1", text),),
    )
    return Coder(_book(), day).code(encounter)


def lookup(
    code: str, *, system: str | None = None, on: date | str | None = None, related: bool = False
) -> domain.CodeEntry | None:
    """What a code means on a date; None for a code that no installed release knows.

    `related`: with crosswalks, groups, edits and details from whatever else is installed.
    """
    look = _book().full_entry if related else _book().lookup
    return look(code, _system(system), _day(on))


def search(words: str, *, system: str | None = None, on: date | str | None = None, limit: int = 20) -> list[domain.Hit]:
    """The codes that the words mean, best first; typing errors are tolerated."""
    return _book().search(words, _system(system), _day(on), limit)


def validate(subject: domain.CodedEncounter | domain.Claim) -> list[domain.Finding]:
    """Every finding on a coded encounter or a claim."""
    from . import edits, pipeline

    if isinstance(subject, domain.CodedEncounter):
        return list(pipeline.check_coded(subject, _book()))
    return list(edits.check_claim(subject, _book()))


def price(
    subject: domain.CodedEncounter | domain.Claim,
    *,
    locality: str | None = None,
    zip: str | None = None,
    facility: bool | None = None,
    apm: bool = False,
    on: date | str | None = None,
    participating: bool = True,
    patient_share: bool = False,
    sequestration: bool = False,
    wage_index: Decimal | None = None,
) -> Prices:
    """What the Medicare physician fee schedule allows for each line, with the steps of its reckoning.

    A hospital's claim for outpatients is priced by APC, with its `wage_index` (None: national amounts).

    `locality` (`0111205`) or `zip` win over the claim's own; with neither the amounts are national. `apm`: by the
    conversion factor of qualifying APM participants, from 2026 on. `participating`: else 95 % of the schedule, with the
    limiting charge. `patient_share` and `sequestration` tell who pays, the latter with 2 % taken off Medicare's part.
    Raises InputError for an unknown locality, DataMissing where no schedule of that factor is installed.
    """
    from .pricing import Terms, priced

    day = _day(on)
    terms = Terms(locality, zip, facility, apm, day, participating, patient_share, sequestration, wage_index)
    return priced(subject, _book(), terms)


def deidentify(
    chart: str | domain.Encounter,
    *,
    dates: str = "year",
    weekdays: bool = False,
    surrogates: bool = False,
    key: bytes = b"",
    name: str = "chart-1",
) -> Deidentified:
    """A chart without the identifiers that rules find (45 CFR 164.514(b)(2)): a tool, not a determination.

    `dates`: `year`, or `shift` by the patient's offset, which is drawn with the secret `key` (16 bytes or more) and is
    not Safe Harbor by its letter. `name` becomes the id of the encounter. Raises InputError for another word, and where
    shifted dates or surrogates have no key.
    """
    from .deidentification import Dates, Options
    from .deidentification import deidentify as without

    if dates not in set(Dates):
        raise domain.InputError(f"dates is one of: {', '.join(Dates)}.")
    encounter = chart
    if isinstance(encounter, str):
        encounter = domain.Encounter(name, documents=(domain.Document("d1", encounter),))
    return without(encounter, Options(Dates(dates), weekdays, surrogates, key, date.today().year), name)
