"""Sending claims: each is checked, kept as it is, and charged to the ledger; answers that came before are matched."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from leadterm.codesets import CodeBook
from leadterm.domain import Claim, DataMissing, Finding
from leadterm.edits import Options
from leadterm.pipeline import check_claim, covered
from leadterm.remittance import match_lines
from leadterm.schemas import encode
from leadterm.storage import Database, now
from leadterm.storage import claims as kept

from .posting import unmatched


@dataclass(frozen=True, slots=True)
class Submission:
    """What became of a claim: `submitted`, `twice` (the same was submitted before), or `refused` for its errors."""

    claim: str
    outcome: str
    findings: tuple[Finding, ...]


def submit(
    database: Database,
    claim: Claim,
    book: CodeBook,
    day: date,
    *,
    options: Options | None = None,
    clock: Callable[[], datetime] = now,
) -> Submission:
    """Submits a claim on that day: checks it, and keeps and charges it unless an error stands.

    Each try is noted: a claim whose first check found no error is a clean claim. Raises DataMissing for a claim whose
    day of service no installed release covers.
    """
    last = max(line.end for line in claim.lines)
    if not any(last in period for period in covered(book)):
        raise DataMissing(f"No ICD-10-CM release is installed for {last}: `leadterm codes status`.")
    findings = check_claim(claim, book, options)
    errors = sum(f.stands for f in findings)
    document = json.dumps(encode.claim(claim), sort_keys=True, ensure_ascii=False)
    recorded = clock()
    with database.writing() as connection:
        organisation = database.organisation
        if errors:
            kept.note_check(connection, organisation, claim.id, day, errors, recorded)
            return Submission(claim.id, "refused", findings)
        key = kept.keep_claim(connection, organisation, claim, document, day, recorded)
        if key is None:
            return Submission(claim.id, "twice", findings)
        kept.note_check(connection, organisation, claim.id, day, 0, recorded)
        return Submission(claim.id, "submitted", (*findings, *_match_waiting(connection, organisation, claim.id)))


def _match_waiting(connection: Connection, organisation: str, claim: str) -> list[Finding]:
    """Matches what payers said of the claim before it was in the ledger."""
    sent = kept.sent_claims(connection, organisation, {claim})[claim]
    findings: list[Finding] = []
    for remittance, number, remitted in kept.waiting_claims(connection, organisation, claim):
        found = match_lines(sent.lines, remitted.lines)
        made = [
            {"remittance": remittance, "claim_number": number, "number": m.remitted, "claim_key": sent.key,
             "line": m.line, "how": m.how}
            for m in found
        ]  # fmt: skip
        kept.keep_matches(connection, organisation, made)
        findings += unmatched(remitted, found, len(sent.lines))
    return findings
