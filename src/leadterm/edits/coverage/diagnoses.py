"""Do the diagnoses that a line points to support its service, by the policies of Medicare that are installed?

National determinations (`coverage:ncd`) come first; where none names the code, articles of the Medicare Coverage
Database (`coverage:articles`) do, those of the contractor of the place before all others; then a list derived from such
(`coverage:lcd`), which tells neither places nor days. A policy that lists what it covers supports nothing else; one
that lists only what it does not cover supports all others; of one without lists nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from leadterm.codesets.payment.coverage import CoveredGroup, Policy
from leadterm.domain import ServiceLine
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft, Gate

from ._lines import MOST_NAMED, documents, is_judged, pointed, reported, told
from ._policies import Lists, installed, lists_of, procedures, supports

UNSUPPORTED, ELSEWHERE, REFUSED, GROUPS = "unsupported", "elsewhere", "refused", "groups"
OTHERS, LISTED = "others", "listed"
NOTICE = "A service that may be denied needs a notice to the patient (ABN) before it was given."


@dataclass(frozen=True, slots=True)
class Doubt:
    """A service that the policies do not support as it stands.

    Attributes:
        kind: `unsupported`; `elsewhere` where a diagnosis of the claim does that the line does not point to; `refused`
            where a policy lists the diagnosis as one that does not support it; `groups` where one of another group is
            asked for as well; `others` where only other contractors have policies; `listed` where the source is a list
            that tells neither whose policy it is nor from when to when it holds.
        line, code: The service.
        pointed: What it points to.
        lists: The policies.
        better: Diagnoses of the claim to which it does not point, that would support it.
        groups: Of a doubt about groups: the group pointed to, and the groups that it asks for.
    """

    kind: str
    line: ServiceLine
    code: str
    pointed: tuple[str, ...]
    lists: Lists
    better: tuple[str, ...] = ()
    groups: tuple[int, tuple[int, ...]] | None = None


# --- what is said ---


def _unsupported(b: Billing) -> Iterator[Draft]:
    for doubt in _of(b, UNSUPPORTED):
        fix = (
            "Read the document. Where the record gives another reason for the service, code it and point to it; where "
            f"it gives none, the service is not covered. {NOTICE}"
        )
        yield _draft(b, doubt, f"{_whose(b, doubt)} supports {doubt.code} by {_by(doubt)}.", fix)


def _elsewhere(b: Billing) -> Iterator[Draft]:
    for doubt in _of(b, ELSEWHERE):
        better = ", ".join(doubt.better)
        message = f"{_whose(b, doubt)} supports {doubt.code} by {_by(doubt)}; {better} of this claim would."
        fix = f"Point to {better} where the record gives it as a reason for this service, and leave it where not."
        yield _draft(b, doubt, message, fix)


def _refused(b: Billing) -> Iterator[Draft]:
    for doubt in _of(b, REFUSED):
        given = ", ".join(doubt.pointed)
        message = f"Line {doubt.line.number}: {_by(doubt)} lists {given} as not supporting {doubt.code}."
        yield _draft(b, doubt, message, f"Read the document and check the diagnoses against the record. {NOTICE}")


def _groups(b: Billing) -> Iterator[Draft]:
    for doubt in _of(b, GROUPS):
        assert doubt.groups is not None, "a doubt about groups tells them"
        group, needed = doubt.groups
        others = " and ".join(map(str, needed))
        message = (
            f"Line {doubt.line.number}: {_by(doubt)} covers {doubt.code} for what it points to in group {group}, whose "
            f"paragraph asks for group {others} as well, and no diagnosis of that is pointed to."
        )
        better = f" {', '.join(doubt.better)} of this claim is of that group." if doubt.better else ""
        fix = f"Read the paragraph, and point to what the record gives as a reason.{better}"
        yield _draft(b, doubt, message, fix)


def _others(b: Billing) -> Iterator[Draft]:
    for doubt in _of(b, OTHERS):
        message = (
            f"No installed policy of the contractor of {doubt.lists.state} names {doubt.code}; by those of other "
            f"contractors ({_by(doubt)}) nothing that line {doubt.line.number} points to supports it."
        )
        yield _draft(
            b, doubt, message, "Their policies do not bind here; ask the contractor of the place what it asks for."
        )


def _listed(b: Billing) -> Iterator[Draft]:
    for doubt in _of(b, LISTED):
        message = f"{_whose(b, doubt)} supports {doubt.code} by the installed list, which goes back to {_by(doubt)}."
        fix = (
            "The list tells neither contractors nor days: look up the policy of the contractor of the place, or "
            "install the articles of the Medicare Coverage Database, which tell both."
        )
        yield _draft(b, doubt, message, fix)


def _of(b: Billing, kind: str) -> list[Doubt]:
    found = b.once(doubts)
    return [doubt for doubt in found if doubt.kind == kind and not told(doubt.line)] if found else []


def _whose_policy(lists: Lists) -> str:
    """` of CONTRACTOR, NY`, as far as the source tells it."""
    names = sorted({name for policy in lists.policies for name in policy.contractors})
    placed = lists.own and any(policy.states for policy in lists.policies)
    return (f" of {' and '.join(names[:MOST_NAMED])}" if names else "") + (f", {lists.state}" if placed else "")


def _whose(b: Billing, doubt: Doubt) -> str:
    given = ", ".join(doubt.pointed)
    if not b.professional:
        return f"Line {doubt.line.number}: none of the claim's diagnoses ({given})"
    return f"Line {doubt.line.number}: none of the diagnoses that it points to ({given})"


def _by(doubt: Doubt) -> str:
    return documents(doubt.lists.policies)


def _draft(b: Billing, doubt: Doubt, message: str, fix: str) -> Draft:
    return Draft(
        message,
        (doubt.code,),
        fix=fix,
        source=f"{_by(doubt)}{_whose_policy(doubt.lists)}; Social Security Act 1862(a)(1)(A)",
        location=b.at(b.service, doubt.line.number),
    )


# --- what is found ---


def doubts(b: Billing) -> tuple[Doubt, ...]:
    """Every service of the claim that the policies do not support as it stands; also those that say so themselves."""
    return tuple(_found(b)) if is_judged(b) and b.billed else ()


def _found(b: Billing) -> Iterator[Doubt]:
    tables = installed(b)
    named = procedures(tables)
    for line, code in b.billed:
        given = pointed(b, line) if code in named else ()
        lists = lists_of(b, line, code, tables) if given else None
        if lists is not None and (doubt := _judged(b, line, code, given, lists)):
            yield doubt


def _judged(b: Billing, line: ServiceLine, code: str, given: tuple[str, ...], lists: Lists) -> Doubt | None:
    supporting = [(p, d) for p in lists.policies for d in given if supports(p, d)]
    if supporting:
        return _grouped(b, line, code, given, lists, supporting)
    if not lists.own:
        return Doubt(OTHERS, line, code, given, lists)
    better = tuple(d for d in dict.fromkeys(reported(b)) if any(supports(p, d) for p in lists.policies))
    if better:
        return Doubt(ELSEWHERE, line, code, given, lists, better)
    if not any(p.document for p in lists.policies):
        return Doubt(LISTED, line, code, given, lists)
    refusing = tuple(p for p in lists.policies if any(d in p.not_covered for d in given))
    if refusing:
        named = tuple(d for d in given if any(d in p.not_covered for p in refusing))
        return Doubt(REFUSED, line, code, named, Lists(refusing, lists.own, lists.state))
    return Doubt(UNSUPPORTED, line, code, given, lists)


def _grouped(
    b: Billing,
    line: ServiceLine,
    code: str,
    given: tuple[str, ...],
    lists: Lists,
    supporting: Sequence[tuple[Policy, str]],
) -> Doubt | None:
    """A doubt where whatever supports the service stands in groups that ask for another one, which is not there."""
    lacking: dict[str, tuple[Policy, CoveredGroup]] = {}
    for policy, diagnosis in supporting:
        lacks = [g for g in policy.groups if diagnosis in g.covered and not _complete(policy, g, given)]
        if not policy.groups or any(diagnosis in g.covered and g not in lacks for g in policy.groups):
            return None
        lacking.setdefault(policy.document, (policy, lacks[0]))
    policy, group = next(iter(lacking.values()))
    needed = {g.number: g.covered for g in policy.groups if g.number in group.needs}
    better = tuple(d for d in reported(b) if d not in given and any(d in covered for covered in needed.values()))
    one = Lists((policy,), lists.own, lists.state)
    return Doubt(GROUPS, line, code, given, one, better, (group.number, tuple(sorted(needed)))) if lists.own else None


def _complete(policy: Policy, group: CoveredGroup, given: Sequence[str]) -> bool:
    """Whether one of the groups that a group asks for is pointed to as well, or it asks for none that has diagnoses."""
    needed = [g.covered for g in policy.groups if g.number in group.needs]
    return not needed or any(d in covered for covered in needed for d in given)


CHECKS: Mapping[str, Check[Billing]] = {
    "MPIM:13.5/not-supported": _unsupported,
    "MPIM:13.5/pointing": _elsewhere,
    "MPIM:13.5/refused": _refused,
    "MPIM:13.5/groups": _groups,
    "MPIM:13.5/other-contractors": _others,
    "MPIM:13.5/by-list": _listed,
}
GATE: Gate[Billing] = doubts
