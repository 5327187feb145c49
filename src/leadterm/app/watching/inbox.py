"""One look at a watched folder: each file that is whole is coded once, and what came late to an encounter joins it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from leadterm.domain import CodedEncounter, DataMissing, Encounter, InputError
from leadterm.pipeline import Coder
from leadterm.records import BadRow, Overrides, joined, read_upload, read_whole, signs
from leadterm.records.limits import MEGABYTE, MOST_EXPANDED
from leadterm.schemas import decode, encode
from leadterm.schemas.encode_recoding import recoding

from .arriving import Arrivals, Seen, seen_now
from .keeping import free_name, keep
from .ledger import FAILED, Kept, Ledger, Line

TOO_LARGE = f"The file has more than {MOST_EXPANDED // MEGABYTE} MB: split it, or use `leadterm batch`."
CODED, ROWS, RECODING = ".coded.json", ".coded.jsonl", ".recoding.json"


class Outcome(StrEnum):
    """What became of a file."""

    CODED = "coded"
    RECODED = "recoded"
    SAME = "same"
    FAILED = FAILED


Chart = Kept
Event = Line


@dataclass(frozen=True, slots=True)
class _Answer:
    """A chart as it is coded.

    Attributes:
        value: Its JSON.
        coded: The coding, where there is one.
        out: The name of the coding that it came late to.
        recoding: What that changed, where it says anything.
        held: Whether that coding held it already.
    """

    value: dict[str, Any]
    coded: CodedEncounter | None = None
    out: str | None = None
    recoding: dict[str, Any] | None = None
    held: bool = False


class Inbox:
    """A watched folder and where its results go. One object for a process; `watching` keeps others away."""

    def __init__(
        self, coder: Coder, arrivals: Arrivals, out: Path, overrides: Overrides, *, move: Path | None = None,
        again: bool = False,
    ) -> None:  # fmt: skip
        """`move`: where files go once they are coded; `again`: whether files that failed are tried once more."""
        self._coder, self._arrivals, self._out, self._overrides = coder, arrivals, out, overrides
        self._move, self._again = move, again
        self._ledger = Ledger(out)
        self._tried: set[str] = set()
        self.waiting: list[Path] = []

    def look(self, stop: Callable[[], bool] = lambda: False) -> Iterator[Event]:
        """What becomes of each file that is new or has changed, until `stop` says to; `waiting` are those to come.

        Raises InputError where the folder cannot be read or results cannot be written, DataMissing as coding does.
        """
        whole, self.waiting = self._arrivals.look()
        for path, seen in whole:
            if stop():
                return
            line = self._ledger.done(path.name, seen)
            if line is None or self._to_try(line):
                line = self._take(path, seen)
                if line is None:
                    self.waiting.append(path)
                    continue
                self._ledger.add(line)
                yield line
            if self._move and line.outcome != Outcome.FAILED:
                self._put_away(path)

    def _to_try(self, line: Line) -> bool:
        return self._again and line.outcome == Outcome.FAILED and line.digest not in self._tried

    def _take(self, path: Path, seen: Seen) -> Line | None:
        """What is done with a file; None where it changes while it is read."""
        if seen.size > MOST_EXPANDED:
            return Line(path.name, seen.size, seen.changed, "", FAILED, error=TOO_LARGE)
        try:
            raw = read_whole(path)
        except InputError as error:
            return (
                None
                if seen_now(path) is None
                else Line(path.name, seen.size, seen.changed, "", FAILED, error=str(error))
            )
        if seen_now(path) != seen or len(raw) != seen.size:
            return None
        digest = hashlib.sha256(raw).hexdigest()
        about = Line(path.name, seen.size, seen.changed, digest, Outcome.CODED)
        known = self._ledger.content(digest)
        if known and not self._to_try(known):
            if known.outcome == Outcome.FAILED:
                return replace(about, outcome=FAILED, error=known.error)
            if known.file != path.name:
                return replace(about, outcome=Outcome.SAME, same_as=known.file)
            return replace(about, outcome=Outcome.SAME, same_as=path.name, charts=known.charts)
        self._tried.add(digest)
        return self._coded(about, raw)

    def _coded(self, about: Line, raw: bytes) -> Line:
        try:
            answers, rows = self._answers(about.file, raw)
            charts = tuple(self._kept(about.file, answers, rows=rows))
        except DataMissing:
            raise
        except InputError as error:
            return replace(about, outcome=FAILED, error=str(error))
        except Exception as error:
            # One file must not end the watch; what it holds is not told.
            return replace(about, outcome=FAILED, error=f"Internal error ({type(error).__name__}); please report it.")
        own = {f"{about.file}{ending}" for ending in (CODED, ROWS)}
        late = any(chart.recoding or chart.out not in own for chart in charts)
        outcome = Outcome.RECODED if late else Outcome.CODED
        return replace(about, outcome=outcome, charts=charts)

    def _answers(self, name: str, raw: bytes) -> tuple[list[_Answer], bool]:
        """The charts of a file as they are coded, and whether they are rows."""
        answers, rows = [], False
        for chart in read_upload(name, raw, self._overrides):
            rows = rows or chart.is_row
            if isinstance(chart.content, BadRow):
                answers.append(_Answer({"id": chart.content.id, "error": chart.content.error}))
                continue
            documents = tuple(replace(d, file=name) for d in chart.content.documents)
            try:
                answers.append(self._answer(name, replace(chart.content, documents=documents)))
            except InputError as error:
                if not chart.is_row:
                    raise
                answers.append(_Answer({"id": chart.content.id, "error": str(error)}))
        return answers, rows

    def _answer(self, name: str, encounter: Encounter) -> _Answer:
        """An encounter as it is coded: by itself, or with the one that it came late to or stands in anew."""
        for out in dict.fromkeys((*self._before(name), *self._ledger.bearing(signs(encounter)))):
            before = self._read(out)
            if before is None:
                continue
            if _holds(before.encounter, encounter, name):
                # A crash fell between its results and its line in the ledger.
                return _Answer(encode.coded(before), before, out, held=True)
            alone = out.startswith(name) and not self._ledger.told_by_others(out, name)
            whole = replace(encounter, id=before.encounter.id) if alone else _with(before.encounter, encounter, name)
            if whole is not None:
                coded, changed = self._coder.renew(before, self._overrides.applied(whole))
                says = changed.late or changed.fallen or changed.reopened
                return _Answer(encode.coded(coded), coded, out, recoding(changed) if says else None)
        coded = self._coder.code(encounter)
        return _Answer(encode.coded(coded), coded)

    def _before(self, name: str) -> list[str]:
        """The codings that a file of this name has gone into."""
        line = self._ledger.last(name)
        return [chart.out for chart in line.charts] if line else []

    def _read(self, out: str) -> CodedEncounter | None:
        """A coding that was written; None where it is no longer there, or is of rows."""
        path = self._out / out
        try:
            return decode.coded(json.loads(path.read_bytes())) if path.name.endswith(CODED) else None
        except (OSError, ValueError, InputError):
            return None

    def _kept(self, name: str, answers: list[_Answer], *, rows: bool) -> Iterator[Kept]:
        """Writes the codings of a file; those that joined another chart to where that stands."""
        apart = [answer for answer in answers if answer.out is None]
        if apart and rows:
            lines = (json.dumps(a.value, ensure_ascii=False, separators=(",", ":")) for a in apart)
            self._write(f"{name}{ROWS}", "".join(f"{line}\n" for line in lines))
        for number, answer in enumerate(answers, 1):
            out = answer.out or f"{name}{ROWS if rows else CODED}"
            told = f"{name}{f'-{number}' if len(answers) > 1 else ''}{RECODING}"
            # What changed is written first: once the coding is in its place, it could not be told again.
            if answer.recoding:
                self._write(told, json.dumps(answer.recoding, ensure_ascii=False, indent=2) + "\n")
            if answer.out or not rows:
                self._write(out, json.dumps(answer.value, ensure_ascii=False, indent=2) + "\n")
            yield _chart(
                answer, out, told if answer.recoding or (answer.held and (self._out / told).exists()) else None
            )

    def _write(self, name: str, text: str) -> None:
        keep(self._out / name, text.encode("utf-8", "backslashreplace"))

    def _put_away(self, path: Path) -> None:
        assert self._move is not None
        self._move.mkdir(parents=True, exist_ok=True)
        if path.exists():
            shutil.move(path, free_name(self._move, path.name))


def _with(before: Encounter, encounter: Encounter, name: str) -> Encounter | None:
    """The encounter that was coded before with what a file says now; None where the file is not of it.

    What the file said before is left out.
    """
    left = tuple(d for d in before.documents if d.file != name)
    found = joined([replace(before, documents=left), encounter])
    return found[0][1] if len(found) == 1 else None


def _holds(before: Encounter, encounter: Encounter, name: str) -> bool:
    """Whether what a file tells is in a coding already, word for word."""
    held = {d.sha256 for d in before.documents if d.file == name}
    return bool(held) and held == {d.sha256 for d in encounter.documents}


def _chart(answer: _Answer, out: str, told: str | None) -> Kept:
    coded = answer.coded
    if coded is None:
        return Kept(str(answer.value["id"]), out, None, (), 0, 0)
    errors = sum(finding.stands for finding in coded.findings)
    joins = signs(coded.encounter) if out.endswith(CODED) else ()
    return Kept(coded.encounter.id, out, told, joins, len(coded.assignments), errors)
