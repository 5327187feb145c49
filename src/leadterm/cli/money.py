"""Money as plain lines: payments, remitted claims, postings, accounts, key figures, denials."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from leadterm.domain import (
    Account,
    Adjustment,
    Money,
    PaymentHeader,
    ProviderAdjustment,
    RemittedClaim,
)

from .plain import styled

if TYPE_CHECKING:
    from leadterm.app.denials import KeptDenial
    from leadterm.app.posting import PostedPayment
    from leadterm.remittance import Measure, PaymentEnd
    from leadterm.storage.answers import KeptEntry

# The words for CLP02, our own.
STATUSES = {
    "1": "primary",
    "2": "secondary",
    "3": "tertiary",
    "4": "denied",
    "19": "primary, forwarded",
    "20": "secondary, forwarded",
    "21": "tertiary, forwarded",
    "22": "reversal",
    "23": "not ours, forwarded",
    "25": "predetermination",
}
STATES = {"open": "yellow", "reversed": "dim", "superseded": "dim", "settled": "dim"}


def amount(value: Money | Decimal) -> str:
    """Dollars, right-aligned, thousands apart."""
    number = value.amount if isinstance(value, Money) else value
    return f"{number:>12,.2f}"


def counted(number: int, word: str) -> str:
    """`1 claim`, `2 claims`, `3 entries`."""
    plural = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return f"{number:,} {word if number == 1 else plural}"


def shown(text: str | None, other: str = "") -> str:
    """Text of a file without what would act on a terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text) if text else other


def print_payment(header: PaymentHeader) -> None:
    """The head of a payment."""
    names = f"{shown(header.payer.name, 'payer without a name')} → {shown(header.payee.name, 'payee without a name')}"
    paid = f"{header.method} {header.payment_date or 'without a date'}, trace {shown(header.trace, 'missing')}"
    print(f"{styled('payment', 'bold')} {amount(header.amount).strip()}  {names}  {styled(paid, 'dim')}")


def print_claim(claim: RemittedClaim) -> None:
    """A claim, its adjustments, its lines with theirs."""
    status = STATUSES.get(claim.status, f"status {shown(claim.status)}")
    sums = f"charge {amount(claim.charge)}  paid {amount(claim.paid)}  patient {amount(claim.patient)}"
    print(f"  {styled(f'{shown(claim.id):<20}', 'bold')} {status:<12} {sums}  {_reasons(claim.adjustments)}".rstrip())
    for line in claim.lines:
        code = " ".join((shown(line.code, "no code"), *map(shown, line.modifiers)))
        sums = f"charge {amount(line.charge)}  paid {amount(line.paid)}"
        rest = "  ".join(filter(None, (_reasons(line.adjustments), " ".join(map(shown, line.remarks)))))
        print(f"    {line.number:>3} {code:<14} {line.start or ''!s:<10}     {sums}  {rest}".rstrip())


def _reasons(adjustments: Iterable[Adjustment]) -> str:
    return " ".join(f"{shown(a.group)}-{shown(a.reason)} {a.amount}" for a in adjustments)


def print_provider_adjustment(moved: ProviderAdjustment) -> None:
    """Money outside the claims."""
    about = f"provider-level {shown(moved.reason)} {shown(moved.reference)}".rstrip()
    print(f"  {about:<40} {amount(-moved.amount)}")


def print_end(end: PaymentEnd, hidden: int) -> None:
    """What a payment came to."""
    more = f" ({hidden} not shown: --all)" if hidden else ""
    moved = f", provider-level {amount(-end.moved).strip()}" if end.moved.amount else ""
    print(
        f"  {counted(end.claims, 'claim')}, {counted(end.lines, 'line')}, paid {amount(end.paid).strip()}{moved}{more}"
    )


def print_posting(name: str, payments: Sequence[PostedPayment]) -> None:
    """What became of each payment of a file."""
    words = {"posted": "posted", "twice": "was posted before", "refused": "REFUSED"}
    for p in payments:
        counts = ", ".join((counted(p.claims, "claim"), counted(p.lines, "line"), counted(p.entries, "entry")))
        style = "red" if p.outcome == "refused" else "bold"
        trace = shown(p.trace, "without a trace")
        print(f"{shown(name)}: {styled(words[p.outcome], style)} {amount(p.amount).strip()} trace {trace} ({counts})")


