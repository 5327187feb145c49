"""`leadterm compliance clock`: until when an overpayment must be reported and returned, of dates or of a case file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadterm.domain import parse_date

from ._casework import By, Json, On, act, answer, at_work
from ._ledger import day
from ._out import put_json

if TYPE_CHECKING:
    from leadterm.compliance import Happened


def _dated(name: str, words: str) -> Any:
    return typer.Option(f"--{name}", metavar="DAY", help=words)


ENDED = "When it was settled, withdrawn or removed."


def clock(
    context: typer.Context,
    case: Annotated[str | None, typer.Argument(metavar="[CASE]", help="A case file: the dates are kept in it.")] = None,
    identified: Annotated[str | None, _dated("identified", "When an overpayment was identified.")] = None,
    received: Annotated[
        list[str] | None, _dated("received", "When a payment was received; may be given again.")
    ] = None,
    information: Annotated[str | None, _dated("information", "When credible information came in.")] = None,
    investigation: Annotated[
        str | None, _dated("investigation", "When a good-faith investigation of related overpayments began.")
    ] = None,
    concluded: Annotated[str | None, _dated("concluded", "When that was concluded.")] = None,
    calculated: Annotated[str | None, _dated("calculated", "When the whole amount was calculated.")] = None,
    cost_report: Annotated[str | None, _dated("cost-report", "When a corresponding cost report is due.")] = None,
    oig_disclosure: Annotated[str | None, _dated("oig-disclosure", "When OIG acknowledged a self-disclosure.")] = None,
    oig_ended: Annotated[str | None, _dated("oig-ended", ENDED)] = None,
    srdp_disclosure: Annotated[
        str | None, _dated("srdp-disclosure", "When CMS acknowledged a self-referral disclosure.")
    ] = None,
    srdp_ended: Annotated[str | None, _dated("srdp-ended", ENDED)] = None,
    repayment_request: Annotated[
        str | None, _dated("repayment-request", "When an extended repayment schedule was asked for.")
    ] = None,
    repayment_ended: Annotated[
        str | None, _dated("repayment-ended", "When that was rejected, or not kept any more.")
    ] = None,
    reported: Annotated[str | None, _dated("reported", "When the overpayment was reported.")] = None,
    returned: Annotated[str | None, _dated("returned", "When it was returned.")] = None,
    by: By = None,
    on: On = None,
    json: Json = False,
) -> int:
    """Until when an overpayment must be reported and returned (42 CFR 401.305), with the citation of each step.

    Of the dates that are given; with a case file, they are kept in it. Days of a suspension are left out, days that ran
    before it stay spent. For Medicare Parts A and B. It counts days and gives no legal advice.

    Examples: leadterm compliance clock --identified 2026-03-01 --investigation 2026-03-05 --on 2026-06-01 ·
    leadterm compliance clock sg-0123456789abcdef --identified 2026-03-01 --by "J. Rivera"
    """
    dates = list(_dates(context.params))
    if case is None:
        _put(dates, on, json=json)
    elif dates:
        from leadterm.compliance.casefile import Date

        act(case, [Date(h.event, h.day) for h in dates], by, json=json, on=on)
    else:
        with at_work() as work:
            answer(work.case(case), on, json=json)
    return 0


def _dates(given: Mapping[str, Any]) -> Iterator[Happened]:
    """The dates of the options, which are named as the events are."""
    from leadterm.compliance import Event, Happened

    for event in Event:
        found = given[event.value.replace("-", "_")] or ()
        for text in [found] if isinstance(found, str) else found:
            yield Happened(parse_date(text, f"--{event}"), event)


def _put(dates: list[Happened], on: str | None, *, json: bool) -> None:
    from leadterm.compliance import clock as clock_of
    from leadterm.schemas import encode_compliance as encode

    from ._compliance import print_clock

    found = clock_of(dates, day(on, "--on"))
    if json:
        put_json(encode.overpayment(found))
    else:
        print_clock(found)
