"""Queries to the provider: a draft of what the engine asks is clean; each rule reports its case and passes another."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadterm.domain import (
    CodedEncounter,
    Document,
    Encounter,
    Evidence,
    InputError,
    Patient,
    Query,
    Setting,
    Severity,
    Span,
)
from leadterm.pipeline import Coder
from leadterm.review import QueryRule, draft, lint, query_rules
from leadterm.review._query_rules import _rule, wording
from leadterm.review.linting import _CHECKS

from .query_notation import ENCOUNTER, NOTE, QUERY, edited, findings

RULES = [pytest.param(rule, id=rule.id) for rule in query_rules().values()]


def test_the_good_draft_reads_so() -> None:
    line = "_" * 40
    assert draft(QUERY, ENCOUNTER).text == (
        "Subject: Documentation clarification: further detail\n"
        "To: Treating provider\n"
        "Record: account 100417, encounter e-77, 2026-05-14\n"
        "\n"
        "Clinical indicators in this record\n"
        "1. “HPI: Known asthma, worse at night.” (progress note d1)\n"
        "\n"
        "Question\n"
        "What are the severity and persistence of the documented “asthma”?\n"
        "\n"
        "Answer\n"
        "[ ] Mild intermittent asthma\n"
        "[ ] Mild persistent asthma\n"
        "[ ] Severe persistent asthma\n"
        f"[ ] Other (please specify): {line}\n"
        "[ ] Unable to determine\n"
        "\n"
        f"Comments\n{line}\n{line}\n"
        "\n"
        "No particular answer is expected. Please answer from your own clinical judgment, and document the answer in "
        "the record.\n"
        "\n"
        f"Asked by: {line}\nDate: {line}\n"
        "\n"
        f"Signature and credentials: {line}\nDate and time: {line}\n"
    )


def test_the_good_draft_is_clean() -> None:
    assert findings("") == ()


@pytest.mark.parametrize("rule", RULES)
def test_rule_reports_its_case(rule: QueryRule) -> None:
    assert rule.id in {f.rule for f in findings(rule.fires)}


@pytest.mark.parametrize("rule", RULES)
def test_rule_passes_its_near_miss(rule: QueryRule) -> None:
    assert findings(rule.passes) == ()


def test_every_rule_has_a_check_and_every_check_a_rule() -> None:
    assert list(_CHECKS) == list(query_rules())


@pytest.mark.parametrize("rule", RULES)
def test_reason_and_fix_are_one_sentence(rule: QueryRule) -> None:
    for sentence in (rule.reason, rule.fix):
        assert re.fullmatch(r"[A-Z][^\n]{10,150}\.", sentence)


# --- what a draft is made of ---

STAY = Encounter(
    "s-1",
    Setting.INPATIENT,
    admission=date(2026, 5, 7),
    discharge=date(2026, 5, 14),
    documents=(
        Document("n1", "Hgb 9.1.", "nurse note", service_time=datetime(2026, 5, 8, 9)),
        Document("n2", "a " * 200 + "pale skin " + "b " * 200),
    ),
)


def query_on(encounter: Encounter, *spans: tuple[str, int, int], reason: str = "x") -> Query:
    evidence = tuple(Evidence.quote(encounter.document(id), Span(start, end)) for id, start, end in spans)
    return Query("q1", reason, "What is it?", (), ("other (please specify)", "unable to determine"), (), evidence)


def test_an_indicator_names_document_and_day() -> None:
    made = draft(query_on(STAY, ("n1", 0, 7)), STAY)
    assert [(i.quote, i.place) for i in made.indicators] == [("Hgb 9.1.", "nurse note n1, 2026-05-08")]
    assert made.addressee == "Attending provider"
    assert made.record == "encounter s-1, stay of 2026-05-07 to 2026-05-14"
    assert made.subject == "Documentation clarification"


def test_a_long_line_is_cut_at_words_and_still_stands_in_the_record() -> None:
    query = query_on(STAY, ("n2", 400, 409))
    (indicator,) = draft(query, STAY).indicators
    assert re.fullmatch(r"…(?:a )+pale skin(?: b)+…", indicator.quote)
    assert len(indicator.quote) <= 242
    assert lint(draft(query, STAY), query, STAY) == ()


def test_two_words_of_one_sentence_are_one_indicator() -> None:
    assert len(draft(query_on(STAY, ("n1", 0, 3), ("n1", 4, 7)), STAY).indicators) == 1


def test_a_sentence_that_names_the_patient_is_not_quoted_whole() -> None:
    documents = (Document("d", "Ms. Vandersloot has asthma."),)
    encounter = replace(ENCOUNTER, documents=documents)
    made = draft(query_on(encounter, ("d", 20, 26)), encounter)
    assert [i.quote for i in made.indicators] == ["asthma"]
    assert "Vandersloot" not in made.text


def test_evidence_of_another_encounter_is_refused() -> None:
    elsewhere = replace(ENCOUNTER, documents=(Document("d1", "HPI: Wheezing since the morning."),))
    with pytest.raises(InputError, match="is not what document d1 says"):
        draft(QUERY, elsewhere)


# --- edited text ---

# Without the quote of what is asked about, its options hang in the air and its words are words of the one who asks.
BARE = {"no-indicators", "unsupported-option"}
EDITS = {
    "windows line ends": (lambda t: t.replace("\n", "\r\n"), set()),
    "straight quotation marks": (lambda t: t.replace("“", '"').replace("”", '"'), set()),
    "a wrapped quote": (lambda t: t.replace("asthma, worse", "asthma,\n   worse"), set()),
    "bullets": (lambda t: t.replace("1. “", "- “").replace("[ ]", "-"), set()),
    "one number twice": (lambda t: t.replace("1. “", "1. “Peak flow 210” (d1)\n1. “"), set()),
    "a ticked box": (lambda t: t.replace("[ ] Mild inter", "[x] Mild inter"), set()),
    "headings with colons": (lambda t: t.replace("Question\n", "QUESTION:\n"), set()),
    "a word changed in a quote": (lambda t: t.replace("worse at night", "worse at dawn"), BARE | {"foreign-quote"}),
    "a quote cut in a word": (lambda t: t.replace("Known asthma", "nown asthma"), BARE | {"foreign-quote"}),
    "nothing left": (lambda t: "", {"lost-part", "no-other", "no-undetermined", "no-indicators"}),
    "money in a quote of the record": (lambda t: t.replace("1. “", "1. “DRG "), BARE | {"money", "foreign-quote"}),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_edited_text(name: str) -> None:
    change, wanted = EDITS[name]
    told = {f.rule.removeprefix("LEADTERM:query/") for f in lint(change(edited("")[0]), QUERY, ENCOUNTER)}
    assert told == wanted


def test_words_of_money_that_the_chart_says_may_be_quoted() -> None:
    encounter = replace(ENCOUNTER, documents=(Document("d", "Skips insulin because of its cost."),))
    query = query_on(encounter, ("d", 0, 13))
    assert lint(draft(query, encounter), query, encounter) == ()


@pytest.mark.parametrize(
    "words",
    [
        "The DRG changes.",
        "This is an MCC.",
        "Adds an HCC.",
        "It affects payment.",
        "Reimbursement depends on it.",
        "Severity capture is low.",
        "Our quality scores suffer.",
        "The expected mortality is off.",
        "It is worth $ 4,000.",
        "complication/comorbidity",
    ],
)
def test_words_of_money_and_quality_are_reported(words: str) -> None:
    assert "LEADTERM:query/money" in {f.rule for f in findings(f"comment: {words}")}


@pytest.mark.parametrize(
    "words",
    [
        "Discharge is planned.",
        "250 cc given.",
        "Chief complaint as above.",
        "The costal margin is tender.",
        "Ask the nurse in charge.",
    ],
)
def test_words_that_only_look_like_money_pass(words: str) -> None:
    assert findings(f"comment: {words}") == ()


@pytest.mark.parametrize(
    "question",
    [
        "Would you agree that this is sepsis?",
        "What else, if not severe persistent asthma, could it be?",
        "What do you say? The patient should be documented as septic.",
        "What is it? Clearly more than “asthma”.",
    ],
)
def test_questions_that_lead_are_reported(question: str) -> None:
    assert "LEADTERM:query/leading-question" in {f.rule for f in findings(f"question: {question}")}


@pytest.mark.parametrize("question", ["Is it sepsis?", "Sepsis?", "Wheezes are heard. Does the patient have COPD?"])
def test_yes_or_no_never_brings_a_new_diagnosis(question: str) -> None:
    assert "LEADTERM:query/yes-no" in {f.rule for f in findings(f"question: {question}")}
    assert "LEADTERM:query/yes-no" in {f.rule for f in findings(f"reason: conflict; question: {question}")}


def test_a_request_put_as_a_question_is_no_yes_no_question() -> None:
    assert findings("question: Can you clarify the severity of “asthma”?") == ()


def test_an_error_is_an_error_and_names_its_authority() -> None:
    (found,) = findings("comment: It changes the DRG.")
    assert (found.id, found.severity, found.codes) == ("f1", Severity.ERROR, ("J45.909",))
    assert found.message == "The query speaks of “DRG”."
    assert found.source == "ACDIS/AHIMA, Guidelines for Achieving a Compliant Query Practice (2022)"


# --- whatever the engine asks ---

VALUES = (
    "Na 121",
    "K 2.4",
    "K 6.4",
    "Hgb 6.9",
    "Plt 41",
    "Lactate 6.1",
    "EF 25%",
    "SpO2 82 % on room air",
    "A1c 11.2 %",
)
DIAGNOSES = (
    "CHF", "Anemia", "CKD", "Depression", "Asthma", "Atrial fibrillation", "Pneumonia", "Knee pain", "Otitis media",
    "AKI", "Steroid-induced hyperglycemia", "Acute blood loss anemia", "UTI due to E. coli", "Obesity", "Gout",
    "Hypokalemia", "Sacral pressure ulcer, stage 2", "Respiratory failure",
)  # fmt: skip
SETTINGS = (Setting.INPATIENT, Setting.OUTPATIENT, Setting.EMERGENCY)
notes = st.builds(
    lambda values, found: (
        f"Labs: {', '.join(values)}.\n\nDISCHARGE DIAGNOSES\n" + "\n".join(f"{n}. {d}." for n, d in found)
    ),
    st.lists(st.sampled_from(VALUES), max_size=3, unique=True),
    st.lists(st.sampled_from(DIAGNOSES), min_size=1, max_size=4, unique=True).map(
        lambda some: list(enumerate(some, 1))
    ),
)


def charts(setting: Setting, text: str, denied: bool) -> Encounter:
    stay = setting is Setting.INPATIENT
    second = (Document("consult", "Impression: No pneumonia. No anemia. No gout."),) if denied else ()
    return Encounter(
        "chart-1",
        setting,
        date_of_service=None if stay else date(2026, 5, 14),
        discharge=date(2026, 5, 14) if stay else None,
        patient=Patient(age=61, last_name="Vandersloot"),
        documents=(Document("d1", text, "discharge summary"), *second),
    )


encounters = st.builds(charts, st.sampled_from(SETTINGS), notes, st.booleans())


@pytest.mark.usefixtures("coder")
@settings(max_examples=60)
@given(encounters, st.sampled_from(["DRG", "MCC", "payment", "HCC", "reimbursement"]), st.data())
def test_a_draft_of_whatever_the_engine_asks_is_clean_until_it_speaks_of_money(
    coder: Coder, encounter: Encounter, money: str, data: st.DataObject
) -> None:
    coded: CodedEncounter = coder.code(encounter)
    for query in coded.queries:
        made = draft(query, encounter, data.draw(st.sampled_from([coded.facts, ()])))
        assert lint(made, query, encounter) == ()
        assert lint(made.text, query, encounter) == ()
        lines = made.text.split("\n")
        place = data.draw(st.integers(0, len(lines)))
        told = lint("\n".join([*lines[:place], f"It is about {money}.", *lines[place:]]), query, encounter)
        assert "LEADTERM:query/money" in {f.rule for f in told}


# --- the table ---


def row(**changed: object) -> dict[str, object]:
    good = {"id": "LEADTERM:query/x", "severity": "error", "citation": "c", "reason": "r", "fix": "f"}
    return good | {"fires": "a", "passes": "b"} | changed


@pytest.mark.parametrize("wrong", [{"id": "query x"}, {"colour": "red"}])
def test_wrong_row_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Exception, match="query rule"):
        _rule(row(**wrong))


def test_row_is_read() -> None:
    assert _rule(row(patterns=["drg"])).patterns[0].search("DRG")


def test_subjects_are_neutral() -> None:
    for subject in (wording().subject, *wording().subjects.values()):
        text = re.sub(r"(?m)^Subject: .*$", f"Subject: {subject}", edited("")[0])
        assert lint(text, QUERY, ENCOUNTER) == ()


def test_the_note_is_what_the_good_draft_quotes() -> None:
    assert NOTE.text[11:17] == "asthma"
