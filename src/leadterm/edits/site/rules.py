"""A site's rules as values, and how each is asked: once a claim, a line, an encounter or a diagnosis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from leadterm.edits._billing import Billing
from leadterm.edits._coding import Coding
from leadterm.edits._findings import Check, Draft
from leadterm.edits._rules import Rule

from .conditions import Condition
from .fields import Asked, Subject


@dataclass(frozen=True, slots=True)
class SiteRule:
    """A rule and its conditions: it speaks where all of `when` hold and none of `unless`."""

    rule: Rule
    subject: Subject
    when: tuple[Condition, ...]
    unless: tuple[Condition, ...] = ()

    def concerns(self, asked: Asked) -> bool:
        """Whether it has to speak."""
        return all(c(asked) for c in self.when) and not any(c(asked) for c in self.unless)


@dataclass(frozen=True)
class SiteRules:
    """Rules of a site, by id.

    Attributes:
        rules: In the order of their files, which is the order of their findings.
        digest: `sha256:` and the digest of the files, so that a coding can be replayed by them; empty without rules.
    """

    rules: tuple[SiteRule, ...] = ()
    digest: str = ""

    def of_codings(self, coding: Coding) -> Iterator[tuple[Rule, Check[Coding]]]:
        """The rules that are asked of a coding on its day, each with its check."""
        for r in self.rules:
            if not r.rule.on_claims and r.rule.holds_on(coding.on):
                yield r.rule, _on_coding(r)

    def of_claims(self, billing: Billing) -> Iterator[tuple[Rule, Check[Billing]]]:
        """The rules that are asked of a claim on its day, each with its check."""
        for r in self.rules:
            if r.rule.on_claims and r.rule.holds_on(billing.controlling_day):
                yield r.rule, _on_claim(r)

    def rule(self, rule_id: str) -> Rule | None:
        """The rule with that id, or None."""
        return next((r.rule for r in self.rules if r.rule.id == rule_id), None)


def _on_claim(site: SiteRule) -> Check[Billing]:
    def check(b: Billing) -> Iterator[Draft]:
        lines = b.claim.lines if site.subject is Subject.LINE else (None,)
        for line in lines:
            if site.concerns(Asked(billing=b, line=line)):
                code = str(line.code) if line and line.code else None
                place = b.at("LX", line.number) if line else b.at("CLM")
                yield Draft(site.rule.reason, (code,) if code else (), location=place)

    return check


def _on_coding(site: SiteRule) -> Check[Coding]:
    def check(c: Coding) -> Iterator[Draft]:
        if site.subject is Subject.ENCOUNTER:
            if site.concerns(Asked(coding=c)):
                yield Draft(site.rule.reason)
            return
        for d in c.diagnoses:
            if site.concerns(Asked(coding=c, diagnosis=d)):
                yield Draft(site.rule.reason, (d.code,), (d.assignment.id,))

    return check
