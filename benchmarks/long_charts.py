"""Long charts, coded: the samples after each other, and one list of the same few diagnoses, in CPU seconds.

A chart twice as long should not take four times as long: `growth` is the time of the long one over the short one's.
"""

from __future__ import annotations

import time
from datetime import date
from itertools import cycle
from typing import Any

from leadterm.app.samples import samples
from leadterm.codesets import open_book
from leadterm.codesets.store import data_home
from leadterm.domain import Document, Encounter, Setting
from leadterm.pipeline import Coder

from .figures import Figure, answer

DAY = date(2026, 5, 14)
DIAGNOSES = (
    *("Hypertension", "Type 2 diabetes", "COPD exacerbation", "Hypokalemia", "Low back pain"),
    *("Acute kidney injury", "Right ankle pain"),
)
LENGTHS = {"notes": (120_000, 480_000), "a list": (30_000, 60_000)}


def measure(quick: bool) -> dict[str, Any]:
    """Seconds for a long chart of each kind, and how they grow with its length."""
    coder = Coder(open_book(data_home()))
    _seconds(coder, notes(20_000))  # what is read once a process is read here
    figures = []
    for name, lengths in LENGTHS.items():
        make = notes if name == "notes" else listed
        short, long = (length // 4 if quick else length for length in lengths)
        before, after = _seconds(coder, make(short)), _seconds(coder, make(long))
        figures += [
            Figure(f"{name}, {long // 1000} kB", after, "s CPU"),
            Figure(f"{name}, growth from {short // 1000} to {long // 1000} kB", after / before, "times"),
        ]
    return answer(figures)


def notes(length: int) -> str:
    """The sample charts after each other, up to that many characters."""
    text = ""
    for number, encounter in enumerate(cycle(samples())):
        text += f"{encounter.documents[0].text}\n\nVisit {number}\n"
        if len(text) >= length:
            return text[:length]
    return text


def listed(length: int) -> str:
    """A numbered list of a few diagnoses again and again."""
    text = "ASSESSMENT:\n"
    for number, diagnosis in enumerate(cycle(DIAGNOSES), 1):
        text += f"{number}. {diagnosis}.\n"
        if len(text) >= length:
            return text[:length]
    return text


def _seconds(coder: Coder, text: str) -> float:
    encounter = Encounter("long", Setting.INPATIENT, discharge=DAY, documents=(Document("d1", text),))
    start = time.process_time()
    coder.code(encounter)
    return time.process_time() - start
