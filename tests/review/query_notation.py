"""Edits of a good query, one after the other, parted by `; `: what a person might do to a draft.

`subject: …`, `question: …`, `comment: …` put other words there; `option+: …` and `indicator+: …` add a line;
`option-: …` takes an option out (`*`: all), `indicator-: N` an indicator; `drop: HEADING` takes a heading out;
`reason: …` makes it a query for another reason.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from leadterm.domain import Document, Encounter, Evidence, Finding, Patient, Query, Setting, Span
from leadterm.review import draft, lint

NOTE = Document(
    "d1", "HPI: Known asthma, worse at night.\nWheezes throughout. Peak flow 210.\nNo fever.\n", "progress note"
)
ENCOUNTER = Encounter(
    "e-77",
    Setting.OUTPATIENT,
    date_of_service=date(2026, 5, 14),
    account="100417",
    patient=Patient(first_name="Odalys", last_name="Vandersloot"),
    documents=(NOTE,),
)
QUERY = Query(
    "q1",
    "specificity",
    "What are the severity and persistence of the documented “asthma”?",
    ("J45.909",),
    (
        "Mild intermittent asthma",
        "Mild persistent asthma",
        "Severe persistent asthma",
        "other (please specify)",
        "unable to determine",
    ),
    ("asthma",),
    (Evidence.quote(NOTE, Span(11, 17)),),
)


def edited(notation: str) -> tuple[str, Query]:
    """The text of the good draft with these edits, and the query that it is of."""
    query = QUERY
    text = draft(QUERY, ENCOUNTER).text
    for edit in notation.split("; ") if notation else ():
        what, _, words = edit.partition(": ")
        if what == "reason":
            query = replace(query, reason=words)
        else:
            text = "\n".join(_edited(text.split("\n"), what, words))
    return text, query


def findings(notation: str) -> tuple[Finding, ...]:
    """What the rules say of the good draft with these edits."""
    text, query = edited(notation)
    return lint(text, query, ENCOUNTER)


def _edited(lines: list[str], what: str, words: str) -> list[str]:
    at = lines.index
    match what:
        case "subject":
            return [f"Subject: {words}" if line.startswith("Subject:") else line for line in lines]
        case "question":
            place = at("Question") + 1
            return [*lines[:place], words, *lines[place + 1 :]]
        case "comment":
            place = at("Comments") + 1
            return [*lines[:place], words, *lines[place:]]
        case "option+":
            place = at("Answer") + 1
            return [*lines[:place], f"[ ] {words}", *lines[place:]]
        case "option-":
            gone = "[ ] " if words == "*" else f"[ ] {words}"
            return [line for line in lines if not line.startswith(gone)]
        case "indicator+":
            place = lines.index("", at("Clinical indicators in this record"))
            return [*lines[:place], f"{place - at('Clinical indicators in this record')}. {words}", *lines[place:]]
        case "indicator-":
            return [line for line in lines if not line.startswith(f"{words}. ")]
        case "drop":
            return [line for line in lines if line != words]
    raise ValueError(f"There is no edit {what}.")