def print_account(account: Account, entries: Iterable[KeptEntry]) -> None:
    """What is owed on a claim, and every entry behind it."""
    print(f"{styled(shown(account.claim), 'bold')}  {_account_words(account)}")
    for label, value in (
        ("charged", account.charged),
        ("paid", account.paid),
        ("written off", account.written_off),
        ("balance", account.balance),
        ("of it denied", account.denied),
        ("of it patient's", account.patient),
    ):
        print(f"  {label:<16} {amount(value)}")
    for kept in entries:
        e = kept.entry
        reason = f"{e.group}-{e.reason}" if e.group else e.reason or ""
        line = f"line {e.line}" if e.line else "claim"
        at = f"{e.source.segment} at segment {e.source.position}" if e.source else "our claim"
        said = " ".join(filter(None, (reason, e.disposition.value if e.disposition else None)))
        origin = styled(f"{at}{f', trace {shown(kept.trace)}' if kept.trace else ''}", "dim")
        print(f"  {e.effective}  {e.kind.value:<22} {line:<8} {amount(e.amount)}  {said:<22} {origin}")


def _account_words(account: Account) -> str:
    sent = f"submitted {account.submitted}" if account.submitted else "not submitted from here"
    answered = f"first answer {account.first_answer}" if account.first_answer else "no answer yet"
    return f"{sent}, {answered}"


def print_accounts(accounts: Sequence[Account]) -> None:
    """One line a claim."""
    for a in accounts:
        answered = a.first_answer or "no answer"
        sums = f"charged {amount(a.charged)}  paid {amount(a.paid)}  balance {amount(a.balance)}"
        print(f"{shown(a.claim):<20} {answered!s:<10}  {sums}")
    if not accounts:
        print("The ledger holds no claim yet: `leadterm claim submit`, `leadterm remit post`.")


def print_kpi(measures: Iterable[Measure]) -> None:
    """One line a figure, with what was divided by what."""
    for m in measures:
        print(f"{m.name:<20} {_figure(m):>10}   {m.words}  {styled(_fraction(m), 'dim')}")


def _figure(m: Measure) -> str:
    if m.value is None:
        return "–"
    return f"{m.value * 100:.1f} %" if m.unit == "share" else f"{m.value:.1f}"


def _fraction(m: Measure) -> str:
    if not m.denominator:
        return "(nothing to divide by)"
    return f"({m.numerator:,.2f} / {m.denominator:,.2f})".replace(".00", "")


def print_denials(items: Sequence[KeptDenial], total: Money) -> None:
    """One line a denial, in the order to work them."""
    for item in items:
        d = item.denial
        due = _due(item)
        what = f"{d.group}-{d.reason}".strip("-") or "none"
        state = "" if item.state == "open" else styled(f" [{item.state}]", STATES[item.state])
        at = f"{shown(d.code)} {d.service_date or ''}".strip()
        print(f"{amount(item.open)}  {due:<16} {shown(d.id):<34} {what:<8} {at:<18} {d.words}{state}")
        print(f"{'':>14}{styled('→ ' + d.actions[0], 'cyan')}" if d.actions else "")
    print(f"{counted(len(items), 'denial')}, {amount(total).strip()} at stake." if items else "No denials.")


def _due(item: Any) -> str:
    if item.denial.deadline is None:
        return "no date known"
    if item.overdue:
        return f"OVERDUE {item.denial.deadline}"
    return f"by {item.denial.deadline}"


def print_denial(item: KeptDenial) -> None:
    """All of one denial."""
    d = item.denial
    print(f"{styled(shown(d.id), 'bold')}  {item.state}, {amount(item.open).strip()} of {d.amount} at stake")
    service = " ".join(filter(None, (shown(d.code), *map(shown, d.modifiers), str(d.service_date or ""))))
    rows = (
        ("claim", f"{shown(d.claim)}{f', line {d.line}' if d.line else ''}, charge {d.charge}"),
        ("service", service),
        ("payer", f"{shown(item.payer_name, 'not named')} ({d.payer_kind}, id {shown(d.payer, 'missing')})"),
        ("its number", shown(d.control_number, "missing")),
        ("answered", str(d.remittance_date or "")),
        ("said", f"{d.group}-{d.reason} {d.words}".strip("- ")),
        *(("remark", note) for note in d.notes),
        ("likely cause", d.cause),
        ("kind", d.category),
        ("next step", d.move.value),
        *(("do", action) for action in d.actions),
        ("until", f"{d.deadline or 'no date known'} ({d.deadline_source})"),
        ("appeal", "open" if d.appealable else "not open or not sensible here"),
        *(("not allowed", move.value) for move in sorted(d.forbidden)),
        *(("guard rail", f"{guard} (`leadterm explain {guard}`)") for guard in d.guards),
    )  # fmt: skip
    for label, text in rows:
        if text:
            print(f"  {label:>12}  {text}")
