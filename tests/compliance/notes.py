"""A season of notes: authors with templates of their own, a form that all share, notes carried forward, and copies.

Copies are planted as they are made: an earlier note of the author with the name, the day and the numbers changed, and
up to one word in fifty.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from leadterm.domain import (
    CodedEncounter,
    Document,
    Encounter,
    Patient,
    Provider,
    ProviderRole,
    Setting,
)

from .year import GRADES, STRENGTH, Variant

NOTES = 45
WORDS = (
    "pain knee shoulder cough fever chills nausea fatigue swelling numbness burning dizziness rash itching "
    "headache back hip ankle wrist elbow chest abdomen throat ear sinus breath walking stairs sleeping lifting "
    "bending reaching eating worse better same since after before during morning evening night week month "
    "yesterday gradually suddenly slowly daily weekly sometimes often rarely never always mild moderate severe "
    "dull sharp aching throbbing radiating localized takes stopped started increased decreased tablet cream "
    "inhaler insulin therapy exercise brace ice heat rest work home daughter husband mother neighbor reports "
    "denies mentions recalls describes noticed tried helped failed improved returned visited emergency clinic "
    "specialist imaging labs normal elevated low stable unchanged resolved recurrent"
).split()
JOINS = "the and with of for in on at to when while because her his their which that has had was were no any".split()
FIRST_NAMES = ("Ada", "Bruno", "Celia", "Dario", "Edna", "Felix", "Greta", "Hugo", "Iris", "Jonas")
LAST_NAMES = ("Doe", "Roe", "Poe", "Moe", "Loe", "Voe", "Zoe", "Noe", "Coe", "Woe")
FORM = (
    "The patient was identified by two identifiers before the visit began. Medications and allergies were "
    "reviewed and reconciled in the record today. The patient was told to call or come back if symptoms worsen or "
    "new ones arise. Questions were answered and the patient agrees with the plan as it was discussed. This note "
    "was made with a template and with dictation and may contain errors of transcription that were not seen."
)


class Season:
    """Coded encounters with notes: `encounters()`; `planted` by NPI with its grade."""

    def __init__(self, variant: Variant) -> None:
        self._random = random = Random(variant.seed + 7)
        self._npis = [f"17{n:08}" for n in range(variant.authors)]
        hosts = random.sample(self._npis, variant.planted)
        self.planted = {npi: GRADES[n % len(GRADES)] for n, npi in enumerate(hosts)}

    def encounters(self) -> Iterator[CodedEncounter]:
        """Every encounter, author by author."""
        for npi in self._npis:
            yield from self._of(npi)

    def _of(self, npi: str) -> Iterator[CodedEncounter]:
        random = self._random
        template = " ".join(self._sentence() for _ in range(random.randrange(3, 9)))
        carries = random.random() < 0.2
        share = STRENGTH["cloned-notes"][GRADES.index(self.planted[npi])] if npi in self.planted else 0.0
        written: list[str] = []
        for n in range(NOTES):
            who = random.choice(FIRST_NAMES), random.choice(LAST_NAMES)
            day = date(2026, 1, 5) + timedelta(random.randrange(300))
            patient = f"{npi}-{n}"
            if written and random.random() < share:
                body = self._edited(random.choice(written))
            elif carries and written and random.random() < 0.3:
                patient = f"{npi}-{n - 1}"
                body = self._carried(written[-1])
            else:
                body = self._body(template)
            written.append(body)
            yield self._encounter(npi, n, patient, who, day, body)

    def _body(self, template: str) -> str:
        random = self._random
        told = " ".join(self._sentence() for _ in range(random.choice((2, 3, 4, 5, 6, 8))))
        plan = " ".join(self._sentence() for _ in range(random.choice((2, 2, 3, 4))))
        return f"HISTORY:\n{told}\n\nEXAMINATION:\n{template}\n\nPLAN:\n{plan}"

    def _sentence(self) -> str:
        random = self._random
        words = []
        for _ in range(random.randrange(6, 16)):
            words.append(random.choice(WORDS))
            if random.random() < 0.5:
                words.append(random.choice(JOINS))
            if random.random() < 0.06:
                words.append(str(random.randrange(1, 200)))
        return " ".join(words).capitalize() + "."

    def _edited(self, body: str) -> str:
        """A copy: other numbers, and up to one word in fifty replaced."""
        random, words = self._random, body.split(" ")
        for n, word in enumerate(words):
            if word.isdigit():
                words[n] = str(random.randrange(1, 200))
        for _ in range(random.randrange(0, 1 + len(words) // 50)):
            words[random.randrange(len(words))] = random.choice(WORDS)
        return " ".join(words)

    def _carried(self, body: str) -> str:
        """The note of the day before with some of its sentences written anew, as daily notes of a stay are."""
        sentences = body.split(". ")
        for n in self._random.sample(range(len(sentences)), max(2, len(sentences) // 3)):
            sentences[n] = self._sentence().rstrip(".")
        return ". ".join(sentences)

    def _encounter(self, npi: str, n: int, patient: str, who: tuple[str, str], day: date, body: str) -> CodedEncounter:
        first, last = who
        text = f"Patient: {first} {last}   Seen on {day:%m/%d/%Y}\n\n{first} {last} is seen today.\n{body}\n\n{FORM}\n"
        note = Document("d1", text, "progress note", "physician", datetime(day.year, day.month, day.day, 9))
        encounter = Encounter(
            f"{npi[-5:]}E{n}",
            Setting.PROFESSIONAL,
            date_of_service=day,
            patient=Patient(id=patient, first_name=first, last_name=last),
            providers=(Provider(ProviderRole.RENDERING, npi, "207Q00000X"),),
            documents=(note,),
        )
        return CodedEncounter(encounter, ())
