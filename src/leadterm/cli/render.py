"""How answers look in a terminal: the chart's words marked, the codes with their way, the findings with their fix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from leadterm.domain import (
    Assertion,
    CodedEncounter,
    Document,
    Fact,
    Release,
    Role,
    Span,
)

from .plain import print_findings

ASSERTION = {
    Assertion.PRESENT: "bold green",
    Assertion.ABSENT: "dim strike",
    Assertion.UNCERTAIN: "yellow underline",
    Assertion.HISTORICAL: "blue",
    Assertion.FAMILY: "magenta",
}


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True)


def marked(document: Document, spans: Iterable[tuple[Span, str]]) -> Text:
    """The document's text with styles over spans."""
    text = Text(document.text)
    for span, style in spans:
        text.stylize(style, span.start, span.end)
    return text


def print_coded(coded: CodedEncounter, *, chart: bool = False) -> None:
    """Codes with their evidence and pathway, findings, queries; with `chart` the text first, its words marked."""
    console = _console()
    e = coded.encounter
    console.rule(f"{escape(e.id)} · {e.setting} · {e.claim_type} · {coded.on}", align="left")
    if chart:
        for document in e.documents:
            spans = [
                (v.span, "bold green underline")
                for a in coded.assignments
                for v in a.evidence
                if v.document == document.id
            ]
            console.print(marked(document, spans))
    for a in coded.assignments:
        if a.role is Role.CHARGE:
            continue
        console.print(
            f"[bold]{a.code.value:<9}[/bold] {escape(a.description or '')}  [dim]{a.role} · {a.confidence:.2f}[/dim]"
        )
        for v in a.evidence:
            console.print(
                f"          [green]“{escape(' '.join(v.text.split()))}”[/green] [dim]{v.document} {v.span.start}–{v.span.end}[/dim]"
            )
        for step in a.pathway:
            console.print(f"          [dim]{step.step}: {escape(step.text)}[/dim]")
    if not coded.diagnoses:
        console.print("No codes: the chart supports none.")
    charges = [a for a in coded.assignments if a.role is Role.CHARGE]
    for a in charges:
        pointers = ",".join(str(p) for p in a.pointers)
        console.print(
            f"[bold]{a.code.value:<9}[/bold] {' '.join(a.modifiers)} × {a.units}  {a.charge or ''}  [dim]charge → {pointers}[/dim]"
        )
    print_findings(coded.findings)
    for q in coded.queries:
        console.print(
            f"[magenta]query[/magenta] {escape(q.question)} [dim]({', '.join(q.codes)}: {escape(' | '.join(q.options))})[/dim]"
        )


def print_facts(coded: CodedEncounter | Any) -> None:
    """The text with its facts marked by assertion, then one line a fact."""
    console = _console()
    for document in coded.encounter.documents:
        mine = [f for f in coded.facts if f.mention.document == document.id]
        console.print(marked(document, [(f.mention.span, ASSERTION.get(f.assertion, "cyan")) for f in mine]))
        for f in mine:
            console.print(_fact_line(f))


def _fact_line(f: Fact) -> str:
    attributes = ", ".join(f"{k} {v}" for k, v in f.attributes.items())
    cues = ", ".join(f"“{escape(c.text)}”" for c in f.cues)
    return f"[bold]{f.assertion:<11}[/bold] {escape(f.concept)} [dim]{f.kind} · {f.section} {attributes} {cues}[/dim]"


def print_releases(releases: Sequence[Release]) -> None:
    """A table of what is installed."""
    table = Table("component", "in force", "counts", "source", "licence", box=None, pad_edge=False)
    for r in releases:
        counts = ", ".join(f"{v:,} {k}" for k, v in r.counts)
        end = r.period.end.isoformat() if r.period.end else "open"
        table.add_row(
            r.name + (" (partial)" if r.partial else ""), f"{r.period.start} – {end}", counts, r.source, r.licence
        )
    _console().print(table)


def print_doctor(value: dict[str, Any]) -> None:
    """One line a check."""
    console = _console()
    console.print(f"Leadterm {value['version']}, Python {value['python']}, data in {value['home']}")
    for check in value["checks"]:
        mark = "[green]ok[/green]  " if check["ok"] else "[red]FAIL[/red]"
        fix = f" → {escape(check['fix'])}" if check["fix"] else ""
        console.print(f"{mark} {check['name']}: {escape(check['detail'])}{fix}")
