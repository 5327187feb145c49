"""Who is asked to pay, by IN1 and the IN2 behind it (chapter 6)."""

from __future__ import annotations

from leadterm.domain import Payer, Subscriber
from leadterm.records.times import day

from .messages import Message
from .people import address, sex
from .segments import Segment
from .tables import meaning


def payers(message: Message) -> tuple[Payer, ...]:
    """In order of their priority, where it is told, else of the message."""
    found: list[tuple[Segment, Segment | None]] = []
    for segment in message.segments:
        if segment.name == "IN1":
            found.append((segment, None))
        elif segment.name == "IN2" and found:
            found[-1] = (found[-1][0], segment)
    made = {_payer(in1, in2): in1.get(22) or "9" for in1, in2 in found}
    return tuple(sorted(made, key=lambda payer: made[payer]))


def _payer(in1: Segment, in2: Segment | None) -> Payer:
    return Payer(
        id=in1.get(3),
        name=in1.get(4) or in1.get(2, 2),
        type=meaning("plan", in1.get(15)) or meaning("plan", in1.get(4)),
        member_id=in1.get(36) or (in2.get(61) if in2 else None),
        group=in1.get(8),
        subscriber=_subscriber(in1),
        prior_authorization=in1.get(14),
        responsibility=meaning("priority", in1.get(22)),
        group_name=in1.get(9),
    )


def _subscriber(in1: Segment) -> Subscriber:
    code = in1.get(17)
    name = in1.first(16)
    return Subscriber(
        relationship=meaning("relationship", code) or ("other" if code else "self"),
        first_name=name.get(2),
        last_name=name.get(1),
        birth_date=day(in1.get(18)),
        sex=sex(in1.get(43)),
        address=address(in1.all(19)),
    )
