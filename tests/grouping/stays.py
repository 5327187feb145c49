"""Random stays out of the dated lists: every diagnosis and every procedure that was in force on some day since 2022.

The same for the same seed. Most codes are in force on the day of discharge, some are not: a grouper is asked of those
too. `clean` stays are what a hospital bills in the year of the table: codes in force, a principal diagnosis that
may lead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.edits.stays import RandomStay

from leadterm.codesets import CodeBook
from leadterm.domain import Code, CodeSystem, dotted
from leadterm.grouping import Drg, WhyNot, drg_of

SEED = 20261122
FIRST_DAY, LAST_DAY = date(2022, 10, 1), date(2027, 3, 31)
# First day → version of the grouper: October and April of each year.
VERSIONS = {
    **{date(year, 10, 1): (year - 1982) * 10 for year in range(2022, 2027)},
    **{date(year, 4, 1): (year - 1983) * 10 + 1 for year in range(2023, 2027)},
}
STATUSES = ("01", "01", "01", "02", "03", "05", "06", "07", "20", "50", "51", "62", "63", "65", "66", "82", "86", "90")
POA = ("Y", "Y", "Y", "Y", "N", "U", "W", "")
WRONG_FOR_MANY = frozenset(("newborn", "pediatric", "maternity", "adult", "female", "male"))
Pools = Mapping[str, Sequence[str]]


def pools(book: CodeBook) -> Pools:
    """Codes to draw from, in order: all diagnoses and procedures of the dated lists, CCs and MCCs."""
    found = {
        kind: [dotted(code, system) for code in _codes(book, f"{system}:validity")]
        for kind, system in (("any", CodeSystem.ICD10CM), ("pcs", CodeSystem.ICD10PCS))
    }
    return found | {level: [*_codes(book, f"msdrg:{level}")] for level in ("cc", "mcc")}


def _codes(book: CodeBook, component: str) -> Iterator[str]:
    release = book.release_for(component, None)
    assert release is not None
    return (code for (code,) in book.store_of(release).all("SELECT code FROM entry ORDER BY code"))


def stays(count: int, pool: Pools, seed: int = SEED) -> Iterator[RandomStay]:
    """That many stays."""
    random = Random(seed)
    for _ in range(count):
        kinds = [random.choice(("any", "any", "cc", "mcc")) for _ in range(random.choice((0, 1, 2, 4, 8, 14, 24)))]
        secondary = tuple(random.choice(pool[kind]) for kind in kinds)
        yield RandomStay(
            discharge=FIRST_DAY + timedelta(random.randrange((LAST_DAY - FIRST_DAY).days + 1)),
            days=random.choice((0, 1, 2, 3, 4, 5, 9, 40)),
            age=random.randrange(101),
            sex=random.choice("MF"),
            status=random.choice(STATUSES),
            principal=random.choice(pool[random.choice(("any", "any", "cc"))]),
            secondary=secondary,
            poa=tuple(random.choice(POA) for _ in range(len(secondary) + 1)),
            procedures=tuple(random.choice(pool["pcs"]) for _ in range(random.choice((0, 0, 1, 1, 2, 5)))),
            admitting=None,
        )


def clean(count: int, pool: Pools, book: CodeBook, seed: int = SEED) -> Iterator[RandomStay]:
    """So many stays of the days of the installed table 5: codes in force, and a principal diagnosis that may lead."""
    table = book.release_for("msdrg:weights", None)
    assert table is not None
    for stay in stays(20 * count, pool, seed):
        if not count:
            return
        if (
            stay.discharge in table.period
            and _fits(stay.principal, stay, book)
            and not _marks(stay.principal, stay, book)
        ):
            count -= 1
            secondary = [(c, p) for c, p in zip(stay.secondary, stay.poa[1:], strict=True) if _fits(c, stay, book)]
            yield replace(
                stay,
                secondary=tuple(code for code, _ in secondary),
                poa=(stay.poa[0], *(poa for _, poa in secondary)),
                procedures=tuple(c for c in stay.procedures if _fits(c, stay, book)),
            )


def _fits(code: str, stay: RandomStay, book: CodeBook) -> bool:
    """In force, and not of another age or sex."""
    system = CodeSystem.ICD10CM if "." in code or len(code) == 3 else CodeSystem.ICD10PCS
    return book.valid_on(Code.parse(code, system), stay.discharge) and not _marks(code, stay, book) & WRONG_FOR_MANY


def _marks(code: str, stay: RandomStay, book: CodeBook) -> frozenset[str]:
    system = CodeSystem.ICD10CM if "." in code or len(code) == 3 else CodeSystem.ICD10PCS
    return book.attributes(Code.parse(code, system), stay.discharge)


def grouper_claim(stay: RandomStay) -> dict[str, Any]:
    """The stay as the package `msdrg` groups it, written without any code of ours."""
    version = VERSIONS[max(day for day in VERSIONS if day <= stay.discharge)]
    return {"version": version, **stay.editor_claim()}


def unlike(stay: RandomStay, answer: Mapping[str, Any], book: CodeBook) -> str | None:
    """What our answer adds to or loses from that of a direct call of the grouper; None for nothing.

    Held against it: group, category, title, level, the group before hospital-acquired conditions and which were met,
    every CC and MCC and whether the principal diagnosis excludes it, every code that decides.
    """
    found = drg_of(stay.coded(), book)
    if isinstance(found, WhyNot):
        paid = answer["return_code"] == "OK" and answer["final_drg"] not in (998, 999)
        return f"no group: {found.sentence}" if paid else None
    told = {
        "drg": (found.drg, f"{answer['final_drg']:03}"),
        "mdc": (int(found.mdc), answer["final_mdc"]),
        "title": (found.title, answer["final_drg_description"]),
        "level": (found.level or "NONE", answer["final_severity"]),
        "met": (_met(found), _hacs(answer)),
        "secondary": ({s.code for s in found.secondary}, {dotted(d["code"], CM) for d in _levelled(answer)}),
        "excluded": (
            {s.code for s in found.secondary if s.why_not and s.why_not.startswith("Excluded")},
            {dotted(d["code"], CM) for d in _levelled(answer) if "EXCLUDED" in d["flags"]},
        ),
        "deciding": (set(found.deciding) & set(stay.procedures), _deciding(answer)),
    }
    if found.acquired:
        told["initial"] = (found.acquired.drg, f"{answer['initial_drg']:03}")
    different = [f"{name}: {ours} is not {theirs}" for name, (ours, theirs) in told.items() if ours != theirs]
    return "; ".join(different) or None


CM = CodeSystem.ICD10CM


def _levelled(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [d for d in answer["sdx_output"] if d["severity"] in ("CC", "MCC")]


def _met(found: Drg) -> set[tuple[str, int]]:
    return {(code, hac.number) for code, hac in found.acquired.met} if found.acquired else set()


def _hacs(answer: Mapping[str, Any]) -> set[tuple[str, int]]:
    hacs = ((d["code"], hac) for d in answer["sdx_output"] for hac in d["hacs"])
    return {(dotted(code, CM), hac["hac_number"]) for code, hac in hacs if hac["hac_status"] == "HAC_CRITERIA_MET"}


def _deciding(answer: Mapping[str, Any]) -> set[str]:
    return {p["code"] for p in answer["proc_output"] if p["drg_impact"] in ("BOTH", "FINAL")}
