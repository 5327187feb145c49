"""What `leadterm lookup`, `search`, `edits`, `codes status` and `price` answer, over HTTP, as the contract has them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query
from fastapi.responses import JSONResponse
from starlette.requests import Request

from leadterm import pipeline
from leadterm.claims import claim_of_services
from leadterm.codesets import CodeBook
from leadterm.compliance import clock
from leadterm.domain import (
    Claim,
    Code,
    CodedEncounter,
    CodeEntry,
    CodeSystem,
    Finding,
    InputError,
    Severity,
    WrittenService,
)
from leadterm.pricing import (
    Bill,
    Pricer,
    Terms,
    bill_of_codes,
    charged,
    has_addendum,
    newest_addendum,
    newest_schedule,
    wage_index_of,
)
from leadterm.schemas import decode, encode, encode_compliance, encode_prices
from leadterm.storage import now

from . import asking
from .compliance.forms import dates

MOST_HITS = 500
On = Annotated[str, Query(max_length=asking.LONGEST_TEXT, description="The day that counts, YYYY-MM-DD.")]
Text = Annotated[str, Query(max_length=asking.LONGEST_TEXT)]
MOST_CODES = 50
Day = Annotated[str, Query(max_length=asking.LONGEST_TEXT, description="A day, YYYY-MM-DD.")]
System = Annotated[str, Query(max_length=asking.LONGEST_TEXT, description="icd10cm, icd10pcs, hcpcs or cpt.")]


def _terms(
    on: On = "",
    locality: Text = "",
    zip: Text = "",
    facility: bool | None = None,
    apm: bool = False,
    nonparticipating: bool = False,
    patient_share: bool = False,
    sequestration: bool = False,
    wage_index: Text = "",
) -> Terms:
    """On what terms services are priced, by the names of the options of `leadterm price`."""
    return Terms(
        locality or None,
        zip or None,
        facility,
        apm,
        asking.day({"on": on}),
        not nonparticipating,
        patient_share,
        sequestration,
        wage_index_of(wage_index) if wage_index else None,
    )


Asked = Annotated[Terms, Depends(_terms)]


def router(book: CodeBook) -> APIRouter:
    """The REST addresses over a code book."""
    api = APIRouter(prefix="/api")

    @api.get("/lookup/{code}", summary="What a code is, as leadterm.codes/1")
    def lookup(code: str, system: System = "", on: On = "") -> JSONResponse:
        found = _looked_up(book, code, asking.system(system), asking.day({"on": on}))
        return JSONResponse(encode.codes([found]), 404 if isinstance(found, encode.UnknownCode) else 200)

    @api.get("/search", summary="Codes found by words, as leadterm.hits/1")
    def search(
        q: Annotated[str, Query(min_length=1, max_length=asking.LONGEST_TEXT)],
        system: System = "",
        on: On = "",
        limit: Annotated[int, Query(ge=1, le=MOST_HITS)] = 20,
    ) -> Any:
        return JSONResponse(encode.hits(book.search(q, asking.system(system), asking.day({"on": on}), limit)))

    @api.get(
        "/overpayment", summary="Until when an overpayment must be reported and returned, as leadterm.overpayment/1"
    )
    def overpayment(
        request: Request,
        identified: Day = "",
        on: Annotated[str, Query(max_length=asking.LONGEST_TEXT, description="The day to look from; else today.")] = "",
    ) -> Any:
        """Other dates (investigation, received, returned, …) are parameters by the names of `compliance clock`."""
        asked = asking.day({"on": on}) or now().date()
        return JSONResponse(encode_compliance.overpayment(clock(dates(request.query_params), asked)))

    @api.get("/releases", summary="The installed releases, as leadterm.releases/1")
    def releases() -> Any:
        return JSONResponse(encode.releases(book.releases()))

    @api.get("/edits", summary="What is found on services of one patient, provider and day, as leadterm.findings/1")
    def edits(
        code: Annotated[list[str], Query(min_length=1, max_length=MOST_CODES)],
        dx: Annotated[list[str], Query(max_length=MOST_CODES)] = [],  # noqa: B006
        on: On = "",
        outpatient: bool = False,
        payer: Text = "medicare",
        place: Text = "",
        state: Text = "",
    ) -> Any:
        claim = claim_of_services(
            [WrittenService.parse(each) for each in code],
            asking.day({"on": on}) or date.today(),
            diagnoses=[Code.parse(each, CodeSystem.ICD10CM) for each in dx],
            outpatient=outpatient,
            payer=payer,
            place=place or None,
            state=state or None,
        )
        return JSONResponse(encode.findings(claim.id, pipeline.check_services(claim, book)))

    @api.get("/price", summary="What the physician fee schedule allows for codes, as leadterm.prices/1")
    def price_codes(
        code: Annotated[list[str], Query(min_length=1, max_length=MOST_CODES)],
        terms: Asked,
        place: Text = "",
        bill: Annotated[str, Query(max_length=4, description="Type of bill, 0131: a hospital's for outpatients.")] = "",
    ) -> Any:
        newest = newest_addendum if bill else newest_schedule
        return _priced(book, bill_of_codes(code, newest(book, terms.on), place or None, bill or None), terms)

    @api.post("/price", summary="The same for a claim, a coded encounter or an encounter with charges (JSON)")
    def price(body: Annotated[dict[str, Any], Body()], terms: Asked) -> Any:
        return _priced(book, _subject(body), terms)

    return api


def _priced(book: CodeBook, subject: Claim | CodedEncounter | Bill, terms: Terms) -> JSONResponse:
    if not has_addendum(book):
        newest_schedule(book, terms.on)
    return JSONResponse(encode_prices.prices(Pricer(book, terms).price(subject)))


def _subject(value: dict[str, Any]) -> Claim | CodedEncounter:
    schema = value.get("schema")
    if schema == "leadterm.claim/1":
        return decode.claim(value)
    if schema == "leadterm.coded/1":
        return decode.coded(value)
    if schema == "leadterm.encounter/1":
        return charged(decode.encounter(value, "encounter"))
    raise InputError("Send leadterm.claim/1, leadterm.coded/1 or leadterm.encounter/1.")


def _looked_up(book: CodeBook, code: str, system: CodeSystem | None, on: date | None) -> CodeEntry | encode.UnknownCode:
    try:
        found = book.full_entry(code, system, on)
        message = "No installed release knows this code."
    except InputError as error:
        found, message = None, str(error)
    if found is not None:
        return found
    fix = "Check the code, or find it by words: /api/search?q=WORDS."
    shown = code[: asking.LONGEST_TEXT]
    return encode.UnknownCode(shown, Finding("f1", "CODESETS:code/unknown", Severity.ERROR, message, fix))
