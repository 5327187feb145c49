"""`leadterm explain`: what a rule says, on whose authority, and how to satisfy it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from leadterm.domain import InputError

from ._out import put_json

if TYPE_CHECKING:
    from leadterm.compliance.signals import SignalRule
    from leadterm.edits import CriteriaSet, Rule
    from leadterm.remittance.guardrails import GuardRail

WITH_REASON = "with a name and a reason"


def explain(
    rule: Annotated[
        str | None, typer.Argument(help="Id of a rule, as findings and pathways name it; none lists all.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON value.")] = False,
) -> int:
    """Explain a rule: authority, effective dates, reason, severity and fix; or what a criteria set asks.

    Examples: leadterm explain · leadterm explain ICD10CM:I.C.9.a/hypertension · leadterm explain sepsis-2
    """
    known = _all()
    if rule is None:
        if json:
            put_json(list(known.values()))
        else:
            for key, entry in known.items():
                print(f"{key:<46} {entry['reason']}")
        return 0
    if rule not in known:
        from difflib import get_close_matches

        near = get_close_matches(rule, known, 1, 0.5)
        hint = f" Do you mean {near[0]}?" if near else " `leadterm explain` lists all."
        raise InputError(f"There is no rule {rule[:80]}.{hint}")
    entry = known[rule]
    if json:
        put_json(entry)
    else:
        for key, value in entry.items():
            if value is not None or key == "to":
                text = "open" if value is None else value or "(nothing changed)"
                print(f"{key:>10}  {text}".replace("\n", f"\n{'':12}"))
    return 0


def _all() -> dict[str, dict[str, str | None]]:
    from leadterm import claims, coding, edits, records, remittance, review
    from leadterm.codesets.remarks import remarks
    from leadterm.compliance.signals import signal_rules
    from leadterm.remittance.guardrails import guardrails

    entries: list[dict[str, str | None]] = []
    for g in coding.guideline_rules().values():
        entry = {
            "rule": g.id,
            "kind": "guideline",
            "authority": g.authority,
            "from": g.effective.isoformat(),
            "to": None,
        }
        entries.append({**entry, "reason": g.reason})
    for r in edits.rules():
        end = r.effective.end.isoformat() if r.effective.end else None
        entry = {"rule": r.id, "kind": f"edit, {r.severity}", "family": r.family, "authority": r.citation}
        days = {"from": r.effective.start.isoformat(), "to": end}
        cases = {"reports": r.fires, "passes": r.passes}
        entries.append({**entry, **days, "reason": r.reason, "fix": r.fix, "override": _override(r), **cases})
    for c in edits.criteria():
        kind = f"criteria set, {'standard' if c.standard else 'by choice'}"
        entries.append({"rule": c.name, "kind": kind, "authority": c.source, "reason": _criteria(c)})
    since = {"from": remittance.FIRST_DAY.isoformat(), "to": None}
    for m in remittance.rules().values():
        entry = {"rule": m.id, "kind": f"remittance, {m.severity}", "authority": m.citation, **since}
        entries.append({**entry, "reason": m.reason, "fix": m.fix})
    for f in claims.rules().values():
        entry = {"rule": f.id, "kind": f"claim file, {f.severity}", "authority": f.citation, **since}
        entries.append({**entry, "reason": f.reason, "fix": f.fix})
    for rail in guardrails():
        entry = {"rule": rail.id, "kind": "guard rail", "authority": rail.source, **since}
        entries.append({**entry, "reason": rail.reason, "fix": rail.fix, **_ruled_out(rail)})
    for q in review.query_rules().values():
        entry = {"rule": q.id, "kind": f"query, {q.severity}", "authority": q.citation}
        entries.append({**entry, "reason": q.reason, "fix": q.fix})
    for s in signal_rules().values():
        entry = {"rule": s.id, "kind": "signal", "authority": s.citation, "from": s.effective.isoformat(), "to": None}
        told = {
            "reason": f"{s.title}: {_lower(s.statistic)}.",
            "counted": s.counted,
            "innocent": s.innocent,
            "settings": _settings(s),
        }
        entries.append({**entry, **told})
    for heard in records.rules().values():
        entry = {"rule": heard.id, "kind": f"record, {heard.severity}", "authority": heard.citation}
        entries.append({**entry, "reason": heard.reason, "fix": heard.fix, "override": WITH_REASON})
    for said in remarks().values():  # about answers of any day, so they have no days of their own
        entry = {"rule": said.id, "kind": f"remark, {said.severity}", "authority": said.citation}
        entries.append({**entry, "reason": said.reason, "fix": said.fix})
    return {str(e["rule"]): e for e in sorted(entries, key=lambda e: str(e["rule"]))}


def _criteria(chosen: CriteriaSet) -> str:
    """What a criteria set asks, and of which codes."""
    groups = [f"{g.needs} of {g.name}: {'; '.join(g.signs)}" for g in chosen.groups]
    adult = ", from 18 years on" if chosen.adult else ""
    return (
        f"{chosen.diagnosis[:1].upper()}{chosen.diagnosis[1:]} ({', '.join(chosen.codes)}){adult}. {'. '.join(groups)}."
    )


def _settings(rule: SignalRule) -> str:
    """The numbers that a user may change in leadterm.toml, with their bounds and what they mean."""
    said = (f"{n} {s.value:g} ({s.least:g} to {s.most:g}): {s.meaning}" for n, s in rule.settings.items())
    return "; ".join(said) or "none"


def _lower(text: str) -> str:
    """The words with a small letter first, unless they begin with an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _override(rule: Rule) -> str:
    """Whether a person may permit what an edit questions."""
    if rule.may_permit:
        return WITH_REASON
    return "none; the encounter is corrected" if rule.on_claims else "none; no person can permit this"


def _ruled_out(rail: GuardRail) -> dict[str, str | None]:
    """What a guard rail forbids and what it wants first."""
    forbidden = ", ".join(sorted(move.value for move in rail.forbids)) or None
    return {"forbids": forbidden, "requires": ", ".join(move.value for move in rail.requires) or None}
