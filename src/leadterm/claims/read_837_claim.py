"""A claim from the segments CLM to the next claim, and what stands above it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from leadterm.domain import (
    Attachment,
    Claim,
    ClaimDiagnosis,
    ClaimType,
    DateRange,
    Payer,
    Provider,
    Role,
    ServiceLine,
)
from leadterm.domain.claim import claim_id_fits
from leadterm.x12 import Segment

from . import read_837_parties as parties
from .read_837_above import Above
from .read_837_codes import Codes, coded
from .read_837_lines import line
from .read_837_payers import Decided, other_payer
from .read_837_rules import finding
from .read_837_together import said_once, together, usual
from .read_837_values import Notes, clock, day, moment, money, needed_money, period
from .x12_codes import ACCIDENT_WORDS

STILL_THERE = "30"
# What stands beside the order of diagnoses.
BESIDE = frozenset({Role.ADMITTING, Role.REASON_FOR_VISIT})
# REF of the claim, by the field that holds it.
REFERENCES = {"9F": "referral", "G1": "prior_authorization", "F8": "payer_control_number", "X4": "clia"}
RECORD_NUMBER, ACCIDENT_STATE = "EA", "LU"
PATIENT_PAID = "F5"


@dataclass(slots=True)
class _Parts:
    """The segments of a claim by where they belong: its own, providers', other payers', lines'."""

    own: list[Segment]
    named: list[list[Segment]]
    others: list[list[Segment]]
    lines: list[list[Segment]]


def _parted(segments: Iterable[Segment]) -> _Parts:
    own: list[Segment] = []
    parts = _Parts(own, [], [], [])
    group = own
    for segment in segments:
        name = segment.id
        if name == "LX":
            group = [segment]
            parts.lines.append(group)
            continue
        if not parts.lines:
            if name == "SBR":
                group = []
                parts.others.append(group)
            elif name == "NM1" and not parts.others:
                group = []
                parts.named.append(group)
        group.append(segment)
    return parts


def claim(notes: Notes, segments: Sequence[Segment], above: Above, kind: ClaimType) -> Claim | None:
    """The claim that its segments make, None where they lack what no claim can be without (see `Notes.whole`)."""
    providers, patient, payer = above.read(notes)
    notes.loop = "2300"
    clm, parts = segments[0], _parted(segments[1:])
    if not claim_id_fits(clm[1]):
        notes.lost(clm, "01", "not a claim number of 1 to 38 printable characters")
    fields: dict[str, Any] = {"patient": patient}
    _head(notes, clm, fields, kind)
    _own(notes, parts.own, fields, kind)
    lines, theirs, decided = _lines(notes, parts.lines, fields.get("statement"))
    notes.line, notes.loop = None, "2300"
    named = [parties.provider(role, group) for group in parts.named if (role := parties.role_of(group[0]))]
    others = [other_payer(notes, group, fields["patient"], decided, n) for n, group in enumerate(parts.others, 1)]
    notes.loop = "2300"
    _astray(notes, clm, decided, others)
    if not notes.whole:
        return None
    told = Claim(
        id=clm[1],
        claim_type=kind,
        subscriber=payer.subscriber,
        payers=(payer, *others),
        providers=together(providers, named, usual(providers, named, lines), theirs),
        lines=tuple(lines),
        **fields,
    )
    told = said_once(told)
    _added_up(notes, clm, told)
    return told


def _head(notes: Notes, clm: Segment, fields: dict[str, Any], kind: ClaimType) -> None:
    """CLM: place or type of bill, frequency, what was signed, accident, delay."""
    place, qualifier, frequency = (*clm.components(5), "", "", "")[:3]
    wanted = "A" if kind is ClaimType.INSTITUTIONAL else "B"
    if qualifier != wanted or not frequency:
        other = f"not place, {wanted} and frequency; another separator than the one in ISA16 may have been used"
        notes.wrong(clm, "05", other)
    fields["frequency"] = frequency or "1"
    if kind is ClaimType.INSTITUTIONAL:
        fields["type_of_bill"] = f"0{place}{frequency}" if place and frequency else None
    else:
        fields["place_of_service"] = place or None
    fields["accept_assignment"] = clm[7] == "A"
    fields["release"] = clm[9] == "Y"
    if clm[11]:
        fields["accident"] = _accident(notes, clm)
    fields["special_program"] = clm[12] or None
    fields["delay_reason"] = clm[20] or None


def _accident(notes: Notes, clm: Segment) -> dict[str, Any] | None:
    """What CLM11 says: causes, and the state of an auto accident."""
    *causes, state = (*clm.components(11), "", "", "", "")[:4]
    words = [ACCIDENT_WORDS[c] for c in causes if c in ACCIDENT_WORDS]
    if any(c and c not in ACCIDENT_WORDS for c in causes):
        notes.wrong(clm, "11", f"not made of {', '.join(ACCIDENT_WORDS)}")
    told: dict[str, Any] = {"type": words[0]} if words else {}
    if len(words) > 1:
        told["also"] = words[1:]
    if state:
        told["state"] = state
    return told or None


