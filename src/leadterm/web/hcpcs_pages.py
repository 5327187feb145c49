"""HCPCS Level II: codes by their letter, and the modifiers."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from leadterm.codesets.lists.hcpcs import Hcpcs

from . import asking
from .components import opened
from .site import Site

MOST = 300
# What the letters are for, in our own words; dental codes are not the government's to give.
LETTERS = {
    "A": "Ambulance and transport, medical and surgical supplies, radiopharmaceuticals",
    "B": "Enteral and parenteral therapy",
    "C": "Outpatient hospital: devices, drugs and services under the OPPS",
    "E": "Durable medical equipment",
    "G": "Procedures and professional services without a CPT code",
    "H": "Behavioral health and substance use services",
    "J": "Drugs that are not given by mouth, chemotherapy",
    "K": "Durable medical equipment: codes of the contractors",
    "L": "Orthotics and prosthetics",
    "M": "Quality and other medical services",
    "P": "Pathology, laboratory and blood products",
    "Q": "Temporary: drugs, casts, services",
    "R": "Transport of diagnostic equipment",
    "S": "Private payers",
    "T": "State Medicaid agencies",
    "U": "Laboratory tests for public health",
    "V": "Vision, hearing and speech",
}
MODIFIERS = "modifiers"


def hcpcs(site: Site, request: Request) -> Response:
    """The codes that begin as the address asks; the modifiers; the letters."""
    query = request.query_params
    on, start = asking.day(query), asking.text(query, "start")
    face, missing = opened(site.book, Hcpcs, on)
    values: dict[str, object] = {
        "start": start.upper(),
        "letters": LETTERS,
        "missing": missing,
        "most": MOST,
        "titles": (),
        "next": (),
    }
    if face is None:
        return site.page(request, "hcpcs.html", on, values, about=(Hcpcs.COMPONENT,))
    if start.lower() == MODIFIERS:
        return site.page(request, "hcpcs.html", on, values | {"start": MODIFIERS, "titles": tuple(face.modifiers())})
    if start:
        titles = face.starting(start, MOST + 1)
        values |= {"titles": titles[:MOST], "next": _next(face, start) if len(titles) > MOST else ()}
        values["missing"] = face.absent(start.ljust(5, "0")) if not titles else ""
    return site.page(request, "hcpcs.html", on, values, about=(Hcpcs.COMPONENT,))


def _next(face: Hcpcs, start: str) -> tuple[str, ...]:
    """The beginnings that are one digit longer, where a list is too long to be shown whole."""
    longer = (start.upper() + digit for digit in "0123456789")
    return tuple(one for one in longer if face.starting(one, 1))
