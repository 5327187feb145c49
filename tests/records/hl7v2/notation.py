"""Messages as people write them: a segment a line, the header made."""

from __future__ import annotations

from textwrap import dedent

from leadterm.domain import Document, Encounter
from leadterm.records.hl7v2 import read

HEADER = r"MSH|^~\&|A|B|C|D|20260501||{event}|1|P|2.5.1"
PATIENT = "PID|1||100^^^H^MR||EXAMPLE^ADA^B^^^^L||19700203|F|||1 ROAD^^TOWN^OH^44101||(216)5550100"
VISIT = "PV1|1|I|||||||||||||||||V1"


def message(event: str, lines: str, patient: str = PATIENT) -> str:
    """A message of a patient."""
    segments = [HEADER.format(event=event), patient, *dedent(lines).strip("\n").split("\n")]
    return "".join(f"{segment}\r" for segment in segments if segment)


def all_of(*texts: str | bytes) -> tuple[Encounter, ...]:
    """The encounters of a file of messages."""
    return read(b"".join(t.encode() if isinstance(t, str) else t for t in texts), "m.hl7", "m")


def one(*texts: str | bytes) -> Encounter:
    """The only one."""
    (found,) = all_of(*texts)
    return found


def text(*texts: str | bytes) -> str:
    """The text of its only document."""
    (document,) = one(*texts).documents
    return document.text


def told(encounter: Encounter) -> list[str]:
    """The rules of its notes."""
    return [note.rule.rpartition("/")[2] for note in encounter.notes]


def reached(raw: bytes, document: Document, codec: str = "utf-8") -> str:
    """The text by its stretches, each character compared with the bytes where it is said to stand (escapes aside)."""
    parts = []
    for start, length, at, width, _ in document.origin or ():
        for n in range(length):
            character, there = document.text[start + n], raw[at + n * width : at + (n + 1) * width].decode(codec)
            assert there == character or there[0] == there[-1] == "\\", (there, character)
            parts.append(character)
    return "".join(parts)
