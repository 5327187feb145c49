"""Codes and the systems they belong to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from .errors import InputError


class CodeSystem(StrEnum):
    """The systems a coder bills or reports with, by the names of the contract."""

    ICD10CM = "icd10cm"
    ICD10PCS = "icd10pcs"
    HCPCS = "hcpcs"
    CPT = "cpt"
    ICD9CM = "icd9cm"
    ICD9PROC = "icd9proc"
    ICD10 = "icd10"
    ICD11 = "icd11"


# The shapes that the owners of the systems give their codes, written with dots where the system has them.
SHAPES: dict[CodeSystem, re.Pattern[str]] = {
    # QA0 (2026) is the one category whose second character is a letter.
    CodeSystem.ICD10CM: re.compile(r"(?:[A-Z][0-9]|QA)[0-9A-Z](\.[0-9A-Z]{1,4})?"),
    CodeSystem.ICD10PCS: re.compile(r"[0-9A-HJ-NP-Z]{7}"),
    CodeSystem.HCPCS: re.compile(r"[A-V][0-9]{4}"),
    CodeSystem.CPT: re.compile(r"[0-9]{4}[0-9AFMTU]"),
    CodeSystem.ICD9CM: re.compile(r"([0-9]{3}|V[0-9]{2})(\.[0-9]{1,2})?|E[0-9]{3}(\.[0-9])?"),
    CodeSystem.ICD9PROC: re.compile(r"[0-9]{2}(\.[0-9]{1,2})?"),
    CodeSystem.ICD10: re.compile(r"[A-Z][0-9]{2}(\.[0-9]{1,2})?"),
    CodeSystem.ICD11: re.compile(r"[0-9A-HJ-NP-Z]{4,6}(\.[0-9A-HJ-NP-Z]{1,3})?"),
}
# Where the dot stands; a system that is absent here writes no dot.
DOT_AFTER: dict[CodeSystem, int] = {
    CodeSystem.ICD10CM: 3,
    CodeSystem.ICD9CM: 3,
    CodeSystem.ICD9PROC: 2,
    CodeSystem.ICD10: 3,
}
# A code that names no system is read in this order. `J1885` has the shape of a drug of HCPCS and of a diagnosis:
# which of them it is, only the code book can tell (`readings`).
GUESS_ORDER = (CodeSystem.ICD10PCS, CodeSystem.CPT, CodeSystem.ICD10CM, CodeSystem.HCPCS)
LONGEST_WRITTEN = 16
# The segments of a National Drug Code: labeler, product, package. Of ten digits one segment is short.
NDC_LENGTHS = (5, 4, 2)
NDC_SHAPES = frozenset({NDC_LENGTHS, (4, 4, 2), (5, 3, 2), (5, 4, 1)})


@dataclass(frozen=True, slots=True, order=True)
class Code:
    """A code of a system, upper case, with its dot.

    Attributes:
        system: The system it belongs to.
        value: As written on paper (`E11.22`); `bare` gives the form of a claim (`E1122`).
    """

    system: CodeSystem
    value: str

    def __hash__(self) -> int:
        # Codes are looked up all the time, and hardly two systems share one: the text alone is hashed fastest.
        return hash(self.value)

    def __post_init__(self) -> None:
        if not SHAPES[self.system].fullmatch(self.value):
            raise InputError(f"'{self.value[:LONGEST_WRITTEN]}' does not have the shape of a code of {self.system}.")

    @classmethod
    def parse(cls, text: str, system: CodeSystem | None = None) -> Code:
        """The first reading of `text`, with or without dot, in any case. Raises InputError when no shape fits."""
        return cls.readings(text, system)[0]

    @classmethod
    def readings(cls, text: str, system: CodeSystem | None = None) -> list[Code]:
        """Every code that `text` may write, likeliest first; never empty. Raises InputError when no shape fits."""
        written = text.strip().upper()
        bare = written.replace(".", "")
        found = []
        order = (CodeSystem.ICD10CM,) if "." in written else GUESS_ORDER
        for candidate in (system,) if system else order:
            # A dot that is written stands where the system puts it; one that is left out is put there.
            value = written if "." in written else dotted(bare, candidate)
            if SHAPES[candidate].fullmatch(value):
                found.append(cls(candidate, value))
        if not found:
            where = f"of {system}" if system else "of any known system"
            raise InputError(f"'{text.strip()[:LONGEST_WRITTEN]}' does not have the shape of a code {where}.")
        return found

    @property
    def bare(self) -> str:
        """The code without its dot, as X12 wants it."""
        return self.value.replace(".", "")

    def __str__(self) -> str:
        return self.value


def dotted(bare: str, system: CodeSystem) -> str:
    """`bare` with the dot of its system; a three-character category has none."""
    place = DOT_AFTER.get(system)
    if system is CodeSystem.ICD9CM and bare.startswith("E"):
        place = 4
    if place is None or len(bare) <= place:
        return bare
    return f"{bare[:place]}.{bare[place:]}"


def eleven_digits(ndc: str) -> str | None:
    """The eleven digits of a National Drug Code; None where it cannot be told which segment lacks its zero."""
    parts = ndc.strip().split("-")
    if not all(p.isascii() and p.isdigit() for p in parts):
        return None
    if len(parts) == 1:
        return parts[0] if len(parts[0]) == sum(NDC_LENGTHS) else None
    if tuple(len(p) for p in parts) not in NDC_SHAPES:
        return None
    return "".join(part.zfill(width) for part, width in zip(parts, NDC_LENGTHS, strict=True))
