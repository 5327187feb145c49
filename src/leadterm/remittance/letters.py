"""Appeal letters: what the record says, word for word, put before the payer; a draft for a person to finish.

A letter argues nothing that the chart does not say. Diagnoses are cited with the official titles of ICD-10-CM;
procedures by number alone. What is not known stands as `[FILL IN: …]`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from string import Template

from leadterm.domain import Claim, CodedEncounter, InputError, Patient, Payer, Provider, ProviderRole

from .denials import Denial
from .guardrails import UNKNOWN_INDICATOR, guardrail
from .quotes import Quote, Support, support
from .reasons import PACKAGE, Move

# Category → template, and what its argument needs that a guard rail may rule out.
LETTERS: Mapping[str, tuple[str, Move | None]] = {
    "medical-necessity": ("medical-necessity", Move.MEDICAL_ARGUMENT),
    "authorization": ("authorization", None),
    "referral": ("authorization", None),
    "timely-filing": ("timely-filing", None),
    "bundling": ("bundling", Move.MODIFIER),
    "documentation": ("documentation", None),
}
GENERIC = ("generic", None)
# About dates alone: no words of the chart belong in it.
WITHOUT_QUOTES = frozenset({"timely-filing"})
REQUESTS = {
    "medicare-part-a": "Request for redetermination (42 CFR 405.940)",
    "medicare-part-b": "Request for redetermination (42 CFR 405.940)",
    "medicare-advantage": "Request for reconsideration (42 CFR 422.580)",
    "tricare": "Request for reconsideration (32 CFR 199.10)",
}
APPEAL = "Appeal of a refused payment"
_GAP = re.compile(r"\[FILL IN: [^\]]+\]")


@dataclass(frozen=True, slots=True)
class AppealLetter:
    """A draft of a letter; it names the patient and quotes the chart, so it is PHI.

    Attributes:
        denial: Id of the denial that it is about.
        template: Which letter it is.
        text: The whole letter.
        quotes: The words of the chart in it, in order.
        gaps: What a person must fill in before it is sent, in order.
        deadline: Last day for the appeal, where known.
    """

    denial: str
    template: str
    text: str
    quotes: tuple[Quote, ...]
    gaps: tuple[str, ...]
    deadline: date | None


def appeal_letter(denial: Denial, coded: CodedEncounter, on: date, claim: Claim | None = None) -> AppealLetter:
    """The draft of an appeal of that denial, dated `on`.

    Names come from `claim`, else from the encounter. Raises InputError with what to do instead where a guard rail rules
    the appeal out, where another step comes before it, where the encounter is not that of the denied service, and
    where the chart has no words that support the denied line: silence beats a guess.
    """
    template, argument = LETTERS.get(denial.category, GENERIC)
    _refuse(denial, argument)
    found = Support((), ()) if template in WITHOUT_QUOTES else support(denial, coded, claim)
    names = _Names(coded, claim)
    values = {**_facts(denial, on), **names.values(), **_proof(found)}
    values["body"] = _template(template).substitute(values)
    text = _template("frame").substitute(values)
    limit = denial.deadline if denial.move is Move.APPEAL else None
    gaps = tuple(dict.fromkeys(_GAP.findall(text)))
    return AppealLetter(denial.id, template, text, found.quotes, gaps, limit)


def _refuse(denial: Denial, argument: Move | None) -> None:
    for needed in (Move.APPEAL, argument):
        if needed is not None and needed in denial.forbidden:
            rail = next(g for g in map(guardrail, denial.guards) if g is not None and needed in g.forbids)
            raise InputError(f"No appeal letter for this denial ({rail.id}): {rail.reason} {rail.fix}")
    if not denial.appealable:
        raise InputError(
            f"An appeal is not the way for a denial of the kind '{denial.category}'; the next step is "
            f"{denial.move.value}: {denial.actions[0]}."
        )


def _facts(denial: Denial, on: date) -> dict[str, str]:
    said = " ".join(part for part in (denial.group, denial.reason) if part) or "none given"
    remarks = f", remarks {', '.join(denial.remarks)}" if denial.remarks else ""
    modifiers = ", ".join(denial.modifiers)
    unknown = denial.modifier_indicator == UNKNOWN_INDICATOR
    return {
        "today": on.isoformat(),
        "request": REQUESTS.get(denial.family, APPEAL),
        "claim": denial.claim,
        "control_number": denial.control_number or _gap("the payer's claim number"),
        "service": _service(denial, modifiers),
        "service_date": denial.service_date.isoformat() if denial.service_date else _gap("day of service"),
        "remittance_date": denial.remittance_date.isoformat() if denial.remittance_date else _gap("its day"),
        "amount": str(denial.amount),
        "reason": said + remarks,
        "policy": _gap("title, number and version of the coverage policy"),
        "modifiers": modifiers or "none",
        "modifier_indicator": _gap("its number") if unknown else denial.modifier_indicator,
    }


def _service(denial: Denial, modifiers: str) -> str:
    if denial.code is None:
        return "the whole claim"
    return f"line {denial.line}, code {denial.code}" + (f", modifiers {modifiers}" if modifiers else "")


def _proof(found: Support) -> dict[str, str]:
    documents = dict.fromkeys(quote.place for quote in found.quotes)
    listed = [f"  - {place}" for place in documents]
    return {
        "quotes": "\n\n".join(f"  “{q.evidence.text}”\n  ({q.place}, characters {q.span})" for q in found.quotes),
        "diagnoses": "\n".join(f"  {code} {title}".rstrip() for code, title in found.diagnoses),
        "enclosures": "\n".join(["  - your remittance", *listed]),
    }


@dataclass(frozen=True, slots=True)
class _Names:
    """Who is who: from the claim where there is one, else from the encounter."""

    coded: CodedEncounter
    claim: Claim | None

    @property
    def patient(self) -> Patient:
        return (self.claim or self.coded.encounter).patient

    @property
    def payer(self) -> Payer | None:
        return next(iter((self.claim or self.coded.encounter).payers), None)

    @property
    def provider(self) -> Provider | None:
        order = (ProviderRole.BILLING, ProviderRole.RENDERING)
        known = (self.claim or self.coded.encounter).providers
        return next((p for role in order for p in known if p.role is role), None)

    def values(self) -> dict[str, str]:
        """What the letter says of people; a gap for what is not known."""
        patient, payer, provider = self.patient, self.payer, self.provider
        born = patient.birth_date.isoformat() if patient.birth_date else None
        approval = payer.prior_authorization if payer else None
        if self.claim and self.claim.prior_authorization:
            approval = self.claim.prior_authorization
        return {
            "payer": _or_gap(payer and payer.name, "name of the payer"),
            "payer_address": _gap("the payer's address for appeals"),
            "provider": _or_gap(provider and (provider.name or _person(provider)), "name of the provider"),
            "npi": _or_gap(provider and provider.npi, "NPI"),
            "patient": _or_gap(_person(patient), "name of the patient"),
            "birth_date": _or_gap(born, "day of birth"),
            "member": _or_gap(payer and payer.member_id, "member number"),
            "authorization": _or_gap(approval, "approval number"),
            "contact": _or_gap(provider and provider.phone, "telephone and address"),
            "signer": _gap("name and function of the one who signs"),
        }


def _person(person: Patient | Provider) -> str | None:
    return " ".join(part for part in (person.first_name, person.last_name) if part) or None


def _or_gap(value: object, what: str) -> str:
    return value if isinstance(value, str) and value.strip() else _gap(what)


def _gap(what: str) -> str:
    return f"[FILL IN: {what}]"


@cache
def _template(name: str) -> Template:
    return Template((files(PACKAGE) / "letters" / f"{name}.txt").read_text(encoding="utf-8"))