def _own(notes: Notes, own: Sequence[Segment], fields: dict[str, Any], kind: ClaimType) -> None:
    """The segments of the claim itself, and what follows from them together."""
    codes = Codes(Role.FIRST_LISTED if kind is ClaimType.PROFESSIONAL else Role.PRINCIPAL)
    for segment in own:
        handler = HANDLERS.get(segment.id)
        if handler is not None:
            handler(notes, segment, fields, codes)
    fields["diagnoses"] = _in_order(codes.diagnoses)
    for name in ("procedures", "condition_codes", "occurrences", "values"):
        if found := getattr(codes, name):
            fields[name] = tuple(found)
    if codes.drg:
        fields["drg"] = codes.drg
    hour: time | None = fields.pop("discharge_hour", None)
    statement: DateRange | None = fields.get("statement")
    left = fields.get("disposition") not in (None, STILL_THERE)
    # The guide has no day of discharge: it is the last day of the statement of a patient who has left.
    if statement and statement.end and (hour or (left and fields.get("admission"))):
        fields["discharge"] = datetime.combine(statement.end, hour) if hour else statement.end


def _in_order(found: list[ClaimDiagnosis]) -> tuple[ClaimDiagnosis, ...]:
    """Admitting diagnosis and reasons for the visit last."""
    return tuple(sorted(found, key=lambda d: d.role in BESIDE)) if len(found) > 1 else tuple(found)


def _dtp(notes: Notes, dtp: Segment, fields: dict[str, Any], codes: Codes) -> None:
    which = dtp[1]
    if which == "439":
        happened = day(notes, dtp)
        if happened:
            fields["accident"] = {**(fields.get("accident") or {}), "date": happened.isoformat()}
    elif which == "434":
        fields["statement"] = period(notes, dtp)
    elif which == "435":
        fields["admission"] = moment(notes, dtp)
    elif which == "096":
        if dtp[2] == "TM":
            fields["discharge_hour"] = clock(notes, dtp)
        else:
            fields["discharge"] = moment(notes, dtp)


def _ref(notes: Notes, ref: Segment, fields: dict[str, Any], codes: Codes) -> None:
    if ref[1] in REFERENCES:
        fields[REFERENCES[ref[1]]] = ref[2] or None
    elif ref[1] == RECORD_NUMBER:
        fields["patient"] = replace(fields["patient"], id=ref[2] or None)
    elif ref[1] == ACCIDENT_STATE:
        fields["accident"] = {**(fields.get("accident") or {}), "state": ref[2]}


def _amt(notes: Notes, amt: Segment, fields: dict[str, Any], codes: Codes) -> None:
    if amt[1] == PATIENT_PAID:
        fields["patient_paid"] = money(notes, amt, 2)


def _pwk(notes: Notes, pwk: Segment, fields: dict[str, Any], codes: Codes) -> None:
    added = Attachment(pwk[1], pwk[2], pwk[6] or None)
    fields["attachments"] = (*fields.get("attachments", ()), added)


def _cl1(notes: Notes, cl1: Segment, fields: dict[str, Any], codes: Codes) -> None:
    for name, place in (("admit_type", 1), ("admit_source", 2), ("disposition", 3)):
        fields[name] = cl1[place] or None


def _hi(notes: Notes, hi: Segment, fields: dict[str, Any], codes: Codes) -> None:
    coded(notes, hi, codes)


HANDLERS: dict[str, Callable[[Notes, Segment, dict[str, Any], Codes], None]] = {
    "DTP": _dtp,
    "REF": _ref,
    "AMT": _amt,
    "PWK": _pwk,
    "CL1": _cl1,
    "HI": _hi,
}


def _lines(
    notes: Notes, groups: Sequence[Sequence[Segment]], statement: DateRange | None
) -> tuple[list[ServiceLine], list[Provider], Decided]:
    """The lines that could be read, the providers that they name, and what earlier payers decided of them."""
    lines: list[ServiceLine] = []
    named: list[Provider] = []
    decided: Decided = []
    for number, group in enumerate(groups, start=1):
        found = line(notes, group, number, statement)
        if found.line is not None:
            lines.append(found.line)
        named += found.providers
        decided += found.decided
    return lines, named, decided


def _astray(notes: Notes, clm: Segment, decided: Decided, others: Sequence[Payer]) -> None:
    """Decisions on lines of a payer that the claim does not name."""
    known = {payer.id for payer in others}
    for payer_id, told in decided:
        if payer_id not in known:
            words = f"What SVD01 names on line {told.line} is none of the claim's other payers."
            at = {"segment": "SVD", "line": told.line, "position": clm.position, "offset": clm.offset}
            notes.keep(finding("X12:837/element", words, claim=clm[1], loop="2430", element="SVD01", **at))


def _added_up(notes: Notes, clm: Segment, told: Claim) -> None:
    stated = needed_money(notes, clm, 2)
    if stated is not None and stated != told.total:
        notes.tell("X12:837/total", f"CLM02 is {stated} and the lines add up to {told.total}.", clm, "CLM02")
