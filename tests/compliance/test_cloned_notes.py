"""Notes that are nearly the same, and notes that only share a template."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from random import Random

from leadterm.compliance.signals import Watch
from leadterm.compliance.signals.cloned_notes import names_of, runs_of
from leadterm.domain import (
    CodedEncounter,
    Document,
    DocumentStatus,
    Encounter,
    Patient,
    Provider,
    ProviderRole,
    Setting,
    Signal,
)

from .notes import FORM, JOINS, WORDS

AUTHOR = "1234567893"


def prose(seed: int, words: int = 90) -> str:
    random = Random(seed)
    return " ".join(random.choice(WORDS if n % 3 else JOINS) for n in range(words))


def encounter(
    n: int, text: str, author: str = AUTHOR, patient: str | None = None, on: int | None = None
) -> CodedEncounter:
    day = date(2026, 3, (n if on is None else on) % 28 + 1)
    note = Document("d1", text, service_time=datetime(day.year, day.month, day.day, 9))
    return CodedEncounter(
        Encounter(
            *(f"E{author[-3:]}-{n}", Setting.PROFESSIONAL),
            date_of_service=day,
            patient=Patient(id=patient or f"p{n}", first_name="Ada", last_name="Doe"),
            providers=(Provider(ProviderRole.RENDERING, author),),
            documents=(note,),
        ),
        (),
    )


def read(encounters: Iterable[CodedEncounter]) -> tuple[Signal, ...]:
    watch = Watch()
    for one in encounters:
        watch.read(one)
    return watch.signals()


def honest(count: int = 20) -> list[CodedEncounter]:
    return [encounter(n, prose(n)) for n in range(count)]


def copies(text: str, count: int = 4) -> list[CodedEncounter]:
    return [encounter(100 + n, text.replace("NUMBER", str(n))) for n in range(count)]


def test_copies_about_other_patients_are_a_signal_with_both_places() -> None:
    text = "Ada Doe was seen, weight NUMBER. " + prose(500) + " pulse NUMBER " + prose(501)
    (signal,) = read([*honest(), *copies(text)])
    assert (signal.kind, signal.subject.role, signal.subject.npi) == ("cloned-notes", "author", AUTHOR)
    assert (signal.numerator, signal.denominator, signal.claim_count) == (4, 24, 4)
    one, other = signal.places[:2]
    assert one.encounter != other.encounter
    assert {one.encounter, other.encounter} <= {f"E893-{n}" for n in range(100, 104)}
    pairs = [
        frozenset((a.encounter, b.encounter)) for a, b in zip(signal.places[::2], signal.places[1::2], strict=True)
    ]
    assert len(pairs) == len(set(pairs)) >= 2  # two that are most like each other are shown once
    assert (one.start, one.end) == (0, len(text.replace("NUMBER", "0")))


def test_notes_of_ones_own_words_are_none() -> None:
    assert read(honest(40)) == ()


def test_a_template_beside_own_words_is_none() -> None:
    template = prose(900, 80)
    assert read(encounter(n, f"{prose(n, 60)}\n\nEXAMINATION:\n{template}") for n in range(30)) == ()


def test_what_many_authors_share_is_left_out() -> None:
    short = prose(1, 45)
    notes = [encounter(n, f"{FORM} {short}", author=f"100000000{a}") for a in range(4) for n in range(25)]
    assert read(notes) == ()


def test_one_visit_filed_twice_is_none() -> None:
    again = [encounter(200 + n, prose(700), patient="p1", on=4) for n in range(4)]
    assert read([*honest(), *again]) == ()


def test_the_same_patient_on_another_day_counts() -> None:
    again = [encounter(200 + n, prose(700), patient="p1", on=n) for n in range(4)]
    assert [s.numerator for s in read([*honest(), *again])] == [4]


def test_few_notes_are_not_judged() -> None:
    assert read([*honest(10), *copies(prose(500))]) == ()


def test_a_note_that_was_taken_back_is_not_read() -> None:
    kept = [*honest()]
    for one in copies(prose(500)):
        (note,) = one.encounter.documents
        taken = Document(note.id, note.text, status=DocumentStatus.RETRACTED)
        kept.append(
            CodedEncounter(Encounter(one.encounter.id, providers=one.encounter.providers, documents=(taken,)), ())
        )
    assert read(kept) == ()


def test_encounters_without_an_author_or_a_note_are_passed_over() -> None:
    assert (
        read([CodedEncounter(Encounter("E1"), ()), CodedEncounter(Encounter("E2", documents=(Document("d", ""),)), ())])
        == ()
    )


def test_names_numbers_and_headings_are_no_likeness() -> None:
    without = names_of(Patient(first_name="Ada", last_name="Doe-Roe"))
    assert without == {"ada", "doe", "roe"}
    one = runs_of("ASSESSMENT:\n" + prose(3) + " Ada Doe 120", without)
    other = runs_of("IMPRESSION AND PLAN\n" + prose(3) + " 84", without)
    assert one == other != set()


def test_a_note_of_any_length_and_script_can_be_read() -> None:
    assert len(runs_of("A" * 200_000 + " :\n" * 50_000 + "x " * 100_000, frozenset())) <= 5
    assert read([encounter(n, "\x00\ud800 " * 50) for n in range(20)]) == ()
