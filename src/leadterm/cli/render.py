"""How answers look in a terminal: the chart's words marked, the codes with their way, the findings with their fix."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from leadterm.domain import (
    CodedEncounter,
    Document,
    RecordLead,
    Role,
    Span,
)

from .plain import print_findings

MOST_LEADS = 12
# A chart's control characters would act on the terminal; each is shown by one character, so that offsets hold. Marks of
# direction would show the words in another order than they stand.
_DIRECTIONS = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_CONTROLS = dict.fromkeys((*range(32), *range(127, 160), *range(55296, 57344), *_DIRECTIONS), "\ufffd")
_HARMLESS = _CONTROLS | dict.fromkeys(map(ord, "\r\v\f\x85\u2028\u2029"), " ") | {ord(c): c for c in "\n\t"}


def console() -> Console:
    """A console on standard output that neither guesses at numbers nor breaks lines."""
    return Console(highlight=False, soft_wrap=True)


def harmless(text: str) -> str:
    """`text` without a meaning for the terminal, as many characters long."""
    return text.translate(_HARMLESS)


def quoted(text: str) -> str:
    """Words of a chart on one line, without a meaning for the terminal or for Rich."""
    return escape(" ".join(harmless(text).split()))


def marked(document: Document, spans: Iterable[tuple[Span, str]]) -> Text:
    """The document's text with styles over spans."""
    text = Text(harmless(document.text))
    for span, style in spans:
        text.stylize(style, span.start, span.end)
    return text


def print_coded(coded: CodedEncounter, *, chart: bool = False) -> None:
    """Codes with their evidence and pathway, findings, queries; with `chart` the text first, its words marked."""
    out = console()
    e = coded.encounter
    out.rule(f"{quoted(e.id)} · {e.setting} · {e.claim_type} · {coded.on}", align="left")
    if chart:
        for document in e.documents:
            spans = [
                (v.span, "bold green underline")
                for a in coded.assignments
                for v in a.evidence
                if v.document == document.id
            ]
            out.print(marked(document, spans))
    for a in coded.assignments:
        if a.role is Role.CHARGE:
            continue
        out.print(
            f"[bold]{a.code.value:<9}[/bold] {escape(a.description or '')}  [dim]{a.role} · {a.confidence:.2f}[/dim]"
        )
        for v in a.evidence:
            place = f"{quoted(v.document)} {v.span.start}–{v.span.end}"
            out.print(f"          [green]“{quoted(v.text)}”[/green] [dim]{place}[/dim]")
        for step in a.pathway:
            out.print(f"          [dim]{step.step}: {quoted(step.text)}[/dim]")
    if not coded.diagnoses:
        out.print("No codes: the chart supports none.")
    for a in coded.assignments:
        if a.role is Role.CHARGE:
            pointers = ",".join(str(p) for p in a.pointers)
            priced = f"{' '.join(a.modifiers)} × {a.units}  {a.charge or ''}"
            out.print(f"[bold]{a.code.value:<9}[/bold] {quoted(priced)}  [dim]charge → {pointers}[/dim]")
    print_findings(coded.findings)
    for q in coded.queries:
        answers = f"{', '.join(q.codes)}: {' | '.join(q.options)}"
        out.print(f"[magenta]query[/magenta] {quoted(q.question)} [dim]({quoted(answers)})[/dim]")
    for lead in coded.leads[:MOST_LEADS]:
        out.print(_lead(lead))
    if len(coded.leads) > MOST_LEADS:
        out.print(f"[dim]and {len(coded.leads) - MOST_LEADS} more codes of the record: --json has them[/dim]")


def _lead(lead: RecordLead) -> str:
    """A code of the record, where it leads, and what became of it."""
    code = lead.recorded
    said = ", ".join(filter(None, (code.kind, code.role, code.status)))
    there = f" → {', '.join(lead.targets)} by {lead.origin}" if lead.targets else ""
    named = f"{code.system or ''} {code.code}{f' ({said})' if said else ''}{there}"
    return f"[blue]record[/blue] {quoted(named)} [dim]{lead.use}: {quoted(lead.why)}[/dim]"


def print_doctor(value: dict[str, Any]) -> None:
    """One line a check."""
    out = console()
    out.print(f"Leadterm {value['version']}, Python {value['python']}, data in {escape(value['home'])}")
    for check in value["checks"]:
        mark = "[green]ok[/green]  " if check["ok"] else "[red]FAIL[/red]"
        fix = f" → {escape(check['fix'])}" if check["fix"] else ""
        out.print(f"{mark} {check['name']}: {escape(check['detail'])}{fix}")
