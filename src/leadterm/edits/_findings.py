"""From what the checks remark to numbered findings: severity, order, what supersedes what, overrides that are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from leadterm.domain import Evidence, Finding, Override, Severity

from ._rules import Rule


class Readable(Protocol):
    """What rules judge: a coding, a claim."""

    def once(self, read: Callable[..., Any], /) -> Any:
        """What `read` makes of this, made once."""


Subject = TypeVar("Subject", bound=Readable)
WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class Draft:
    """What a check remarks, before the rule gives it weight and authority.

    Attributes:
        message: What is wrong, in one sentence without names or chart text.
        codes, assignments: Those concerned.
        fix, source: Instead of the rule's own, where the case knows better.
        location: Place in a claim (claim, line, segment).
        evidence: Words of the chart concerned.
        absorbs: Whether it takes over codes and words of what it supersedes.
    """

    message: str
    codes: tuple[str, ...] = ()
    assignments: tuple[str, ...] = ()
    fix: str | None = None
    source: str | None = None
    location: Mapping[str, Any] | None = None
    evidence: tuple[Evidence, ...] = ()
    absorbs: bool = False


Check = Callable[[Subject], Iterable[Draft]]
Asked = tuple[Rule, Check[Subject]]
# What the checks of a module read first; where it comes out empty, none of them has anything to say.
Gate = Callable[[Subject], object]
Gated = tuple["Gate[Subject] | None", tuple[Asked[Subject], ...]]
Remark = tuple[Rule, Draft]


def remarks(subject: Subject, asked: Iterable[Gated[Subject]]) -> list[Remark]:
    """What the checks of rules have to say of `subject`, in the order of the rules, then of codes and lines."""
    found: list[Remark] = []
    for gate, rules in asked:
        if gate is not None and not subject.once(gate):
            continue
        for rule, check in rules:
            drafts = list(check(subject))
            if drafts:  # most rules have nothing to say of most subjects
                found += [(rule, draft) for draft in sorted(drafts, key=_order)]
    return found


def _order(draft: Draft) -> tuple[Any, ...]:
    place = draft.location or {}
    return place.get("line", 0), draft.codes, draft.assignments, place.get("segment", "")


def settle(found: Sequence[Remark]) -> list[Remark]:
    """`found` without the remarks that another one supersedes on the same codes.

    A superseding remark that asks for it (`absorbs`) takes over the codes and words of those that are left by then.
    """
    plain = [remark for remark in found if not remark[1].absorbs]
    outdone = {id(d) for remark in plain for _, d in _lesser(remark, found)}
    kept = [(rule, draft) for rule, draft in found if id(draft) not in outdone]
    absorbed: set[int] = set()
    settled: list[Remark] = []
    for rule, draft in kept:
        lesser = [d for _, d in _lesser((rule, draft), kept)] if draft.absorbs else []
        absorbed.update(map(id, lesser))
        settled.append((rule, _absorb(draft, lesser) if lesser else draft))
    return [(rule, draft) for rule, draft in settled if id(draft) not in absorbed]


def _lesser(remark: Remark, found: Iterable[Remark]) -> list[Remark]:
    """The remarks that `remark` supersedes."""
    rule, draft = remark
    if not rule.supersedes:
        return []
    return [(r, d) for r, d in found if r.id in rule.supersedes and _within(d.codes, draft.codes)]


def _within(codes: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return not others or set(codes) <= set(others)


def _absorb(draft: Draft, lesser: Sequence[Draft]) -> Draft:
    codes = {*draft.codes, *(c for d in lesser for c in d.codes)}
    assignments = {*draft.assignments, *(a for d in lesser for a in d.assignments)}
    return replace(
        draft,
        message=" ".join([draft.message, *(d.message for d in lesser)]),
        codes=tuple(sorted(codes)),
        assignments=tuple(sorted(assignments)),
        fix=" ".join(dict.fromkeys(d.fix for d in lesser if d.fix)) or draft.fix,
    )


def number(found: Iterable[Remark], *, stay: bool = False, earlier: Iterable[Finding] = ()) -> tuple[Finding, ...]:
    """The findings, heaviest first and otherwise in the order given, as `f1`, `f2`, …

    `stay` says whether this is an inpatient facility encounter. An override that a person gave to an earlier finding
    of the same rule and codes is kept, where the rule allows one.
    """
    permitted = {(f.rule, frozenset(f.codes)): f.override for f in earlier if f.override}
    weighed = [(rule.stay_severity if stay and rule.stay_severity else rule.severity, rule, d) for rule, d in found]
    weighed.sort(key=lambda w: WEIGHT[w[0]])
    return tuple(_finding(f"f{n}", *w, permitted) for n, w in enumerate(weighed, start=1))


def _finding(
    finding_id: str,
    severity: Severity,
    rule: Rule,
    draft: Draft,
    permitted: Mapping[tuple[str, frozenset[str]], Override | None],
) -> Finding:
    return Finding(
        id=finding_id,
        rule=rule.id,
        severity=severity,
        message=draft.message,
        fix=draft.fix or rule.fix,
        codes=draft.codes,
        assignments=draft.assignments,
        source=draft.source or rule.citation,
        evidence=draft.evidence,
        location=draft.location,
        override=permitted.get((rule.id, frozenset(draft.codes))) if rule.may_permit else None,
    )
