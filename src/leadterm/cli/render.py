"""How answers look in a terminal: the chart's words marked, the codes with their way, the findings with their fix."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from leadterm.domain import (
    Assertion,
    CodedEncounter,
    Document,
    Fact,
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


# A chart's control characters would act on the terminal; each is shown by one character, so that offsets hold.
_CONTROLS = dict.fromkeys((*range(32), *range(127, 160), *range(55296, 57344)), "�")
_HARMLESS = _CONTROLS | dict.fromkeys(map(ord, "\r\v\f"), " ") | {ord(c): c for c in "\n\t"}


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True)


def _harmless(text: str) -> str:
    return text.translate(_HARMLESS)


def _quoted(text: str) -> str:
    """Words of a chart on one line, without a meaning for the terminal."""
    return escape(" ".join(_harmless(text).split()))


def marked(document: Document, spans: Iterable[tuple[Span, str]]) -> Text:
    """The document's text with styles over spans."""
    text = Text(_harmless(document.text))
    for span, style in spans:
        text.stylize(style, span.start, span.end)
    return text


def print_coded(coded: CodedEncounter, *, chart: bool = False) -> None:
    """Codes with their evidence and pathway, findings, queries; with `chart` the text first, its words marked."""
    console = _console()
    e = coded.encounter
    console.rule(f"{_quoted(e.id)} · {e.setting} · {e.claim_type} · {coded.on}", align="left")
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
            place = f"{_quoted(v.document)} {v.span.start}–{v.span.end}"
            console.print(f"          [green]“{_quoted(v.text)}”[/green] [dim]{place}[/dim]")
        for step in a.pathway:
            console.print(f"          [dim]{step.step}: {_quoted(step.text)}[/dim]")
    if not coded.diagnoses:
        console.print("No codes: the chart supports none.")
    for a in coded.assignments:
        if a.role is Role.CHARGE:
            pointers = ",".join(str(p) for p in a.pointers)
            priced = f"{' '.join(a.modifiers)} × {a.units}  {a.charge or ''}"
            console.print(f"[bold]{a.code.value:<9}[/bold] {_quoted(priced)}  [dim]charge → {pointers}[/dim]")
    print_findings(coded.findings)
    for q in coded.queries:
        answers = f"{', '.join(q.codes)}: {' | '.join(q.options)}"
        console.print(f"[magenta]query[/magenta] {_quoted(q.question)} [dim]({_quoted(answers)})[/dim]")


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
    cues = ", ".join(f"“{c.text}”" for c in f.cues)
    rest = _quoted(f"{f.kind} · {f.section} {attributes} {cues}")
    return f"[bold]{f.assertion:<11}[/bold] {_quoted(f.concept)} [dim]{rest}[/dim]"


def print_doctor(value: dict[str, Any]) -> None:
    """One line a check."""
    console = _console()
    console.print(f"Leadterm {value['version']}, Python {value['python']}, data in {escape(value['home'])}")
    for check in value["checks"]:
        mark = "[green]ok[/green]  " if check["ok"] else "[red]FAIL[/red]"
        fix = f" → {escape(check['fix'])}" if check["fix"] else ""
        console.print(f"{mark} {check['name']}: {escape(check['detail'])}{fix}")
