"""Whether each code rests on words of the record: truly quoted, in a document that stands, is final and is signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from leadterm.domain import Assignment, DocumentStatus, Evidence, Role
from leadterm.edits._coding import Coding
from leadterm.edits._findings import Check, Draft

from ._record import Record, record_of


def _no_words(coding: Coding) -> Iterator[Draft]:
    for a in coding.once(record_of).unsaid:
        if a.role is not Role.CHARGE:
            yield _about(a, f"{a.code.value} was added without words of the record that say it.")


def _misquoted(coding: Coding) -> Iterator[Draft]:
    record = coding.once(record_of)
    for a in record.told:
        wrong = [e for e in a.evidence if _text(record, e) and e.span.of(_text(record, e)) != e.text]
        if wrong:
            yield _about(a, f"The words quoted for {a.code.value} are not what {_named(wrong)} says at that place.")


def _no_document(coding: Coding) -> Iterator[Draft]:
    record = coding.once(record_of)
    for a in record.told:
        missing = [e for e in a.evidence if e.document not in record.documents]
        if missing:
            yield _about(a, f"{a.code.value} quotes {_named(missing)}, which the record does not have.")


def _void(coding: Coding) -> Iterator[Draft]:
    record = coding.once(record_of)
    if not record.void:
        return
    for a in record.told:
        if all(e.document in record.void for e in a.evidence):
            message = f"{a.code.value} rests on {_named(a.evidence)} alone, which was {_fate(record, a)}."
            yield _about(a, message, a.evidence)


def _fate(record: Record, a: Assignment) -> str:
    statuses = {record.documents[e.document].status for e in a.evidence}
    return "retracted" if DocumentStatus.RETRACTED in statuses else "replaced by a later one"


def _preliminary(coding: Coding) -> Iterator[Draft]:
    record = coding.once(record_of)
    drafts = {d.id for d in record.documents.values() if d.status is DocumentStatus.PRELIMINARY}
    for a in record.told if drafts else ():
        if all(e.document in drafts for e in a.evidence):
            message = f"{a.code.value} rests on {_named(a.evidence)} alone, which is preliminary."
            yield _about(a, message, a.evidence)


def _unsigned(coding: Coding) -> Iterator[Draft]:
    """Only where the record tells of signing at all: a bare text has no signature to miss."""
    record = coding.once(record_of)
    documents = record.documents.values()
    if not any(d.signed_time for d in documents):
        return
    open_ = {d.id for d in documents if d.signed_time is None and d.status is not DocumentStatus.PRELIMINARY}
    for a in record.told if open_ else ():
        if all(e.document in open_ and e.document not in record.void for e in a.evidence):
            message = f"{a.code.value} rests on {_named(a.evidence)} alone, which nobody has signed."
            yield _about(a, message, a.evidence)


def _text(record: Record, e: Evidence) -> str:
    """The text of the document that words are quoted from; empty where it was not handed over."""
    document = record.documents.get(e.document)
    return document.text if document else ""


def _named(evidence: list[Evidence] | tuple[Evidence, ...]) -> str:
    names = list(dict.fromkeys(e.document for e in evidence))
    return f"document {names[0]}" if len(names) == 1 else f"documents {', '.join(names[:-1])} and {names[-1]}"


def _about(a: Assignment, message: str, evidence: tuple[Evidence, ...] = ()) -> Draft:
    return Draft(message, (a.code.value,), (a.id,), evidence=evidence)


CHECKS: Mapping[str, Check[Coding]] = {
    "LEADTERM:documentation/misquoted": _misquoted,
    "LEADTERM:documentation/no-document": _no_document,
    "LEADTERM:documentation/withdrawn": _void,
    "LEADTERM:documentation/no-words": _no_words,
    "LEADTERM:documentation/preliminary": _preliminary,
    "LEADTERM:documentation/unsigned": _unsigned,
}
